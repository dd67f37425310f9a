package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// What motion takes where a rule says nothing else.
const (
	standAfter  = 3 * fleet.Minute // without motion, a device has stopped
	leaveMetres = 100.0            // a device that moves off gets this far from where it stood
	goneMetres  = 300.0            // this far away it has moved, whatever it says
	leaveFixes  = 2                // fixes in a row that agree on that
)

// standFor is how long a rule wants a device to stand.
func standFor(r *fleet.Rule) fleet.Time {
	if r.After > 0 {
		return r.After
	}
	return standAfter
}

// halts takes a fix to a rule of motion. A device stops with the first fix
// that shows no motion, and has stopped when none has shown that it left that
// place for as long as the rule says. It leaves a place with two fixes in a row
// that show motion, the second a good way off: neither a speed that flickers
// nor a place that drifts does that.
func (s *State) halts(out []fleet.Event, x *watch, m *move, w *World) []fleet.Event {
	f := m.fix
	r := w.Rules.get(x.rule)
	if r == nil || f.time < r.From || m.again {
		return out
	}
	shows := drives(f, m.prior)
	if x.mode == idle {
		if !shows {
			x.stand(f, r)
		}
		return out
	}
	way := geo.Haversine(x.at.Point(), f.place.Point())
	switch {
	case shows || way >= goneMetres:
		if x.count == 0 {
			x.begun, x.where, x.speed = f.time, f.place, f.speed
		}
		if x.count++; x.count < leaveFixes || way < leaveMetres {
			x.count = min(x.count, leaveFixes)
			return out
		}
		stood := x.mode == over
		if stood && x.kind == fleet.Moving && w.open(r.Schedule, r.Owner, x.begun) {
			e := s.watchEvent(x, f.received, m.seq, w)
			e.Time, e.Place, e.Speed, e.Course, e.Value = x.begun, x.where, x.speed, f.course, 0
			e.Trace.Gates |= uint32(GateConfirmed)
			fleet.NameEvent(&e, ruleCause(r.ID, r.Judge, x.begun))
			out = append(out, e)
		}
		if x.mode, x.count, x.due = idle, 0, never; !shows {
			x.stand(f, r)
		}
	case way >= leaveMetres && x.mode == armed: // it went on without showing it
		x.stand(f, r)
	default:
		x.count = 0
	}
	return out
}

// stand begins to count a stop.
func (x *watch) stand(f *fix, r *fleet.Rule) {
	x.mode, x.count, x.since, x.lag, x.at = armed, 0, f.time, f.received-f.time, f.place
	x.due = f.time + standFor(r)
}

// drives reports whether a fix shows motion; one that says nothing of speed and
// distance does by the way from the one before.
func drives(f, prior *fix) bool {
	if moving(f, prior) {
		return true
	}
	if f.has&fleet.HasIgnition != 0 && f.has&fleet.IgnitionOn == 0 || f.has&fleet.HasSpeed != 0 || f.has&prior.has&fleet.HasOdometer != 0 {
		return false
	}
	return geo.Haversine(prior.place.Point(), f.place.Point()) >= leaveMetres
}
