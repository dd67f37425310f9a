package geo

import "math"

// maxFold is the number of points above which stripes find the edges near a
// point sooner than a walk along a line, and foldFrom the number above which
// even folding takes too long.
const (
	maxFold  = 128
	foldFrom = 1 << 12
)

// Fold appends to dst what a box within ±180 and ±90 sees of the shape, so that
// [Look.AtFold] says from all points of the box what [Look.At] says about the
// shape. What many boxes see of many shapes can thus lie together in memory.
//
// Of an area it is its outline, a closed line of at least four points, in
// which stretches off to one side of the box are replaced by their chords: a
// ray to the east from the box crosses those as often, but for an even number.
// Of a circle it is points that hold its numbers, and a mark. Fold appends nothing
// if the shape is another, or large and winding: then it is to be asked itself.
func (s *Prepared) Fold(b Box, dst []Point) []Point {
	switch {
	case s.circle != nil:
		c := s.circle
		return append(dst, c.centre, Point{c.at.x, c.at.y}, Point{c.at.z, c.in}, Point{c.out, c.wide}, roundMark)
	case s.area == nil, len(s.area.ends) != 1, len(s.area.seams) > 0, len(s.area.points) > foldFrom,
		s.box.Min[0] <= -180, s.box.Max[0] >= 180:
		return dst
	}
	from := len(dst)
	for _, p := range s.area.points {
		for n := len(dst); n-from >= 2 && sides(&dst[n-2], &b)&sides(&dst[n-1], &b)&sides(&p, &b) != 0; n-- {
			dst = dst[:n-1]
		}
		if dst = append(dst, p); len(dst)-from > maxFold {
			return dst[:from]
		}
	}
	if len(dst)-from < 4 {
		return dst[:from]
	}
	return dst
}

// AtFold reports whether a shape holds the point, as At does, by what a box
// that holds the point sees of it. Unless it is sure the shape is to be asked.
func (l *Look) AtFold(fold []Point) (inside, sure bool) {
	if fold[len(fold)-1] != roundMark {
		odd, on := l.along(fold)
		return odd || on, true
	}
	l.see()
	d := l.at.minus(vec{fold[1][0], fold[1][1], fold[2][0]})
	return l.atRound(math.Sqrt(d.dot(d)), fold[0], fold[2][1], fold[3][0], fold[3][1])
}

// roundMark ends a circle's fold: it is no place.
var roundMark = Point{1000, 1000}

// sides are the sides of a box beyond which a point lies.
func sides(p *Point, b *Box) (out uint8) {
	if p[0] < b.Min[0]-sliver {
		out = 1
	} else if p[0] > b.Max[0]+sliver {
		out = 2
	}
	if p[1] < b.Min[1]-sliver {
		out |= 4
	} else if p[1] > b.Max[1]+sliver {
		out |= 8
	}
	return out
}
