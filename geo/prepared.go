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
func Prepare(s *Shape) (*Prepared, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	switch s.Kind {
	case Circle:
		box := settled(reachBox(s.Centre, s.Radius))
		return roundOf(prepareCircle(s.Centre, s.Radius, box), box), nil
	case Corridor:
		c, box := prepareCorridor(s.Path, s.Width)
		return &Prepared{corridor: c, box: settled(box)}, nil
	}
	rings, err := unrollArea(s.Area)
	if err != nil {
		return nil, err
	}
	return prepareArea(rings, boxOfArea(rings)), nil
}

// settled brings the west end of a round shape's box into [-180, 180); a box
// of a whole turn or more becomes the whole round.
func settled(b Box) Box {
	if b.Max[0]-b.Min[0] >= 360 {
		b.Min[0], b.Max[0] = -180, 180
		return b
	}
	for b.Min[0] < -180 {
		b.Min[0] += 360
		b.Max[0] += 360
	}
	for b.Min[0] >= 180 {
		b.Min[0] -= 360
		b.Max[0] -= 360
	}
	return b
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
	} else if x < s.box.Min[0] {
		x += 360
	}
	if !(x >= s.box.Min[0] && x <= s.box.Max[0]) {
		return false
	}
	switch {
	case s.area != nil:
		if s.box.Max[0]-s.box.Min[0] < 360 {
			in, on := s.area.locate(x, y)
			return in || on
		}
		return s.area.side(p, &s.box) >= 0
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
		d := s.area.edge(p, &s.box)
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
