package track

import (
	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Look is what a fence makes of a fix, for whoever asks why.
type Look struct {
	Inside  bool    // the fence holds the place
	Edge    float64 // metres to its edge, negative inside
	Need    float64 // metres beyond the edge from which the fix speaks for leaving
	Moving  bool    // the fix shows motion
	Precise bool    // the fence listens to fixes of this accuracy
}

// Look tells what a fence would make of a report as the device's next fix. It
// changes nothing.
func (s *State) Look(f *fence.Fence, r *fleet.Report) Look {
	var next fix
	next.set(r, 0)
	p := r.Place.Point()
	l := Look{Inside: f.Contains(p), Edge: f.EdgeDistance(p), Precise: precise(&next, &f.Rule)}
	if f.Rule.Instant {
		return l
	}
	l.Need = margin(&next, &f.Rule)
	l.Moving = s.known && moving(&next, &s.head) || l.Edge >= goneFactor*l.Need
	if !l.Moving {
		l.Need *= parkedFactor
	}
	return l
}

// Open tells of the change of a fence that is under way: its kind, the fixes
// that agree on it and the time of the first; ok is false if there is none.
func (s *State) Open(id fleet.FenceID) (kind fleet.EventKind, fixes int, since fleet.Time, ok bool) {
	r := s.run(id)
	if r == nil || r.count == 0 {
		return 0, 0, 0, false
	}
	return r.kind, int(r.count), r.time, true
}

// Watches reports whether a fence of one of the world's owners concerns a
// device: its targets name it, or one of its labels, or all of the owner's.
func (w *World) Watches(f *fence.Fence, device fleet.DeviceID) bool {
	return applies(&f.Targets, device, f.Owner == w.owner(), w.Labels)
}

// Calm reports whether a place lies where no fence of the world that the state
// was last under has anything to say: a fix there needs no lookup.
func (s *State) Calm(p fleet.Place) bool { return s.safe.Holds(p) }

// Touch reads here and there of what Step is going to read, for those who look
// ahead. What it returns says nothing.
func (s *State) Touch() int64 { return int64(s.seen) + int64(s.head.content) + int64(s.gates) }

// TouchRest is Touch for a fix that is not Calm, or while the state waits for
// time to pass.
func (s *State) TouchRest() int64 {
	if s.rest == nil {
		return 0
	}
	return int64(len(s.rest.inside)) + int64(s.rest.room[0].judge)
}

// Glance begins a look at the fences of the device's own owner about a place
// to which it may come next.
func (s *State) Glance(g *fence.Glance, at fleet.Place, w *World) {
	if len(w.Owners) == 0 {
		g.Begin(nil, at, at)
		return
	}
	from := at
	if s.known {
		from = s.head.place
	}
	g.Begin(w.Owners[0].Fences, at, from)
}

// Settle brings the state under a world, as [Step] does first: whoever looks
// at a state before a step calls it.
func (s *State) Settle(w *World) { s.settle(w) }
