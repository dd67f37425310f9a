package geo

import "slices"

// Normalise gives a copy of a valid shape in the one form that is stored:
// outer rings run counterclockwise and holes clockwise (RFC 7946 §3.1.6), and
// no point repeats the one before. What the shape holds does not change.
func (s *Shape) Normalise() Shape {
	out := *s
	out.Path = distinct(s.Path)
	out.Area = make(MultiPolygon, len(s.Area))
	for i, poly := range s.Area {
		out.Area[i] = make(Polygon, len(poly))
		for j, ring := range poly {
			ring = distinct(ring)
			if flat, _ := unroll(ring); (twiceArea(flat) > 0) != (j == 0) {
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
