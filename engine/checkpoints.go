package engine

import (
	"context"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// checkpoints holds the states that shards and second runs kept of the
// beginnings of days, until a snapshot's making writes them to history.
type checkpoints struct {
	mu     sync.Mutex // guards all below
	fresh  map[fleet.DeviceID][]Checkpoint
	saving []map[fleet.DeviceID][]Checkpoint // under way to history, oldest first
}

// add keeps a checkpoint, in place of the one of its device and day.
func (c *checkpoints) add(p Checkpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.fresh == nil {
		c.fresh = map[fleet.DeviceID][]Checkpoint{}
	}
	of := c.fresh[p.Device]
	if i := slices.IndexFunc(of, func(o Checkpoint) bool { return o.Day == p.Day }); i >= 0 {
		of[i] = p
		return
	}
	c.fresh[p.Device] = append(of, p)
}

// save writes what was kept until now to history. What cannot be written is
// kept for the next time.
func (c *checkpoints) save(ctx context.Context, h History) error {
	c.mu.Lock()
	if len(c.fresh) > 0 {
		c.saving, c.fresh = append(c.saving, c.fresh), nil
	}
	all := slices.Clone(c.saving)
	c.mu.Unlock()
	for _, batch := range all {
		var points []Checkpoint
		for _, of := range batch {
			points = append(points, of...)
		}
		if err := h.SaveCheckpoints(ctx, points); err != nil {
			return err
		}
		c.mu.Lock()
		c.saving = c.saving[1:]
		c.mu.Unlock()
	}
	return nil
}

// of lists what is not in history yet of a device, up to a day, newest first;
// of one day, the newest made.
func (c *checkpoints) of(device fleet.DeviceID, upto fleet.Time) (out []Checkpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, batch := range append(slices.Clone(c.saving), c.fresh) {
		for _, p := range batch[device] {
			if p.Day > upto {
				continue
			}
			out = slices.DeleteFunc(out, func(o Checkpoint) bool { return o.Day == p.Day })
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Checkpoint) int { return int(min(max(b.Day-a.Day, -1), 1)) })
	return out
}

// forget drops what is kept of devices that were removed.
func (c *checkpoints) forget(devices []fleet.DeviceID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range devices {
		delete(c.fresh, id)
	}
}
