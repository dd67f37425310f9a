package engine

import (
	"context"
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// A batch is one Accept on its way through the sequencer.
type batch struct {
	reports []fleet.Report // the caller's, until done
	done    chan error     // holds one
	state   atomic.Int32
}

// The states of a batch. Whoever moves it off queued decides: the sequencer
// takes it, or its caller gives up.
const (
	queued int32 = iota
	taken
	abandoned
)

const (
	maxAttrs     = 256      // readings of one report
	maxAttrBytes = 16 << 10 // of their names and texts
)

// errStopped is what callers get while the engine does not run.
var errStopped = fleet.Errorf(fleet.Unavailable, "the engine is not running: it is starting or stopping")

// Accept takes reports over: on nil they are on disk. It writes its verdicts
// into the slice, keeps its Attrs and nothing else of it, and waits while the
// machine is busy, until ctx ends. Rejected reports are counted and not kept;
// quarantined ones are kept.
func (e *Engine) Accept(ctx context.Context, reports []fleet.Report) error {
	if err := e.refusal(); err != nil {
		return err
	}
	offsets := *e.offsets.Load()
	var counts [verdicts]int
	for i := range reports {
		r := &reports[i]
		if r.Device == 0 {
			return fleet.Errorf(fleet.Invalid, "report %d names no device", i)
		}
		if !fits(r.Attrs) { // a device that says this much says nonsense
			r.Attrs = nil
			e.m.attrsDropped.Inc()
		}
		track.Normalise(r, offsets[r.Device])
		counts[min(int(r.Verdict), verdicts-1)]++
	}
	for rest := reports; len(rest) > 0; {
		n := min(len(rest), maxBatch)
		if err := e.submit(ctx, rest[:n:n]); err != nil {
			return err
		}
		rest = rest[n:]
	}
	e.clocks.see(reports, offsets)
	e.m.accepted(&counts)
	return nil
}

// fits reports whether readings are within what a journal entry may hold.
func fits(attrs fleet.Attrs) bool {
	n := 0
	for i := range attrs {
		n += len(attrs[i].Key) + len(attrs[i].Value.Text)
	}
	return len(attrs) <= maxAttrs && n <= maxAttrBytes
}

// submit hands at most maxBatch reports to the sequencer and waits for the
// disk. Reports that none keeps need no wait.
func (e *Engine) submit(ctx context.Context, reports []fleet.Report) error {
	keep := false
	for i := range reports {
		keep = keep || journaled(reports[i].Verdict)
	}
	if !keep {
		return nil
	}
	b := e.newBatch()
	b.reports = reports
	b.state.Store(queued)
	select {
	case e.in <- b:
	default: // full: wait for a place
		select {
		case e.in <- b:
		case <-ctx.Done():
			e.drop(b)
			return ctx.Err()
		case <-e.sequenced:
			e.drop(b)
			return e.refusalOr(errStopped)
		}
	}
	if e.deaf.Load() && b.state.CompareAndSwap(queued, abandoned) {
		return e.refusalOr(errStopped) // too late for the last look into the queue
	}
	select {
	case err := <-b.done:
		e.drop(b)
		return err
	case <-ctx.Done():
		if b.state.CompareAndSwap(queued, abandoned) {
			return ctx.Err() // the sequencer gives the batch back
		}
	}
	err := <-b.done // taken: the answer is under way, no later than the disk's
	e.drop(b)
	return err
}

// take claims the batch for the sequencer; false if its caller gave up.
func (e *Engine) take(b *batch) bool {
	if b.state.CompareAndSwap(queued, taken) {
		return true
	}
	e.drop(b)
	return false
}

// newBatch is an empty batch, used before if one is free.
func (e *Engine) newBatch() *batch {
	if b, ok := e.batches.Get().(*batch); ok {
		return b
	}
	return &batch{done: make(chan error, 1)}
}

// drop keeps a batch that nobody holds any more for use again.
func (e *Engine) drop(b *batch) {
	b.reports = nil
	e.batches.Put(b)
}
