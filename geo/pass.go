package geo

import (
	"math"
	"slices"
)

// maxPassSteps bounds the questions that one Pass asks.
const maxPassSteps = 1024

// Between is the point at a fraction of the way from a to b, straight in
// longitude and latitude and the short way round.
func Between(a, b Point, t float64) Point {
	dx := b[0] - a[0]
	switch {
	case dx > 180:
		dx -= 360
	case dx < -180:
		dx += 360
	}
	p := Point{a[0] + float64(t*dx), a[1] + float64(t*(b[1]-a[1]))}
	switch {
	case p[0] > 180:
		p[0] -= 360
	case p[0] < -180:
		p[0] += 360
	}
	return p
}

// maxPassCrossings is how many crossings of edges one Pass looks at; a way that
// has more is taken in steps.
const maxPassCrossings = 64

// Pass finds the first stretch of the way from a to b (see Between) that lies
// inside the shape and is at least a fraction least of the way long: from in
// to out, fractions of the way. Both ends lie outside, the way is at most some
// tens of kilometres long, and least at least 1/400.
//
// Of an area, the crossings of its edges tell. Through a circle or a corridor it
// goes from point to point, each time by as much as the point is away from
// the edge, for within that distance nothing changes, but never by less than
// half of least, so that no stretch which is long enough is stepped over.
func (s *Prepared) Pass(a, b Point, least float64) (in, out float64, ok bool) {
	if a == b || !(least >= 1.0/400) || least > 1 {
		return 0, 0, false
	}
	if s.circle != nil && math.Abs(b[0]-a[0]) <= 180 && s.circle.disc.misses(s.circle.centre, a, b) {
		return 0, 0, false
	}
	if s.area != nil {
		if in, out, ok, done := s.passArea(a, b, least); done {
			return in, out, ok
		}
	}
	length := Haversine(a, b)
	if !(length > 0) {
		return 0, 0, false
	}
	// Near a pole a way that is straight in longitude and latitude is longer
	// than the straight way: there it goes by the smallest steps.
	polar := math.Max(math.Abs(a[1]), math.Abs(b[1])) > 85
	t, inside := 0.0, false
	for range maxPassSteps {
		// The distance is rough far from the edge, the length to 0.6 %.
		step := 0.95 * math.Abs(s.EdgeDistance(Between(a, b, t))) / length
		if polar {
			step = 0
		}
		next := t + math.Max(step, least/2)
		if next >= 1 {
			next = 1
		}
		switch holds := next < 1 && s.Contains(Between(a, b, next)); {
		case holds && !inside:
			in, inside = s.edgeBetween(a, b, t, next), true
		case !holds && inside:
			out, inside = s.edgeBetween(a, b, next, t), false
			if out-in >= least {
				return in, out, true
			}
		}
		if t = next; t >= 1 {
			break
		}
	}
	return 0, 0, false
}

// passArea is Pass for areas: between two crossings of edges in a row the way
// lies inside or outside altogether, and its middle tells. done is false if
// there are too many crossings.
func (s *Prepared) passArea(a, b Point, least float64) (in, out float64, ok, done bool) {
	var buffer [maxPassCrossings]float64
	stops := append(buffer[:0], 0, 1)
	dx, dy := b[0]-a[0], b[1]-a[1]
	switch {
	case dx > 180:
		dx -= 360
	case dx < -180:
		dx += 360
	}
	for _, turn := range [3]float64{-360, 0, 360} {
		x := a[0] + turn
		if max(x, x+dx) < s.box.Min[0] || min(x, x+dx) > s.box.Max[0] {
			continue
		}
		if stops = s.area.crossings(stops, x, a[1], dx, dy); len(stops) == cap(stops) {
			return 0, 0, false, false
		}
	}
	slices.Sort(stops)
	began := -1.0
	for i := 1; i < len(stops); i++ {
		from, to := stops[i-1], stops[i]
		if from == to {
			continue
		}
		switch holds := s.Contains(Between(a, b, (from+to)/2)); {
		case holds && began < 0:
			began = from
		case !holds && began >= 0:
			if from-began >= least {
				return began, from, true, true
			}
			began = -1
		}
	}
	return 0, 0, false, true
}

// crossings adds to stops, as long as there is room, the fractions of the way
// from (x, y) by (dx, dy) at which it meets edges. One too many does no harm,
// so ends of edges count generously.
func (a *area) crossings(stops []float64, x, y, dx, dy float64) []float64 {
	const slack = 1e-9
	start := int32(0)
	for _, end := range a.ends {
		for i := start; i+1 < end; i++ {
			px, py := a.points[i][0]-x, a.points[i][1]-y
			ex, ey := a.points[i+1][0]-a.points[i][0], a.points[i+1][1]-a.points[i][1]
			det := float64(dx*ey) - float64(dy*ex)
			if det == 0 {
				continue
			}
			t := (float64(px*ey) - float64(py*ex)) / det
			u := (float64(px*dy) - float64(py*dx)) / det
			if t > 0 && t < 1 && u >= -slack && u <= 1+slack {
				if len(stops) == cap(stops) {
					return stops
				}
				stops = append(stops, t)
			}
		}
		start = end
	}
	return stops
}

// edgeBetween narrows the crossing of the edge between two fractions of the
// way down, outside being out of the shape and inside in it, and gives the
// innermost of what is left.
func (s *Prepared) edgeBetween(a, b Point, outside, inside float64) float64 {
	for range 30 {
		mid := (outside + inside) / 2
		if s.Contains(Between(a, b, mid)) {
			inside = mid
		} else {
			outside = mid
		}
	}
	return inside
}
