package geo

import (
	"cmp"
	"slices"
)

// Validate refuses what is no closed outline, with the position of the fault
// (a *Fault): numbers out of range, open rings, too few points, rings that
// cross or touch themselves, rings that cross each other, holes outside of
// their polygon or inside each other, polygons that overlap. Winding and
// repeated points are no faults. Rings may touch others at single points.
func (s *Shape) Validate() error {
	if err := s.check(); err != nil {
		return err
	}
	if s.Kind != Area {
		return nil
	}
	area, err := unrollArea(s.Area)
	if err != nil {
		return err
	}
	for _, poly := range area {
		for j := range poly {
			poly[j].points = distinct(poly[j].points)
			if err := simple(poly[j]); err != nil {
				return err
			}
		}
	}
	if len(area) == 1 && len(area[0]) == 1 {
		return nil
	}
	if err := apart(area); err != nil {
		return err
	}
	return nested(area)
}

// simple refuses a ring that meets itself anywhere but from one edge to the
// next.
func simple(flat flatRing) error {
	ring := flat.points
	n := len(ring) - 1
	order := make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(comparePoints(ring[a], ring[b]), cmp.Compare(a, b))
	})
	for k := 1; k < n; k++ {
		if a, b := order[k-1], order[k]; ring[a] == ring[b] {
			return fault(ring[b], RingRepeats, "first", a+1, "second", b+1)
		}
	}
	s := newSweep(n)
	for i := range n {
		s.add(ring[i], ring[i+1], 0, int32(i))
	}
	last := int32(n - flat.closure - 1)
	if box := boxOf(ring); flat.closure > 0 && box.Max[0]-box.Min[0] > 360+1e-9 {
		for i := range last + 1 { // round a pole, it may meet its own next turn
			s.add(turned(ring[i], 360), turned(ring[i+1], 360), 1, i)
		}
	}
	s.meet = func(a, b *segment) error {
		next := int(a.edge+1)%n == int(b.edge) || int(b.edge+1)%n == int(a.edge)
		if a.ring != b.ring {
			if max(a.edge, b.edge) > last || min(a.edge, b.edge) == 0 && max(a.edge, b.edge) == last {
				return nil // of the closure, or where one turn goes over into the next
			}
			next = true // that it touches itself there does no harm
		}
		at, how := meeting(a, b)
		switch {
		case how == apartFrom || how == touching && next:
			return nil
		case how == overlapping:
			return fault(at, RingRunsBack)
		case how == touching:
			return fault(at, RingTouches)
		}
		return fault(at, RingCrosses)
	}
	if err := s.run(); err != nil {
		return err
	}
	if twiceArea(ring) == 0 {
		return fault(ring[0], RingFlat)
	}
	return nil
}

// apart refuses rings that cross each other or share a stretch of edge.
func apart(area [][]flatRing) error {
	edges := 0
	for _, poly := range area {
		for _, ring := range poly {
			edges += len(ring.points) - 1
		}
	}
	s := newSweep(edges)
	number := int32(0)
	whole := boxOfArea(area)
	for _, poly := range area {
		for _, ring := range poly {
			box := boxOf(ring.points)
			for _, turn := range []float64{0, -360, 360} {
				if turn != 0 && (whole.Max[0]-whole.Min[0] < 360 || box.Max[0]+turn < whole.Min[0] || box.Min[0]+turn > whole.Max[0]) {
					continue
				}
				for i := 1; i < len(ring.points)-ring.closure; i++ {
					s.add(turned(ring.points[i-1], turn), turned(ring.points[i], turn), number, int32(i-1))
				}
			}
			number++
		}
	}
	s.meet = func(a, b *segment) error {
		if a.ring == b.ring {
			return nil
		}
		switch at, how := meeting(a, b); how {
		case overlapping:
			if a.west[0] == a.east[0] && at180(at[0]) {
				return nil // cut at the date line, as RFC 7946 §3.1.9 asks
			}
			return fault(at, SharedEdge)
		case crossing:
			return fault(at, RingsCross)
		}
		return nil
	}
	return s.run()
}

// nested refuses holes that are not inside their polygon, holes inside holes,
// and polygons inside polygons. No two rings cross, so each lies on one side of
// any other, and any point off the other's edge tells on which.
func nested(area [][]flatRing) error {
	type part struct {
		rings []*outlined
		boxes []Box
	}
	parts := make([]part, len(area))
	for i, flat := range area {
		poly := make(Polygon, len(flat))
		for j, ring := range flat {
			box := boxOf(ring.points)
			poly[j] = ring.points[:len(ring.points)-ring.closure]
			parts[i].boxes = append(parts[i].boxes, box)
			parts[i].rings = append(parts[i].rings, &outlined{prepareArea([][]flatRing{{ring}}, box).area, box})
		}
		for j := 1; j < len(poly); j++ {
			if at, found := strays(poly[j], parts[i].rings[0]); found {
				return fault(at, HoleOutside)
			}
			for k := 1; k < j; k++ {
				if !meet(parts[i].boxes[j], parts[i].boxes[k]) {
					continue
				}
				if at, found := within(poly[j], parts[i].rings[k]); found {
					return fault(at, HoleInHole)
				}
				if at, found := within(poly[k], parts[i].rings[j]); found {
					return fault(at, HoleInHole)
				}
			}
		}
	}
	for i := range parts {
		for j := range parts {
			if i == j || !meet(parts[i].boxes[0], parts[j].boxes[0]) {
				continue
			}
			shell := area[i][0].points[:len(area[i][0].points)-area[i][0].closure]
			at, found := within(shell, parts[j].rings[0])
			if !found {
				continue
			}
			island := false // in a hole of the other
			for k := 1; k < len(parts[j].rings) && !island; k++ {
				_, out := strays(shell, parts[j].rings[k])
				island = !out
			}
			if !island {
				return fault(at, PartsOverlap)
			}
		}
	}
	return nil
}

// outlined is one ring, prepared.
type outlined struct {
	*area
	box Box
}

// side is where a point lies: 1 inside the ring, -1 outside, 0 on it.
func (a *outlined) side(p Point) int {
	if p[1] < a.box.Min[1] || p[1] > a.box.Max[1] {
		return -1
	}
	return a.area.side(p, &a.box)
}

// strays finds a point of a ring that lies outside of another.
func strays(ring Ring, other *outlined) (Point, bool) { return find(ring, other, -1) }

// within finds a point of a ring that lies inside another.
func within(ring Ring, other *outlined) (Point, bool) { return find(ring, other, 1) }

func find(ring Ring, other *outlined, side int) (Point, bool) {
	before := -side
	for i, p := range ring {
		at := other.side(p)
		if at == side {
			return p, true
		}
		// An edge between two points of the other's edge may run on either side.
		if i > 0 && at == 0 && before == 0 {
			mid := Point{(p[0] + ring[i-1][0]) / 2, (p[1] + ring[i-1][1]) / 2}
			if other.side(mid) == side {
				return mid, true
			}
		}
		before = at
	}
	return Point{}, false
}

func overlap(a, b Box) bool {
	return a.Min[0] <= b.Max[0] && b.Min[0] <= a.Max[0] && a.Min[1] <= b.Max[1] && b.Min[1] <= a.Max[1]
}

// meet reports whether two boxes overlap at any turn.
func meet(a, b Box) bool {
	for _, turn := range []float64{0, -360, 360} {
		if overlap(Box{Min: turned(a.Min, turn), Max: turned(a.Max, turn)}, b) {
			return true
		}
	}
	return false
}

// turned is a point, so many degrees further east.
func turned(p Point, degrees float64) Point { return Point{p[0] + degrees, p[1]} }

func comparePoints(a, b Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}
