package geo

import "math"

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

// Pass finds the first stretch of the way from a to b (see Between) that lies
// inside the shape and is at least a fraction least of the way long: from in
// to out, fractions of the way. Both ends lie outside, the way is at most some
// tens of kilometres long, and least at least 1/400.
//
// It goes from point to point, each time by as much as the point is away from
// the edge, for within that distance nothing changes, but never by less than
// half of least, so that no stretch which is long enough is stepped over.
func (s *Prepared) Pass(a, b Point, least float64) (in, out float64, ok bool) {
	length := Haversine(a, b)
	if !(length > 0) || !(least >= 1.0/400) || least > 1 {
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
