package geo

import "math"

// Look is a look around from one point at shape after shape: which of them
// hold it, and in what box about it that is true of all of them, because none
// of their outlines reaches into it. What they share is worked out once.
type Look struct {
	clearing
	seen bool // at and cos hold
	at   vec
	cos  float64 // of the latitude
}

// LookFrom begins a look from a point, in a box about it within ±180 and ±90.
func LookFrom(p Point, room Box) Look {
	return Look{clearing: clearing{x: p[0], y: p[1], box: room, margin: sliver, worth: Sides{1, 1, 1, 1}}}
}

// Room is what is left of the box: its points, ends included, have the answers
// of the point that the look is from. ok is false if nothing is left.
func (l *Look) Room() (room Box, ok bool) { return l.room() }

// At reports whether a shape holds the point, as Contains does, and cuts the
// room to where its outline does not reach.
func (l *Look) At(s *Prepared) (inside bool) {
	switch {
	case s.area != nil:
		return l.atArea(s)
	case s.circle != nil:
		if inside, sure := l.shunDisc(s.circle.centre[0], s.circle.centre[1], &s.circle.disc); sure {
			return inside
		}
		l.see()
		l.keep(s.circle.slack(l.at))
		return s.Contains(Point{l.x, l.y})
	case s.corridor != nil:
		l.see()
		l.keep(s.corridor.slack(l.at))
		return s.Contains(Point{l.x, l.y})
	}
	return false
}

// see works out where in space the point is.
func (l *Look) see() {
	if !l.seen {
		l.seen, l.at, l.cos = true, onEarth(Point{l.x, l.y}), math.Cos(l.y*radian)
	}
}

// keep cuts the room to a square about the point that is half as wide and high
// as what one may move in any direction allows.
func (l *Look) keep(slack float64) {
	half := math.Abs(slack) / (math.Sqrt2 * longestDegree) * (1 - 1e-9) // degrees of latitude
	if !(half > 2*l.margin) {
		l.Blind()
	}
	if l.tight {
		return
	}
	// No parallel of the square is longer than this one and the way to it.
	wide := half / (l.cos + half*radian)
	l.box.Min = Point{max(l.box.Min[0], l.x-wide), max(l.box.Min[1], l.y-half)}
	l.box.Max = Point{min(l.box.Max[0], l.x+wide), min(l.box.Max[1], l.y+half)}
}

func (l *Look) atArea(s *Prepared) (inside bool) {
	if len(s.area.seams) > 0 || s.box.Max[0]-s.box.Min[0] >= 360 {
		l.Blind()
		return s.Contains(Point{l.x, l.y})
	}
	turn := 0.0
	switch {
	case l.x > s.box.Max[0] && l.x-360 >= s.box.Min[0]:
		turn = -360
	case l.x < s.box.Min[0] && l.x+360 <= s.box.Max[0]:
		turn = 360
	}
	if turn == 0 && s.box.Min[0] > -180 && s.box.Max[0] < 180 {
		return l.atEdges(s.area)
	}
	// Of the shape a turn away, nothing is seen from here: stay on this side.
	l.box.Min[0] = max(l.box.Min[0], s.box.Max[0]-360-turn)
	l.box.Max[0] = min(l.box.Max[0], s.box.Min[0]+360-turn)
	turned := LookFrom(Point{l.x + turn, l.y}, l.box)
	turned.worth = l.worth
	turned.box.Min[0] += turn
	turned.box.Max[0] += turn
	if _, ok := turned.Room(); !ok || l.tight {
		turned.Blind()
	}
	inside = turned.atEdges(s.area)
	room, ok := turned.Room()
	if !ok {
		l.Blind()
		return inside
	}
	l.box.Min, l.box.Max = Point{room.Min[0] - turn, room.Min[1]}, Point{room.Max[0] - turn, room.Max[1]}
	return inside
}

func (l *Look) atEdges(a *area) (inside bool) {
	if len(a.starts) > 0 {
		in, on := a.locate(l.x, l.y)
		l.atStripes(a)
		return in || on
	}
	odd, start := false, int32(0)
	for _, end := range a.ends {
		crossed, on := l.along(a.points[start:end])
		if on {
			return true
		}
		odd, start = odd != crossed, end
	}
	return odd
}

// along looks along a line: whether a ray to the east crosses it an odd number
// of times, and whether the point lies on it. Edges off to one side of the
// room do not cut it, and only those in the east can be crossed.
func (l *Look) along(line []Point) (odd, on bool) {
	if len(line) == 0 {
		return false, false
	}
	x, y := l.x, l.y
	p := &line[0]
	for i := 1; i < len(line); i++ {
		q := &line[i]
		switch r := &l.box; {
		case p[0] < r.Min[0] && q[0] < r.Min[0], p[1] < r.Min[1] && q[1] < r.Min[1], p[1] > r.Max[1] && q[1] > r.Max[1]:
		case p[0] > r.Max[0] && q[0] > r.Max[0]:
			odd = odd != ((p[1] > y) != (q[1] > y))
		default:
			crossed, on := cross(p[0], p[1], q[0], q[1], x, y)
			if on {
				l.Blind()
				return false, true
			}
			odd = odd != crossed
			l.avoid(p, q)
		}
		p = q
	}
	return odd, false
}

// maxFreeStripes is how many stripes above or below a point are looked at.
const maxFreeStripes = 24

// atStripes cuts the room to where no edge reaches, nearest stripes first.
func (l *Look) atStripes(a *area) {
	if l.tight {
		return
	}
	own := a.stripeOf(l.y)
	a.limit(own-maxFreeStripes, own+maxFreeStripes, &l.box)
	for k := own; k <= a.stripeOf(l.box.Max[1]) && !l.tight; k++ {
		l.atStripe(a, k)
	}
	for k := own - 1; k >= a.stripeOf(l.box.Min[1]) && !l.tight; k-- {
		l.atStripe(a, k)
	}
}

func (l *Look) atStripe(a *area, k int) {
	for _, i := range a.list[a.starts[k]:a.starts[k+1]] {
		l.avoid(&a.points[i], &a.points[i+1])
	}
}

// limit cuts room to stripes, if there are others beyond them.
func (a *area) limit(first, last int, room *Box) {
	if first > 0 {
		room.Min[1] = max(room.Min[1], a.low+float64(first+1)/a.perDegree)
	}
	if last < len(a.starts)-2 {
		room.Max[1] = min(room.Max[1], a.low+float64(last)/a.perDegree)
	}
}

// avoid cuts the edge from p to q off the room.
func (l *Look) avoid(p, q *Point) {
	if l.tight {
		return
	}
	if _, ok := l.shunEdge(p[0], p[1], q[0], q[1]); !ok {
		l.Blind()
	}
}
