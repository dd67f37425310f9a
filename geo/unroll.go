package geo

import "math"

// wrap brings a longitude into [-180, 180].
func wrap(lon float64) float64 {
	for lon > 180 {
		lon -= 360
	}
	for lon < -180 {
		lon += 360
	}
	return lon
}

// unroll copies a ring so that no edge is longer than 180° of longitude: each
// goes the short way round, and the longitudes run on past ±180. closed is
// false if the ring goes round a pole.
func unroll(ring []Point) (out []Point, closed bool) {
	out = make([]Point, len(ring))
	shift := 0.0
	for i, p := range ring {
		if i > 0 {
			switch d := p[0] - ring[i-1][0]; {
			case d > 180:
				shift -= 360
			case d < -180:
				shift += 360
			}
		}
		out[i] = Point{p[0] + shift, p[1]}
	}
	return out, shift == 0
}

// unrollArea unrolls every ring and moves the parts by whole turns to where
// they lie together: the parts of a shape that was cut at ±180 meet again.
// Holes follow their shell.
func unrollArea(area MultiPolygon) (MultiPolygon, error) {
	out := make(MultiPolygon, len(area))
	for i, poly := range area {
		out[i] = make(Polygon, len(poly))
		for j, ring := range poly {
			r, closed := unroll(ring)
			if !closed {
				return nil, fault(ring[0], RingPole)
			}
			out[i][j] = r
		}
		if len(poly) == 0 {
			continue
		}
		box := boxOf(out[i][0])
		home(out[i][0], &box)
		for _, hole := range out[i][1:] {
			follow(hole, box)
		}
	}
	gather(out)
	return out, nil
}

// home moves a ring by a whole turn so that its west end is in [-180, 180).
func home(ring []Point, box *Box) {
	turn := 0.0
	switch {
	case box.Min[0] < -180:
		turn = 360
	case box.Min[0] >= 180:
		turn = -360
	default:
		return
	}
	move(ring, turn)
	box.Min[0] += turn
	box.Max[0] += turn
}

// follow moves a hole by a whole turn if that brings it into its shell's box.
func follow(hole []Point, shell Box) {
	box := boxOf(hole)
	for _, turn := range []float64{0, 360, -360} {
		if box.Min[0]+turn >= shell.Min[0] && box.Max[0]+turn <= shell.Max[0] {
			move(hole, turn)
			return
		}
	}
}

// gather moves western parts by a turn where that makes the whole narrower.
func gather(area MultiPolygon) {
	west, east := math.Inf(1), math.Inf(-1)   // of all parts as they are
	west2, east2 := math.Inf(1), math.Inf(-1) // with those that begin west of Greenwich a turn further
	for _, poly := range area {
		if len(poly) == 0 {
			return
		}
		box := boxOf(poly[0])
		west, east = min(west, box.Min[0]), max(east, box.Max[0])
		if box.Min[0] < 0 {
			box.Min[0] += 360
			box.Max[0] += 360
		}
		west2, east2 = min(west2, box.Min[0]), max(east2, box.Max[0])
	}
	if east-west <= 180 || east2-west2 >= east-west || west2 >= 180 {
		return
	}
	for _, poly := range area {
		if boxOf(poly[0]).Min[0] < 0 {
			for _, ring := range poly {
				move(ring, 360)
			}
		}
	}
}

func move(ring []Point, turn float64) {
	if turn == 0 {
		return
	}
	for i := range ring {
		ring[i][0] += turn
	}
}

// boxOf is the box around points; an empty one if there are none.
func boxOf(points []Point) Box {
	b := Box{Min: Point{math.Inf(1), math.Inf(1)}, Max: Point{math.Inf(-1), math.Inf(-1)}}
	for _, p := range points {
		b.Min[0], b.Max[0] = min(b.Min[0], p[0]), max(b.Max[0], p[0])
		b.Min[1], b.Max[1] = min(b.Min[1], p[1]), max(b.Max[1], p[1])
	}
	return b
}

func union(a, b Box) Box {
	return Box{
		Min: Point{min(a.Min[0], b.Min[0]), min(a.Min[1], b.Min[1])},
		Max: Point{max(a.Max[0], b.Max[0]), max(a.Max[1], b.Max[1])},
	}
}
