package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Limits of what is believed of a device's motion.
const (
	maxKPH      = 300.0 // faster is a teleport, unless the device says it is that fast
	slackMetres = 500.0 // a jump this short never is
	maxDoubts   = 3     // suspects in a row, after which the newest is believed

	frozenAfter   = 5     // fixes at one place to the last digit, although moving
	movingKPH     = 10.0  // the speed that counts as moving
	movingMetres  = 100.0 // the odometer's progress that does
	gapTime       = 10 * fleet.Minute
	gapMetres     = 2000.0
	metresPerHour = 1000.0
)

// opinion is what the fixes around it say of a fix.
type opinion uint8

const (
	accepted       opinion = iota // it is believed, and a suspect before it is not
	acceptedBefore                // it is believed; the suspect is newer and stays one
	held                          // it is the suspect now
	agreed                        // it and the suspect agree: both are believed
	discarded                     // nothing speaks for it
	frozenFix                     // the receiver hangs
)

// judgeMotion compares a fix behind the head with the head and the suspect.
// One fix alone cannot move a device faster than it can go; two that agree
// can, and so can the third in a row, so that nothing locks a device out.
func (s *State) judgeMotion(f *fix) opinion {
	if s.hangs(f) {
		return frozenFix
	}
	fits := reachable(&s.head, f)
	p := s.suspect()
	switch {
	case p == nil && fits:
		return accepted
	case p == nil:
		return s.hold(f)
	case f.time < p.time && fits:
		return acceptedBefore
	case f.time < p.time, f.content == p.content:
		return discarded
	case fits:
		return accepted
	case f.time == p.time:
		return discarded
	case reachable(p, f):
		return agreed
	case s.doubts+1 >= maxDoubts:
		return accepted
	}
	return s.hold(f)
}

// opinionOf is judgeMotion, where the world asks for it.
func (s *State) opinionOf(f *fix, w *World) opinion {
	if !w.Filter.Motion || !s.known {
		return accepted
	}
	return s.judgeMotion(f)
}

// believes notes what became of a fix that is not believed, and reports
// whether it is. A world that was not in force when a believed fix was
// measured is not looked at: only those settle the state.
func (s *State) believes(op opinion, f *fix) bool {
	switch op {
	case frozenFix:
		s.outcome, s.gates = Untrusted, GateFrozen
	case discarded:
		s.outcome, s.gates = Untrusted, GateTeleport
	case held:
		s.outcome, s.gates = Held, GateTeleport
	case accepted:
		s.acquit()
		return true
	default:
		return true
	}
	s.seen = max(s.seen, f.time)
	return false
}

func (s *State) hold(f *fix) opinion {
	kept := *f
	s.own().suspect = &kept
	s.doubts++
	return held
}

// hangs counts fixes that repeat the head's place to the last digit while the
// device says that it moves.
func (s *State) hangs(f *fix) bool {
	if f.place != s.head.place {
		s.frozen = 0
		return false
	}
	moving := f.has&fleet.HasSpeed != 0 && f.speed >= movingKPH ||
		f.has&s.head.has&fleet.HasOdometer != 0 && f.odometer-s.head.odometer >= movingMetres
	if !moving {
		s.frozen = 0
		return false
	}
	if s.frozen < frozenAfter {
		s.frozen++
	}
	return s.frozen >= frozenAfter
}

// reachable reports whether a device can have gone from one fix to a later one.
func reachable(from, to *fix) bool {
	if neighbours(from.place, to.place) { // which is less than the slack
		return true
	}
	limit := maxKPH
	for _, f := range [...]*fix{from, to} {
		if f.has&fleet.HasSpeed != 0 {
			limit = max(limit, 1.25*float64(f.speed))
		}
	}
	hours := float64(to.time-from.time) / float64(fleet.Hour)
	reach := slackMetres + float64(float64(limit*hours)*metresPerHour)
	return geo.Haversine(from.place.Point(), to.place.Point()) <= reach
}

// gap reports whether so much lies between two fixes that the time of what
// happened there is uncertain.
func gap(from, to *fix) bool {
	if to.time-from.time > gapTime {
		return true
	}
	const near = 100_000 // in units of Place: at most 1.1 km to either side
	dLat, dLon := int64(to.place.Lat)-int64(from.place.Lat), int64(to.place.Lon)-int64(from.place.Lon)
	if dLat > -near && dLat < near && dLon > -near && dLon < near {
		return false
	}
	return geo.Haversine(from.place.Point(), to.place.Point()) > gapMetres
}
