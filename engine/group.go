package engine

import (
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	maxGroup    = 4096  // entries that share one sync, but for a single larger batch
	maxBatch    = 1024  // reports that one queue place may hold
	maxInFlight = 65536 // entries that are durable and not yet stepped
	freeGroups  = 32    // groups kept for use again
)

// A group is what one sync of the journal makes durable, and afterwards what
// the shards work through. The sequencer fills it; once routed it belongs to
// the shards, and the last of them gives it back.
type group struct {
	entries []fleet.Entry
	first   fleet.Seq  // of entries[0]
	lanes   [][]uint32 // for each shard the entries that concern it, in order
	deltas  []*delta   // of the change entries, in order
	barrier *barrier   // the states as of the group's end are wanted
	replay  bool       // read back from the journal
	refs    atomic.Int32

	batches []*batch // whose callers wait
	ops     []*op
}

// last is the Seq of the group's last entry.
func (g *group) last() fleet.Seq { return g.first + fleet.Seq(len(g.entries)) - 1 }

// reset empties the group and lets go of what it pointed to.
func (g *group) reset() {
	clear(g.entries)
	clear(g.deltas)
	clear(g.batches)
	clear(g.ops)
	g.entries, g.deltas = g.entries[:0], g.deltas[:0]
	g.batches, g.ops = g.batches[:0], g.ops[:0]
	for i := range g.lanes {
		g.lanes[i] = g.lanes[i][:0]
	}
	g.first, g.barrier, g.replay = 0, nil, false
}

// everyone notes for all shards that the entry to be added next concerns them.
func (g *group) everyone() {
	for i := range g.lanes {
		g.lanes[i] = append(g.lanes[i], uint32(len(g.entries)))
	}
}

func (g *group) addTick(t fleet.Tick) {
	g.everyone()
	g.entries = append(g.entries, fleet.Entry{Kind: fleet.TickEntry, Tick: t})
}

func (g *group) addChange(id fleet.ChangeID, d *delta) {
	g.everyone()
	g.deltas = append(g.deltas, d)
	g.entries = append(g.entries, fleet.Entry{Kind: fleet.ChangeEntry, Change: id})
}

func (g *group) addReport(r *fleet.Report) {
	n := shardOf(r.Device, len(g.lanes))
	g.lanes[n] = append(g.lanes[n], uint32(len(g.entries)))
	g.entries = append(g.entries, fleet.Entry{})
	e := &g.entries[len(g.entries)-1]
	e.Kind, e.Report = fleet.ReportEntry, *r
}

// addBatch takes over the batch's reports that are worth keeping.
func (g *group) addBatch(b *batch) {
	for i := range b.reports {
		if r := &b.reports[i]; journaled(r.Verdict) {
			g.addReport(r)
		}
	}
	g.batches = append(g.batches, b)
}

// journaled reports whether a report with the verdict is kept at all.
func journaled(v fleet.Verdict) bool {
	return v != fleet.RejectedRange && v != fleet.RejectedTime
}

// newGroup is an empty group, used before if one is free.
func (e *Engine) newGroup() *group {
	select {
	case g := <-e.groups:
		return g
	default:
		return &group{lanes: make([][]uint32, len(e.shards))}
	}
}

// release gives a group back once all shards are done with it.
func (e *Engine) release(g *group) {
	if g.refs.Add(-1) > 0 {
		return
	}
	e.inFlight.Add(-int64(len(g.entries)))
	select {
	case e.room <- struct{}{}:
	default:
	}
	e.discard(g)
}

// discard keeps an empty group for use again, if there is a place for it.
func (e *Engine) discard(g *group) {
	g.reset()
	select {
	case e.groups <- g:
	default:
	}
}
