package track

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Waiting reports whether a tick may mean something to the device: a run is
// open that time alone can complete.
func (s *State) Waiting() bool {
	for i := range s.runs {
		if s.runs[i].due != never {
			return true
		}
	}
	return false
}

// tick completes the runs whose deadline has passed. Deadlines are in fix
// time, so the clock counts from when the first fix arrived: a device that
// sends late gets its time as one that sends at once does.
//
// While a deadline that lies before the world's last change is still to come,
// none behind it fires: it would have to be judged by the world before.
func (s *State) tick(t fleet.Tick, seq fleet.Seq, w *World) []fleet.Event {
	if !s.ripe(t.At, never) {
		return nil
	}
	if since := w.firstAfter(s.since); since != 0 && s.unripe(t.At, since) {
		return nil
	}
	s.settle(w)
	return s.fireRipe(nil, t.At, never, seq, w)
}

// ripe reports whether the clock has reached a deadline before a time.
func (s *State) ripe(clock, before fleet.Time) bool {
	return slices.ContainsFunc(s.runs, func(r run) bool { return r.due < before && clock-r.lag >= r.due })
}

// unripe reports whether the clock has still to reach a deadline before a time.
func (s *State) unripe(clock, before fleet.Time) bool {
	return slices.ContainsFunc(s.runs, func(r run) bool { return r.due < before && clock-r.lag < r.due })
}

// fireRipe completes the runs whose deadline lies before a time, and is
// reached by the clock.
func (s *State) fireRipe(out []fleet.Event, clock, before fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	ripe := func(r *run) bool { return r.due < before && clock-r.lag >= r.due }
	for i := range s.runs {
		if r := &s.runs[i]; ripe(r) {
			s.fired = max(s.fired, r.due)
		}
	}
	return s.complete(out, ripe, clock, seq, w)
}

// due is the earliest deadline, never for none.
func (s *State) due() fleet.Time {
	at := never
	for i := range s.runs {
		at = min(at, s.runs[i].due)
	}
	return at
}

// fire completes the runs whose deadline lies at or before a fix's time.
func (s *State) fire(out []fleet.Event, at, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	for i := range s.runs {
		if s.runs[i].due <= at {
			return s.complete(out, func(r *run) bool { return r.due <= at }, received, seq, w)
		}
	}
	return out
}

// complete ends the runs that are ripe, as if a fix had confirmed them.
func (s *State) complete(out []fleet.Event, ripe func(*run) bool, received fleet.Time, seq fleet.Seq, w *World) []fleet.Event {
	kept := s.runs[:0]
	for _, r := range s.runs {
		f := w.fence(r.fence)
		if f == nil {
			continue
		}
		if !ripe(&r) {
			kept = append(kept, r)
			continue
		}
		at, inside := slices.BinarySearchFunc(s.inside, r.fence, func(h heldBy, id fleet.FenceID) int {
			switch {
			case h.id < id:
				return -1
			case h.id > id:
				return 1
			}
			return 0
		})
		if r.kind == fleet.Enter && !inside {
			s.inside = slices.Insert(s.inside, at, heldBy{r.fence, r.judge})
		} else if r.kind == fleet.Exit && inside {
			s.inside = slices.Delete(s.inside, at, at+1)
		}
		r.gates |= GateWaited
		out = s.tell(out, &r, f, received, seq, w)
	}
	s.runs = kept
	return out
}
