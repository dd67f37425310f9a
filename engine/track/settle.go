package track

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// settle brings the state under a world it was not evaluated under, and says
// nothing of what that changes. Fences that are as they were keep what they
// know of the device, open runs too; those that are new to it, in a new
// version or newly applied, go by the last trusted fix; the others are
// forgotten.
func (s *State) settle(w *World) {
	d := w.digest()
	if s.known && w.Since > s.since {
		s.doubtEdits(w)
	}
	if d == s.world { // though a schedule, which tells when events are made, may be another
		s.since = max(s.since, w.Since)
		return
	}
	if due := s.due(); s.known && due < s.since { // Install kept an edit that its run had not come to
		s.SetDirty(due)
	}
	s.world, s.safe, s.since = d, fence.Safe{}, max(s.since, w.Since)
	if !s.known {
		return
	}
	s.setRuns(slices.DeleteFunc(s.runs(), func(r run) bool { return !s.unchanged(r.fence, r.judge, w) }))
	inside := slices.DeleteFunc(s.inside(), func(h heldBy) bool { return !s.unchanged(h.id, h.judge, w) })
	var room [24]fence.Hit
	kept := inside
	for _, f := range s.holding(s.head.place, s.head.place, nil, w, room[:0], new(fence.Safe)) {
		if !holdsFence(kept, f.ID) && s.run(f.ID) == nil {
			inside = append(inside, heldBy{f.ID, f.Fence.Judge})
		}
	}
	slices.SortFunc(inside, func(a, b heldBy) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	s.setInside(inside)
	s.watchSettle(w)
}

// doubtEdits makes the device dirty where a world was taken over later than it
// holds: what was judged since should have been judged by it, and deadlines
// before it by the world before.
func (s *State) doubtEdits(w *World) {
	since := w.firstAfter(s.since)
	if since != 0 {
		s.doubtSince(since, max(since, w.Since))
	}
}

// doubtSince doubts what was judged since the first of some edits, and
// deadlines before the last: any of them may have ended what was to fall due.
func (s *State) doubtSince(first, last fleet.Time) {
	// A fix that is not believed has met no fence.
	if max(s.head.time, s.fired) >= first {
		s.SetDirty(first)
	}
	if due := s.due(); due < last {
		s.SetDirty(due)
	}
}

// Placed tells the state that the device is in another world from a time on
// (it changed hands, or its labels did): edits of that world which are older
// do not concern it.
func (s *State) Placed(since fleet.Time) {
	if s.known {
		s.doubtSince(since, since)
	}
	s.since = max(s.since, since)
}

// Edited tells the state of an edit of the world that it is in, when that is
// made: where the device's clock runs ahead it has judged fixes already that
// are newer than the edit, and perhaps none follows that would tell.
func (s *State) Edited(at fleet.Time) {
	if s.known && s.Upto() >= at {
		s.SetDirty(at)
	}
}

// holdsFence reports whether a fence is among those that hold a device.
func holdsFence(inside []heldBy, id fleet.FenceID) bool {
	for _, h := range inside {
		if h.id == id {
			return true
		}
	}
	return false
}

// unchanged reports whether a fence still applies in the version given.
func (s *State) unchanged(id fleet.FenceID, judge uint32, w *World) bool {
	for i := range w.Owners {
		if f := w.Owners[i].Fences.Get(id); f != nil {
			return f.Judge == judge && applies(&f.Targets, s.Device, i == 0, w.Labels)
		}
	}
	return false
}

// applies reports whether a fence concerns a device. own says that the fence's
// owner is the device's own, not one further up.
func applies(t *fleet.Targets, device fleet.DeviceID, own bool, labels []fleet.LabelID) bool {
	if t.All && (own || t.Inner) {
		return true
	}
	if len(t.Devices) > 0 {
		if _, found := slices.BinarySearch(t.Devices, device); found {
			return true
		}
	}
	for _, l := range t.Labels {
		if _, found := slices.BinarySearch(labels, l); found {
			return true
		}
	}
	return false
}
