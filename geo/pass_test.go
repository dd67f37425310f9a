package geo

import (
	"math"
	"testing"
)

func prepared(t *testing.T, s Shape) *Prepared {
	t.Helper()
	p, err := Prepare(&s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPass(t *testing.T) {
	box := func(west, east float64) Shape {
		return Shape{Kind: Area, Area: MultiPolygon{{{{west, -1}, {east, -1}, {east, 1}, {west, 1}, {west, -1}}}}}
	}
	ringed := Shape{Kind: Area, Area: MultiPolygon{{
		{{0.002, -1}, {0.008, -1}, {0.008, 1}, {0.002, 1}, {0.002, -1}},
		{{0.0025, -0.5}, {0.007, -0.5}, {0.007, 0.5}, {0.0025, 0.5}, {0.0025, -0.5}},
	}}}
	for _, c := range []struct {
		name    string
		shape   Shape
		a, b    Point
		least   float64
		in, out float64 // 0, 0: no pass
	}{
		{"a strip", box(0.004, 0.006), Point{0, 0}, Point{0.01, 0}, 0.05, 0.4, 0.6},
		{"the other way", box(0.004, 0.006), Point{0.01, 0}, Point{0, 0}, 0.05, 0.4, 0.6},
		{"just long enough", box(0.004, 0.0045), Point{0, 0}, Point{0.01, 0}, 0.0499, 0.4, 0.45},
		{"too short", box(0.004, 0.0045), Point{0, 0}, Point{0.01, 0}, 0.0501, 0, 0},
		{"beside it", box(0.004, 0.006), Point{0, 1.001}, Point{0.01, 1.001}, 0.01, 0, 0},
		{"a hole: the first stretch that is long enough", ringed, Point{0, 0}, Point{0.01, 0}, 0.06, 0.7, 0.8},
		{"over the date line", box(179.999, 180.001-360), Point{179.995, 0}, Point{-179.995, 0}, 0.05, 0.4, 0.6},
		{"a circle", Shape{Kind: Circle, Centre: Point{0.005, 0}, Radius: 111.31949}, Point{0, 0}, Point{0.01, 0}, 0.05, 0.4, 0.6},
		{"a corridor across", Shape{Kind: Corridor, Path: LineString{{0.005, -1}, {0.005, 1}}, Width: 55.66}, Point{0, 0}, Point{0.01, 0}, 0.05, 0.45, 0.55},
		{"no way at all", box(0.004, 0.006), Point{0, 0}, Point{0, 0}, 0.05, 0, 0},
	} {
		if c.name == "over the date line" {
			c.shape.Area[0][0] = Ring{{179.999, -1}, {-179.999, -1}, {-179.999, 1}, {179.999, 1}, {179.999, -1}}
		}
		in, out, ok := prepared(t, c.shape).Pass(c.a, c.b, c.least)
		if ok != (c.out > 0) || math.Abs(in-c.in) > 1e-4 || math.Abs(out-c.out) > 1e-4 {
			t.Errorf("%s: %v to %v, %v; want %v to %v", c.name, in, out, ok, c.in, c.out)
		}
	}
}

// Whatever the shape, a pass is found where looking at very many points of
// the way finds one, and nowhere else.
func TestPassEqualsDenseSampling(t *testing.T) {
	rng := seeded(t)
	const points, least = 2000, 0.02
	found := 0
	for range 300 {
		at := func() Point { return Point{rng.Float64() * 0.02, rng.Float64() * 0.02} }
		shape := Shape{Kind: Circle, Centre: at(), Radius: 20 + 400*rng.Float64()}
		switch rng.IntN(3) {
		case 0:
			shape = Shape{Kind: Corridor, Path: LineString{at(), at(), at()}, Width: 10 + 100*rng.Float64()}
		case 1:
			c := at()
			var ring Ring
			corners := 3 + rng.IntN(9)
			for k := range corners {
				angle, r := 2*math.Pi*float64(k)/float64(corners), 0.004*(0.1+rng.Float64())
				ring = append(ring, Point{c[0] + r*math.Cos(angle), c[1] + r*math.Sin(angle)})
			}
			shape = Shape{Kind: Area, Area: MultiPolygon{{append(ring, ring[0])}}}
		}
		p, a, b := prepared(t, shape), at(), at()
		if p.Contains(a) || p.Contains(b) {
			continue
		}
		longest, began := 0.0, -1
		for i := range points + 1 {
			if holds := p.Contains(Between(a, b, float64(i)/points)); holds && began < 0 {
				began = i
			} else if !holds && began >= 0 {
				longest = math.Max(longest, float64(i-began)/points)
				began = -1
			}
		}
		in, out, ok := p.Pass(a, b, least)
		if ok {
			found++
			if !p.Contains(Between(a, b, (in+out)/2)) && shape.Kind == Circle {
				t.Errorf("the middle of %v to %v is outside", in, out)
			}
		}
		if ok && longest < least-2.0/points || !ok && longest > least+2.0/points {
			t.Errorf("%+v from %v to %v: pass %v (%v to %v), the longest stretch is %v", shape, a, b, ok, in, out, longest)
		}
	}
	if found < 30 {
		t.Errorf("only %d passes: that says little", found)
	}
}
