package live

import (
	"context"
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	walk      = 4096 // spots or items looked at under one hold of the lock
	maxEvents = 1024 // in one frame
)

// Event is an event with a place for its encoding, so that it is encoded once
// however many watch.
type Event struct {
	fleet.Event
	encoded atomic.Pointer[[]byte]
}

// Encoded is what encode makes of the event, the first time somebody asks.
// Every caller must mean the same encoding; two at once may both encode.
func (e *Event) Encoded(encode func(*fleet.Event) []byte) []byte {
	if b := e.encoded.Load(); b != nil {
		return *b
	}
	b := encode(&e.Event)
	e.encoded.Store(&b)
	return b
}

// Attention is an entry of the attention list with a place for its encoding.
type Attention struct {
	fleet.Attention
	encoded atomic.Pointer[[]byte]
}

// Encoded is what encode makes of the entry, as [Event.Encoded].
func (a *Attention) Encoded(encode func(*fleet.Attention) []byte) []byte {
	if b := a.encoded.Load(); b != nil {
		return *b
	}
	b := encode(&a.Attention)
	a.encoded.Store(&b)
	return b
}

// Command is a command to a device with a place for its encoding.
type Command struct {
	fleet.Command
	encoded atomic.Pointer[[]byte]
}

// Encoded is what encode makes of the command, as [Event.Encoded].
func (c *Command) Encoded(encode func(*fleet.Command) []byte) []byte {
	if b := c.encoded.Load(); b != nil {
		return *b
	}
	b := encode(&c.Command)
	c.encoded.Store(&b)
	return b
}

// Position is a device's newest position, and the number of the change that
// made it: the same number is the same content, for caches of encodings.
type Position struct {
	fleet.Position
	Rev uint64
}

// Frame is what a watcher is told at once. Apply it in this order: Gone, then
// Positions, then Events, then Raised, then Ordered. It is the watcher's until its next call of Next.
type Frame struct {
	Cursor    Cursor // stands behind the frame; zero inside a snapshot
	Snapshot  bool   // forget everything shown before
	More      bool   // the next frame is ready already
	Gone      []fleet.DeviceID
	Positions []Position   // newest change first
	Events    []*Event     // oldest first
	Raised    []*Attention // oldest first; of one entry the highest Version counts
	Ordered   []*Command   // oldest first; of one command the highest Version counts
}

func (f *Frame) empty() bool {
	return !f.Snapshot && len(f.Gone)+len(f.Positions)+len(f.Events)+len(f.Raised)+len(f.Ordered) == 0
}

// A Subscription is one watcher's place in the stream. Next belongs to one
// goroutine; SetScope and Close may come from any.
type Subscription struct {
	h     *Hub
	frame Frame

	// Guarded by the hub's lock.
	scope     fleet.Scope
	positions uint64 // changes of devices up to here were told
	events    uint64 // events and departures up to here were told
	snapshot  bool   // the next frame begins anew
	skim      bool   // positions are told by Surveys
	closed    bool
	round     round
}

// A round is one walk over the devices that changed since the last one. It
// may take several frames; what changes meanwhile belongs to the next round.
type round struct {
	open  bool
	upto  uint64 // what the round will have told
	below uint64 // all from upto down to this seq was looked at
	at    uint32 // the spot to go on with, if it still has atSeq
	atSeq uint64
}

// Subscribe starts to watch what a scope sees: a snapshot of positions first,
// then every change after it, and every event published from now on. Close it
// in the end.
func (h *Hub) Subscribe(scope fleet.Scope) *Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open++
	return &Subscription{h: h, scope: scope, snapshot: true, events: h.seq}
}

// Resume goes on behind a cursor that a frame carried. If the hub does not
// reach back that far, or the cursor is another process's, it is Subscribe:
// the first frame is a snapshot, and the events since are in the store. The
// scope must be the one that the cursor was told under.
func (h *Hub) Resume(scope fleet.Scope, from Cursor) *Subscription {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open++
	if from.Boot != h.boot || from.Seq > h.seq || from.Seq < h.ring.lost {
		return &Subscription{h: h, scope: scope, snapshot: true, events: h.seq}
	}
	return &Subscription{h: h, scope: scope, positions: from.Seq, events: from.Seq}
}

// SetScope changes what the watcher may see, from now on: what it has not
// been told yet is judged by the new scope, and a new snapshot comes.
func (s *Subscription) SetScope(scope fleet.Scope) {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	s.scope, s.snapshot, s.positions, s.round = scope, true, 0, round{}
	s.h.tell()
}

// Close ends the subscription. It may be called twice.
func (s *Subscription) Close() {
	s.h.mu.Lock()
	defer s.h.mu.Unlock()
	if !s.closed {
		s.closed = true
		s.h.open--
		s.h.tell()
	}
}

// Next waits for something that the watcher has not been told and may see. It
// fails with ErrLagged, ErrClosed or ctx's error. Whoever calls it at its own
// pace is told of each device once a call, at its newest.
func (s *Subscription) Next(ctx context.Context) (*Frame, error) {
	for {
		changed, err := s.collect()
		if err != nil {
			return nil, err
		}
		if !s.frame.empty() {
			return &s.frame, nil
		}
		if changed == nil {
			continue // more to walk, none of it in scope so far
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// collect fills the frame with the next part of what was not told. If there
// was nothing left to look at, it gives a channel that the next change closes.
func (s *Subscription) collect() (changed <-chan struct{}, err error) {
	h, f := s.h, &s.frame
	clear(f.Events)
	clear(f.Raised)
	clear(f.Ordered)
	*f = Frame{Gone: f.Gone[:0], Positions: f.Positions[:0], Events: f.Events[:0], Raised: f.Raised[:0], Ordered: f.Ordered[:0]}
	h.mu.Lock()
	defer h.mu.Unlock()
	if s.closed || h.closed {
		return nil, ErrClosed
	}
	if s.events < h.ring.lost {
		return nil, ErrLagged
	}
	f.Snapshot, s.snapshot = s.snapshot, false
	if s.walk() {
		s.happened()
	}
	if s.positions > 0 { // before the end of a snapshot there is nothing to resume
		f.Cursor = Cursor{Boot: h.boot, Seq: min(s.positions, s.events)}
	}
	f.More = s.round.open || s.positions < h.seq || s.events < h.seq
	if f.More {
		return nil, nil
	}
	h.waiters++
	return h.changed, nil
}

// walk tells devices from the newest change back to where the last round
// began, a bounded number of them; true once it is there. Needs the lock.
func (s *Subscription) walk() bool {
	h, r := s.h, &s.round
	if s.skim {
		s.positions, *r = h.seq, round{}
		return true
	}
	if !r.open {
		*r = round{open: true, upto: h.seq, below: h.seq + 1}
	}
	n := h.spot(0).prev
	if r.at != 0 && h.spot(r.at).seq == r.atSeq {
		n = r.at
	}
	for seen := 0; n != 0 && h.spot(n).seq > s.positions; n = h.spot(n).prev {
		spot := h.spot(n)
		if spot.seq >= r.below { // of the next round, or told
			continue
		}
		if seen++; seen > walk {
			r.at, r.atSeq = n, spot.seq
			return false
		}
		r.below = spot.seq
		if h.sees(&s.scope, spot) {
			s.frame.Positions = append(s.frame.Positions, Position{Position: spot.position(), Rev: spot.seq})
		}
	}
	s.positions = r.upto
	*r = round{}
	return true
}

// happened tells events and departures in their order. Needs the lock.
func (s *Subscription) happened() {
	h, f := s.h, &s.frame
	first := h.ring.after(s.events)
	for i := first; i < h.ring.n; i++ {
		it := h.ring.at(i)
		if i-first == walk || len(f.Events)+len(f.Raised)+len(f.Ordered) == maxEvents {
			return
		}
		s.events = it.seq
		if !s.scope.SeesDevice(it.device, it.company, it.owner) {
			continue
		}
		if it.event != nil {
			f.Events = append(f.Events, it.event)
		} else if it.raised != nil {
			f.Raised = append(f.Raised, it.raised)
		} else if it.ordered != nil {
			f.Ordered = append(f.Ordered, it.ordered)
		} else if n, known := h.index[it.device]; !known || h.spot(n).seq == 0 || !h.sees(&s.scope, h.spot(n)) {
			// One that came back is gone too until it has a position again:
			// nothing else would take the old one off the map.
			f.Gone = append(f.Gone, it.device)
		}
	}
	s.events = h.seq
}
