package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// exactlyHolds is the even-odd rule in arithmetic without rounding; a point on
// an edge is inside.
func exactlyHolds(area MultiPolygon, p Point) bool {
	odd := false
	for _, poly := range area {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if a[1] > p[1] && b[1] > p[1] || a[1] < p[1] && b[1] < p[1] {
					continue
				}
				side := exactSide(a, b, p)
				if side == 0 && overlap(boxOf([]Point{a, b}), Box{Min: p, Max: p}) {
					return true
				}
				if (a[1] > p[1]) != (b[1] > p[1]) {
					odd = odd != ((side > 0) == (b[1] > a[1]))
				}
			}
		}
	}
	return odd
}

// star is a ring about a centre whose corners lie at random distances.
func star(rng *rand.Rand, centre Point, corners int, size float64) Ring {
	ring := make(Ring, 0, corners+1)
	for i := range corners {
		a := 2 * math.Pi * float64(i) / float64(corners)
		r := size * (0.3 + 0.7*rng.Float64())
		ring = append(ring, Point{centre[0] + r*math.Cos(a), centre[1] + r*math.Sin(a)})
	}
	return append(ring, ring[0])
}

// onGrid rounds to a coarse grid, so that corners, level edges and points on
// edges become frequent.
func onGrid(ring Ring, step float64) Ring {
	for i := range ring {
		ring[i] = Point{math.Round(ring[i][0]/step) * step, math.Round(ring[i][1]/step) * step}
	}
	return ring
}

func TestContainsEqualsExactOracle(t *testing.T) {
	rng := seeded(t)
	checked := 0
	for range 80 {
		corners := 3 + rng.IntN(12)
		if rng.IntN(3) == 0 {
			corners = 50 + rng.IntN(60)
		}
		centre := Point{rng.Float64()*300 - 150, rng.Float64()*120 - 60}
		ring := star(rng, centre, corners, 1)
		if rng.IntN(2) == 0 {
			ring = onGrid(ring, 0.25)
		}
		s := Shape{Kind: Area, Area: MultiPolygon{{ring, star(rng, centre, 5, 0.2)}}}
		p, err := Prepare(&s)
		if err != nil {
			continue // rounding left too few corners
		}
		for range 80 {
			at := Point{centre[0] + rng.Float64()*2.4 - 1.2, centre[1] + rng.Float64()*2.4 - 1.2}
			switch rng.IntN(4) {
			case 0:
				at = onGrid(Ring{at}, 0.25)[0]
			case 1:
				at = ring[rng.IntN(len(ring))]
			case 2: // level with a corner
				at[1] = ring[rng.IntN(len(ring))][1]
			}
			checked++
			if got, want := p.Contains(at), exactlyHolds(s.Area, at); got != want {
				t.Fatalf("Contains(%v) is %v, want %v, in %v", at, got, want, s.Area)
			}
		}
	}
	if checked < 3_000 {
		t.Errorf("only %d points checked", checked)
	}
}

func TestContainsEdges(t *testing.T) {
	//  0   1   2   3
	//  +-----------+ 3
	//  |   +---+   | 2   a hole in the middle
	//  |   +---+   | 1
	//  +-----------+ 0
	s := Shape{Kind: Area, Area: MultiPolygon{{
		{{0, 0}, {3, 0}, {3, 3}, {0, 3}, {0, 0}},
		{{1, 1}, {1, 2}, {2, 2}, {2, 1}, {1, 1}},
	}}}
	p, err := Prepare(&s)
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range map[Point]bool{
		{0, 0}: true, {3, 3}: true, {0, 1.5}: true, {1.5, 3}: true, {0.5, 0.5}: true,
		{1, 1.5}: true, {1.5, 1}: true, {2, 2}: true, // on the hole's edge
		{1.5, 1.5}: false, {1.0000001, 1.5}: false,
		{3.0000001, 1}: false, {-1e-12, 1}: false, {1, 3.0000001}: false,
	} {
		if got := p.Contains(at); got != want {
			t.Errorf("Contains(%v) is %v, want %v", at, got, want)
		}
	}
	if p.Contains(Point{math.NaN(), 1}) || p.Contains(Point{1, math.NaN()}) || p.Contains(Point{math.Inf(1), 1}) {
		t.Error("it holds a point that is no number")
	}
}

func TestAcrossTheDateLine(t *testing.T) {
	rng := seeded(t)
	for range 100 {
		// The same ring at Greenwich, and half way round the earth.
		here := onGrid(star(rng, Point{0, 10}, 3+rng.IntN(80), 4), 1.0/64)
		there := make(Ring, len(here))
		for i, p := range here {
			there[i] = Point{wrap(p[0] + 180), p[1]}
		}
		a, errA := Prepare(&Shape{Kind: Area, Area: MultiPolygon{{here}}})
		b, errB := Prepare(&Shape{Kind: Area, Area: MultiPolygon{{there}}})
		if errA != nil || errB != nil {
			t.Fatalf("%v, %v", errA, errB)
		}
		boxes, n := b.Boxes()
		for range 100 {
			p := onGrid(Ring{{rng.Float64()*10 - 5, 10 + rng.Float64()*10 - 5}}, 1.0/64)[0]
			q := Point{wrap(p[0] + 180), p[1]}
			if a.Contains(p) != b.Contains(q) {
				t.Fatalf("at Greenwich %v, at the date line %v: %v and %v in %v", a.Contains(p), b.Contains(q), p, q, here)
			}
			if in := 0; b.Contains(q) {
				for _, box := range boxes[:n] {
					if overlap(box, Box{Min: q, Max: q}) {
						in++
					}
				}
				if in != 1 {
					t.Fatalf("%v is held and in %d of the boxes %v", q, in, boxes[:n])
				}
			}
		}
	}
}

func TestBothSidesOfTheDateLineAreOne(t *testing.T) {
	east := MultiPolygon{{{{170, 0}, {180, 0}, {180, 10}, {170, 10}, {170, 0}}}}
	west := MultiPolygon{{{{-180, 0}, {-170, 0}, {-170, 10}, {-180, 10}, {-180, 0}}}}
	for name, area := range map[string]MultiPolygon{
		"up to 180": east, "from -180": west, "cut at 180": {east[0], west[0]},
		"across": {{{{170, 0}, {-170, 0}, {-170, 10}, {170, 10}, {170, 0}}}},
	} {
		s := Shape{Kind: Area, Area: area}
		if err := s.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		p, err := Prepare(&s)
		if err != nil {
			t.Fatal(err)
		}
		boxes, n := p.Boxes()
		for _, lon := range []float64{180, -180} {
			at := Point{lon, 5}
			if !p.Contains(at) {
				t.Errorf("%s: it does not hold %v", name, at)
			}
			in := 0
			for _, b := range boxes[:n] {
				if overlap(b, Box{Min: at, Max: at}) {
					in++
				}
			}
			if in != 1 {
				t.Errorf("%s: %v is in %d of the boxes %v", name, at, in, boxes[:n])
			}
		}
		if p.Contains(Point{0, 5}) || p.Contains(Point{169.9, 5}) || p.Contains(Point{-169.9, 5}) {
			t.Errorf("%s: it holds too much", name)
		}
	}
}

// island is a ring whose distance from the centre wanders, as coasts and
// quarters do.
func island(rng *rand.Rand, centre Point, corners int, size float64) Ring {
	ring := make(Ring, 0, corners+1)
	r := 0.7
	for i := range corners {
		r = max(0.4, min(1, r+(rng.Float64()-0.5)*8/float64(corners)))
		a := 2 * math.Pi * float64(i) / float64(corners)
		ring = append(ring, Point{centre[0] + size*r*math.Cos(a), centre[1] + size*r*math.Sin(a)})
	}
	return append(ring, ring[0])
}
