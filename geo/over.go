package geo

import "math"

// Lie is how a shape lies to a box.
type Lie uint8

// A shape is apart from a box, covers all of it, or may do neither.
const (
	Meets Lie = iota
	Apart
	Covers
)

// Over tells how the shape lies to a box within ±180 and ±90. It says Meets
// where it is not sure; the others hold for every point of the box, its edges
// included.
func (s *Prepared) Over(b Box) Lie {
	switch {
	case s.area != nil:
		return s.areaOver(b)
	case s.circle != nil:
		return s.circle.over(b)
	case s.corridor != nil:
		return s.corridor.over(b)
	}
	return Apart
}

func (s *Prepared) areaOver(b Box) Lie {
	if len(s.area.seams) > 0 || s.box.Max[0]-s.box.Min[0] >= 360 {
		return Meets
	}
	turns, shifted := 0, b
	for _, turn := range [...]float64{0, 360, -360} {
		t := Box{Min: Point{b.Min[0] + turn, b.Min[1]}, Max: Point{b.Max[0] + turn, b.Max[1]}}
		if meet(t, s.box) {
			turns, shifted = turns+1, t
		}
	}
	switch {
	case turns == 0:
		return Apart
	case turns > 1 || s.area.meets(&shifted):
		return Meets
	}
	if s.Contains(Point{(b.Min[0] + b.Max[0]) / 2, (b.Min[1] + b.Max[1]) / 2}) {
		return Covers
	}
	return Apart
}

// sliver is more, in degrees, than coordinates of the size of 360 err by when
// they are added and multiplied a few times: a tenth of a millimetre.
const sliver = 1e-9

// meets reports whether an edge reaches into a box, or comes within a sliver.
func (a *area) meets(b *Box) bool {
	x, y := (b.Min[0]+b.Max[0])/2, (b.Min[1]+b.Max[1])/2
	hx, hy := (b.Max[0]-b.Min[0])/2+sliver, (b.Max[1]-b.Min[1])/2+sliver
	hit := func(i int32) bool {
		px, py, qx, qy := a.points[i][0], a.points[i][1], a.points[i+1][0], a.points[i+1][1]
		if min(px, qx) > x+hx || max(px, qx) < x-hx || min(py, qy) > y+hy || max(py, qy) < y-hy {
			return false
		}
		nx, ny := qy-py, px-qx
		away := math.Abs(nx*(x-px) + ny*(y-py))
		return away <= math.Abs(nx)*(hx+sliver)+math.Abs(ny)*(hy+sliver)
	}
	if len(a.starts) > 0 {
		first, last := a.stripeOf(y-hy), a.stripeOf(y+hy)
		for _, i := range a.list[a.starts[first]:a.starts[last+1]] {
			if hit(i) {
				return true
			}
		}
		return false
	}
	start := int32(0)
	for _, end := range a.ends {
		for i := start; i+1 < end; i++ {
			if hit(i) {
				return true
			}
		}
		start = end
	}
	return false
}

// A degree is nowhere longer than this, in metres: of latitude, and of
// longitude but for the cosine of the latitude.
const longestDegree = 111_700

// halfDiagonal is no less than the way, in metres, from a box's middle to any
// of its points.
func halfDiagonal(b *Box) float64 {
	low := math.Max(0, math.Max(b.Min[1], -b.Max[1])) // the least latitude, north or south
	dx, dy := (b.Max[0]-b.Min[0])/2*math.Cos(low*radian), (b.Max[1]-b.Min[1])/2
	return longestDegree * math.Sqrt(dx*dx+dy*dy) * (1 + 1e-9)
}

func middle(b *Box) Point { return Point{(b.Min[0] + b.Max[0]) / 2, (b.Min[1] + b.Max[1]) / 2} }

func (c *circle) over(b Box) Lie { return lie(c.slack(onEarth(middle(&b))), halfDiagonal(&b)) }

func (c *corridor) over(b Box) Lie { return lie(c.slack(onEarth(middle(&b))), halfDiagonal(&b)) }

// lie tells how a shape lies to what is within reach of a point from which its
// outline is slack metres away, negative from within.
func lie(slack, reach float64) Lie {
	switch {
	case slack > reach:
		return Apart
	case -slack > reach:
		return Covers
	}
	return Meets
}

// slack is how far one may move in any direction, in metres along the surface,
// before the circle's answer can change: positive outside, negative inside, 0
// where it is not sure. A straight line to the centre changes by no more than
// the way that its end goes.
func (c *circle) slack(at vec) float64 {
	d := at.minus(c.at)
	return roundSlack(math.Sqrt(d.dot(d)), c.in, c.out)
}

func roundSlack(away, in, out float64) float64 {
	if away < in {
		return away - in
	}
	return max(0, away-out)
}

// touch keeps slack clear of rounding: metres.
const touch = 1e-3

func (c *corridor) slack(at vec) float64 {
	reach, best := math.Sqrt(c.reach), math.Inf(1)
	for k := range c.chunks {
		b := &c.chunks[k]
		d := at.minus(b.centre)
		if math.Sqrt(d.dot(d))-b.radius < best {
			best = math.Min(best, math.Sqrt(c.away2(k, at)))
		}
	}
	if best < reach {
		return math.Min(0, best-reach+touch)
	}
	return math.Max(0, best-reach-touch)
}
