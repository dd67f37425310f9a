package track

import (
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// watchMove looks at a trusted fix once the fences have: m is the device's
// step to it, the state's inside holds there, its head is still the fix before.
func (s *State) watchMove(out []fleet.Event, m *move, w *World) []fleet.Event {
	if s.watch() == nil || m.prior == nil {
		return out
	}
	from := len(out)
	out = s.notice(out, m.fix.received, m.seq, w)
	out = s.fire(out, m.fix.time, m.fix.received, m.seq, w)
	for i := range s.watch().list {
		switch x := &s.watch().list[i]; x.kind {
		case fleet.Speeding:
			out = s.faster(out, x, m, w)
		case fleet.Moving, fleet.Stopped:
			out = s.halts(out, x, m, w)
		}
	}
	if len(out) > from+1 {
		slices.SortStableFunc(out[from:], func(a, b fleet.Event) int { return cmp.Compare(a.Time, b.Time) })
	}
	return out
}

// watchFirst follows the first fix of a device: what is watched begins there.
func (s *State) watchFirst(w *World) { s.watchSettle(w) }

// watchWaits calls yield for every deadline in fix time, with the lag of the
// clock that it goes by. One that comes while the device may be leaving or
// coming waits until that is decided.
func (s *State) watchWaits(yield func(due, lag fleet.Time) bool) {
	if s.watch() == nil {
		return
	}
	for i := range s.watch().list {
		x := &s.watch().list[i]
		if x.due != never && !s.undecided(x) && !yield(x.due, s.lagOf(x.since, x.lag, x.due)) {
			return
		}
	}
}

// watchFire fires the deadlines up to a moment that the clock has reached (see
// reached). Each is gone afterwards, or later.
func (s *State) watchFire(out []fleet.Event, due, clock, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	if s.watch() == nil {
		return out
	}
	out = s.notice(out, received, seq, w)
	for i := range s.watch().list {
		x := &s.watch().list[i]
		if x.due <= due && reached(clock, s.lagOf(x.since, x.lag, x.due), x.due) && !s.undecided(x) {
			out = s.lasted(out, x, received, seq, w)
		}
	}
	return out
}

// watchPending reports whether the state still waits to make an event, or has
// an episode open that will: a run that begins with the state makes it anew.
func (s *State) watchPending(e *fleet.Event) bool {
	return s.watch() != nil && slices.ContainsFunc(s.watch().list, func(x watch) bool {
		return x.rule == e.Rule && x.kind == e.Kind && (x.fence == 0 || x.fence == e.Fence) && x.tells() == e.Time
	})
}

// watchFrom is the earliest time of an event that is pending, never for none.
func (s *State) watchFrom() fleet.Time {
	from := never
	if s.watch() != nil {
		for i := range s.watch().list {
			if at := s.watch().list[i].tells(); at != 0 {
				from = min(from, at)
			}
		}
	}
	return from
}

// watchTakeLive takes over from a state what goes by arrival, not by fix time.
func (s *State) watchTakeLive(from *State) {
	s.heard, s.resumed, s.offline, s.asked = from.heard, from.resumed, from.offline, from.asked
}

// minds reports whether other readings of the newest fix, of the same time and
// place, could have led to another decision.
func (s *State) minds() bool { return !s.calm || s.watch() != nil }

// clone is a copy that shares nothing that a Step changes.
func (w *watching) clone() *watching {
	if w == nil {
		return nil
	}
	return &watching{list: slices.Clone(w.list)}
}
