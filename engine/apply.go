package engine

import (
	"context"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Apply stores a change set and returns it as stored, once every shard works
// with it. Changes hold one after the other. An error of kind Unavailable
// after the store had it says that it takes effect as soon as the journal has
// room, or at the next start: it is stored all the same.
func (e *Engine) Apply(ctx context.Context, set fleet.ChangeSet) (*fleet.ChangeSet, error) {
	e.applying.Lock()
	defer e.applying.Unlock()
	if err := e.refusal(); err != nil {
		return nil, err
	}
	if len(e.ops) == cap(e.ops) {
		return nil, fleet.Errorf(fleet.Unavailable, "%d changes wait for the journal already", len(e.ops))
	}
	stored, err := e.o.Changes.Commit(ctx, set, e.o.Now())
	if err != nil {
		return nil, err
	}
	e.clocks.forget(stored.RemovedDevices)
	o := e.prepare(stored)
	later := func(why error) (*fleet.ChangeSet, error) {
		return stored, fleet.Errorf(fleet.Unavailable, "change %d is stored and takes effect later: %w", stored.ID, why)
	}
	e.ops <- o
	select {
	case err = <-o.done:
	case <-ctx.Done():
		return later(ctx.Err())
	case <-e.sequenced:
		select {
		case err = <-o.done:
		default: // the next start finds it in the store
			return later(e.refusalOr(errStopped))
		}
	}
	if err != nil {
		return later(err)
	}
	select {
	case <-o.swapped:
		return stored, nil
	case <-e.failed:
		return later(e.Err())
	case <-ctx.Done():
		return later(ctx.Err())
	}
}

// prepare works out what a stored change means for the shards.
func (e *Engine) prepare(stored *fleet.ChangeSet) *op {
	d, err := e.atlas.apply(stored)
	if err != nil {
		e.o.Log.Error("fences are left out: mend and save them", "change", uint64(stored.ID), "err", err)
	}
	o := &op{id: stored.ID, delta: d, done: make(chan error, 1), swapped: make(chan struct{}), offsets: e.atlas.offsets}
	o.shards.Store(int32(len(e.shards)))
	return o
}
