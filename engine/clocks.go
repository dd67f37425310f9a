package engine

import (
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// clocks watches the clocks of devices for which a report gave a reason. It
// lives in memory alone: after a start it takes ten minutes to say again what
// it said before. Its methods may be called from any goroutine.
type clocks struct {
	stripes [16]clockStripe
	some    atomic.Int64 // devices watched
}

type clockStripe struct {
	mu sync.Mutex // guards of
	of map[fleet.DeviceID]*deviceClock
}

type deviceClock struct{ watch track.ClockWatch }

func (c *clocks) stripe(id fleet.DeviceID) *clockStripe {
	return &c.stripes[uint64(id)*0x9E3779B97F4A7C15>>60]
}

// see looks at reports that are on disk, as Normalise judged them.
func (c *clocks) see(reports []fleet.Report, offsets map[fleet.DeviceID]int64) {
	for i := range reports {
		r := &reports[i]
		applied := offsets[r.Device]
		suspect := applied != 0 || track.ClockSuspect(r)
		if !suspect && c.some.Load() == 0 {
			continue
		}
		s := c.stripe(r.Device)
		s.mu.Lock()
		d := s.of[r.Device]
		if d == nil && suspect {
			if s.of == nil {
				s.of = map[fleet.DeviceID]*deviceClock{}
			}
			d = &deviceClock{}
			s.of[r.Device] = d
			c.some.Add(1)
		}
		if d != nil {
			d.watch.See(r, applied)
			if applied == 0 && d.watch.Idle() {
				delete(s.of, r.Device)
				c.some.Add(-1)
			}
		}
		s.mu.Unlock()
	}
}

// forget drops devices that are gone.
func (c *clocks) forget(ids []fleet.DeviceID) {
	for _, id := range ids {
		s := c.stripe(id)
		s.mu.Lock()
		if s.of[id] != nil {
			delete(s.of, id)
			c.some.Add(-1)
		}
		s.mu.Unlock()
	}
}

func (d *deviceClock) proposal(id fleet.DeviceID, applied int64) (p fleet.ClockProposal, ok bool) {
	offset, since, n, sure := d.watch.Offset()
	return fleet.ClockProposal{Device: id, Offset: offset, Since: since, Reports: n}, sure && offset != applied
}

// ClockProposal is what would mend a device's clock; ok is false if nothing
// is wrong with it, or nobody can tell.
func (e *Engine) ClockProposal(id fleet.DeviceID) (p fleet.ClockProposal, ok bool) {
	s := e.clocks.stripe(id)
	applied := (*e.offsets.Load())[id]
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.of[id]; d != nil {
		return d.proposal(id, applied)
	}
	return p, false
}

// ClockProposals are those of all devices, by ID.
func (e *Engine) ClockProposals() []fleet.ClockProposal {
	var out []fleet.ClockProposal
	offsets := *e.offsets.Load()
	for i := range e.clocks.stripes {
		s := &e.clocks.stripes[i]
		s.mu.Lock()
		for id, d := range s.of {
			if p, ok := d.proposal(id, offsets[id]); ok {
				out = append(out, p)
			}
		}
		s.mu.Unlock()
	}
	slices.SortFunc(out, func(a, b fleet.ClockProposal) int { return cmp.Compare(a.Device, b.Device) })
	return out
}
