package engine

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	commitWait  = 10 * time.Millisecond // from the first fact to its commit, at most, if the disk is free
	commitRows  = 4096                  // rows that do not wait any longer
	commitRetry = time.Second           // after a refusal for want of space
	outcomeRoom = 256                   // outcomes that wait for the committer
)

// A record is the outcomes of a sender on their way to the disk.
type record struct {
	outcomes []fleet.Outcome
	done     chan error // holds one
}

// A committer is the one goroutine that writes facts: what shards and senders
// bring is gathered for a moment and committed in one transaction. Only then
// does anybody hear of it.
type committer struct {
	e       *Engine
	in      chan *outcome
	records chan *record
	flushes chan chan error
	gone    chan struct{} // closed at the end of run

	facts   fleet.Facts
	taken   []*outcome
	waiting []*record

	committed atomic.Uint64 // outcomes that are on disk
	complete  atomic.Uint64 // facts of all inputs up to this Seq are on disk
}

var outcomes = sync.Pool{New: func() any { return new(outcome) }}

func newOutcome() *outcome { return outcomes.Get().(*outcome) }

// run works until quit is closed and all that waits is committed.
func (c *committer) run(quit <-chan struct{}) {
	defer close(c.gone)
	for {
		var flush chan error
		select {
		case o := <-c.in:
			c.take(o)
		case r := <-c.records:
			c.takeRecord(r)
		case flush = <-c.flushes:
		case <-c.e.failed:
			c.refuse()
			return
		case <-quit:
			c.commit(quit)
			return
		}
		if flush == nil {
			flush = c.gather(quit)
		}
		err := c.commit(quit)
		if flush != nil {
			flush <- err
		}
		if err != nil {
			return
		}
	}
}

// gather waits for more, until the oldest fact is commitWait old, enough rows
// are there or somebody asks for the commit.
func (c *committer) gather(quit <-chan struct{}) (flush chan error) {
	timer := time.NewTimer(commitWait)
	defer timer.Stop()
	for c.rows() < commitRows {
		select {
		case o := <-c.in:
			c.take(o)
		case r := <-c.records:
			c.takeRecord(r)
		case flush = <-c.flushes:
			return flush
		case <-timer.C:
			return nil
		case <-quit:
			return nil
		}
	}
	return nil
}

func (c *committer) rows() int {
	return len(c.facts.Revised) + len(c.facts.Memories) + len(c.facts.Events) + len(c.facts.Deliveries) + len(c.facts.Outcomes)
}

func (c *committer) take(o *outcome) {
	c.facts.Events = append(c.facts.Events, o.events...)
	c.facts.Deliveries = append(c.facts.Deliveries, o.deliveries...)
	c.facts.Revised = append(c.facts.Revised, o.revised...)
	c.facts.Memories = append(c.facts.Memories, o.memories...)
	c.facts.Raised = append(c.facts.Raised, o.raised...)
	c.facts.Muted = append(c.facts.Muted, o.muted...)
	c.taken = append(c.taken, o)
}

func (c *committer) takeRecord(r *record) {
	c.facts.Outcomes = append(c.facts.Outcomes, r.outcomes...)
	c.waiting = append(c.waiting, r)
}

// commit writes what was gathered and tells everybody. What the shards had
// finished before the last look into the queue is complete with it.
func (c *committer) commit(quit <-chan struct{}) error {
	complete := c.e.stepped()
	for range len(c.in) {
		c.take(<-c.in)
	}
	for range len(c.records) {
		c.takeRecord(<-c.records)
	}
	if c.facts.Complete = complete; c.facts.Empty() && complete == fleet.Seq(c.complete.Load()) {
		if len(c.taken) > 0 { // a second run that changed nothing waits for its end
			c.committed.Add(uint64(len(c.taken)))
			c.tell()
			c.forget()
		}
		return nil
	}
	start := time.Now()
	err := c.write(quit)
	if err != nil {
		c.e.fail(err)
		c.refuse()
		return err
	}
	c.complete.Store(uint64(complete))
	c.committed.Add(uint64(len(c.taken)))
	c.e.m.commit(&c.facts, time.Since(start))
	c.tell()
	c.forget()
	return nil
}

// write commits, and tries again for as long as the disk has no room.
func (c *committer) write(quit <-chan struct{}) error {
	for {
		err := c.e.o.Committer.Commit(context.Background(), &c.facts)
		if err == nil {
			c.e.recording.open(c.e.o.Log, "facts are committed again")
		}
		if err == nil || fleet.KindOf(err) != fleet.Unavailable {
			return err
		}
		c.e.recording.shut(c.e.o.Log, "facts wait for the disk; nobody is notified", err)
		select {
		case <-time.After(commitRetry):
		case <-c.e.failed:
			return err
		case <-quit:
			return err
		}
	}
}

// tell publishes what is on disk now.
func (c *committer) tell() {
	for _, r := range c.waiting {
		r.done <- nil
	}
	if c.e.o.Hub != nil {
		for _, events := range [...][]fleet.Event{c.facts.Events, c.facts.Revised} {
			if len(events) > 0 {
				c.e.o.Hub.Publish(events)
			}
		}
	}
	for _, o := range c.taken {
		if o.stored != nil {
			close(o.stored)
		}
	}
	if len(c.facts.Deliveries) > 0 {
		select {
		case c.e.wake <- struct{}{}:
		default:
		}
	}
}

// forget empties the committer's hands.
func (c *committer) forget() {
	for _, o := range c.taken {
		clear(o.deliveries)
		clear(o.memories)
		*o = outcome{events: o.events[:0], deliveries: o.deliveries[:0], revised: o.revised[:0], memories: o.memories[:0], raised: o.raised[:0], muted: o.muted[:0]}
		outcomes.Put(o)
	}
	clear(c.taken)
	clear(c.waiting)
	clear(c.facts.Events)
	clear(c.facts.Deliveries)
	clear(c.facts.Outcomes)
	clear(c.facts.Revised)
	clear(c.facts.Memories)
	c.taken, c.waiting = c.taken[:0], c.waiting[:0]
	c.facts.Events, c.facts.Deliveries = c.facts.Events[:0], c.facts.Deliveries[:0]
	c.facts.Outcomes = c.facts.Outcomes[:0]
	c.facts.Revised, c.facts.Memories = c.facts.Revised[:0], c.facts.Memories[:0]
	c.facts.Raised, c.facts.Muted = c.facts.Raised[:0], c.facts.Muted[:0]
}

// refuse answers all whose outcomes did not reach the disk.
func (c *committer) refuse() {
	err := c.e.refusalOr(errStopped)
	for _, r := range c.waiting {
		r.done <- err
	}
	c.waiting = nil
	for {
		select {
		case r := <-c.records:
			r.done <- err
		case f := <-c.flushes:
			f <- err
		default:
			return
		}
	}
}

// Record makes the outcomes of deliveries permanent. They are on disk when it
// returns nil.
func (e *Engine) Record(ctx context.Context, outcomes []fleet.Outcome) error {
	if len(outcomes) == 0 {
		return nil
	}
	r := &record{outcomes: outcomes, done: make(chan error, 1)}
	select {
	case e.committer.records <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.committer.gone:
		return e.refusalOr(errStopped)
	}
	select {
	case err := <-r.done:
		return err
	case <-e.committer.gone:
		select {
		case err := <-r.done:
			return err
		default:
			return e.refusalOr(errStopped)
		}
	}
}

// flush commits what the shards have handed over so far.
func (e *Engine) flush(ctx context.Context) error {
	f := make(chan error, 1)
	select {
	case e.committer.flushes <- f:
	case <-ctx.Done():
		return ctx.Err()
	case <-e.committer.gone:
		return e.refusalOr(errStopped)
	}
	select {
	case err := <-f:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-e.committer.gone:
		return e.refusalOr(errStopped)
	}
}

// stepped is the Seq up to which every shard has handed over its facts.
func (e *Engine) stepped() fleet.Seq {
	low := e.shards[0].done.Load()
	for _, s := range e.shards[1:] {
		low = min(low, s.done.Load())
	}
	return fleet.Seq(low)
}

// Complete is the Seq up to which the facts of all inputs are on disk.
func (e *Engine) Complete() fleet.Seq {
	low, sent := e.stepped(), uint64(0)
	for _, s := range e.shards {
		sent += s.sent.Load()
	}
	if sent != e.committer.committed.Load() { // some are on their way
		low = min(low, fleet.Seq(e.committer.complete.Load()))
	}
	for { // what was complete once stays so
		shown := e.complete.Load()
		if uint64(low) <= shown {
			return fleet.Seq(shown)
		}
		if e.complete.CompareAndSwap(shown, uint64(low)) {
			return low
		}
	}
}
