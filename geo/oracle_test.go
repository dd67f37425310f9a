package geo

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

// exactlyWithin tells whether an area holds a point in arithmetic without
// rounding, on another way than the engine's: along the meridian to the north
// pole. Edges go the short way round. Each one crossed turns outside into
// inside; the north pole itself is inside if a ring in the north goes round it.
// A point on an edge is inside.
func exactlyWithin(area MultiPolygon, p Point) bool {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	odd := false
	for _, poly := range area {
		for _, ring := range poly {
			turns := new(big.Rat)
			for i := 1; i < len(ring); i++ {
				d := new(big.Rat).Sub(rat(ring[i][0]), rat(ring[i-1][0]))
				for d.Cmp(rat(180)) > 0 {
					d.Sub(d, rat(360))
				}
				for d.Cmp(rat(-180)) < 0 {
					d.Add(d, rat(360))
				}
				turns.Add(turns, d)
				// From the edge's start, the point lies s degrees east: at the
				// turn that brings it beside the edge.
				for _, turn := range []float64{-720, -360, 0, 360, 720} {
					if math.Abs(p[0]-ring[i-1][0]+turn) > 181 {
						continue // no edge is that long
					}
					s := new(big.Rat).Sub(rat(p[0]), rat(ring[i-1][0]))
					s.Add(s, rat(turn))
					north, on := crossesMeridian(s, d, rat(ring[i-1][1]), rat(ring[i][1]), rat(p[1]))
					if on {
						return true
					}
					odd = odd != north
				}
			}
			if turns.Sign() != 0 && slices.MaxFunc(ring, func(a, b Point) int { return sign(math.Abs(a[1]) - math.Abs(b[1])) })[1] > 0 {
				odd = !odd
			}
		}
	}
	return odd
}

// crossesMeridian tells whether an edge from (0, y1) to (d, y2) crosses the
// meridian at s north of y, and whether (s, y) is on it. Of an edge's ends the
// western one counts.
func crossesMeridian(s, d, y1, y2, y *big.Rat) (north, on bool) {
	west, east := new(big.Rat), d
	if d.Sign() < 0 {
		west, east = d, new(big.Rat)
	}
	if s.Cmp(west) < 0 || s.Cmp(east) > 0 {
		return false, false
	}
	if d.Sign() == 0 {
		low, high := y1, y2
		if y1.Cmp(y2) > 0 {
			low, high = y2, y1
		}
		return false, y.Cmp(low) >= 0 && y.Cmp(high) <= 0
	}
	at := new(big.Rat).Quo(s, d)
	at.Mul(at, new(big.Rat).Sub(y2, y1))
	at.Add(at, y1)
	side := at.Cmp(y)
	return side > 0 && s.Cmp(east) < 0, side == 0
}

// someArea is a valid area somewhere on the earth, over ±180 and round poles
// too, of points on the grid on which fixes lie or on a coarser one.
func someArea(rng *rand.Rand) MultiPolygon {
	for {
		centre := Point{rng.Float64()*360 - 180, rng.Float64()*150 - 75}
		size := math.Pow(10, rng.Float64()*4-3)
		if rng.IntN(2) == 0 {
			centre[0] = 180 + size*(rng.Float64()-0.5)
		}
		var area MultiPolygon
		switch rng.IntN(4) {
		case 0:
			area = MultiPolygon{{star(rng, centre, 3+rng.IntN(9), size)}}
		case 1: // a hole and an island
			area = MultiPolygon{
				{island(rng, centre, 20+rng.IntN(60), size), star(rng, centre, 3+rng.IntN(9), size/4)},
				{star(rng, Point{centre[0] + 3*size, centre[1]}, 3+rng.IntN(9), size)},
			}
		case 2: // round a pole, with a hole and an island
			pole := float64(1 - 2*rng.IntN(2))
			var ring Ring
			for lon := -180 + rng.Float64(); lon < 180; lon += 5 + rng.Float64()*50 {
				ring = append(ring, Point{lon, pole * (70 + rng.Float64()*8)})
			}
			lon := rng.Float64()*360 - 180
			area = MultiPolygon{{append(ring, ring[0]), star(rng, Point{lon, pole * 84}, 5, 4)}, {star(rng, Point{lon, pole * 60}, 5, 4)}}
		case 3: // a staircase, for level and upright edges
			step := size / 8
			area = MultiPolygon{{{
				{centre[0], centre[1]}, {centre[0] + 3*step, centre[1]}, {centre[0] + 3*step, centre[1] + step}, {centre[0] + 2*step, centre[1] + step},
				{centre[0] + 2*step, centre[1] + 2*step}, {centre[0], centre[1] + 2*step}, {centre[0], centre[1]},
			}}}
		}
		grid := 1e-7
		if rng.IntN(2) == 0 {
			grid = 1.0 / 1024
		}
		for _, poly := range area {
			for _, ring := range poly {
				onGrid(ring, grid)
				for i := range ring {
					ring[i][0] = wrap(ring[i][0])
				}
			}
		}
		s := Shape{Kind: Area, Area: area}
		if s.Validate() == nil {
			return area
		}
	}
}

// placeBy is a point that is hard to judge: a corner, on an edge or next to
// one, level with a corner, or anywhere near.
func placeBy(rng *rand.Rand, area MultiPolygon) Point {
	poly := area[rng.IntN(len(area))]
	ring := poly[rng.IntN(len(poly))]
	i := 1 + rng.IntN(len(ring)-1)
	a, b := ring[i-1], ring[i]
	p := Between(a, b, []float64{0, 1, 0.5, 0.25, rng.Float64()}[rng.IntN(5)])
	switch rng.IntN(5) {
	case 0: // on a corner, or on an edge as near as doubles say it
	case 1: // on the grid of fixes
		p = Point{math.Round(p[0]*1e7) / 1e7, math.Round(p[1]*1e7) / 1e7}
	case 2:
		p[rng.IntN(2)] += 1e-7 * float64(1-2*rng.IntN(2))
	case 3: // level with a corner
		p = Point{p[0] + (rng.Float64()-0.5)*3*(1e-3+math.Abs(b[1]-a[1])), ring[rng.IntN(len(ring))][1]}
	case 4:
		p = Point{p[0] + (rng.Float64() - 0.5), p[1] + (rng.Float64() - 0.5)}
	}
	if p[0] = wrap(p[0]); rng.IntN(20) == 0 {
		p[0] = []float64{-180, 180}[rng.IntN(2)]
	}
	p[1] = min(90, max(-90, p[1]))
	return p
}

// doubted is a point that is within a rounding of an edge: bringing a western
// longitude beyond 180 may cost its last bit, 3e-14° or 3 nm.
func doubted(area MultiPolygon, p Point) bool {
	const ulp = 6e-14
	for _, poly := range area {
		for _, ring := range poly {
			for _, q := range ring {
				if math.Abs(q[0]-p[0]) < ulp && math.Abs(q[1]-p[1]) < ulp && q != p {
					return true
				}
			}
		}
	}
	holds := exactlyWithin(area, p)
	for _, d := range []Point{{ulp, 0}, {-ulp, 0}, {0, ulp}, {0, -ulp}} {
		if exactlyWithin(area, Point{p[0] + d[0], p[1] + d[1]}) != holds {
			return true
		}
	}
	return false
}

func TestContainsEqualsExactOracleAnywhere(t *testing.T) {
	rng := seeded(t)
	var in, out, doubts int
	for range 80 {
		area := someArea(rng)
		p := prepareValid(t, area)
		for range 40 {
			at := placeBy(rng, area)
			got, want := p.Contains(at), exactlyWithin(area, at)
			switch {
			case got != want && doubted(area, at):
				doubts++
			case got != want:
				t.Fatalf("Contains(%v) is %v, want %v, in %v", at, got, want, area)
			case got:
				in++
				if !inABox(p, at) {
					t.Fatalf("%v is held and in no box of %v", at, area)
				}
			default:
				out++
			}
			if d := p.EdgeDistance(at); d < 0 != got && math.Abs(d) > 1e-6 {
				t.Fatalf("EdgeDistance(%v) is %v, inside %v, in %v", at, d, got, area)
			}
		}
	}
	if in < 500 || out < 500 || doubts > (in+out)/100 {
		t.Errorf("%d in, %d out and %d in doubt say little", in, out, doubts)
	}
	t.Logf("%d in, %d out, %d in doubt", in, out, doubts)
}
