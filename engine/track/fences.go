package track

import (
	"cmp"
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
	again bool // the fix takes the place of another of the same time
	ahead *fence.Glance
}

// heldBy is a fence that holds the device, in the version that judged so.
type heldBy struct {
	id    fleet.FenceID
	judge uint32
}

// enterAndLeave moves the device to a fix and tells of the fences that it
// came into or left, in order of time.
func (s *State) enterAndLeave(out []fleet.Event, m *move, w *World) []fleet.Event {
	from := len(out)
	if s.calm = s.safe.Holds(m.fix.place); s.calm {
		if s.due() > m.fix.time {
			return out
		}
		s.calm = false
	}
	out = s.fire(out, m.fix.time, m.fix.received, m.seq, w)
	var room [24]fence.Hit
	safe := fence.Everywhere()
	before := m.fix.place
	if s.known {
		before = s.head.place
	}
	now := s.holding(m.fix.place, before, m.ahead, w, room[:0], &safe)
	out = s.passes(out, now, &safe, m, w)
	if len(s.runs()) > 0 || !s.same(now) {
		out = s.judgeAll(out, now, m, w)
	}
	s.safe = fence.Safe{}
	if len(s.runs()) == 0 && s.same(now) {
		s.safe = safe
	}
	if len(out) > from+1 {
		slices.SortStableFunc(out[from:], func(a, b fleet.Event) int { return cmp.Compare(a.Time, b.Time) })
	}
	return out
}

// judgeAll asks every fence that holds the fix, held the device before, or
// has a run open. All three lists are sorted by fence.
func (s *State) judgeAll(out []fleet.Event, now []fence.Hit, m *move, w *World) []fleet.Event {
	var heldRoom [24]heldBy
	var runRoom [4]run
	inside, runs := heldRoom[:0], runRoom[:0]
	was, open := s.inside(), s.runs()
	for len(now)+len(was)+len(open) > 0 {
		c := candidate{id: ^fleet.FenceID(0)}
		if len(now) > 0 {
			c.id = now[0].ID
		}
		if len(was) > 0 {
			c.id = min(c.id, was[0].id)
		}
		if len(open) > 0 {
			c.id = min(c.id, open[0].fence)
		}
		if len(now) > 0 && now[0].ID == c.id {
			c.fence, c.holds, now = now[0].Fence, true, now[1:]
		}
		if len(was) > 0 && was[0].id == c.id {
			c.was, was = true, was[1:]
		}
		if len(open) > 0 && open[0].fence == c.id {
			c.run, open = open[0], open[1:]
		}
		if c.fence == nil {
			if c.fence = w.fence(c.id); c.fence == nil {
				continue
			}
		}
		out = s.judge(out, &c, m, w)
		if c.is {
			inside = append(inside, heldBy{c.id, c.fence.Judge})
		}
		if c.run.fence != 0 {
			runs = append(runs, c.run)
		}
	}
	if s.rest != nil || len(inside)+len(runs) > 0 {
		r := s.own()
		s.setInside(append(r.inside[:0], inside...))
		s.setRuns(append(r.runs[:0], runs...))
	}
	return out
}

// candidate is a fence that a fix may move the device into or out of.
type candidate struct {
	id    fleet.FenceID
	fence *fence.Fence
	holds bool // the fence holds the fix
	was   bool // the device was inside
	run   run  // open towards a change; none if it names no fence
	is    bool // the device is inside now
}

// judge decides about one fence. A fix that is older than the fence's version
// sets the state in silence, and so does a device's first.
func (s *State) judge(out []fleet.Event, c *candidate, m *move, w *World) []fleet.Event {
	f := c.fence
	if f.Rule.Instant || m.prior == nil || m.fix.time < f.From {
		c.is, c.run = c.holds, run{}
		if c.is == c.was {
			return out
		}
		r := begin(f, c.holds, m)
		s.crosses(&r)
		if f.Rule.Instant {
			r.gates |= GateInstant
		}
		if m.fix.time < f.From || m.prior == nil && !f.AlertIfInside {
			return out
		}
		return s.tell(out, &r, f, m.fix.received, m.seq, w)
	}
	done := false
	if c.was {
		done = c.leaving(m)
	} else {
		done = c.entering(m)
	}
	if c.is = c.was != done; !done {
		return out
	}
	r := c.run
	c.run = run{}
	r.gates |= GateConfirmed
	s.crosses(&r)
	return s.tell(out, &r, f, m.fix.received, m.seq, w)
}

// tell appends a run's event, if the fence makes events of its kind at its time.
func (s *State) tell(out []fleet.Event, r *run, f *fence.Fence, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	if r.kind == fleet.Enter && !f.Inside || r.kind == fleet.Exit && !f.Outside || !w.open(f.Schedule, f.Owner, r.time) {
		return out
	}
	return append(out, s.event(r, f, received, seq, w))
}

// event is what a run means for its fence. It bears the time and place of the
// run's first fix, and arrived when what completed it did.
func (s *State) event(r *run, f *fence.Fence, received fleet.Time, seq fleet.Seq, w *World) fleet.Event {
	e := fleet.Event{
		Kind: r.kind, Device: s.Device, Owner: w.owner(), Company: w.Company,
		Fence: f.ID, Judge: f.Judge,
		Time: r.time, Received: received, Place: r.place,
		Speed: r.speed, Course: r.course, Seq: seq,
		Trace: fleet.Trace{
			PriorTime: r.priorTime, PriorPlace: r.priorPlace,
			EdgeMetres: float32(f.EdgeDistance(r.place.Point())),
			Gates:      uint32(r.gates),
		},
	}
	fleet.NameEvent(&e, fixCause(r.time, r.place))
	return e
}

// holding appends the fences that apply to the device and hold a place, by ID,
// and cuts safe to where that is so.
func (s *State) holding(at, before fleet.Place, ahead *fence.Glance, w *World, dst []fence.Hit, safe *fence.Safe) []fence.Hit {
	for i := range w.Owners {
		from := len(dst)
		dst = w.Owners[i].Fences.Locate(at, before, ahead, dst, safe)
		kept := dst[:from]
		for _, hit := range dst[from:] {
			if hit.All && (i == 0 || hit.Inner) || applies(&hit.Fence.Targets, s.Device, i == 0, w.Labels) {
				kept = append(kept, hit)
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

// same reports whether the device is inside just these fences already.
func (s *State) same(now []fence.Hit) bool {
	inside := s.inside()
	if len(now) != len(inside) {
		return false
	}
	for i, f := range now {
		if f.ID != inside[i].id {
			return false
		}
	}
	return true
}
