package engine

import (
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// profileOf is what a device itself brings into its world.
func profileOf(d *fleet.Device) track.Profile {
	p := track.Profile{OfflineAfter: d.OfflineAfter, SpeedLimit: d.SpeedLimit}
	switch p.OfflineAfter {
	case 0:
		p.OfflineAfter = fleet.DefaultOfflineAfter
	case fleet.NeverOffline:
		p.OfflineAfter = 0
	}
	return p
}

// watches takes the rules of a set over, those that Step consults.
func (e *edit) watches(set *fleet.ChangeSet) {
	a := e.a
	drop := func(id fleet.RuleID) {
		if was, known := a.watches[id]; known {
			o := a.owner(was)
			o.watch = slices.DeleteFunc(slices.Clone(o.watch), func(r *fleet.Rule) bool { return r.ID == id })
			delete(a.watches, id)
			e.touch(o)
		}
	}
	for i := range set.Rules {
		r := set.Rules[i]
		drop(r.ID)
		o := a.owner(r.Owner)
		o.watch = append(slices.Clip(o.watch), &r)
		a.watches[r.ID] = r.Owner
		e.touch(o)
	}
	for _, id := range set.RemovedRules {
		drop(id)
	}
}

// waiter is a device that a tick may mean something to.
type waiter struct {
	slot uint32
	at   wakeTime // not before; stale if its slot says another time
}

// wakeTime is when a device wants a tick: the number of the second, the first
// of 1970 being 1, so that there is a 0 for never. A tick within that second
// which comes before the time has come means nothing. What is later than the
// year 2106 is taken for that.
type wakeTime uint32

func wakeAt(t fleet.Time) wakeTime {
	return wakeTime(1 + max(0, min(t/fleet.Second, math.MaxUint32-1)))
}

// begins is the beginning of the second.
func (w wakeTime) begins() fleet.Time { return fleet.Time(w-1) * fleet.Second }

// mayWait lists a device whose state waits for time to pass, unless it is
// listed for an earlier time already.
func (s *shard) mayWait(n uint32) {
	d := s.slot(n)
	at := fleet.Time(1) // the next tick sees
	if int(d.realm) < len(s.realms) {
		at = d.state.NextTick(s.realms[d.realm].world)
	}
	if at == fleet.Never || d.wake != 0 && d.wake <= wakeAt(at) {
		return
	}
	d.wake = wakeAt(at)
	s.waiting = append(s.waiting, waiter{slot: n, at: d.wake})
}

// wake steps the devices whose time has come, all that wait after a pause or
// an edit, and lists them for their next one.
func (s *shard) wake(t fleet.Tick, step func(n uint32, d *slot)) {
	all := t.Resumed || s.edited
	s.edited = false
	due := s.waiting
	s.waiting = s.waiting[:0]
	for _, x := range due {
		if x.at.begins() > t.At && !all {
			s.waiting = append(s.waiting, x)
			continue
		}
		d := s.slot(x.slot)
		if d.wake != x.at {
			continue
		}
		d.wake = 0
		step(x.slot, d)
		if at := d.state.NextTick(s.realms[d.realm].world); at != fleet.Never {
			d.wake = wakeAt(at)
			s.waiting = append(s.waiting, waiter{slot: x.slot, at: d.wake})
		}
	}
}
