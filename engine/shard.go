package engine

import (
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	pageBits   = 10 // 1024 devices a page
	publishGap = 100 * time.Millisecond
	moveBatch  = 512 // positions handed to the hub under one lock
)

// A slot is a device as its shard holds it.
type slot struct {
	state   track.State
	realm   uint32
	wake    wakeTime    // when it is in the list of waiting devices; 0: it is not
	moved   bool        // is in the list of moved devices
	late    bool        // is in the list of late devices
	listens bool        // is in the list of devices whose alerts wait
	book    *alert.Book // nil while there is nothing to remember
}

// A shard owns the states of its devices; only its goroutine touches them.
// Slots stand in pages, so that growing copies nothing.
type shard struct {
	e      *Engine
	n      int
	jobs   chan *group
	asks   chan func(*shard) // of the reconciler, between two groups
	pages  [][]slot
	index  map[fleet.DeviceID]uint32
	free   []uint32
	realms []*realm

	mutes     map[uint32]mute                   // by slot, of devices that have one
	waiting   []waiter                          // devices to which ticks may mean something
	edited    bool                              // the world has changed since the last tick
	listening []uint32                          // slots whose alerts wait to be settled
	early     map[fleet.DeviceID][]fleet.Memory // of devices that the replay brings
	late      map[uint32]*lateDevice            // by slot: devices whose record may differ from an in-order run
	lates     []*lateDevice                     // the same, oldest first, and some that are gone
	clock     fleet.Tick                        // the last one
	moved     []uint32                          // slots whose position the hub has not seen
	positions []fleet.Position                  // scratch for the hub
	flushed   time.Time                         // when the hub last heard of this shard
	known     fleet.Seq                         // facts up to here were found complete at start
	live      bool                              // the replay is over

	steps [stepOutcomes]int // what became of the reports since the last count

	glances glances // scratch of ahead

	out *outcome // of the group at hand, nil while it led to nothing

	_    [64]byte // the counters below are read by others
	done atomic.Uint64
	sent atomic.Uint64

	dirty      atomic.Int64 // late devices
	dirtySince atomic.Int64 // when the oldest of them became one; 0 for none
}

// An outcome is the facts of one group in one shard.
type outcome struct {
	events     []fleet.Event
	deliveries []fleet.Delivery
	revised    []fleet.Event
	memories   []fleet.Memory
	raised     []fleet.EventID
	muted      []fleet.EventID
	stored     chan struct{} // closed once it is on disk; nil: nobody waits
}

// run works until jobs is closed or the engine fails.
func (s *shard) run() {
	timer := time.NewTimer(publishGap)
	timer.Stop()
	armed := false
	for {
		select {
		case g, ok := <-s.jobs:
			if !ok {
				s.publish()
				return
			}
			if !s.work(g) {
				return
			}
			if len(s.moved) == 0 {
				break
			}
			if now := time.Now(); now.Sub(s.flushed) >= publishGap {
				s.publish()
				s.flushed = now
			} else if !armed {
				timer.Reset(publishGap - now.Sub(s.flushed))
				armed = true
			}
		case now := <-timer.C:
			armed = false
			s.publish()
			s.flushed = now
		case ask := <-s.asks:
			ask(s)
		case <-s.e.failed:
			return
		}
	}
}

// work steps the shard's part of a group and hands its facts on; false once
// the engine has failed.
func (s *shard) work(g *group) bool {
	if !g.replay && !s.live {
		s.live = true
		s.early = nil
		s.allMoved()
	}
	deltas := g.deltas
	lane := g.lanes[s.n]
	for k, i := range lane {
		if k%lookahead == 0 {
			s.ahead(g, lane[k:min(k+lookahead, len(lane))])
		}
		switch entry := &g.entries[i]; entry.Kind {
		case fleet.ReportEntry:
			s.report(g.first+fleet.Seq(i), &entry.Report, s.glances.of[k%lookahead])
		case fleet.TickEntry:
			s.tick(g.first+fleet.Seq(i), entry.Tick)
		case fleet.ChangeEntry:
			s.swap(deltas[0])
			deltas = deltas[1:]
		}
	}
	if !s.handOver() {
		return false
	}
	s.e.m.stepped(&s.steps)
	s.done.Store(uint64(g.last()))
	for _, o := range g.ops {
		o.swap()
	}
	if g.barrier != nil {
		g.barrier.deliver(s)
	}
	s.e.release(g)
	return true
}

// handOver gives the committer what the group at hand has led to; false once
// the engine has failed.
func (s *shard) handOver() bool {
	if s.out == nil {
		return true
	}
	s.sent.Add(1)
	select {
	case s.e.committer.in <- s.out:
	case <-s.e.failed:
		return false
	}
	s.out = nil
	return true
}

// report steps a device. One that is not in the world any more is counted.
func (s *shard) report(seq fleet.Seq, r *fleet.Report, ahead *fence.Glance) {
	n, ok := s.index[r.Device]
	if !ok {
		s.e.m.strangers.Inc()
		return
	}
	d := s.slot(n)
	realm := s.realms[d.realm]
	if c, ok := d.state.Checkpoint(r, realm.world); ok {
		s.e.points.add(Checkpoint{Device: r.Device, Day: c.Day, State: c.State})
	}
	upto := fleet.Time(0)
	if d.late {
		upto = d.state.Upto()
	}
	if events := track.Step(&d.state, track.Input{Seq: seq, Report: r, Ahead: ahead}, realm.world); len(events) > 0 {
		s.happened(alert.Input{Seq: seq, At: r.Received}, events, n)
	}
	d.stir(r)
	outcome, _ := d.state.Outcome()
	s.steps[min(int(outcome), stepOutcomes-1)]++
	s.mayWait(n)
	if _, dirty := d.state.Dirty(); dirty || d.late {
		s.mayBeLate(n, d, r, upto)
	}
	if s.live && !d.moved {
		d.moved = true
		s.moved = append(s.moved, n)
	}
}

// tick steps the devices that wait for time to pass.
func (s *shard) tick(seq fleet.Seq, t fleet.Tick) {
	s.wake(t, func(n uint32, d *slot) {
		if events := track.Step(&d.state, track.Input{Seq: seq, Tick: t}, s.realms[d.realm].world); len(events) > 0 {
			s.happened(alert.Input{Seq: seq, At: t.At}, events, n)
		}
	})
	s.clock = t
	s.postLate()
	s.settle(alert.Input{Seq: seq, At: t.At})
}

// happened decides who hears of a device's events and adds all to the outcome.
// During a replay, what was complete before is left out: it is stored already.
func (s *shard) happened(in alert.Input, events []fleet.Event, n uint32) {
	if in.Seq <= s.known {
		return
	}
	o := s.outcome()
	o.events = append(o.events, events...)
	s.decide(in, events, n)
}

// outcome is what the group at hand has led to so far.
func (s *shard) outcome() *outcome {
	if s.out == nil {
		s.out = newOutcome()
	}
	return s.out
}

// swap takes a change of the world over.
func (s *shard) swap(d *delta) {
	s.edited = s.edited || len(d.realms) > 0
	var edits map[uint32]fleet.Time // of realms that there are already
	for _, r := range d.realms {
		for int(r.at) >= len(s.realms) {
			s.realms = append(s.realms, nil)
		}
		if was := s.realms[r.at]; was != nil && r.world.Since > was.world.Since {
			if edits == nil {
				edits = map[uint32]fleet.Time{}
			}
			edits[r.at] = r.world.Since
		}
		s.realms[r.at] = r.realm
	}
	s.editedLate(edits)
	l := &d.lanes[s.n]
	for _, p := range l.placed {
		s.place(p)
	}
	for _, m := range l.muted {
		if n, known := s.index[m.id]; known {
			s.mute(n, m.mute)
		}
	}
	for _, id := range l.removed {
		s.remove(id)
	}
	if len(l.removed) > 0 {
		s.e.points.forget(l.removed)
	}
	if s.e.o.Hub != nil {
		s.profiles(l)
	}
}

// place puts a device into its realm, with a fresh state if it is new.
func (s *shard) place(p placedDevice) {
	n, known := s.index[p.id]
	if !known {
		n = s.grow()
		s.index[p.id] = n
	}
	d := s.slot(n)
	if known && p.since != 0 {
		s.placedLate(n, d, p.since)
	}
	d.state.Device = p.id
	d.realm = p.realm
	if !known {
		for i := range s.early[p.id] {
			s.recall(n, &s.early[p.id][i])
		}
		delete(s.early, p.id)
	}
}

func (s *shard) remove(id fleet.DeviceID) {
	n, known := s.index[id]
	if !known {
		return
	}
	delete(s.index, id)
	delete(s.late, n)
	delete(s.mutes, n)
	d := s.slot(n)
	s.forget(d)
	moved, listens := d.moved, d.listens // the lists still name the slot
	*d = slot{moved: moved, listens: listens}
	s.free = append(s.free, n)
}

// grow gives the number of an unused slot.
func (s *shard) grow() uint32 {
	if last := len(s.free) - 1; last >= 0 {
		n := s.free[last]
		s.free = s.free[:last]
		return n
	}
	if p := len(s.pages) - 1; p < 0 || len(s.pages[p]) == 1<<pageBits {
		s.pages = append(s.pages, make([]slot, 0, 1<<pageBits))
	}
	p := len(s.pages) - 1
	s.pages[p] = append(s.pages[p], slot{})
	return uint32(p<<pageBits + len(s.pages[p]) - 1)
}

func (s *shard) slot(n uint32) *slot { return &s.pages[n>>pageBits][n&(1<<pageBits-1)] }
