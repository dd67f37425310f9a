package track

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// move is a device's step from one trusted fix to the next.
type move struct {
	fix   *fix
	prior *fix // nil for the first
	gates Gates
	seq   fleet.Seq
}

// settle brings the state under a world it was not evaluated under: the last
// trusted fix is evaluated again, and nothing is said of what that changes.
func (s *State) settle(w *World) {
	d := w.digest()
	if d == s.world {
		return
	}
	s.world, s.safe = d, fence.Safe{}
	if !s.known {
		return
	}
	var room [24]*fence.Fence
	s.take(s.holding(s.head.place, w, room[:0]))
}

// enterAndLeave moves the device to a fix and tells of the fences that it
// came into or left. A fence says nothing of fixes older than itself.
func (s *State) enterAndLeave(m *move, w *World) []fleet.Event {
	if s.safe.Holds(m.fix.place) {
		return nil
	}
	var room [24]*fence.Fence
	now := s.holding(m.fix.place, w, room[:0])
	s.safe = fence.Everywhere()
	for i := range w.Owners {
		w.Owners[i].Fences.Narrow(&s.safe, m.fix.place)
	}
	if s.same(now) {
		return nil
	}
	var out []fleet.Event
	was := s.inside
	for _, f := range now {
		for len(was) > 0 && was[0] < f.ID {
			out = s.leave(out, was[0], m, w)
			was = was[1:]
		}
		if len(was) > 0 && was[0] == f.ID {
			was = was[1:]
			continue
		}
		if f.Inside && m.fix.time >= f.From && (m.prior != nil || f.AlertIfInside) {
			out = append(out, s.event(fleet.Enter, f, m, w))
		}
	}
	for _, id := range was {
		out = s.leave(out, id, m, w)
	}
	s.take(now)
	return out
}

func (s *State) leave(out []fleet.Event, id fleet.FenceID, m *move, w *World) []fleet.Event {
	if f := w.fence(id); f != nil && f.Outside && m.fix.time >= f.From {
		out = append(out, s.event(fleet.Exit, f, m, w))
	}
	return out
}

// holding appends the fences that apply to the device and hold a place, by ID.
func (s *State) holding(at fleet.Place, w *World, dst []*fence.Fence) []*fence.Fence {
	p := at.Point()
	for i := range w.Owners {
		from := len(dst)
		dst = w.Owners[i].Fences.At(p, dst)
		kept := dst[:from]
		for _, f := range dst[from:] {
			if applies(&f.Targets, s.Device, i == 0, w.Labels) {
				kept = append(kept, f)
			}
		}
		dst = kept
	}
	for i := 1; i < len(dst); i++ {
		for j := i; j > 0 && dst[j].ID < dst[j-1].ID; j-- {
			dst[j], dst[j-1] = dst[j-1], dst[j]
		}
	}
	return dst
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

// same reports whether the device is inside just these fences already.
func (s *State) same(now []*fence.Fence) bool {
	if len(now) != len(s.inside) {
		return false
	}
	for i, f := range now {
		if f.ID != s.inside[i] {
			return false
		}
	}
	return true
}

func (s *State) take(now []*fence.Fence) {
	s.inside = s.inside[:0]
	for _, f := range now {
		s.inside = append(s.inside, f.ID)
	}
}

// event is what a move means for one fence.
func (s *State) event(kind fleet.EventKind, f *fence.Fence, m *move, w *World) fleet.Event {
	e := fleet.Event{
		Kind: kind, Device: s.Device, Owner: w.owner(), Company: w.Company,
		Fence: f.ID, Judge: f.Judge,
		Time: m.fix.time, Received: m.fix.received, Place: m.fix.place,
		Speed: m.fix.speed, Course: m.fix.course, Seq: m.seq,
		Trace: fleet.Trace{
			EdgeMetres: float32(f.EdgeDistance(m.fix.place.Point())),
			Gates:      uint32(m.gates),
		},
	}
	if m.prior != nil {
		e.Trace.PriorTime, e.Trace.PriorPlace = m.prior.time, m.prior.place
	}
	fleet.NameEvent(&e, fixCause(m.fix.time, m.fix.place))
	return e
}
