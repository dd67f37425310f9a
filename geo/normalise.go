package geo

import "slices"

// Normalise gives a copy of a valid shape in the one form that is stored:
// outer rings run counterclockwise and holes clockwise (RFC 7946 §3.1.6), and
// no point repeats the one before; longitudes lie within ±180. What the shape
// holds does not change.
func (s *Shape) Normalise() Shape {
	out := *s
	out.Path = distinct(wrapped(s.Path))
	out.Area = make(MultiPolygon, len(s.Area))
	for i, poly := range s.Area {
		out.Area[i] = make(Polygon, len(poly))
		for j, ring := range poly {
			ring = distinct(wrapped(ring))
			if flat, err := flatten(ring); err == nil && (twiceArea(flat.points) > 0) != (j == 0) {
				slices.Reverse(ring)
			}
			out.Area[i][j] = ring
		}
	}
	if len(out.Area) == 0 {
		out.Area = nil
	}
	if len(out.Path) == 0 {
		out.Path = nil
	}
	return out
}

// wrapped copies a line with its longitudes brought into [-180, 180].
func wrapped[T ~[]Point](line T) T {
	out := make(T, len(line))
	for i, p := range line {
		out[i] = Point{wrap(p[0]), p[1]}
	}
	return out
}

// twiceArea is twice the signed area of a ring in square degrees, positive
// counterclockwise.
func twiceArea(ring []Point) float64 {
	sum := 0.0
	for i := 1; i < len(ring); i++ {
		// From the first point, so that small rings far from 0 keep their digits.
		ax, ay := ring[i-1][0]-ring[0][0], ring[i-1][1]-ring[0][1]
		bx, by := ring[i][0]-ring[0][0], ring[i][1]-ring[0][1]
		sum += float64(ax*by) - float64(bx*ay)
	}
	return sum
}
