package geo

import "math"

// Prepared is a shape made ready for many questions. It never changes and may
// be shared by any number of goroutines. The zero Prepared holds no point.
type Prepared struct {
	box      Box // longitudes may run past 180
	area     *area
	circle   *circle
	corridor *corridor
}

// Prepare makes a shape ready. It checks what it needs itself (numbers in
// range, enough points, closed rings); Validate finds the rest. A ring that
// crosses itself is answered by the even-odd rule.
func Prepare(s *Shape) (Prepared, error) {
	if err := s.check(); err != nil {
		return Prepared{}, err
	}
	switch s.Kind {
	case Circle:
		return Prepared{circle: prepareCircle(s.Centre, s.Radius), box: reachBox(s.Centre, s.Radius)}.settle(), nil
	case Corridor:
		c, box := prepareCorridor(s.Path, s.Width)
		return Prepared{corridor: c, box: box}.settle(), nil
	}
	rings, err := unrollArea(s.Area)
	if err != nil {
		return Prepared{}, err
	}
	box := boxOf(nil)
	for _, poly := range rings {
		box = union(box, boxOf(poly[0]))
	}
	return Prepared{area: prepareArea(rings, box), box: box}, nil
}

// settle brings the west end of a round shape's box into [-180, 180); a box of
// a whole turn or more becomes the whole round.
func (s Prepared) settle() Prepared {
	if s.box.Max[0]-s.box.Min[0] >= 360 {
		s.box.Min[0], s.box.Max[0] = -180, 180
		return s
	}
	for s.box.Min[0] < -180 {
		s.box.Min[0] += 360
		s.box.Max[0] += 360
	}
	for s.box.Min[0] >= 180 {
		s.box.Min[0] -= 360
		s.box.Max[0] -= 360
	}
	return s
}

// Contains reports whether the shape holds a point; one on the edge is inside.
// Longitudes -180 and 180 are the same place. It allocates nothing.
func (s *Prepared) Contains(p Point) bool {
	x, y := p[0], p[1]
	if !(y >= s.box.Min[1] && y <= s.box.Max[1]) {
		return false
	}
	if x > s.box.Max[0] {
		x -= 360
	}
	if x < s.box.Min[0] {
		x += 360
	}
	if !(x >= s.box.Min[0] && x <= s.box.Max[0]) {
		return false
	}
	switch {
	case s.area != nil:
		if s.area.holds(x, y) {
			return true
		}
		return math.Abs(x) == 180 && s.box.Max[0]-s.box.Min[0] >= 360 && s.area.holds(-x, y)
	case s.circle != nil:
		return s.circle.holds(p)
	case s.corridor != nil:
		return s.corridor.holds(p)
	}
	return false
}

// Boxes gives the shape's bounding box; where it crosses ±180, the box is cut
// there into two. n is how many there are, 0 for the zero Prepared.
func (s *Prepared) Boxes() (boxes [2]Box, n int) {
	if s.area == nil && s.circle == nil && s.corridor == nil {
		return boxes, 0
	}
	if s.box.Max[0]-s.box.Min[0] >= 360 {
		return [2]Box{{Min: Point{-180, s.box.Min[1]}, Max: Point{180, s.box.Max[1]}}}, 1
	}
	if s.box.Min[0] == -180 || s.box.Max[0] >= 180 {
		// The other side of the line is the same place.
		west, east := s.box, s.box
		if s.box.Max[0] < 180 {
			west.Min[0], west.Max[0] = 180, 180
			return [2]Box{west, east}, 2
		}
		west.Max[0] = 180
		east.Min[0], east.Max[0] = -180, s.box.Max[0]-360
		return [2]Box{west, east}, 2
	}
	return [2]Box{s.box}, 1
}

// EdgeDistance is how far a point is from the shape's edge in metres, negative
// inside. It is right to a few per mille near the edge and rough far from it.
func (s *Prepared) EdgeDistance(p Point) float64 {
	switch {
	case s.area != nil:
		d := s.area.edge(p, s.box)
		if s.Contains(p) {
			return -d
		}
		return d
	case s.circle != nil:
		return s.circle.edge(p)
	case s.corridor != nil:
		return s.corridor.edge(p)
	}
	return math.NaN()
}

// edge is the distance in metres to the nearest edge, measured in the plane
// that touches the ellipsoid at p.
func (a *area) edge(p Point, box Box) float64 {
	sin, cos := math.Sincos(float64(p[1] * radian))
	w2 := 1 - float64(eccentricity2*float64(sin*sin))
	perLat := tightest / (w2 * math.Sqrt(w2)) * radian
	perLon := equatorRadius / math.Sqrt(w2) * cos * radian
	x := p[0]
	if mid := (box.Min[0] + box.Max[0]) / 2; x < mid-180 {
		x += 360
	} else if x > mid+180 {
		x -= 360
	}
	best := math.Inf(1)
	a.eachEdge(func(i int32) {
		ax, ay := float64((a.x[i]-x)*perLon), float64((a.y[i]-p[1])*perLat)
		bx, by := float64((a.x[i+1]-x)*perLon), float64((a.y[i+1]-p[1])*perLat)
		dx, dy := bx-ax, by-ay
		t := 0.0
		if l := float64(dx*dx) + float64(dy*dy); l > 0 {
			t = max(0, min(1, -(float64(ax*dx)+float64(ay*dy))/l))
		}
		ex, ey := ax+float64(t*dx), ay+float64(t*dy)
		best = min(best, float64(ex*ex)+float64(ey*ey))
	})
	return math.Sqrt(best)
}
