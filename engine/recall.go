package engine

import (
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// maxRecall is how many changes a start reads to know the worlds of the late
// horizon: what was edited before those is judged by how it stood then.
const maxRecall = 20_000

// world brings the atlas to a change, through the changes of the late horizon,
// so that the chronicle knows what held when. It returns what puts the shards
// there.
func (e *Engine) world(upto fleet.ChangeID) (*delta, error) {
	if upto == 0 {
		return e.prepare(&fleet.ChangeSet{Since: true}).delta, nil
	}
	start := time.Now()
	base, err := e.oldestChange(upto)
	if err != nil {
		return nil, err
	}
	world := &fleet.ChangeSet{}
	if base != 0 {
		if world, err = e.o.Changes.World(base); err != nil {
			return nil, fmt.Errorf("world at change %d: %w", base, err)
		}
	}
	world.ID, world.Since = base, true
	e.atlas.stays = map[fleet.DeviceID][]fleet.Stay{}
	defer func() { e.atlas.stays = nil }()
	d := e.prepare(world).delta
	if base == upto {
		return d, nil
	}
	for id := base + 1; id <= upto; id++ {
		set, err := e.o.Changes.Load(id)
		if err != nil {
			return nil, fmt.Errorf("change %d: %w", id, err)
		}
		e.prepare(set)
	}
	e.o.Log.Info("worlds of the last days recalled, for late reports", "changes", uint64(upto-base), "took", time.Since(start))
	return e.atlas.everything(), nil
}

// oldestChange finds the newest change that is older than the late horizon, or
// the oldest that is still kept; 0 if all are kept and younger.
func (e *Engine) oldestChange(upto fleet.ChangeID) (fleet.ChangeID, error) {
	if e.o.History == nil { // late reports are not evaluated
		return upto, nil
	}
	before := e.o.Now() - lateHorizon
	for id := upto; id > 0; id-- {
		set, err := e.o.Changes.Load(id)
		if fleet.KindOf(err) == fleet.NotFound { // pruned
			return min(id+1, upto), nil
		}
		if err != nil {
			return 0, fmt.Errorf("change %d: %w", id, err)
		}
		if set.At < before || upto-id == maxRecall {
			return id, nil
		}
	}
	return 0, nil
}
