package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// Most fixes are the next of a device on its way through a safe rectangle, and
// lead to nothing but a new head. glide takes such a fix in as the long way
// does, of which it leaves out what would find nothing to do; it reports false
// and changes nothing if there may be something.
func (s *State) glide(r *fleet.Report, digest uint64, w *World) bool {
	h := &s.head
	switch {
	case !s.known, s.timed, s.doubts != 0, !w.Filter.Motion:
		return false
	case s.world != w.digest(), w.Since > s.since, r.Fix < s.since, r.Fix <= s.Upto():
		return false
	case r.Fix-h.time > gapTime, r.Place == h.place, !neighbours(h.place, r.Place), !s.safe.Holds(r.Place):
		return false
	}
	h.set(r, digest)
	s.seen, s.frozen, s.calm = r.Fix, 0, true
	s.outcome, s.gates = Evaluated, GateTrusted
	return true
}

// neighbours reports whether two places are so close that no way between them
// is a teleport or a gap: at most 333 m to either side.
func neighbours(a, b fleet.Place) bool {
	const near = 30_000 // units of Place
	dLat, dLon := int64(b.Lat)-int64(a.Lat), int64(b.Lon)-int64(a.Lon)
	return dLat > -near && dLat < near && dLon > -near && dLon < near
}
