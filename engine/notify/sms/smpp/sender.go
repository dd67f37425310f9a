package smpp

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// Sender is a notify.Sender for one account at one message centre.
type Sender struct {
	o    Options
	stop context.CancelFunc
	over chan struct{} // closed when run has ended

	mu      sync.Mutex    // guards what follows
	session *session      // nil while not bound
	trouble error         // why not; nil while a bind is under way
	changed chan struct{} // closed at each change of the two
}

var _ notify.Sender = (*Sender)(nil)

// New checks the options and begins to bind; Close ends it.
func New(o Options) (*Sender, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	o.Log = o.Log.With("part", "smpp", "host", o.Host)
	ctx, stop := context.WithCancel(context.Background())
	s := &Sender{o: o, stop: stop, over: make(chan struct{}), changed: make(chan struct{})}
	go s.run(ctx)
	return s, nil
}

// Close unbinds and waits for the last goroutine. It may be called again.
func (s *Sender) Close() error {
	s.stop()
	<-s.over
	return nil
}

// longBackoff is how many times the first pause the longest one is.
const longBackoff = 64

// run keeps a connection bound until ctx ends.
func (s *Sender) run(ctx context.Context) {
	defer close(s.over)
	defer s.note(nil, errClosed)
	pause := s.o.Backoff
	for ctx.Err() == nil {
		s.note(nil, nil)
		bound, err := dial(ctx, &s.o)
		if err == nil {
			s.o.Log.Info("bound to the message centre")
			s.note(bound, nil)
			begin := time.Now()
			err = bound.serve(ctx)
			if time.Since(begin) > longBackoff*s.o.Backoff {
				pause = s.o.Backoff
			}
		}
		if ctx.Err() != nil {
			return
		}
		s.note(nil, err)
		s.o.Log.Warn("not bound to the message centre; trying again", "err", err, "in", pause)
		timer := time.NewTimer(pause/2 + rand.N(pause/2+1)) // not all at once after an outage
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		pause = min(2*pause, longBackoff*s.o.Backoff)
	}
}

func (s *Sender) note(bound *session, trouble error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.session, s.trouble = bound, trouble
	close(s.changed)
	s.changed = make(chan struct{})
}

// bound is the session that holds, once a bind under way has ended.
func (s *Sender) bound(ctx context.Context) (*session, error) {
	for {
		s.mu.Lock()
		bound, trouble, changed := s.session, s.trouble, s.changed
		s.mu.Unlock()
		if bound != nil || trouble != nil {
			return bound, trouble
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("not bound yet: %w", ctx.Err())
		}
	}
}

// Send submits a message, part by part, and returns when the centre has taken
// all of them over. The receipt's ID holds those of the parts, with a space
// between. A message sent again after an unknown end carries the same
// user_message_reference, and its parts the same reference.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	r := notify.Receipt{Provider: s.o.Host, Parts: 1}
	if err := fleet.ValidPhone(m.To); err != nil {
		return r, notify.Permanent(err)
	}
	bodies, parts := s.o.submissions(m, s.o.Now())
	r.Parts = parts
	bound, err := s.bound(ctx)
	if err != nil {
		return r, notify.Down(fmt.Errorf("%s: %w", s.o.Host, err))
	}
	var ids []string
	for i, b := range bodies {
		p, err := bound.submit(ctx, b)
		if err != nil {
			return r, notify.Down(fmt.Errorf("%s: part %d of %d: no answer, it may have been taken: %w", s.o.Host, i+1, len(bodies), err))
		}
		r.Answer = "submit_sm_resp: " + statusWords(p.status)
		if p.status == statusOK {
			id := messageID(p.body)
			r.Answer = "submit_sm_resp: ESME_ROK " + id
			ids = append(ids, canonical(id, s.o.HexIDs))
		}
		if err := judge(s.o.Host, p.status); err != nil {
			return r, err
		}
	}
	r.ID = strings.TrimSpace(strings.Join(ids, " "))
	return r, nil
}
