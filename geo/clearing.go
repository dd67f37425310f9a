package geo

import "math"

// clearing is a box about a point, from which outlines are cut off one after
// the other until none reaches into it.
type clearing struct {
	x, y   float64
	box    Box     // outlines may touch its sides
	margin float64 // what is nearer than this to the point is too close
	worth  Sides   // of a step of room on either side
	tight  bool    // nothing is to be left but the point
}

// Sides are numbers for the four sides of a point.
type Sides struct{ West, East, South, North float64 }

// Worth says what a step of room is worth on either side, more than 0: who
// moves to the east soon comes to the end of what lies there. An outline may
// be cut off on more than one side; it is where that leaves the most.
func (l *clearing) Worth(s Sides) { l.worth = s }

// Blind asks for no room.
func (l *clearing) Blind() {
	l.tight = true
	l.box = Box{Min: Point{l.x - 2*l.margin, l.y - 2*l.margin}, Max: Point{l.x + 2*l.margin, l.y + 2*l.margin}}
}

// room is what is left of the box, a margin from its sides.
func (l *clearing) room() (room Box, ok bool) {
	room = Box{
		Min: Point{l.box.Min[0] + l.margin, l.box.Min[1] + l.margin},
		Max: Point{l.box.Max[0] - l.margin, l.box.Max[1] - l.margin},
	}
	return room, !l.tight && room.Min[0] < l.x && l.x < room.Max[0] && room.Min[1] < l.y && l.y < room.Max[1]
}

// shun cuts off what lies in a box and, at the same time, where nx*x + ny*y is
// no more than at the point, less c (no less, if c is negative): an edge, say,
// and its line, or a circle and its tangent. It is cut off on the side that
// leaves the point the most. ok is false if it comes too close.
func (l *clearing) shun(west, east, south, north, nx, ny, c float64) (ok bool) {
	box, x, y := &l.box, l.x, l.y
	if west > box.Max[0] || east < box.Min[0] || south > box.Max[1] || north < box.Min[1] {
		return true
	}
	// How far the box is off on either axis, ...
	gapX, worthX := west-x, l.worth.East
	if v := x - east; v > gapX {
		gapX, worthX = v, l.worth.West
	}
	gapY, worthY := south-y, l.worth.North
	if v := y - north; v > gapY {
		gapY, worthY = v, l.worth.South
	}
	// ... and the corner on the line, both ways to which are worth the same.
	toWest, toSouth := (nx > 0) == (c > 0), (ny > 0) == (c > 0)
	sideX, sideY := l.worth.East, l.worth.North
	if toWest {
		sideX = l.worth.West
	}
	if toSouth {
		sideY = l.worth.South
	}
	share := math.Abs(c) / (math.Abs(nx)*sideY + math.Abs(ny)*sideX)
	bothX, bothY := share*sideY, share*sideX
	inX, inY, inBoth := 0.0, 0.0, 0.0
	if gapX > l.margin {
		inX = gapX * worthX
	}
	if gapY > l.margin {
		inY = gapY * worthY
	}
	if min(bothX, bothY) > l.margin {
		inBoth = bothX * sideX
	}
	switch {
	case inX <= 0 && inY <= 0 && inBoth <= 0:
		return false
	case l.tight:
	case inX >= inY && inX >= inBoth:
		if west > x {
			box.Max[0] = min(box.Max[0], west)
		} else {
			box.Min[0] = max(box.Min[0], east)
		}
	case inY >= inBoth:
		if south > y {
			box.Max[1] = min(box.Max[1], south)
		} else {
			box.Min[1] = max(box.Min[1], north)
		}
	default:
		if toWest {
			box.Min[0] = max(box.Min[0], x-bothX)
		} else {
			box.Max[0] = min(box.Max[0], x+bothX)
		}
		if toSouth {
			box.Min[1] = max(box.Min[1], y-bothY)
		} else {
			box.Max[1] = min(box.Max[1], y+bothY)
		}
	}
	return true
}

// shunEdge cuts off the edge from p to q. right is positive if the point lies
// to the right of it, and negative to the left.
func (l *clearing) shunEdge(px, py, qx, qy float64) (right float64, ok bool) {
	nx, ny := qy-py, px-qx
	right = nx*(l.x-px) + ny*(l.y-py)
	return right, l.shun(min(px, qx), max(px, qx), min(py, qy), max(py, qy), nx, ny, right)
}

// shunDisc looks at a circle with its centre at (x, y). It is sure of what
// lies nearer than the inner radius or further than the outer one.
func (l *clearing) shunDisc(x, y float64, d *disc) (inside, sure bool) {
	if d.outer == 0 {
		return false, false
	}
	dx, dy := l.x-x, l.y-y
	if u := dx * d.narrow; u*u+dy*dy > d.outer*d.outer {
		away := math.Sqrt(u*u + dy*dy)
		wide := d.outer / d.narrow
		if !l.tight && !l.shun(x-wide, x+wide, y-d.outer, y+d.outer, u*d.narrow/away, dy/away, away-d.outer) {
			l.Blind()
		}
		return false, true
	}
	u, r := dx*d.wide, d.inner
	left := (r*r*(1-1e-9) - u*u - dy*dy) / 2
	switch {
	case !(left > 0) || !(r > 0):
		return false, false
	case l.tight:
		return true, true
	}
	// Within the circle lies a rectangle about its centre. What the point leaves
	// of the radius goes to either axis.
	halfX, halfY := math.Sqrt(u*u+left)/d.wide, math.Sqrt(dy*dy+left)
	if halfX-math.Abs(dx) <= l.margin || halfY-math.Abs(dy) <= l.margin {
		l.Blind()
		return true, true
	}
	l.box.Min = Point{max(l.box.Min[0], x-halfX), max(l.box.Min[1], y-halfY)}
	l.box.Max = Point{min(l.box.Max[0], x+halfX), min(l.box.Max[1], y+halfY)}
	return true, true
}
