package geo

import "math"

// Beyond polarLatitude the plane that touches the earth at a point is no map
// of what lies round the pole, and distances are measured on one that touches
// it at the pole.
const polarLatitude = 87

// edge is the distance in metres to the nearest edge, measured in the plane
// that touches the ellipsoid at p.
func (a *area) edge(p Point, box *Box) float64 {
	if math.Abs(p[1]) > polarLatitude {
		return a.polarEdge(p)
	}
	perLon, perLat := perDegree(p[1])
	x := p[0]
	if mid := (box.Min[0] + box.Max[0]) / 2; x < mid-180 {
		x += 360
	} else if x > mid+180 {
		x -= 360
	}
	best := a.near(Point{x, p[1]}, perLon, perLat)
	if box.Max[0]-box.Min[0] > 180 {
		best = min(best, a.near(Point{x - 360, p[1]}, perLon, perLat), a.near(Point{x + 360, p[1]}, perLon, perLat))
	}
	return math.Sqrt(best)
}

// perDegree is how long a degree of longitude and one of latitude are at a
// latitude, in metres.
func perDegree(lat float64) (perLon, perLat float64) {
	sin, cos := math.Sincos(float64(lat * radian))
	w2 := 1 - float64(eccentricity2*float64(sin*sin))
	return equatorRadius / math.Sqrt(w2) * cos * radian, tightest / (w2 * math.Sqrt(w2)) * radian
}

// near is the square of the distance to the nearest edge.
func (a *area) near(p Point, perLon, perLat float64) float64 {
	best := math.Inf(1)
	a.eachEdge(func(i int32) {
		if a.points[i][1] == a.points[i+1][1] && math.Abs(a.points[i][1]) == 90 {
			return // along a pole: one point, the end of the edges beside it
		}
		best = min(best, away2(
			float64((a.points[i][0]-p[0])*perLon), float64((a.points[i][1]-p[1])*perLat),
			float64((a.points[i+1][0]-p[0])*perLon), float64((a.points[i+1][1]-p[1])*perLat)))
	})
	return best
}

// polarEdge is the distance to the nearest edge for a point near a pole. Edges,
// spirals there, are cut into pieces that are straight to a centimetre.
func (a *area) polarEdge(p Point) float64 {
	pole := math.Copysign(90, p[1])
	x, y := onPolarMap(p, pole)
	best := math.Inf(1)
	a.eachEdge(func(i int32) {
		from, to := Point{a.points[i][0], a.points[i][1]}, Point{a.points[i+1][0], a.points[i+1][1]}
		if from[1] == to[1] && math.Abs(from[1]) == 90 {
			return
		}
		turn := math.Abs(to[0]-from[0]) * radian
		r := max(math.Abs(pole-from[1]), math.Abs(pole-to[1])) * flattest * radian
		climb := math.Abs(to[1]-from[1]) * flattest * radian
		n := 1 + int(min(math.Sqrt(float64(turn*(float64(r*turn)+2*climb))/0.08), 1<<14))
		bx, by := onPolarMap(from, pole)
		for k := 1; k <= n; k++ {
			ax, ay := bx, by
			t := float64(k) / float64(n)
			bx, by = onPolarMap(Point{from[0] + float64(t*(to[0]-from[0])), from[1] + float64(t*(to[1]-from[1]))}, pole)
			best = min(best, away2(ax-x, ay-y, bx-x, by-y))
		}
	})
	return math.Sqrt(best)
}

// onPolarMap is where a point lies on a map about a pole that keeps distances
// from it, in metres.
func onPolarMap(p Point, pole float64) (x, y float64) {
	r := math.Abs(pole-p[1]) * flattest * radian
	sin, cos := math.Sincos(float64(p[0] * radian))
	return float64(r * cos), float64(r * sin)
}

// away2 is the square of the distance of (0, 0) from the segment from a to b.
func away2(ax, ay, bx, by float64) float64 {
	dx, dy := bx-ax, by-ay
	t := 0.0
	if l := float64(dx*dx) + float64(dy*dy); l > 0 {
		t = max(0, min(1, -(float64(ax*dx)+float64(ay*dy))/l))
	}
	ex, ey := ax+float64(t*dx), ay+float64(t*dy)
	return float64(ex*ex) + float64(ey*ey)
}
