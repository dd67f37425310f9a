package geo

import "math"

// stripesFrom is the number of edges above which an area gets stripes.
const stripesFrom = 48

// area is a prepared multipolygon. The edges of all its rings lie in one list;
// a point is inside if it is on an edge, or if a ray to the east crosses an odd
// number of edges, which holds for holes and parts alike, as none overlap.
type area struct {
	points []Point // lines, one after the other: rings, less their seams
	ends   []int32 // the index behind each line's last point

	// Seams are stretches of meridians along which the shape was cut, at ±180
	// or above a ring round a pole. They are crossed by rays as edges are, but
	// are no part of the outline.
	seams []seam

	// Stripes cut the height into equal bands and list the edges that touch
	// each: edge i runs from point i to i+1. Empty for few edges.
	low, perDegree float64
	starts         []int32 // stripe k's edges are list[starts[k]:starts[k+1]]
	list           []int32
}

func prepareArea(polys [][]flatRing, box Box) *Prepared {
	var rings []Ring
	var seams []seam
	n := 0
	for _, poly := range polys {
		for _, ring := range poly {
			n += len(ring.points)
			if ring.closure == 0 {
				rings = append(rings, ring.points)
				continue
			}
			// Up to the pole and back is a seam; the pole itself is inside.
			open := len(ring.points) - ring.closure
			rings = append(rings, ring.points[:open], ring.points[open:open+2])
			up, back := ring.points[open-1], ring.points[open+1]
			low, high := min(up[1], back[1]), max(up[1], back[1])
			seams = append(seams, seam{up[0], low, high}, seam{back[0], low, high})
		}
	}
	out := areaOf(n, box)
	a := out.area
	cuts := cutsOf(rings)
	a.seams = append(seams, seamsOf(cuts)...)
	for _, ring := range rings {
		a.draw(ring, cuts)
	}
	if n > stripesFrom {
		a.stripe(box, n)
	}
	return out
}

// draw adds a ring's edges but for what was cut.
func (a *area) draw(ring Ring, cuts []cut) {
	for i, p := range ring {
		if i > 0 && len(cuts) > 0 && ring[i-1][0] == p[0] && at180(p[0]) {
			if left, found := outline(cuts, ring[i-1], p); found {
				a.end()
				for _, s := range left {
					a.add(Point{s.x, s.low})
					a.add(Point{s.x, s.high})
					a.end()
				}
			}
		}
		a.add(p)
	}
	a.end()
}

func (a *area) add(p Point) { a.points = append(a.points, p) }

// end ends a line; a line of one point is none.
func (a *area) end() {
	start := 0
	if len(a.ends) > 0 {
		start = int(a.ends[len(a.ends)-1])
	}
	if len(a.points)-start < 2 {
		a.points = a.points[:start]
		return
	}
	a.ends = append(a.ends, int32(len(a.points)))
}

// stripe lists the edges by stripe, counting first, so that nothing grows.
func (a *area) stripe(box Box, edges int) {
	stripes := min(edges/2, 1<<14)
	a.low = box.Min[1]
	a.perDegree = float64(stripes) / (box.Max[1] - box.Min[1])
	if math.IsInf(a.perDegree, 0) || math.IsNaN(a.perDegree) {
		return
	}
	a.starts = make([]int32, stripes+1)
	a.eachEdge(func(i int32) {
		from, to := a.reach(i)
		for k := from; k <= to; k++ {
			a.starts[k+1]++
		}
	})
	for k := range stripes {
		a.starts[k+1] += a.starts[k]
	}
	a.list = make([]int32, a.starts[stripes])
	next := append([]int32(nil), a.starts[:stripes]...)
	a.eachEdge(func(i int32) {
		from, to := a.reach(i)
		for k := from; k <= to; k++ {
			a.list[next[k]] = i
			next[k]++
		}
	})
}

func (a *area) eachEdge(visit func(i int32)) {
	start := int32(0)
	for _, end := range a.ends {
		for i := start; i+1 < end; i++ {
			visit(i)
		}
		start = end
	}
}

func (a *area) reach(i int32) (from, to int) {
	y, z := a.points[i][1], a.points[i+1][1]
	return a.stripeOf(min(y, z)), a.stripeOf(max(y, z))
}

// stripeOf is the stripe that holds a latitude. It never falls as y rises, so
// an edge that holds a latitude is in that latitude's stripe.
func (a *area) stripeOf(y float64) int {
	return max(0, min(int(float64((y-a.low)*a.perDegree)), len(a.starts)-2))
}

// side tells where a point lies: 1 inside, -1 outside, 0 on an edge. It asks at
// every turn at which the point is in the box, as parts and holes may have been
// laid out a turn from each other.
func (a *area) side(p Point, box *Box) int {
	x := p[0]
	for x >= box.Min[0]+360 {
		x -= 360
	}
	for x < box.Min[0] {
		x += 360
	}
	odd := false
	for ; x <= box.Max[0]; x += 360 {
		in, on := a.locate(x, p[1])
		if on {
			return 0
		}
		odd = odd != in
	}
	if odd {
		return 1
	}
	return -1
}

// locate reports whether a point of the box lies inside, or on an edge.
func (a *area) locate(x, y float64) (in, on bool) {
	odd := false
	for i := range a.seams {
		if s := &a.seams[i]; s.x > x && s.low <= y && y < s.high {
			odd = !odd
		}
	}
	if len(a.starts) > 0 {
		k := a.stripeOf(y)
		for _, i := range a.list[a.starts[k]:a.starts[k+1]] {
			crossed, on := cross(a.points[i][0], a.points[i][1], a.points[i+1][0], a.points[i+1][1], x, y)
			if on {
				return false, true
			}
			odd = odd != crossed
		}
		return odd, false
	}
	start := int32(0)
	for _, end := range a.ends {
		line := a.points[start:end]
		start = end
		if len(line) == 0 {
			continue
		}
		p := line[0]
		for _, q := range line[1:] {
			if (p[1] < y && q[1] < y) || (p[1] > y && q[1] > y) || (p[0] < x && q[0] < x) {
				p = q
				continue
			}
			crossed, on := cross(p[0], p[1], q[0], q[1], x, y)
			if on {
				return false, true
			}
			odd = odd != crossed
			p = q
		}
	}
	return odd, false
}

// cross tells whether a ray from (x, y) to the east crosses the edge from p to
// q, and whether the point lies on the edge. An end on the ray counts as
// below it.
func cross(px, py, qx, qy, x, y float64) (crossed, on bool) {
	if (py > y) == (qy > y) {
		// No crossing; on it only at an end or along a level edge.
		if py == y {
			if px == x || qy == y && (px < x) != (qx < x) {
				return false, true
			}
		}
		return false, qy == y && qx == x
	}
	if px > x && qx > x {
		return true, false
	}
	if px < x && qx < x {
		return false, false
	}
	side := orient(px, py, qx, qy, x, y)
	if side == 0 {
		return false, true
	}
	return (side > 0) == (qy > py), false
}
