package engine

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	tickEvery     = time.Second
	pauseAfter    = 5 * fleet.Second // a longer gap between ticks counts as a pause
	snapshotEvery = 30 * fleet.Second
	enough        = 16 // entries that wait for no others
	vain          = 3  // waits for others, one after the other, after which none waits for vainFor
	vainFor       = time.Second
)

// An op is a change on its way into the journal.
type op struct {
	id      fleet.ChangeID
	delta   *delta
	offsets map[fleet.DeviceID]int64 // the clock offsets from then on
	done    chan error               // holds one: the journal's answer
	shards  atomic.Int32             // that have not taken it over yet
	swapped chan struct{}            // closed by the last of them
}

// swap notes that a shard has taken the change over. The last one lets go of
// the delta, which may be large: the op stays, for its offsets hold on.
func (o *op) swap() {
	if o.shards.Add(-1) == 0 {
		o.delta = nil
		close(o.swapped)
	}
}

// A sequencer is the one goroutine that gives inputs their order: it gathers
// what waits, makes it durable with one sync, wakes the waiting and hands the
// inputs to the shards.
type sequencer struct {
	e        *Engine
	pending  []*op          // changes that the journal has not taken yet, oldest first
	change   fleet.ChangeID // the newest that it has
	lastTick fleet.Time     // 0 before the first
	lastSnap fleet.Time
	lastSync time.Time // when the journal was last told to sync
	vain     int       // times that lingering brought nothing, in a row
	hurry    time.Time // nobody lingers before
}

// run works until quit is closed and everything that waited then is done.
func (s *sequencer) run() {
	e := s.e
	defer s.leave()
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	second := ticker.C
	if e.o.Ticks != nil {
		second = nil
	}
	for phase(e.phase.Load()) != broken { // after an error nothing more is appended
		g, tick, quit := e.newGroup(), false, false
		var now fleet.Time
		select {
		case b := <-e.in:
			s.add(g, b)
		case o := <-e.ops:
			s.pending = append(s.pending, o)
		case <-second:
			now, tick = e.o.Now(), true
		case now = <-e.o.Ticks:
			tick = true
		case <-e.quit:
			quit = true
		case <-e.failed:
			return
		}
		s.gather(g)
		if quit && len(g.batches) == 0 && len(s.pending) == 0 {
			e.discard(g)
			return
		}
		if tick {
			s.beat(g, now)
		}
		s.commit(g, tick && s.wantsSnapshot())
	}
}

// leave answers whoever came too late. Those who come later still see deaf.
func (s *sequencer) leave() {
	e := s.e
	e.deaf.Store(true)
	close(e.sequenced)
	for {
		select {
		case b := <-e.in:
			if e.take(b) {
				b.done <- e.refusalOr(errStopped)
			}
		default:
			return
		}
	}
}

// gather adds what waits already. First it lets those run who are about to
// bring something: what shares a sync costs less.
func (s *sequencer) gather(g *group) {
	runtime.Gosched()
	s.drain(g)
	if n := len(g.entries); n > 0 && n < enough && len(s.pending) == 0 {
		s.linger(g)
		s.drain(g)
	}
}

func (s *sequencer) drain(g *group) {
	for len(g.entries) < maxGroup {
		select {
		case b := <-s.e.in:
			s.add(g, b)
		case o := <-s.e.ops:
			s.pending = append(s.pending, o)
		default:
			return
		}
	}
}

// linger keeps a few reports waiting for others, until Options.Linger after the
// last sync: a sync costs more of the CPU than all else that is done for a
// report. Where reports are rare that is over before the first comes; where
// they are many they are soon enough; changes, for which a person waits, end it.
// Senders that wait for their answer before they send again come soon or not at
// all: if that is so a few times, they are not held up.
func (s *sequencer) linger(g *group) {
	linger, begin := s.e.o.Linger, time.Now()
	rest := linger - begin.Sub(s.lastSync)
	if rest <= 0 || begin.Before(s.hurry) {
		return
	}
	timer := time.NewTimer(rest)
	defer timer.Stop()
	last := begin
	for len(g.entries) < enough && len(s.pending) == 0 {
		select {
		case b := <-s.e.in:
			s.add(g, b)
			last = time.Now()
		case o := <-s.e.ops:
			s.pending = append(s.pending, o)
		case <-timer.C:
			switch {
			case last.Sub(begin) > rest/4:
				s.vain = 0
			case rest > linger/2:
				s.vain++
			}
			if s.vain == vain {
				s.vain, s.hurry = 0, time.Now().Add(vainFor)
			}
			return
		case <-s.e.quit:
			return
		case <-s.e.failed:
			return
		}
	}
}

// add puts a batch into the group, behind all changes that were sent before it:
// a report that was taken for a device's sake finds the device.
func (s *sequencer) add(g *group, b *batch) {
	s.carry(g)
	if s.e.take(b) {
		g.addBatch(b)
	}
}

// carry adds the changes that the journal has not taken yet.
func (s *sequencer) carry(g *group) {
	for len(s.e.ops) > 0 { // nobody else receives
		s.pending = append(s.pending, <-s.e.ops)
	}
	for _, o := range s.pending[len(g.ops):] {
		g.addChange(o.id, o.delta)
		g.ops = append(g.ops, o)
	}
}

// beat adds the second's tick.
func (s *sequencer) beat(g *group, now fleet.Time) {
	g.addTick(fleet.Tick{At: now, Resumed: s.lastTick == 0 || now-s.lastTick > pauseAfter})
	s.lastTick = now
}

// wantsSnapshot says, once every while, that it is time for one.
func (s *sequencer) wantsSnapshot() bool {
	if since := s.lastTick - s.lastSnap; s.lastSnap != 0 && since >= 0 && since < s.e.o.SnapshotEvery {
		return false
	}
	first := s.lastSnap == 0
	s.lastSnap = s.lastTick
	return !first
}

// commit makes the group durable, wakes the waiting and routes it, with the
// wish for a snapshot as of its end.
func (s *sequencer) commit(g *group, snapshot bool) {
	e := s.e
	s.carry(g)
	if len(g.entries) == 0 {
		e.answer(g, nil)
		e.discard(g)
		return
	}
	s.lastSync = time.Now()
	if err := e.journal(g); err != nil {
		if fleet.KindOf(err) == fleet.Unavailable {
			e.acking.shut(e.o.Log, "journal takes nothing; devices are not acknowledged", err)
		} else {
			e.fail(err)
			s.refuse(err)
		}
		g.ops = g.ops[:0] // they stay pending
		e.answer(g, err)
		e.discard(g)
		return
	}
	if n := len(s.pending); n > 0 {
		s.change = s.pending[n-1].id
		e.offsets.Store(&s.pending[n-1].offsets)
		clear(s.pending)
		s.pending = s.pending[:0]
	}
	e.answer(g, nil)
	if snapshot {
		e.snapshot(g)
	}
	e.route(g)
}

// refuse tells the changes that the journal has failed.
func (s *sequencer) refuse(err error) {
	for _, o := range s.pending {
		o.done <- err
	}
	s.pending = nil
}

// journal makes the group durable and gives it its place in the sequence.
func (e *Engine) journal(g *group) error {
	start := time.Now()
	first, err := e.o.Journal.Append(g.entries)
	if err != nil {
		return err
	}
	g.first = first
	e.acking.open(e.o.Log, "journal takes reports again")
	e.m.appended(len(g.entries), time.Since(start))
	e.lag.durable(g.last(), e.Complete(), e.o.Now())
	return nil
}

// answer wakes everybody whose input is in the group.
func (e *Engine) answer(g *group, err error) {
	for i, b := range g.batches {
		g.batches[i] = nil
		b.done <- err
	}
	for _, o := range g.ops {
		o.done <- err
	}
}

// route hands the group to every shard, once there is room. It gives up when
// the engine has failed: what is durable is found again at the next start.
func (e *Engine) route(g *group) {
	n := int64(len(g.entries))
	for e.inFlight.Load() > 0 && e.inFlight.Load()+n > maxInFlight {
		select {
		case <-e.room:
		case <-e.failed:
			return
		}
	}
	e.inFlight.Add(n)
	g.refs.Store(int32(len(e.shards)))
	for _, s := range e.shards {
		select {
		case s.jobs <- g:
		case <-e.failed:
			return
		}
	}
}

// refusal is why nothing is accepted now, nil if it is.
func (e *Engine) refusal() error {
	switch phase(e.phase.Load()) {
	case running:
		return nil
	case broken:
		return fleet.Errorf(fleet.Unavailable, "the engine has stopped: %w", e.Err())
	}
	return errStopped
}

func (e *Engine) refusalOr(otherwise error) error {
	if err := e.refusal(); err != nil {
		return err
	}
	return otherwise
}

// fail stops the engine for good with its first error.
func (e *Engine) fail(err error) {
	e.failOnce.Do(func() {
		if !errors.Is(err, context.Canceled) {
			e.o.Log.Error("engine stops; restart it to recover from the journal", "err", err)
		}
		e.err.Store(&err)
		e.phase.Store(int32(broken))
		close(e.failed)
	})
}
