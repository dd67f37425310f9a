package geo

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
)

func ringOf(coordinates ...float64) Ring {
	var r Ring
	for i := 0; i < len(coordinates); i += 2 {
		r = append(r, Point{coordinates[i], coordinates[i+1]})
	}
	return r
}

func TestValidateNamesTheFault(t *testing.T) {
	box := ringOf(0, 0, 10, 0, 10, 10, 0, 10, 0, 0)
	hole := ringOf(2, 2, 2, 4, 4, 4, 4, 2, 2, 2)
	for name, c := range map[string]struct {
		area MultiPolygon
		want string // "" for valid
		at   Point
	}{
		"counterclockwise":     {MultiPolygon{{box}}, "", Point{}},
		"clockwise":            {MultiPolygon{{ringOf(0, 0, 0, 10, 10, 10, 10, 0, 0, 0)}}, "", Point{}},
		"repeated points":      {MultiPolygon{{ringOf(0, 0, 0, 0, 10, 0, 10, 10, 10, 10, 0, 10, 0, 0)}}, "", Point{}},
		"a point on an edge":   {MultiPolygon{{ringOf(0, 0, 5, 0, 10, 0, 10, 10, 0, 10, 0, 0)}}, "", Point{}},
		"triangle":             {MultiPolygon{{ringOf(0, 0, 1, 0, 0, 1, 0, 0)}}, "", Point{}},
		"hole":                 {MultiPolygon{{box, hole}}, "", Point{}},
		"hole that touches":    {MultiPolygon{{box, ringOf(0, 5, 2, 4, 2, 6, 0, 5)}}, "", Point{}},
		"island in a hole":     {MultiPolygon{{box, hole}, {ringOf(2.5, 2.5, 3, 2.5, 3, 3, 2.5, 2.5)}}, "", Point{}},
		"parts that touch":     {MultiPolygon{{ringOf(0, 0, 1, 0, 1, 1, 0, 0)}, {ringOf(1, 1, 2, 1, 2, 2, 1, 1)}}, "", Point{}},
		"bow tie":              {MultiPolygon{{ringOf(0, 0, 2, 2, 2, 0, 0, 2, 0, 0)}}, "crosses itself", Point{1, 1}},
		"vertex visited twice": {MultiPolygon{{ringOf(0, 0, 2, 2, 4, 0, 4, 4, 2, 2, 0, 4, 0, 0)}}, "touches itself", Point{2, 2}},
		"vertex on an edge":    {MultiPolygon{{ringOf(0, 0, 4, 0, 4, 4, 2, 0, 0, 4, 0, 0)}}, "touches itself", Point{2, 0}},
		"spike":                {MultiPolygon{{ringOf(0, 0, 4, 0, 8, 0, 4, 0, 4, 4, 0, 0)}}, "touches itself", Point{4, 0}},
		"spike back":           {MultiPolygon{{ringOf(0, 0, 8, 0, 4, 0, 4, 4, 0, 0)}}, "runs back", Point{4, 0}},
		"no area":              {MultiPolygon{{ringOf(0, 0, 1, 1, 2, 2, 0, 0)}}, "runs back", Point{0, 0}},
		"open":                 {MultiPolygon{{ringOf(0, 0, 1, 0, 1, 1, 0, 1)}}, "not closed", Point{0, 0}},
		"too few":              {MultiPolygon{{ringOf(3, 4, 1, 1, 3, 4)}}, "too few", Point{3, 4}},
		"too few different":    {MultiPolygon{{ringOf(3, 4, 3, 4, 1, 1, 1, 1, 3, 4)}}, "too few", Point{3, 4}},
		"latitude":             {MultiPolygon{{ringOf(0, 0, 1, 0, 1, 91, 0, 0)}}, "out of range", Point{1, 91}},
		"longitude":            {MultiPolygon{{ringOf(0, 0, 181, 0, 1, 1, 0, 0)}}, "out of range", Point{181, 0}},
		"hole outside":         {MultiPolygon{{box, ringOf(20, 20, 20, 21, 21, 21, 20, 20)}}, "outside of its polygon", Point{20, 20}},
		"hole crosses":         {MultiPolygon{{box, ringOf(9, 4, 9, 6, 12, 5, 9, 4)}}, "cross", Point{10, 13.0 / 3}},
		"hole in a hole":       {MultiPolygon{{box, hole, ringOf(2.5, 2.5, 2.5, 3, 3, 3, 2.5, 2.5)}}, "inside another hole", Point{2.5, 2.5}},
		"hole is the polygon":  {MultiPolygon{{box, box}}, "share an edge", Point{0, 0}},
		"parts overlap":        {MultiPolygon{{box}, {ringOf(9, 4, 12, 5, 9, 6, 9, 4)}}, "cross", Point{10, 13.0 / 3}},
		"part in a part":       {MultiPolygon{{box}, {ringOf(4, 4, 5, 4, 5, 5, 4, 4)}}, "overlap", Point{4, 4}},
		"no polygon":           {nil, "no polygon", Point{}},
		"no ring":              {MultiPolygon{{}}, "no ring", Point{}},
		"empty ring":           {MultiPolygon{{{}}}, "no points", Point{}},
		"not a number":         {MultiPolygon{{ringOf(0, 0, math.NaN(), 0, 1, 1, 0, 0)}}, "no number", Point{}},
		"infinite":             {MultiPolygon{{ringOf(0, 0, math.Inf(1), 0, 1, 1, 0, 0)}}, "no number", Point{}},
	} {
		t.Run(name, func(t *testing.T) {
			s := Shape{Kind: Area, Area: c.area}
			err := s.Validate()
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			f, ok := errors.AsType[*Fault](err)
			if !ok || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want a *Fault with %q", err, c.want)
			}
			if math.Abs(f.At[0]-c.at[0]) > 1e-9 || math.Abs(f.At[1]-c.at[1]) > 1e-9 {
				t.Errorf("fault at %v, want %v", f.At, c.at)
			}
		})
	}
}

func TestValidateRoundShapes(t *testing.T) {
	for name, c := range map[string]struct {
		shape Shape
		want  string
	}{
		"circle":           {Shape{Kind: Circle, Centre: Point{1, 2}, Radius: 50}, ""},
		"no radius":        {Shape{Kind: Circle, Centre: Point{1, 2}}, "radius"},
		"NaN radius":       {Shape{Kind: Circle, Centre: Point{1, 2}, Radius: math.NaN()}, "radius"},
		"negative radius":  {Shape{Kind: Circle, Centre: Point{1, 2}, Radius: -1}, "radius"},
		"huge radius":      {Shape{Kind: Circle, Centre: Point{1, 2}, Radius: 1e9}, "radius"},
		"centre":           {Shape{Kind: Circle, Centre: Point{1, 200}, Radius: 5}, "out of range"},
		"corridor":         {Shape{Kind: Corridor, Path: LineString{{0, 0}, {1, 1}, {0, 1}, {1, 0}}, Width: 50}, ""},
		"no width":         {Shape{Kind: Corridor, Path: LineString{{0, 0}, {1, 1}}}, "width"},
		"one point":        {Shape{Kind: Corridor, Path: LineString{{0, 0}, {0, 0}}, Width: 5}, "too few"},
		"no path":          {Shape{Kind: Corridor, Width: 5}, "no points"},
		"path round globe": {Shape{Kind: Corridor, Path: LineString{{0, 0}, {90, 0}, {180, 0}}, Width: 5}, "longer than"},
		"nothing":          {Shape{}, "empty"},
		"unknown kind":     {Shape{Kind: 77}, "empty"},
	} {
		err := c.shape.Validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
	big := Shape{Kind: Area, Area: MultiPolygon{{make(Ring, MaxVertices+1)}}}
	if err := big.Validate(); err == nil || !strings.Contains(err.Error(), "simplify") {
		t.Errorf("too many points: error %v", err)
	}
}

// naivelySimple compares every edge with every other.
func naivelySimple(ring Ring) bool {
	ring = distinct(ring)
	n := len(ring) - 1
	s := newSweep(n)
	for i := range n {
		s.add(ring[i], ring[i+1], 0, int32(i))
	}
	for i := range n {
		for j := range i {
			next := i-j == 1 || i-j == n-1
			if _, how := meeting(&s.segments[i], &s.segments[j]); how == crossing || how == overlapping || how == touching && !next {
				return false
			}
		}
	}
	return twiceArea(ring) != 0
}

func TestSweepEqualsEveryPair(t *testing.T) {
	rng := seeded(t)
	var good, bad int
	for range 5_000 {
		var ring Ring
		switch rng.IntN(3) {
		case 0: // anywhere on a small grid
			for range 3 + rng.IntN(5) {
				ring = append(ring, Point{float64(rng.IntN(5)), float64(rng.IntN(5))})
			}
			ring = append(ring, ring[0])
		case 1:
			ring = onGrid(star(rng, Point{0, 0}, 3+rng.IntN(30), 8), 1)
		case 2: // a star with two corners exchanged
			ring = star(rng, Point{0, 0}, 4+rng.IntN(40), 8)
			i := 1 + rng.IntN(len(ring)-3)
			ring[i], ring[i+1] = ring[i+1], ring[i]
		}
		s := Shape{Kind: Area, Area: MultiPolygon{{ring}}}
		if s.check() != nil {
			continue
		}
		want := naivelySimple(ring)
		if want {
			good++
		} else {
			bad++
		}
		if err := s.Validate(); (err == nil) != want {
			t.Fatalf("Validate says %v, every pair says valid=%v: %v", err, want, ring)
		}
	}
	if good < 300 || bad < 300 {
		t.Errorf("%d good and %d bad rings say little", good, bad)
	}
}

// The sweep compares neighbours only, whatever the boxes of the edges.
func TestSweepIsNotQuadratic(t *testing.T) {
	const n = 8_000
	rng := rand.New(rand.NewPCG(1, 1))
	comb := make(Ring, 0, 2*n) // long teeth, whose boxes all overlap in one direction
	for i := range n {
		comb = append(comb, Point{float64(i) * 0.001, 80 * float64(i%2)})
	}
	comb = append(comb, Point{float64(n-1) * 0.001, -1}, Point{0, -1}, comb[0])
	slanted := make(Ring, len(comb)) // and in both
	for i, p := range comb {
		slanted[i] = Point{p[0] + p[1], p[1]}
	}
	for name, ring := range map[string]Ring{"star": star(rng, Point{0, 0}, 2*n, 50), "comb": comb, "slanted": slanted} {
		s := newSweep(len(ring))
		for i := 1; i < len(ring); i++ {
			s.add(ring[i-1], ring[i], 0, int32(i-1))
		}
		calls := 0
		s.meet = func(a, b *segment) error { calls++; return nil }
		if err := s.run(); err != nil {
			t.Fatal(err)
		}
		if calls > 3*len(ring) {
			t.Errorf("%s: %d comparisons for %d edges", name, calls, len(ring))
		}
		whole := Shape{Kind: Area, Area: MultiPolygon{{ring}}}
		if err := whole.Validate(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNormalise(t *testing.T) {
	s := Shape{Kind: Area, Area: MultiPolygon{{
		ringOf(0, 0, 0, 10, 0, 10, 10, 10, 10, 0, 0, 0), // clockwise, one point twice
		ringOf(2, 2, 4, 2, 4, 4, 2, 2),                  // counterclockwise
	}, {
		ringOf(179, 0, -179, 0, -179, 1, 179, 1, 179, 0), // counterclockwise over the date line
	}}}
	n := s.Normalise()
	want := MultiPolygon{{
		ringOf(0, 0, 10, 0, 10, 10, 0, 10, 0, 0),
		ringOf(2, 2, 4, 4, 4, 2, 2, 2),
	}, {
		ringOf(179, 0, -179, 0, -179, 1, 179, 1, 179, 0),
	}}
	if !n.Area.Equal(want) {
		t.Errorf("normalised to %v, want %v", n.Area, want)
	}
	if len(s.Area[0][0]) != 6 {
		t.Error("the shape itself was changed")
	}
}
