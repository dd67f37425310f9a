package geo

import "math"

// wrap brings a longitude into [-180, 180]; one that is within two turns.
func wrap(lon float64) float64 {
	for range 2 {
		switch {
		case lon > 180:
			lon -= 360
		case lon < -180:
			lon += 360
		}
	}
	return lon
}

// unroll copies a line so that each edge goes the short way round, and the
// longitudes run on past ±180. turns is how much further east the last point
// is than it would be had nothing been moved, in degrees: 0 for a closed ring
// that goes round no pole.
//
// literal takes edges along a pole, and those of exactly a whole turn (from
// -180 to 180, as the top of a band round the earth has it), as they stand.
func unroll(line []Point, literal bool) (out []Point, turns float64) {
	out = make([]Point, len(line))
	for i, p := range line {
		if i > 0 {
			before := line[i-1]
			d := p[0] - before[0]
			asItStands := literal && (math.Abs(d) == 360 || p[1] == before[1] && math.Abs(p[1]) == 90)
			switch {
			case asItStands:
			case d > 180:
				turns -= 360
			case d < -180:
				turns += 360
			}
		}
		out[i] = Point{p[0] + turns, p[1]}
	}
	return out, turns
}

// flatRing is a ring laid out in the plane.
type flatRing struct {
	points Ring

	// closure is how many of the last edges are none of the outline but close
	// a ring round a pole: up the meridian to the pole, along it, and back.
	closure int
}

// flatten lays a ring out. Every edge goes the short way round; where the ring
// does not close that way, edges along a pole or of a whole turn are taken as
// they stand (a cap or a band that was drawn as RFC 7946 has it), and else the
// ring goes round a pole, that of its hemisphere, and is closed along it.
func flatten(ring Ring) (flatRing, error) {
	out, turns := unroll(ring, false)
	if box := boxOf(out); turns != 0 || box.Min[0] == box.Max[0] {
		if cap, t := unroll(ring, true); t == 0 {
			out, turns = cap, 0
		}
	}
	box := boxOf(out)
	switch {
	case turns == 0:
		if box.Max[0]-box.Min[0] > 360 {
			return flatRing{}, fault(ring[0], RingTooWide)
		}
		return flatRing{points: out}, nil
	case math.Abs(turns) != 360 || box.Max[0]-box.Min[0] >= 720:
		return flatRing{}, fault(ring[0], RingTooWide)
	}
	pole := 90.0
	switch {
	case box.Min[1] >= 0 && box.Max[1] > 0:
	case box.Max[1] <= 0 && box.Min[1] < 0:
		pole = -90
	default:
		return flatRing{}, fault(ring[0], RingPole)
	}
	return closeAtPole(ring, pole), nil
}

// closeAtPole closes a ring round a pole, from its point next to the pole: no
// other of its points can lie on the way up.
func closeAtPole(ring Ring, pole float64) flatRing {
	nearest := 0
	for i, p := range ring {
		if math.Abs(p[1]) > math.Abs(ring[nearest][1]) {
			nearest = i
		}
	}
	rotated := append(append(Ring{}, ring[nearest:]...), ring[1:nearest+1]...)
	if nearest == 0 {
		rotated = ring
	}
	out, _ := unroll(rotated, false)
	first, last := out[0], out[len(out)-1]
	if first[1] == pole {
		return flatRing{points: append(out, first)} // along the pole, as it could have been written
	}
	out = append(out, Point{last[0], pole}, Point{first[0], pole}, first)
	return flatRing{points: out, closure: 3}
}

// unrollArea lays out every ring and moves the parts by whole turns to where
// they lie together: the parts of a shape that was cut at ±180 meet again.
// Holes follow their shell.
func unrollArea(area MultiPolygon) ([][]flatRing, error) {
	out := make([][]flatRing, len(area))
	for i, poly := range area {
		out[i] = make([]flatRing, len(poly))
		for j, ring := range poly {
			r, err := flatten(ring)
			if err != nil {
				return nil, err
			}
			if j > 0 && r.closure > 0 {
				return nil, fault(ring[0], HolePole)
			}
			out[i][j] = r
		}
		if len(poly) == 0 {
			continue
		}
		box := boxOf(out[i][0].points)
		home(out[i][0].points, &box)
		for _, hole := range out[i][1:] {
			follow(hole.points, box)
		}
	}
	gather(out)
	return out, nil
}

// boxOfArea is the box around laid out polygons.
func boxOfArea(area [][]flatRing) Box {
	box := boxOf(nil)
	for _, poly := range area {
		for _, ring := range poly { // holes too: one over the seam may stand out
			box = union(box, boxOf(ring.points))
		}
	}
	return box
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
func gather(area [][]flatRing) {
	west, east := math.Inf(1), math.Inf(-1)   // of all parts as they are
	west2, east2 := math.Inf(1), math.Inf(-1) // with those that begin west of Greenwich a turn further
	for _, poly := range area {
		if len(poly) == 0 {
			return
		}
		box := boxOf(poly[0].points)
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
		if boxOf(poly[0].points).Min[0] < 0 {
			for _, ring := range poly {
				move(ring.points, 360)
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
