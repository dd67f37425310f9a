package geo

import "math"

// Look is a look around from one point at shape after shape: which of them
// hold it, and in what box about it that is true of all of them, because none
// of their outlines reaches into it. What they share is worked out once.
type Look struct {
	x, y  float64
	room  Box  // about the point; only the point, if ...
	tight bool // ... an outline is too close, or too long to be sure
	seen  bool // at and cos hold
	at    vec
	cos   float64 // of the latitude
	worth Sides   // of a degree of room on either side
}

// Sides are numbers for the four sides of a point.
type Sides struct{ West, East, South, North float64 }

// LookFrom begins a look from a point, in a box about it within ±180 and ±90.
func LookFrom(p Point, room Box) Look {
	return Look{x: p[0], y: p[1], room: room, worth: Sides{1, 1, 1, 1}}
}

// Worth says what a degree of room is worth on either side, more than 0: who
// moves to the east soon comes to the end of what lies there. An outline may
// be cut off on more than one side; it is where that leaves the most.
func (l *Look) Worth(s Sides) { l.worth = s }

// Room is what is left of the box: its points, ends included, have the answers
// of the point that the look is from. ok is false if nothing is left.
func (l *Look) Room() (room Box, ok bool) {
	ok = !l.tight && l.room.Min[0] < l.x && l.x < l.room.Max[0] && l.room.Min[1] < l.y && l.y < l.room.Max[1]
	return l.room, ok
}

// Blind is a look that asks for no room.
func (l *Look) Blind() {
	l.tight, l.room = true, Box{Min: Point{l.x, l.y}, Max: Point{l.x, l.y}}
}

// At reports whether a shape holds the point, as Contains does, and cuts the
// room to where its outline does not reach.
func (l *Look) At(s *Prepared) (inside bool) {
	switch {
	case s.area != nil:
		return l.atArea(s)
	case s.circle != nil:
		l.see()
		c := s.circle
		d := l.at.minus(c.at)
		inside, sure := l.atRound(math.Sqrt(d.dot(d)), c.centre, c.in, c.out, c.wide)
		if !sure {
			return s.Contains(Point{l.x, l.y})
		}
		return inside
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

// atRound looks at a circle whose centre is so far off in a straight line. It
// is sure of what lies nearer than in or further than out.
func (l *Look) atRound(away float64, centre Point, in, out, wide float64) (inside, sure bool) {
	switch {
	case away > out:
		l.keep(away - out)
		return false, true
	case away >= in:
		l.Blind()
		return false, false
	case l.tight:
		return true, true
	}
	// Within the circle lies a rectangle about its centre. Its corners are no
	// further away than the way to them straight across the map, whose steps are
	// no longer than the longest degrees. What the point leaves of the radius
	// goes to either axis.
	dx, dy := (l.x-centre[0])*wide, l.y-centre[1]
	r := in / longestDegree
	left := (r*r*(1-1e-9) - dx*dx - dy*dy) / 2
	if !(left > 4*sliver*r) {
		l.keep(in - away)
		return true, true
	}
	halfX, halfY := math.Sqrt(dx*dx+left)/wide-sliver, math.Sqrt(dy*dy+left)-sliver
	l.room.Min = Point{max(l.room.Min[0], centre[0]-halfX), max(l.room.Min[1], centre[1]-halfY)}
	l.room.Max = Point{min(l.room.Max[0], centre[0]+halfX), min(l.room.Max[1], centre[1]+halfY)}
	return true, true
}

// keep cuts the room to a square about the point that is half as wide and high
// as what one may move in any direction allows.
func (l *Look) keep(slack float64) {
	half := math.Abs(slack) / (math.Sqrt2 * longestDegree) * (1 - 1e-9) // degrees of latitude
	if !(half > sliver) {
		l.Blind()
	}
	if l.tight {
		return
	}
	// No parallel of the square is longer than this one and the way to it.
	wide := half / (l.cos + half*radian)
	l.room.Min = Point{max(l.room.Min[0], l.x-wide), max(l.room.Min[1], l.y-half)}
	l.room.Max = Point{min(l.room.Max[0], l.x+wide), min(l.room.Max[1], l.y+half)}
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
	l.room.Min[0] = max(l.room.Min[0], s.box.Max[0]-360-turn+sliver)
	l.room.Max[0] = min(l.room.Max[0], s.box.Min[0]+360-turn-sliver)
	turned := LookFrom(Point{l.x + turn, l.y}, l.room)
	turned.worth = l.worth
	turned.room.Min[0] += turn
	turned.room.Max[0] += turn
	if _, ok := turned.Room(); !ok || l.tight {
		turned.Blind()
	}
	inside = turned.atEdges(s.area)
	room, ok := turned.Room()
	if !ok {
		l.Blind()
		return inside
	}
	l.room.Min, l.room.Max = Point{room.Min[0] - turn, room.Min[1]}, Point{room.Max[0] - turn, room.Max[1]}
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
		switch r := &l.room; {
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
			l.shun(p, q)
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
	a.limit(own-maxFreeStripes, own+maxFreeStripes, &l.room)
	for k := own; k <= a.stripeOf(l.room.Max[1]) && !l.tight; k++ {
		l.atStripe(a, k)
	}
	for k := own - 1; k >= a.stripeOf(l.room.Min[1]) && !l.tight; k-- {
		l.atStripe(a, k)
	}
}

func (l *Look) atStripe(a *area, k int) {
	for _, i := range a.list[a.starts[k]:a.starts[k+1]] {
		l.shun(&a.points[i], &a.points[i+1])
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

// shun cuts the edge from p to q off the room, on the side that leaves the
// point the most.
func (l *Look) shun(p, q *Point) {
	if l.tight {
		return
	}
	room, x, y := &l.room, l.x, l.y
	px, py, qx, qy := p[0], p[1], q[0], q[1]
	west, east := min(px, qx), max(px, qx)
	south, north := min(py, qy), max(py, qy)
	if west > room.Max[0] || east < room.Min[0] || south > room.Max[1] || north < room.Min[1] {
		return
	}
	// How far the edge's box is off on either axis, and the edge's line in both.
	gapX, worthX := west-x, l.worth.East
	if v := x - east; v > gapX {
		gapX, worthX = v, l.worth.West
	}
	gapY, worthY := south-y, l.worth.North
	if v := y - north; v > gapY {
		gapY, worthY = v, l.worth.South
	}
	nx, ny := qy-py, px-qx
	c := nx*(x-px) + ny*(y-py)
	both := math.Abs(c)/(math.Abs(nx)+math.Abs(ny)) - sliver
	toWest, toSouth := (nx > 0) == (c > 0), (ny > 0) == (c > 0)
	worthBoth := l.worth.East
	if toWest {
		worthBoth = l.worth.West
	}
	if toSouth {
		worthBoth = min(worthBoth, l.worth.South)
	} else {
		worthBoth = min(worthBoth, l.worth.North)
	}
	inX, inY, inBoth := (gapX-sliver)*worthX, (gapY-sliver)*worthY, both*worthBoth
	switch {
	case !(inX > 0) && !(inY > 0) && !(inBoth > 0):
		l.Blind()
	case !(inBoth > max(inX, inY)) && inX >= inY: // also for an edge of no length
		if west > x {
			room.Max[0] = min(room.Max[0], west-sliver)
		} else {
			room.Min[0] = max(room.Min[0], east+sliver)
		}
	case !(inBoth > max(inX, inY)):
		if south > y {
			room.Max[1] = min(room.Max[1], south-sliver)
		} else {
			room.Min[1] = max(room.Min[1], north+sliver)
		}
	default:
		// The corner of the room that is nearest to the line stays on this side.
		if toWest {
			room.Min[0] = max(room.Min[0], x-both)
		} else {
			room.Max[0] = min(room.Max[0], x+both)
		}
		if toSouth {
			room.Min[1] = max(room.Min[1], y-both)
		} else {
			room.Max[1] = min(room.Max[1], y+both)
		}
	}
}
