package track

import (
	"cmp"
	"math"
	"slices"
	"time"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Rules are the rules of a device's owners, in the order of their IDs, without
// those that are paused. They never change; devices with the same owners and
// labels share them. nil holds none.
type Rules struct {
	list    []fleet.Rule
	version uint64
}

// CompileRules makes rules ready for Step; nil if none watches anything.
func CompileRules(rules []*fleet.Rule) *Rules {
	out := &Rules{version: seed}
	for _, r := range rules {
		if !r.Paused {
			out.list = append(out.list, *r)
		}
	}
	if len(out.list) == 0 {
		return nil
	}
	slices.SortFunc(out.list, func(a, b fleet.Rule) int { return cmp.Compare(a.ID, b.ID) })
	for i := range out.list {
		r := &out.list[i]
		out.version = blend(blend(blend(out.version, uint64(r.ID)), uint64(r.Judge)), uint64(r.From))
	}
	return out
}

// all lists the rules.
func (r *Rules) all() []fleet.Rule {
	if r == nil {
		return nil
	}
	return r.list
}

// get is the rule with an ID, nil if it is not there.
func (r *Rules) get(id fleet.RuleID) *fleet.Rule {
	list := r.all()
	lo, hi := 0, len(list)
	for lo < hi { // by hand: a comparing function would copy whole rules
		if mid := (lo + hi) / 2; list[mid].ID < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(list) || list[lo].ID != id {
		return nil
	}
	return &list[lo]
}

// Profile is what a device itself brings into its world.
type Profile struct {
	OfflineAfter fleet.Time // silence that makes it offline; 0 = it never is
	SpeedLimit   float32    // km/h, wherever it is; 0 = none
}

// watches reports whether anything about the device takes time or speed to
// tell, beyond the fences' own confirmation.
func (w *World) watches() bool {
	if w.Rules != nil || w.Profile.SpeedLimit != 0 {
		return true
	}
	for i := range w.Owners {
		if w.Owners[i].Fences.Limits() != 0 {
			return true
		}
	}
	return false
}

// watchDigest stands for all that decides what is watched of a device.
func (w *World) watchDigest(h uint64) uint64 {
	if w.Rules != nil {
		h = blend(h, w.Rules.version)
		for i := range w.Owners {
			h = blendText(h, w.Owners[i].zone().String())
		}
	}
	h = blend(h, uint64(math.Float32bits(w.Profile.SpeedLimit)))
	for i := range w.Owners {
		h = blend(h, w.Owners[i].Fences.Limits())
	}
	return h
}

// zone is the owner's time zone.
func (o *Owner) zone() *time.Location {
	if o.Zone == nil {
		return time.UTC
	}
	return o.Zone
}

// zone is the time zone of one of the owners, UTC for anybody else's.
func (w *World) zone(id fleet.OwnerID) *time.Location {
	for i := range w.Owners {
		if w.Owners[i].ID == id {
			return w.Owners[i].zone()
		}
	}
	return time.UTC
}

// open reports whether a schedule of an owner lets an event of a time happen.
func (w *World) open(s *fleet.Schedule, owner fleet.OwnerID, at fleet.Time) bool {
	return s == nil || s.Holds(at, w.zone(owner))
}

// obeys reports whether a rule is about a device.
func (s *State) obeys(r *fleet.Rule, w *World) bool {
	return applies(&r.Targets, s.Device, r.Owner == w.owner(), w.Labels)
}

// covers reports whether a rule is about a fence.
func covers(r *fleet.Rule, id fleet.FenceID) bool {
	if r.AllFences {
		return true
	}
	_, ok := slices.BinarySearch(r.Fences, id)
	return ok
}

// within finds the first fence of a rule that holds the device, 0 for none.
func (s *State) within(r *fleet.Rule) fleet.FenceID {
	for _, h := range s.inside() {
		if covers(r, h.id) {
			return h.id
		}
	}
	return 0
}

// limit is a fence with a speed limit that holds the device; nil if the fence
// has none.
func (w *World) limit(id fleet.FenceID) *fence.Fence {
	if f := w.fence(id); f != nil && f.SpeedLimit != 0 {
		return f
	}
	return nil
}
