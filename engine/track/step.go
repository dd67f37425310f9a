package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// lateAfter is how much older than the newest fix an event is called late.
const lateAfter = 30 * fleet.Second

// Step is the whole meaning of an input. It changes the state and returns what
// happened, in the order in which it happened; nil for nothing, without
// allocating. A tick completes what waits for time to pass (timers.go).
func Step(s *State, in Input, w *World) []fleet.Event {
	r := in.Report
	if r == nil {
		return s.tick(in.Tick, in.Seq, w)
	}
	if r.Verdict == fleet.RejectedRange || r.Verdict == fleet.RejectedTime {
		s.outcome, s.gates = Refused, 0
		return nil
	}
	s.settle(w)
	if g := alone(r, w.Filter.Motion); g != 0 {
		s.outcome, s.gates = Untrusted, g
		return s.raisePlaceless(nil, r, in.Seq, w)
	}
	digest := content(r)
	switch {
	case !s.known || r.Fix > s.head.time:
		return s.newer(r, digest, in.Seq, w)
	case r.Fix < s.head.time:
		s.outcome, s.gates = Outdated, GateLate
		return s.raise(nil, r, in.Seq, w)
	case digest == s.head.content:
		s.outcome, s.gates = Duplicate, GateTrusted
		return nil
	}
	f := fixOf(r, digest)
	if r.Place == s.head.place {
		s.outcome, s.gates = Merged, GateTrusted
		s.merge(&f)
		return s.raise(nil, r, in.Seq, w)
	}
	if !better(&f, &s.head) {
		s.outcome, s.gates = Outdated, GateLate
		return s.raise(nil, r, in.Seq, w)
	}
	s.outcome, s.gates = Evaluated, GateTrusted
	return s.raise(s.advance(&f, GateTrusted, in.Seq, w), r, in.Seq, w)
}

// newer takes in a fix behind the head, if its motion is believed.
func (s *State) newer(r *fleet.Report, digest uint64, seq fleet.Seq, w *World) []fleet.Event {
	f := fixOf(r, digest)
	var out []fleet.Event
	gates := GateTrusted
	if w.Filter.Motion && s.known {
		switch s.judgeMotion(&f) {
		case frozenFix:
			s.outcome, s.gates = Untrusted, GateFrozen
			return s.raisePlaceless(nil, r, seq, w)
		case discarded:
			s.outcome, s.gates = Untrusted, GateTeleport
			return s.raisePlaceless(nil, r, seq, w)
		case held:
			s.outcome, s.gates = Held, GateTeleport
			return s.raisePlaceless(nil, r, seq, w)
		case agreed:
			first := *s.suspect
			out = s.advance(&first, GateTrusted|GateAgreed, seq, w)
			gates |= GateAgreed
			s.suspect, s.doubts = nil, 0
		case accepted:
			s.suspect, s.doubts = nil, 0
		case acceptedBefore:
		}
	}
	if events := s.advance(&f, gates, seq, w); out == nil {
		out = events
	} else {
		out = append(out, events...)
	}
	s.outcome = Evaluated
	return s.raise(out, r, seq, w)
}

// advance makes a trusted fix the head and moves the device in and out of
// fences.
func (s *State) advance(f *fix, gates Gates, seq fleet.Seq, w *World) []fleet.Event {
	m := move{fix: f, prior: &s.head, gates: gates, seq: seq}
	if !s.known {
		m.prior, m.gates = nil, m.gates|GateFirst
	} else {
		m.again = f.time == s.head.time
		if gap(&s.head, f) {
			m.gates |= GateGap
		}
	}
	out := s.enterAndLeave(&m, w)
	s.head, s.known = *f, true
	s.gates = m.gates
	return out
}

// merge adds the readings of a copy of the head that says more.
func (s *State) merge(f *fix) {
	h := &s.head
	fresh := f.has &^ h.has
	if fresh&fleet.HasSpeed != 0 {
		h.speed = f.speed
	}
	if fresh&fleet.HasCourse != 0 {
		h.course = f.course
	}
	if fresh&fleet.HasAltitude != 0 {
		h.altitude = f.altitude
	}
	if fresh&fleet.HasAccuracy != 0 {
		h.accuracy = f.accuracy
	}
	if fresh&fleet.HasHDOP != 0 {
		h.hdop = f.hdop
	}
	if fresh&fleet.HasOdometer != 0 {
		h.odometer = f.odometer
	}
	if fresh&fleet.HasSatellites != 0 {
		h.satellites = f.satellites
	}
	if fresh&fleet.HasIgnition == 0 {
		fresh &^= fleet.IgnitionOn
	}
	h.has |= fresh
	h.content = f.content
}

// better decides between two places for one time by a fixed rule: more
// satellites, then the lower dilution, then the digests.
func better(a, b *fix) bool {
	if a.satellites != b.satellites {
		return a.satellites > b.satellites
	}
	if ha, hb := a.has&fleet.HasHDOP != 0, b.has&fleet.HasHDOP != 0; ha != hb {
		return ha
	}
	if a.hdop != b.hdop {
		return a.hdop < b.hdop
	}
	return a.content > b.content
}
