package stream

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// The times of a connection.
const (
	helloWait = 10 * time.Second // for the client's first message
	pongWait  = 60 * time.Second // for any sign of life
	pingEvery = 25 * time.Second
	resurvey  = 10 * time.Second       // where nothing was heard: silence alone changes crowds
	lookEvery = 800 * time.Millisecond // how often rights are looked at again: what is taken away is gone within a second
)

// Close codes of our own, beside those of RFC 6455, section 7.4.1.
const (
	CloseSignedOut = 4401 // the token was revoked, has expired, or its user was disabled
	CloseEnded     = 4410 // the share link has ended
	CloseSlow      = 4408 // the client does not read
	CloseLagged    = 4409 // the cursor fell out of the hub's memory: take a new snapshot
)

// conn is one stream. The goroutine that calls serve writes; another reads.
type conn struct {
	h        *Handler
	ws       *websocket.Conn
	sub      *live.Subscription
	who      auth.Principal
	hidden   map[fleet.DeviceID]struct{} // outside of the box, and told as gone
	every    time.Duration               // between frames
	mark     string                      // of scope; the writer's
	alarms   bool                        // may read the attention list; the writer's
	drawn    uint64                      // the turn of fences and markers that the client knows; the writer's
	crowds   picture                     // under a watch with zoom; the writer's
	redraw   bool                        // the next picture is whole; the writer's
	drew     time.Time                   // when a survey was last considered; the writer's
	surveyed time.Time                   // when one was last made; the writer's

	mu    sync.Mutex // guards watch and scope, here and in sub
	watch *watch
	scope fleet.Scope
	poke  func() // has the writer look at once; nil while it does not wait
	moved bool   // the watch was changed: survey at once
}

// serve runs the stream to its end.
func (c *conn) serve() {
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		tcp.SetWriteBuffer(c.h.o.WriteBuffer)
	}
	ctx, stop := context.WithCancelCause(c.h.ctx)
	var reader sync.WaitGroup
	code, reason := websocket.CloseNormalClosure, ""
	if hello, err := c.hello(); err != nil {
		code, reason = websocket.ClosePolicyViolation, err.Error()
	} else {
		c.sub = c.h.o.Hub.Resume(c.scope, c.resume(hello.Cursor))
		c.sub.Skim(c.watch.crowded())
		c.redraw = true
		reader.Go(func() { stop(c.read()) })
		code, reason = c.closing(ctx, c.write(ctx))
		c.sub.Close()
	}
	stop(nil)
	if len(reason) > 120 { // a control frame holds 125 bytes
		reason = reason[:120]
	}
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, reason), time.Now().Add(time.Second))
	c.ws.Close()
	reader.Wait()
}

// closing says to the client why its stream ends.
func (c *conn) closing(ctx context.Context, err error) (code int, reason string) {
	switch {
	case errors.Is(err, errSlow):
		c.h.slow.Inc()
		return CloseSlow, "the client does not read fast enough; come back with your cursor"
	case errors.Is(err, live.ErrLagged):
		c.h.lagged.Inc()
		return CloseLagged, "too far behind; take a new snapshot and read the missed events from the API"
	case errors.Is(err, live.ErrClosed), c.h.ctx.Err() != nil:
		return websocket.CloseGoingAway, "the server stops; come back with your cursor"
	case fleet.KindOf(err) == fleet.Gone:
		return CloseEnded, "this link has ended"
	case fleet.KindOf(err) == fleet.Unauthorised, fleet.KindOf(err) == fleet.Forbidden:
		return CloseSignedOut, "signed out"
	}
	if bad, ok := errors.AsType[*badMessage](context.Cause(ctx)); ok {
		return websocket.ClosePolicyViolation, bad.Error()
	}
	return websocket.CloseNormalClosure, ""
}

// hello reads the client's first message and answers it.
func (c *conn) hello() (*request, error) {
	c.ws.SetReadLimit(maxMessage)
	c.ws.SetReadDeadline(time.Now().Add(helloWait))
	_, b, err := c.ws.ReadMessage()
	if err != nil {
		return nil, errors.New("say hello within 10 seconds")
	}
	r, err := readRequest(b)
	if err != nil {
		return nil, err
	}
	if r.Type != "hello" {
		return nil, errors.New(`the first message is {"type":"hello"}`)
	}
	if r.Rate == 0 {
		r.Rate = rate
	}
	c.watch, c.every = r.Watch, time.Second/time.Duration(r.Rate)
	return r, c.send(welcome{Type: "welcome", Version: c.h.o.Version, Now: c.h.o.Now(), Rate: r.Rate})
}

// badMessage is a client's breach of the protocol.
type badMessage struct{ err error }

// Error gives the cause's words.
func (b *badMessage) Error() string { return b.err.Error() }

// read takes what the client says until it is gone. It waits for the hub
// between two messages, so a client cannot make it pile anything up.
func (c *conn) read() error {
	alive := func(string) error { return c.ws.SetReadDeadline(time.Now().Add(pongWait)) }
	alive("")
	c.ws.SetPongHandler(alive)
	for {
		_, b, err := c.ws.ReadMessage()
		if err != nil {
			return err
		}
		alive("")
		r, err := readRequest(b)
		if err == nil && r.Type != "watch" {
			err = errors.New(`after hello only {"type":"watch"} may follow`)
		}
		if err != nil {
			return &badMessage{err}
		}
		c.mu.Lock()
		was := c.watch
		c.watch = r.Watch
		if c.sub.Skim(r.Watch.crowded()); !was.crowded() || !r.Watch.crowded() {
			c.sub.SetScope(c.scope) // a new snapshot, under the new watch
		} else if c.moved = true; c.poke != nil {
			c.poke() // of crowds only what differs is told
		}
		c.mu.Unlock()
	}
}

// write tells the client what it has not been told, at its rate, until one of
// them ends.
func (c *conn) write(ctx context.Context) error {
	pinged := time.Now()
	var looked time.Time // at once: since the handshake the client took its time to say hello
	var next time.Time   // no frame before
	for {
		now := time.Now()
		if now.Sub(looked) >= lookEvery {
			first := looked.IsZero()
			looked = now
			if err := c.look(); err != nil {
				return err
			}
			if err := c.places(first); err != nil {
				return err
			}
		}
		if now.Sub(pinged) >= pingEvery {
			pinged = now
			if err := c.ws.WriteControl(websocket.PingMessage, nil, now.Add(c.h.o.WriteTimeout)); err != nil {
				return errSlow
			}
		}
		if wait := next.Sub(now); wait > 0 {
			if err := pause(ctx, min(wait, untilLook(now, looked))); err != nil {
				return err
			}
			continue
		}
		f, survey, err := c.turn(ctx, now, untilLook(now, looked))
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case survey: // with or without a frame
		case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
			continue
		case err != nil:
			return err
		}
		if !f.More {
			next = now.Add(c.every)
		}
		if err := c.frame(f, survey); err != nil {
			return err
		}
	}
}

// untilLook is how long the writer may wait for something to tell.
func untilLook(now, looked time.Time) time.Duration { return max(0, lookEvery-now.Sub(looked)) }

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// look checks the caller's rights again, and tells a person's program that
// they changed.
func (c *conn) look() error {
	before := c.who
	scope, err := c.h.again(&c.who)
	if err != nil {
		return err
	}
	if c.who.Share == nil && (c.who.Modules != before.Modules || c.who.User.Version != before.User.Version) {
		if err := c.send(message{Type: "delta", Rights: true}); err != nil {
			return err
		}
	}
	c.alarms = c.h.seesAlarms(&c.who)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !reflect.DeepEqual(scope, c.scope) {
		c.scope, c.mark = scope, scopeMark(&scope)
		c.sub.SetScope(scope)
	}
	return nil
}

// places tells that fences or markers changed since the client was last told;
// at first it knows what it reads itself.
func (c *conn) places(first bool) error {
	turn := c.h.drawn(&c.who, c.scope)
	if turn == c.drawn || first {
		c.drawn = turn
		return nil
	}
	c.drawn = turn
	return c.send(message{Type: "delta", Places: true})
}

// cursor is a frame's cursor for the client, marked with what it may see: told
// under other rights it stands for another picture.
func (c *conn) cursor(at live.Cursor) string {
	text := cursorText(at)
	if text == "" {
		return ""
	}
	return text + "-" + c.mark
}

// resume reads a cursor back; the zero one, which begins anew, if the client's
// rights have changed since.
func (c *conn) resume(text string) live.Cursor {
	at := strings.LastIndexByte(text, '-')
	if at < 0 || text[at+1:] != c.mark {
		return live.Cursor{}
	}
	return parseCursor(text[:at])
}

// frame sends one frame, narrowed to what the client watches.
func (c *conn) frame(f *live.Frame, survey bool) error {
	c.mu.Lock()
	w := c.watch
	c.mu.Unlock()
	m := message{Type: "delta", Cursor: c.cursor(f.Cursor)}
	if f.Snapshot {
		m.Type, c.hidden = "snapshot", make(map[fleet.DeviceID]struct{})
		c.redraw = true
	}
	if w.crowded() {
		f.Gone, f.Positions = nil, nil
		if survey || f.Snapshot {
			if err := c.survey(w, &m); err != nil {
				return err
			}
		}
	} else {
		c.crowds, c.redraw = picture{}, true
	}
	for _, id := range f.Gone {
		if w.device(id) {
			m.Gone = append(m.Gone, id)
			delete(c.hidden, id)
		}
	}
	for i := range f.Positions {
		p := &f.Positions[i].Position
		if !w.device(p.Device) {
			continue
		}
		if !w.place(p.Place) {
			if _, told := c.hidden[p.Device]; !told {
				if c.hidden == nil {
					c.hidden = make(map[fleet.DeviceID]struct{})
				}
				c.hidden[p.Device] = struct{}{}
				if !f.Snapshot {
					m.Gone = append(m.Gone, p.Device)
				}
			}
			continue
		}
		delete(c.hidden, p.Device)
		if c.who.Share != nil {
			m.Positions = append(m.Positions, api.ShowSharedPosition(p))
			continue
		}
		m.Positions = append(m.Positions, api.ShowPosition(p))
	}
	for _, e := range f.Events {
		if link := c.who.Share; link != nil {
			if link.EndsBy(&e.Event) {
				return &fleet.Error{Kind: fleet.Gone, Message: "the link ended by a fence"}
			}
			if link.Events && w.device(e.Device) && e.Time >= link.From {
				m.Events = append(m.Events, c.h.encodeShared(&e.Event))
			}
			continue
		}
		if w.device(e.Device) {
			m.Events = append(m.Events, e.Encoded(c.h.encode))
		}
	}
	for _, a := range f.Raised {
		if w.device(a.Device) && c.alarms {
			m.Alarms = append(m.Alarms, a.Encoded(c.h.encodeAlarm))
		}
	}
	for _, o := range f.Ordered {
		if w.device(o.Device) && c.who.Share == nil && c.h.o.Hears != nil && c.h.o.Hears(&c.who, &o.Command) {
			m.Commands = append(m.Commands, o.Encoded(c.h.encodeCommand))
		}
	}
	if m.Type == "delta" && len(m.Gone)+len(m.Positions)+len(m.Events)+len(m.Alarms)+len(m.Commands) == 0 && m.Crowds == nil {
		return nil
	}
	return c.send(m)
}

// turn waits for what the hub has to tell, or for the time of the next survey.
func (c *conn) turn(ctx context.Context, now time.Time, most time.Duration) (f *live.Frame, survey bool, err error) {
	c.mu.Lock()
	crowded, at := c.watch.crowded(), c.crowds.due(c.drew)
	if c.moved || c.redraw {
		at, c.moved = now, false
	}
	if crowded {
		most = min(most, at.Sub(now))
	}
	turn, done := context.WithTimeout(ctx, most)
	defer done()
	c.poke = done
	c.mu.Unlock()
	f, err = c.sub.Next(turn)
	c.mu.Lock()
	c.poke = nil
	survey = crowded && (c.moved || !time.Now().Before(at))
	c.moved = c.moved && !survey
	c.mu.Unlock()
	if err != nil && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, context.Canceled) {
		return nil, false, err
	}
	if f == nil {
		f = &live.Frame{}
	}
	return f, survey, err
}

// survey puts what changed of crowds and of those between them into a message.
func (c *conn) survey(w *watch, m *message) error {
	now := time.Now()
	lens := c.crowds.lensOf(w)
	c.drew = now
	if !c.redraw && !c.crowds.behind && lens == c.crowds.survey.Lens && now.Sub(c.surveyed) < resurvey && !c.sub.Changed(&c.crowds.survey) {
		return nil
	}
	defer c.h.draw()()
	c.surveyed = now
	if err := c.sub.Survey(lens, c.h.o.Now(), &c.crowds.survey); err != nil {
		return err
	}
	show := api.ShowPosition
	if c.who.Share != nil {
		show = api.ShowSharedPosition
	}
	m.Crowds, m.Gone, m.Positions = c.crowds.tell(now, c.redraw, show, c.alarms)
	c.redraw = false
	m.Cursor = cmp.Or(m.Cursor, c.cursor(c.sub.At()))
	return nil
}

// encode is how every stream shows an event, so that it is done once.
func (h *Handler) encode(e *fleet.Event) []byte {
	b, err := json.Marshal(api.ShowEvent(e, h.o.GateNames))
	if err != nil {
		h.o.Log.Error("event cannot be shown", "event", e.ID, "err", err)
		return []byte("null")
	}
	return b
}

// encodeCommand is how every stream shows a command.
func (h *Handler) encodeCommand(c *fleet.Command) []byte {
	b, err := json.Marshal(api.ShowCommand(c))
	if err != nil {
		h.o.Log.Error("command cannot be shown", "command", c.ID, "err", err)
		return []byte("null")
	}
	return b
}

// encodeShared is how a share link's guests see an event.
func (h *Handler) encodeShared(e *fleet.Event) []byte {
	b, err := json.Marshal(api.ShowSharedEvent(e))
	if err != nil {
		h.o.Log.Error("event cannot be shown", "event", e.ID, "err", err)
		return []byte("null")
	}
	return b
}

// encodeAlarm is the same for an entry of the attention list.
func (h *Handler) encodeAlarm(a *fleet.Attention) []byte {
	b, err := json.Marshal(api.ShowAlarm(a))
	if err != nil {
		h.o.Log.Error("alarm cannot be shown", "alarm", a.ID, "err", err)
		return []byte("null")
	}
	return b
}

func (c *conn) send(v any) error {
	done := func() {}
	if m, ok := v.(message); ok && (m.Crowds != nil || len(m.Positions) > 64) {
		done = c.h.draw()
	}
	b, err := json.Marshal(v)
	if done(); err != nil {
		return err
	}
	c.ws.SetWriteDeadline(time.Now().Add(c.h.o.WriteTimeout))
	if err := c.ws.WriteMessage(websocket.TextMessage, b); err != nil {
		if e, ok := errors.AsType[net.Error](err); ok && e.Timeout() {
			return errSlow
		}
		return err
	}
	return nil
}
