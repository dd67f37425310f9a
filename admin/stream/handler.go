package stream

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gorilla/websocket"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// Options is what the stream works with. Hub, Accounts, Tree and Tickets are
// required.
type Options struct {
	Hub       *live.Hub
	Accounts  auth.Accounts
	Tree      auth.Tree
	Table     auth.Table
	Tickets   *auth.Tickets
	Drawn     func(fleet.Scope) uint64                         // changes with the fences and markers of a scope; nil: nobody is told
	Hears     func(who *auth.Principal, c *fleet.Command) bool // who is told how a command goes on; nil: nobody
	GateNames func(uint32) []string                            // names the bits of an event's trace
	PublicURL string                                           // the origin that browsers see, "" = the Host header's
	Version   string
	Metrics   *metrics.Set // nil: one that nobody reads
	Log       *slog.Logger
	Now       func() fleet.Time

	WriteTimeout time.Duration // how long a client may not read; 0 = 10 s
	WriteBuffer  int           // bytes that the kernel may hold for a client; 0 = 128 KiB
}

// The bounds of open streams.
const (
	maxStreams        = 8192
	maxStreamsPerUser = 64
)

// Handler upgrades requests to streams. Close ends them all.
type Handler struct {
	o        Options
	upgrader websocket.Upgrader
	ctx      context.Context // ends with Close: a documented lifetime
	stop     context.CancelFunc
	running  sync.WaitGroup
	drawing  chan struct{} // has a place for each that may work at a picture now

	mu     sync.Mutex // guards the fields below
	open   int
	byUser map[string]int // by who; the guests of a link count as one
	closed bool

	slow, lagged *metrics.Counter
}

// New makes a handler.
func New(o Options) *Handler {
	o.Log = cmp.Or(o.Log, slog.New(slog.DiscardHandler))
	o.Metrics = cmp.Or(o.Metrics, metrics.NewSet())
	o.WriteTimeout = cmp.Or(o.WriteTimeout, 10*time.Second)
	o.WriteBuffer = cmp.Or(o.WriteBuffer, 128<<10)
	if o.Now == nil {
		o.Now = func() fleet.Time { return fleet.At(time.Now()) }
	}
	h := &Handler{o: o, byUser: make(map[string]int), drawing: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
	h.ctx, h.stop = context.WithCancel(context.Background())
	h.upgrader = websocket.Upgrader{
		HandshakeTimeout: 10 * time.Second, ReadBufferSize: 4 << 10, WriteBufferSize: 16 << 10,
		CheckOrigin: h.sameOrigin,
		Error: func(w http.ResponseWriter, r *http.Request, status int, _ error) {
			if status == http.StatusForbidden {
				api.WriteProblem(w, r, api.CrossOrigin(api.LangOf(r)))
				return
			}
			api.WriteProblem(w, r, api.NoUpgrade(api.LangOf(r)))
		},
	}
	o.Metrics.NewGauge("vigia_stream_open", func() float64 { return float64(h.Open()) })
	h.slow = o.Metrics.NewCounter(`vigia_stream_closed_total{reason="slow"}`)
	h.lagged = o.Metrics.NewCounter(`vigia_stream_closed_total{reason="lagged"}`)
	return h
}

// Open is the number of open streams.
func (h *Handler) Open() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// Close ends every stream and waits for them.
func (h *Handler) Close() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.stop()
	h.running.Wait()
}

// ServeHTTP lets in who may watch, and serves the stream until it ends.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	lang, caller := api.LangOf(r), auth.CallerOf(r.Context())
	var who auth.Principal
	if secret := r.URL.Query().Get("ticket"); secret != "" {
		if !caller.Secure {
			api.WriteProblem(w, r, api.Insecure(lang, caller))
			return
		}
		var ok bool
		if who, ok = h.o.Tickets.Redeem(secret, h.o.Now()); !ok {
			api.WriteProblem(w, r, &fleet.Error{Kind: fleet.Unauthorised, Message: "the token is not valid, or no longer; sign in again"})
			return
		}
	} else {
		if p := api.SignIn(lang, caller); p != nil {
			api.WriteProblem(w, r, p)
			return
		}
		who = *caller.Who
	}
	scope, err := h.scope(&who)
	if err != nil {
		api.WriteProblem(w, r, err)
		return
	}
	if !h.enter(streamKey(&who)) {
		api.WriteProblem(w, r, api.TooMany(lang, 10*fleet.Second))
		return
	}
	defer h.leave(streamKey(&who))
	ws, err := h.upgrader.Upgrade(w, r, nil)
	if err != nil {
		return // the upgrader answered
	}
	c := &conn{h: h, ws: ws, who: who, scope: scope, mark: scopeMark(&scope)}
	c.serve()
}

// scope is what a caller may watch now.
func (h *Handler) scope(who *auth.Principal) (fleet.Scope, error) {
	reach := h.o.Table.For(who, auth.Stream, auth.Read)
	if !auth.Allows(who.Token.Scopes, auth.Stream, auth.Read) {
		reach = auth.Nothing
	}
	if who.Share != nil && !who.Share.Live {
		reach = auth.Nothing
	}
	if who.ModuleOff(auth.Stream, true) != "" {
		return fleet.Scope{}, &fleet.Error{Kind: fleet.Forbidden, Message: "detail.module-off"}
	}
	if reach == auth.Nothing {
		return fleet.Scope{}, &fleet.Error{Kind: fleet.Forbidden, Message: "detail.forbidden"}
	}
	return reach.Scope(&who.User, h.o.Tree)
}

// seesAlarms reports whether a caller may read the attention list. Whose
// alarms it sees is up to the scope of its stream.
func (h *Handler) seesAlarms(who *auth.Principal) bool {
	return h.o.Table.For(who, auth.Alarm, auth.Read) != auth.Nothing && auth.Allows(who.Token.Scopes, auth.Alarm, auth.Read)
}

// drawn is the turn of the fences and markers that a caller may read; 0: none.
func (h *Handler) drawn(who *auth.Principal, scope fleet.Scope) uint64 {
	reads := func(o auth.Object) bool {
		return h.o.Table.For(who, o, auth.Read) != auth.Nothing && auth.Allows(who.Token.Scopes, o, auth.Read)
	}
	if h.o.Drawn == nil || who.Share != nil || !reads(auth.Fence) && !reads(auth.Marker) {
		return 0
	}
	return h.o.Drawn(scope)
}

// draw waits for its turn to work at a picture; the caller calls done after
// it. Maps that were opened together are due together: half of the processors
// are left to who sends.
func (h *Handler) draw() (done func()) {
	h.drawing <- struct{}{}
	return func() { <-h.drawing }
}

// streamKey tells apart who holds streams; the guests of one link share theirs.
func streamKey(who *auth.Principal) string {
	if who.Share != nil {
		return "share link " + who.Share.ID.String()
	}
	return who.Key()
}

func (h *Handler) enter(user string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed || h.open >= maxStreams || h.byUser[user] >= maxStreamsPerUser {
		return false
	}
	h.open++
	h.byUser[user]++
	h.running.Add(1)
	return true
}

func (h *Handler) leave(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open--
	if h.byUser[user]--; h.byUser[user] == 0 {
		delete(h.byUser, user)
	}
	h.running.Done()
}

// sameOrigin lets in pages of this very server, programs (which send no
// Origin), and whoever holds a ticket: that cannot be had across origins.
func (h *Handler) sameOrigin(r *http.Request) bool {
	from := r.Header.Get("Origin")
	if from == "" || r.URL.Query().Get("ticket") != "" {
		return true
	}
	u, err := url.Parse(from)
	if err != nil || u.Host == "" {
		return false
	}
	if p, err := url.Parse(h.o.PublicURL); err == nil && p.Host != "" && strings.EqualFold(p.Host, u.Host) && p.Scheme == u.Scheme {
		return true
	}
	return strings.EqualFold(u.Host, r.Host)
}

// again looks whether a caller still may watch, and what.
func (h *Handler) again(who *auth.Principal) (fleet.Scope, error) {
	fresh, err := auth.Again(h.o.Accounts, *who, h.o.Now())
	if err != nil {
		return fleet.Scope{}, err
	}
	*who = fresh
	return h.scope(who)
}

var errSlow = errors.New("stream: the client does not read")
