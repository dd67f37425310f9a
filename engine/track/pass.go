package track

import (
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Between two fixes further apart in time than the widest rule allows nothing
// is concluded; those without a speed show motion from wayMetres on.
const (
	maxPassWait = 5 * fleet.Minute
	wayMetres   = 100.0
	leastPart   = 1.0 / 300 // of the way that a pass takes at least
)

// passes appends the crossings of fences that hold neither of two fixes in a
// row, but the way between them: an enter and an exit each, with the times at
// which an even speed would have brought the device there. now are the fences
// that hold the newer fix, and safe is where that is so; the state's own still
// hold the older.
func (s *State) passes(out []fleet.Event, now []fence.Hit, safe *fence.Safe, m *move, w *World) []fleet.Event {
	if m.prior == nil || m.again || m.fix.place == m.prior.place {
		return out
	}
	took := m.fix.time - m.prior.time
	if took > maxPassWait || !underway(m.prior, m.fix, atMost(m.prior, m.fix)) || unbroken(&s.safe, safe, m) {
		return out
	}
	a, b := m.prior.place.Point(), m.fix.place.Point()
	way := -1.0 // measured once a fence asks
	var room [24]fence.Hit
	for i := range w.Owners {
		fences := w.Owners[i].Fences
		if least := fences.Quickest(); least == 0 || took <= least {
			continue
		}
		for _, near := range fences.Along(m.prior.place, m.fix.place, room[:0]) {
			// What the hit tells comes first: the fence lies elsewhere in memory.
			if holds(now, near.ID) || holdsFence(s.inside(), near.ID) || s.run(near.ID) != nil {
				continue
			}
			f, rule := near.Fence, &near.Fence.Rule
			// Outside at both ends, so inside for less than the whole time.
			if rule.PassMin == 0 || took > rule.PassWait || took <= rule.PassMin ||
				m.prior.time < f.From || !f.Inside && !f.Outside ||
				!applies(&f.Targets, s.Device, i == 0, w.Labels) {
				continue
			}
			if way < 0 {
				if way = geo.Haversine(a, b); !underway(m.prior, m.fix, way) {
					return out
				}
			}
			if way > rule.PassMetres || f.Contains(a) {
				continue
			}
			least := max(float64(rule.PassMin)/float64(took), leastPart)
			if in, till, ok := f.Pass(a, b, least); ok {
				out = s.passed(out, f, in, till, m, w)
			}
		}
	}
	return out
}

// unbroken reports whether no outline lies between two fixes, each of which has a
// rectangle about it into which none reaches: if one is left where the other is
// entered, or so soon after that no stay between them is long enough to count.
// On a way over ±180 that is not known.
func unbroken(was, is *fence.Safe, m *move) bool {
	const half = 1_800_000_000 // of the way round, in units of Place
	a, b := m.prior.place, m.fix.place
	if dLon := int64(b.Lon) - int64(a.Lon); dLon <= -half || dLon >= half || !is.Holds(b) {
		return false
	}
	left := 0.0
	if was.Holds(a) {
		left = was.Leaves(a, b)
	}
	return is.Enters(a, b)-left < 0.99*leastPart
}

// atMost is a distance that two fixes are certainly not further apart than,
// found without measuring: less than wayMetres if they are close.
func atMost(from, to *fix) float64 {
	const near = 6000 // units of Place: at most 67 m to either side, 95 m across
	dLat, dLon := int64(to.place.Lat)-int64(from.place.Lat), int64(to.place.Lon)-int64(from.place.Lon)
	if dLat > -near && dLat < near && dLon > -near && dLon < near {
		return 95
	}
	return math.Inf(1)
}

// holds reports whether a fence is among those that hold a place.
func holds(now []fence.Hit, id fleet.FenceID) bool {
	return slices.ContainsFunc(now, func(hit fence.Hit) bool { return hit.ID == id })
}

// passed appends the two events of a crossing.
func (s *State) passed(out []fleet.Event, f *fence.Fence, in, till float64, m *move, w *World) []fleet.Event {
	r := begin(f, true, m)
	r.gates |= GateCrossed
	a, b := m.prior.place.Point(), m.fix.place.Point()
	for _, at := range [...]struct {
		kind fleet.EventKind
		part float64
	}{{fleet.Enter, in}, {fleet.Exit, till}} {
		p := geo.Between(a, b, at.part)
		r.kind = at.kind
		r.time = m.prior.time + fleet.Time(float64(at.part*float64(m.fix.time-m.prior.time)))
		r.place, _ = fleet.MakePlace(p[1], p[0])
		from := len(out)
		if out = s.tell(out, &r, f, m.fix.received, m.seq, w); len(out) > from {
			out[from].Flags |= fleet.Inferred
		}
	}
	return out
}

// underway reports whether a device was moving from one fix to the next, so
// many metres: neither fix may show that it was not.
func underway(from, to *fix, way float64) bool {
	rolled := from.has&to.has&fleet.HasOdometer != 0 && to.odometer > from.odometer
	for _, f := range [...]*fix{from, to} {
		if f.has&fleet.HasIgnition != 0 && f.has&fleet.IgnitionOn == 0 {
			return false
		}
		if f.has&fleet.HasSpeed != 0 && f.speed < parkedKPH && !rolled {
			return false
		}
	}
	return rolled || from.has&to.has&fleet.HasSpeed != 0 || way >= wayMetres
}
