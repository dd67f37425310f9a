package geo

import "math"

// Reaches reports whether the way from a to b, both in the box that a shape was
// folded for, may come to the shape's outline. If it does not, all of the way
// lies in the shape, or none. Of a way that leaves the box it tells this of
// what lies within.
func Reaches(fold []Spot, a, b Spot) bool {
	ax, ay := float64(a.X), float64(a.Y)
	bx, by := float64(b.X), float64(b.Y)
	if len(fold) == 3 {
		d := unfolded(fold)
		return a == b || !d.misses(Point{float64(fold[0].X), float64(fold[0].Y)}, Point{ax, ay}, Point{bx, by})
	}
	west, east := min(ax, bx)-closest, max(ax, bx)+closest
	south, north := min(ay, by)-closest, max(ay, by)+closest
	dx, dy := bx-ax, by-ay
	close := closest * (math.Abs(dx) + math.Abs(dy)) // the length is less
	px, py := float64(fold[0].X), float64(fold[0].Y)
	for _, q := range fold[1:] {
		qx, qy := float64(q.X), float64(q.Y)
		switch {
		case px < west && qx < west, px > east && qx > east, py < south && qy < south, py > north && qy > north:
		default:
			p, q := dx*(py-ay)-dy*(px-ax), dx*(qy-ay)-dy*(qx-ax)
			if !(p > close && q > close || p < -close && q < -close) {
				return true
			}
		}
		px, py = qx, qy
	}
	return false
}
