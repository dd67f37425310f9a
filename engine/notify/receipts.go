package notify

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	maxAwaited  = 200_000         // parts whose receipt may still come; the oldest give way
	maxEarly    = 1000            // receipts that came before the answer that names their message
	receiptsFor = 3 * fleet.Day   // how long after a start a message of before it is looked for
	recordFor   = 5 * time.Second // how long a receipt waits to be recorded before the provider is asked to send it again
)

// Receipts brings what providers say after they took a message over to the
// delivery that it is about. A receipt may come before the answer to its
// message, and after a restart: Load finds what was sent before. Nil hears
// nothing. It starts no goroutine.
type Receipts struct {
	recorder Recorder
	now      func() time.Time
	log      *slog.Logger

	mu      sync.Mutex // guards what follows
	awaited map[part]fleet.DeliveryKey
	order   []part // of awaited, oldest first
	early   map[part]Report
	waiting []part // of early, oldest first
}

// part is a provider's name for a message or a part of one.
type part struct{ provider, id string }

// NewReceipts makes one. Log may be nil.
func NewReceipts(recorder Recorder, log *slog.Logger) *Receipts {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Receipts{
		recorder: recorder, now: time.Now, log: log.With("part", "receipts"),
		awaited: map[part]fleet.DeliveryKey{}, early: map[part]Report{},
	}
}

// Load finds the SMS of the last days whose receipts have not all come.
func (r *Receipts) Load(log Outbox) error {
	q := fleet.DeliveryQuery{
		Scope: fleet.Scope{Installation: true}, Channel: fleet.SMS, States: []fleet.DeliveryState{fleet.Sent, fleet.Failed}, Limit: 1000,
	}
	from := fleet.At(r.now()) - receiptsFor
	var found []fleet.Delivery
	for {
		page, err := log.Deliveries(q)
		if err != nil {
			return err
		}
		old := false
		for i := range page.Items {
			if old = page.Items[i].Created < from; !old {
				found = append(found, page.Items[i])
			}
		}
		if q.After = page.Next; q.After == "" || old || len(found) >= maxAwaited {
			break
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := len(found) - 1; i >= 0; i-- {
		d := &found[i]
		for _, a := range d.Attempts {
			if a.OK {
				r.await(d.Key, &a)
			}
		}
	}
	return nil
}

func (r *Receipts) await(key fleet.DeliveryKey, a *fleet.Attempt) {
	for _, id := range strings.Fields(a.ID) {
		p := part{a.Provider, id}
		if _, has := r.awaited[p]; !has {
			r.order = append(r.order, p)
		}
		r.awaited[p] = key
	}
	for len(r.order) > maxAwaited {
		delete(r.awaited, r.order[0])
		r.order = r.order[1:]
	}
}

// sent notes what providers have taken over, as it is recorded, and records
// the receipts that were faster.
func (r *Receipts) sent(outs []fleet.Outcome) {
	if r == nil {
		return
	}
	var late []fleet.Outcome
	r.mu.Lock()
	for i := range outs {
		a := outs[i].Attempt
		if a == nil || !a.OK || outs[i].Key.Channel != fleet.SMS {
			continue
		}
		r.await(outs[i].Key, a)
		for _, id := range strings.Fields(a.ID) {
			if said, ok := r.early[part{a.Provider, id}]; ok {
				delete(r.early, part{a.Provider, id})
				late = append(late, r.outcome(outs[i].Key, said))
			}
		}
	}
	r.mu.Unlock()
	if len(late) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), recordFor)
	defer cancel()
	if err := r.recorder.Record(ctx, late); err != nil {
		r.log.Error("receipts are lost: they could not be recorded", "receipts", len(late), "err", err)
	}
}

func (r *Receipts) outcome(key fleet.DeliveryKey, said Report) fleet.Outcome {
	return fleet.Outcome{Key: key, Receipt: &fleet.Receipt{
		ID: said.ID, State: said.State, Received: fleet.At(r.now()), Done: said.Done, Words: cut(said.Words),
	}}
}

// Hear takes a receipt over and returns when it is durable. One that comes
// before the answer to its message is kept in memory until then. An error asks
// for it again.
func (r *Receipts) Hear(said Report) error {
	p := part{said.Provider, said.ID}
	r.mu.Lock()
	key, known := r.awaited[p]
	if !known {
		if _, has := r.early[p]; !has {
			r.waiting = append(r.waiting, p)
		}
		r.early[p] = said
		for len(r.waiting) > maxEarly {
			delete(r.early, r.waiting[0])
			r.waiting = r.waiting[1:]
		}
	}
	out := r.outcome(key, said)
	r.mu.Unlock()
	if !known {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), recordFor)
	defer cancel()
	return r.recorder.Record(ctx, []fleet.Outcome{out})
}
