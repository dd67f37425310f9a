package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

const progressEvery = 10 * time.Second // between words about a long replay

// load reads the newest snapshot and the world that its states live in. It
// runs before any goroutine does.
func (e *Engine) load() error {
	seq, parts, err := e.o.Snapshots.Newest()
	if err != nil {
		return err
	}
	var h header
	if len(parts) > 0 {
		if h, err = decodeHeader(parts[0]); err != nil {
			return err
		}
	}
	d, err := e.world(h.change)
	if err != nil {
		return err
	}
	complete, err := e.o.Committer.Complete()
	if err != nil {
		return err
	}
	for _, s := range e.shards {
		s.swap(d)
		s.known = complete
		s.done.Store(uint64(seq))
	}
	if len(parts) > 0 {
		if err := e.restore(h, parts[1:]); err != nil {
			return err
		}
	}
	if err := e.remember(); err != nil {
		return err
	}
	e.committer.complete.Store(uint64(min(complete, seq)))
	e.seq.change = h.change
	e.replayed = seq
	return nil
}

// replay steps everything that the journal has after the snapshot, gives
// changes without an entry theirs, and ends with the tick that says that time
// has passed.
func (e *Engine) replay(ctx context.Context) error {
	if last := e.o.Journal.Last(); last < e.replayed {
		return fmt.Errorf("the journal ends at entry %d, but the snapshot holds %d: a journal file was cut short, or is another installation's; restore a backup", last, e.replayed)
	}
	r := replayer{e: e, ctx: ctx, next: e.replayed + 1, g: e.newGroup(), told: time.Now()}
	if err := e.o.Journal.Scan(e.replayed, r.entry); err != nil {
		return err
	}
	if err := r.route(); err != nil {
		return err
	}
	newest, err := e.o.Changes.Newest()
	if err != nil {
		return err
	}
	for id := e.seq.change + 1; id <= newest; id++ {
		o, err := e.change(id)
		if err != nil {
			return err
		}
		e.seq.pending = append(e.seq.pending, o)
	}
	g := e.newGroup()
	e.seq.beat(g, e.o.Now())
	e.seq.commit(g, false)
	return e.Err()
}

// change loads a stored change and works out what it means.
func (e *Engine) change(id fleet.ChangeID) (*op, error) {
	set, err := e.o.Changes.Load(id)
	if err != nil {
		return nil, fmt.Errorf("change %d, which the journal names: %w", id, err)
	}
	return e.prepare(set), nil
}

// A replayer gathers what Scan reads into groups.
type replayer struct {
	e    *Engine
	ctx  context.Context
	g    *group
	next fleet.Seq
	told time.Time
}

func (r *replayer) entry(seq fleet.Seq, entry *fleet.Entry) error {
	if seq != r.next {
		return fmt.Errorf("the journal goes on with entry %d, want %d: a segment is missing", seq, r.next)
	}
	if len(r.g.entries) == 0 {
		r.g.first = seq
	}
	r.next++
	switch entry.Kind {
	case fleet.ReportEntry:
		r.g.addReport(&entry.Report)
	case fleet.TickEntry:
		r.g.addTick(entry.Tick)
	case fleet.ChangeEntry:
		if want := r.e.seq.change + 1; entry.Change != want {
			return fmt.Errorf("entry %d brings change %d, want %d", seq, entry.Change, want)
		}
		o, err := r.e.change(entry.Change)
		if err != nil {
			return err
		}
		r.e.seq.change = entry.Change
		r.g.addChange(entry.Change, o.delta)
	default:
		return fmt.Errorf("entry %d is of kind %d, which this version does not know", seq, entry.Kind)
	}
	if len(r.g.entries) < maxGroup {
		return nil
	}
	return r.route()
}

// route hands the group to the shards and starts the next.
func (r *replayer) route() error {
	if err := errors.Join(r.ctx.Err(), r.e.Err()); err != nil {
		return err
	}
	if len(r.g.entries) == 0 {
		return nil
	}
	r.g.replay = true
	r.e.route(r.g)
	r.g = r.e.newGroup()
	if now := time.Now(); now.Sub(r.told) >= progressEvery {
		r.told = now
		r.e.o.Log.Info("recovering", "seq", uint64(r.next-1), "of", uint64(r.e.o.Journal.Last()))
	}
	return nil
}
