package track

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Deadlines are in fix time. A trusted fix first fires all up to its own time;
// a tick fires those that the clock has reached, which runs behind by as much
// as the fix that set the deadline took to arrive: a device that sends late
// gets its time as one that sends at once does.

// waits calls yield for every deadline that time alone can reach, with the lag
// of the clock that it goes by.
func (s *State) waits(yield func(due, lag fleet.Time) bool) {
	runs := s.runs()
	for i := range runs {
		if r := &runs[i]; r.due != never && !yield(r.due, s.lagOf(r.time, r.lag, r.due)) {
			return
		}
	}
	s.watchWaits(yield)
}

// reached reports whether a clock that lags has come to a deadline. One that
// stands at never has come to all.
func reached(clock, lag, due fleet.Time) bool { return clock == never || clock-lag >= due }

// Waiting reports whether a tick may mean something to the device.
func (s *State) Waiting() bool {
	if s.asked && !s.offline {
		return true
	}
	for range s.waits {
		return true
	}
	return false
}

// due is the earliest deadline, never for none.
func (s *State) due() fleet.Time {
	at := never
	if !s.timed {
		return at
	}
	for due := range s.waits {
		at = min(at, due)
	}
	return at
}

// ripe is the earliest deadline before a time that the clock has reached,
// never for none.
func (s *State) ripe(clock, before fleet.Time) fleet.Time {
	at := never
	for due, lag := range s.waits {
		if due < before && due < at && reached(clock, lag, due) {
			at = due
		}
	}
	return at
}

// unripe reports whether the clock has still to reach a deadline before a time.
func (s *State) unripe(clock, before fleet.Time) bool {
	for due, lag := range s.waits {
		if due < before && !reached(clock, lag, due) {
			return true
		}
	}
	return false
}

// tick fires what the clock has reached. While a deadline that lies before the
// world's last change is still to come, none fires: those behind the change
// would settle the state under a world by which it must not be judged yet.
func (s *State) tick(out []fleet.Event, t fleet.Tick, seq fleet.Seq, w *World) []fleet.Event {
	if s.ripe(t.At, never) == never {
		return out
	}
	if since := w.firstAfter(s.since); since != 0 && s.unripe(t.At, since) {
		return out
	}
	s.settle(w)
	return s.fireRipe(out, t.At, never, seq, w)
}

// fire fires the deadlines up to a fix's time.
func (s *State) fire(out []fleet.Event, at, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	for {
		due := s.due()
		if due > at {
			return out
		}
		out = s.fireAt(out, due, never, received, seq, w)
	}
}

// fireRipe fires the deadlines before a time that the clock has reached.
func (s *State) fireRipe(out []fleet.Event, clock, before fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	for {
		due := s.ripe(clock, before)
		if due == never {
			return out
		}
		s.fired = max(s.fired, due)
		out = s.fireAt(out, due, clock, clock, seq, w)
	}
}

// fireAt fires the deadlines of one moment that the clock has reached: first
// the fences', which may mean something to the watches.
func (s *State) fireAt(out []fleet.Event, due, clock, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	out = s.complete(out, func(r *run) bool { return r.due <= due && reached(clock, s.lagOf(r.time, r.lag, r.due), r.due) }, received, seq, w)
	return s.watchFire(out, due, clock, received, seq, w)
}

// complete ends the runs that are ripe, as if a fix had confirmed them.
func (s *State) complete(out []fleet.Event, ripe func(*run) bool, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	runs := s.runs()
	kept := runs[:0]
	for _, r := range runs {
		f := w.fence(r.fence)
		if f == nil {
			continue
		}
		if !ripe(&r) {
			kept = append(kept, r)
			continue
		}
		at, inside := slices.BinarySearchFunc(s.inside(), r.fence, func(h heldBy, id fleet.FenceID) int {
			switch {
			case h.id < id:
				return -1
			case h.id > id:
				return 1
			}
			return 0
		})
		if r.kind == fleet.Enter && !inside {
			s.setInside(slices.Insert(s.inside(), at, heldBy{r.fence, r.judge}))
		} else if r.kind == fleet.Exit && inside {
			s.setInside(slices.Delete(s.inside(), at, at+1))
			if f.Contains(s.head.place.Point()) { // too coarse to speak against it
				kept = append(kept, noted(f, &s.head))
			}
		}
		r.gates |= GateWaited
		s.crosses(&r)
		out = s.tell(out, &r, f, received, seq, w)
	}
	s.setRuns(kept)
	return out
}
