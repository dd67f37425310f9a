package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// lateAfter is how much older than the newest fix an event is called late.
const lateAfter = 30 * fleet.Second

// lateHorizon is how old a fix may be on its arrival to be evaluated.
const lateHorizon = 30 * fleet.Day

// Step is the whole meaning of an input. It changes the state and returns what
// happened, in the order in which it happened; nil for nothing, without
// allocating. A tick completes what waits for time to pass (timers.go).
func Step(s *State, in Input, w *World) []fleet.Event {
	out := s.step(in, w)
	if len(out) > 0 {
		s.again(out)
	}
	return out
}

func (s *State) step(in Input, w *World) []fleet.Event {
	r := in.Report
	if r == nil {
		return s.tick(s.watchClock(nil, in.Tick, in.Seq, w), in.Tick, in.Seq, w)
	}
	out := s.watchArrival(nil, r, in.Seq, w)
	if r.Verdict == fleet.RejectedRange || r.Verdict == fleet.RejectedTime {
		s.outcome, s.gates = Refused, 0
		return out
	}
	if g := alone(r, w.Filter.Motion); g != 0 {
		s.outcome, s.gates = Untrusted, g
		return s.raisePlaceless(out, r, in.Seq, w)
	}
	if beyondHorizon(r) {
		s.outcome, s.gates = Outdated, GateLate
		return s.raise(out, r, in.Seq, w)
	}
	digest := content(r)
	switch {
	case s.glide(r, digest, w):
		return s.raise(out, r, in.Seq, w)
	case !s.known || r.Fix > s.head.time:
		return s.newer(out, r, digest, &in, w)
	case r.Fix < s.head.time:
		s.SetDirty(r.Fix)
		s.outcome, s.gates = Outdated, GateLate
		return s.raise(out, r, in.Seq, w)
	case digest == s.head.content:
		s.outcome, s.gates = Duplicate, GateTrusted
		return out
	}
	var f fix
	f.set(r, digest)
	if r.Place == s.head.place {
		s.outcome, s.gates = Merged, GateTrusted
		if s.head.join(&f) && s.minds() {
			s.SetDirty(r.Fix)
		}
		return s.raise(out, r, in.Seq, w)
	}
	if !better(&f, &s.head) {
		s.outcome, s.gates = Outdated, GateLate
		return s.raise(out, r, in.Seq, w)
	}
	s.SetDirty(r.Fix)
	s.settle(w)
	s.outcome, s.gates = Evaluated, GateTrusted
	return s.raise(s.advance(out, &f, GateTrusted, &in, w), r, in.Seq, w)
}

// beyondHorizon reports whether a fix was so old on its arrival that it goes
// to history and is not evaluated. One that was never received has no age.
func beyondHorizon(r *fleet.Report) bool {
	return r.Received != 0 && r.Received-r.Fix > lateHorizon
}

// newer takes in a fix behind the head, if its motion is believed.
func (s *State) newer(out []fleet.Event, r *fleet.Report, digest uint64, in *Input, w *World) []fleet.Event {
	var f fix
	f.set(r, digest)
	if p := s.suspect(); p != nil && p.time == f.time && p.content == digest {
		s.outcome, s.gates = Untrusted, GateTeleport // a copy of the suspect
		return s.raisePlaceless(out, r, in.Seq, w)
	}
	if f.time <= s.Upto() || f.time < max(s.since, w.Since) {
		s.SetDirty(f.time)
	}
	out = s.take(out, &f, in, w)
	if s.outcome == Evaluated {
		return s.raise(out, r, in.Seq, w)
	}
	return s.raisePlaceless(out, r, in.Seq, w)
}

// take judges a fix behind the head by those before it, and lets the fences
// see it if it is believed.
func (s *State) take(out []fleet.Event, f *fix, in *Input, w *World) []fleet.Event {
	op := s.opinionOf(f, w)
	if !s.believes(op, f) {
		return out
	}
	gates := GateTrusted
	if op == agreed {
		first := *s.suspect()
		gates |= GateAgreed
		fired := s.fired
		out = s.believe(out, &first, gates, in, w)
		if first.time <= fired || first.time < s.since {
			// A deadline fired, or a world came, which it should have been before.
			s.SetDirty(first.time)
		}
	}
	return s.believe(out, f, gates, in, w)
}

// believe lets the fences of a world see a fix.
func (s *State) believe(out []fleet.Event, f *fix, gates Gates, in *Input, w *World) []fleet.Event {
	s.settle(w)
	s.seen = max(s.seen, f.time)
	if gates&GateAgreed != 0 {
		s.acquit()
	}
	out = s.advance(out, f, gates, in, w)
	s.outcome = Evaluated
	return out
}

// advance makes a trusted fix the head and moves the device in and out of
// fences.
func (s *State) advance(out []fleet.Event, f *fix, gates Gates, in *Input, w *World) []fleet.Event {
	var m move
	m.fix, m.prior, m.gates, m.seq, m.ahead = f, &s.head, gates, in.Seq, in.Ahead
	if !s.known {
		m.prior, m.gates = nil, m.gates|GateFirst
	} else {
		m.again = f.time == s.head.time
		if gap(&s.head, f) {
			m.gates |= GateGap
		}
	}
	out = s.enterAndLeave(out, &m, w)
	out = s.watchMove(out, &m, w)
	s.calm = s.calm && (!s.known || f.place != s.head.place) // else its speed may count as frozen
	s.head, s.known = *f, true
	if m.prior == nil {
		s.watchFirst(w)
	}
	s.gates = m.gates
	return out
}
