package geo

import "math"

// Around reports whether the shape holds a point, as Contains does, and cuts
// room, a box about the point within ±180 and ±90, to a part that still holds
// it and that the shape's outline does not reach: the answer is the same all
// over it. If there is no such part, or finding one takes too long, free is
// false and room of no use.
func (s *Prepared) Around(p Point, room *Box) (inside, free bool) {
	switch {
	case s.area != nil:
		return s.Contains(p), s.areaFree(p, room)
	case s.circle != nil:
		at := onEarth(p)
		slack := s.circle.slack(at)
		if slack == 0 {
			return s.Contains(p), false
		}
		return slack < 0, keep(slack, p, room)
	case s.corridor != nil:
		at := onEarth(p)
		return s.Contains(p), keep(s.corridor.slack(at), p, room)
	}
	return false, true
}

// keep cuts room to a square about its point that is half as wide and high as
// what one may move in any direction allows.
func keep(slack float64, p Point, room *Box) bool {
	half := math.Abs(slack) / (math.Sqrt2 * longestDegree) * (1 - 1e-9) // degrees of latitude
	low := math.Max(0, math.Abs(p[1])-half)                             // the least latitude of the square
	wide := half / math.Cos(low*radian)
	room.Min = Point{math.Max(room.Min[0], p[0]-wide), math.Max(room.Min[1], p[1]-half)}
	room.Max = Point{math.Min(room.Max[0], p[0]+wide), math.Min(room.Max[1], p[1]+half)}
	return half > sliver
}

func (s *Prepared) areaFree(p Point, room *Box) bool {
	if len(s.area.seams) > 0 || s.box.Max[0]-s.box.Min[0] >= 360 {
		return false
	}
	turn := 0.0
	switch {
	case p[0] > s.box.Max[0] && p[0]-360 >= s.box.Min[0]:
		turn = -360
	case p[0] < s.box.Min[0] && p[0]+360 <= s.box.Max[0]:
		turn = 360
	}
	// Of the shape a turn away, nothing is seen from here: stay on this side.
	room.Min[0] = math.Max(room.Min[0], s.box.Max[0]-360-turn+sliver)
	room.Max[0] = math.Min(room.Max[0], s.box.Min[0]+360-turn-sliver)
	room.Min[0] += turn
	room.Max[0] += turn
	ok := s.area.free(p[0]+turn, p[1], room)
	room.Min[0] -= turn
	room.Max[0] -= turn
	return ok && room.Min[0] < p[0] && p[0] < room.Max[0] && room.Min[1] < p[1] && p[1] < room.Max[1]
}

// maxFreeStripes is how many stripes above or below a point are looked at.
const maxFreeStripes = 24

// free cuts room about (x, y) to where no edge reaches, nearest stripes first.
func (a *area) free(x, y float64, room *Box) bool {
	if len(a.starts) == 0 {
		start := int32(0)
		for _, end := range a.ends {
			line := a.points[start:end]
			start = end
			if len(line) == 0 {
				continue
			}
			p := &line[0]
			for i := 1; i < len(line); i++ {
				q := &line[i]
				if !(p[0] > room.Max[0] && q[0] > room.Max[0] || p[0] < room.Min[0] && q[0] < room.Min[0] ||
					p[1] > room.Max[1] && q[1] > room.Max[1] || p[1] < room.Min[1] && q[1] < room.Min[1]) &&
					!shun(p, q, x, y, room) {
					return false
				}
				p = q
			}
		}
		return true
	}
	own := a.stripeOf(y)
	a.limit(own-maxFreeStripes, own+maxFreeStripes, room)
	for k := own; k <= a.stripeOf(room.Max[1]); k++ {
		if !a.shunStripe(k, x, y, room) {
			return false
		}
	}
	for k := own - 1; k >= a.stripeOf(room.Min[1]); k-- {
		if !a.shunStripe(k, x, y, room) {
			return false
		}
	}
	return true
}

// limit cuts room to stripes, if there are others beyond them.
func (a *area) limit(first, last int, room *Box) {
	if first > 0 {
		room.Min[1] = math.Max(room.Min[1], a.low+float64(first+1)/a.perDegree)
	}
	if last < len(a.starts)-2 {
		room.Max[1] = math.Min(room.Max[1], a.low+float64(last)/a.perDegree)
	}
}

func (a *area) shunStripe(k int, x, y float64, room *Box) bool {
	for _, i := range a.list[a.starts[k]:a.starts[k+1]] {
		if !shun(&a.points[i], &a.points[i+1], x, y, room) {
			return false
		}
	}
	return true
}

// shun cuts the edge from p to q off room, on the side that leaves (x, y) the
// most.
func shun(p, q *Point, x, y float64, room *Box) bool {
	px, py, qx, qy := p[0], p[1], q[0], q[1]
	west, east := min(px, qx), max(px, qx)
	south, north := min(py, qy), max(py, qy)
	if west > room.Max[0] || east < room.Min[0] || south > room.Max[1] || north < room.Min[1] {
		return true
	}
	// How far the edge's box is off on either axis, and the edge's line in both.
	gapX, gapY := max(west-x, x-east), max(south-y, y-north)
	nx, ny := qy-py, px-qx
	c := nx*(x-px) + ny*(y-py)
	both := math.Abs(c)/(math.Abs(nx)+math.Abs(ny)) - sliver
	switch best := max(gapX, gapY) - sliver; {
	case best <= 0 && !(both > 0):
		return false
	case !(both > best): // also for an edge of no length
		if gapX >= gapY {
			if west > x {
				room.Max[0] = min(room.Max[0], west-sliver)
			} else {
				room.Min[0] = max(room.Min[0], east+sliver)
			}
		} else if south > y {
			room.Max[1] = min(room.Max[1], south-sliver)
		} else {
			room.Min[1] = max(room.Min[1], north+sliver)
		}
		return true
	}
	// The corner of room that is nearest to the line stays on this side of it.
	if (nx > 0) == (c > 0) {
		room.Min[0] = max(room.Min[0], x-both)
	} else {
		room.Max[0] = min(room.Max[0], x+both)
	}
	if (ny > 0) == (c > 0) {
		room.Min[1] = max(room.Min[1], y-both)
	} else {
		room.Max[1] = min(room.Max[1], y+both)
	}
	return true
}
