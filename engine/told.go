package engine

import (
	"fmt"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// longAgo is how much older than its arrival a report is that a tracker had
// kept to itself; others may follow.
const longAgo = 30 * fleet.Second

// decide works out who hears of events that belong to the outcome at hand.
func (s *shard) decide(in alert.Input, events []fleet.Event, n uint32) {
	s.decideBy(in, events, n, s.realms[s.slot(n).realm].rules)
}

// decideBy decides by the notifications of those whose the device was.
func (s *shard) decideBy(in alert.Input, events []fleet.Event, n uint32, rules *alert.Rules) {
	d := s.slot(n)
	if in.Muted = s.reason(n, in.At); in.Muted != "" {
		o := s.outcome()
		for i := range events {
			o.muted = append(o.muted, events[i].ID)
		}
	}
	if d.book == nil {
		if rules.Empty() {
			return
		}
		d.book = &alert.Book{}
	}
	o := s.outcome()
	r := alert.Result{Deliveries: o.deliveries, Memories: o.memories, Raised: o.raised}
	for i := range events {
		d.book.Decide(in, &events[i], rules, &r)
	}
	s.keep(n, o, &r)
}

// settle tells of what waited, where it is time.
func (s *shard) settle(in alert.Input) {
	kept := s.listening[:0]
	for _, n := range s.listening {
		d := s.slot(n)
		if in.Seq > s.known && d.book.Ripe(in.At) && s.settled(d) && s.reason(n, in.At) == "" {
			r := alert.Result{}
			d.book.Settle(in, d.state.Device, d.state.Inside(), s.realms[d.realm].rules, &r)
			if d.book.Flush(d.state.Device, &r); len(r.Deliveries)+len(r.Memories) > 0 {
				o := s.outcome()
				o.deliveries = append(o.deliveries, r.Deliveries...)
				o.memories = append(o.memories, r.Memories...)
			}
			if d.book.Empty() {
				d.book = nil
			}
		}
		if d.listens = d.book.Waiting(); d.listens {
			kept = append(kept, n)
		}
	}
	s.listening = kept
}

// settled reports whether a device's state is what its reports so far make of
// it, and the record too.
func (s *shard) settled(d *slot) bool { return !d.late }

// keep puts decisions into the outcome with the memories that they changed.
func (s *shard) keep(n uint32, o *outcome, r *alert.Result) {
	d := s.slot(n)
	d.book.Flush(d.state.Device, r)
	o.deliveries, o.memories, o.raised = r.Deliveries, r.Memories, r.Raised
	if d.book.Empty() {
		d.book = nil
	}
	s.mayTell(n)
}

// mayTell lists a device whose alerts wait.
func (s *shard) mayTell(n uint32) {
	if d := s.slot(n); !d.listens && d.book.Waiting() {
		d.listens = true
		s.listening = append(s.listening, n)
	}
}

// stir holds back what waits while a tracker empties its memory.
func (d *slot) stir(r *fleet.Report) {
	if d.book != nil && r.Received-r.Fix >= longAgo {
		d.book.Stir(r.Received)
	}
}

// forget drops what is remembered of a device that is being removed.
func (s *shard) forget(d *slot) {
	if d.book.Empty() {
		return
	}
	o := s.outcome()
	r := alert.Result{Memories: o.memories}
	d.book.Forget(d.state.Device, &r)
	o.memories = r.Memories
}

// remember gives the shards what alert knew at the last commit. Memories of
// devices that are not in the world as of the snapshot wait for the replay to
// bring them.
func (e *Engine) remember() error {
	if e.o.Memories == nil {
		return nil
	}
	err := e.o.Memories.EachMemory(func(m fleet.Memory) error {
		s := e.shards[shardOf(m.Device, len(e.shards))]
		if n, ok := s.index[m.Device]; ok {
			s.recall(n, &m)
			return nil
		}
		if s.early == nil {
			s.early = map[fleet.DeviceID][]fleet.Memory{}
		}
		s.early[m.Device] = append(s.early[m.Device], m)
		return nil
	})
	if err != nil {
		return fmt.Errorf("memories of alerts: %w", err)
	}
	return nil
}

// recall puts a stored memory back.
func (s *shard) recall(n uint32, m *fleet.Memory) {
	d := s.slot(n)
	if d.book == nil {
		d.book = &alert.Book{}
	}
	if err := d.book.Load(m); err != nil {
		s.e.o.Log.Warn("what a notification was last told about a device is lost; it begins anew",
			"device", m.Device, "notification", m.Rule, "err", err)
	}
	s.mayTell(n)
}
