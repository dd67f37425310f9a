package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// watching is what is remembered of a device for what is told of it beside
// alarms and crossings. nil: nothing.
type watching struct{}

// watchMove looks at a trusted fix once the fences have: m is the device's
// step to it, and the state's inside already holds there.
func (s *State) watchMove(out []fleet.Event, m *move, w *World) []fleet.Event { return out }

// watchArrival looks at any report as it arrives, whatever its fix is worth. A
// second run does not call it: what goes by arrival is as it was.
func (s *State) watchArrival(out []fleet.Event, r *fleet.Report, seq fleet.Seq, w *World) []fleet.Event {
	return out
}

// watchClock looks at a tick, for what goes by arrival. A second run does not
// call it.
func (s *State) watchClock(out []fleet.Event, t fleet.Tick, seq fleet.Seq, w *World) []fleet.Event {
	return out
}

// watchWaits calls yield for every deadline in fix time, with the lag of the
// clock that it goes by: between the fix that set it and its arrival.
func (s *State) watchWaits(yield func(due, lag fleet.Time) bool) {}

// watchFire fires the deadlines up to a moment that the clock has reached (see
// reached). Each must be gone afterwards, or later.
func (s *State) watchFire(out []fleet.Event, due, clock, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	return out
}

// watchSettle follows settle: the world has changed, the fences are settled.
func (s *State) watchSettle(w *World) {}

// watchPending reports whether the state still waits to make an event, or has
// an episode open that will: a run that begins with the state makes it anew.
func (s *State) watchPending(e *fleet.Event) bool { return false }

// watchTakeLive takes over from a state what goes by arrival, not by fix time.
func (s *State) watchTakeLive(from *State) {}

// minds reports whether other readings of the newest fix, of the same time and
// place, could have led to another decision.
func (s *State) minds() bool { return !s.calm || s.watch != nil }

// clone is a copy that shares nothing that a Step changes.
func (w *watching) clone() *watching {
	if w == nil {
		return nil
	}
	c := *w
	return &c
}
