package geo

import (
	"errors"
	"math"
	"testing"
)

func prepareValid(t *testing.T, area MultiPolygon) *Prepared {
	t.Helper()
	s := Shape{Kind: Area, Area: area}
	if err := s.Validate(); err != nil {
		t.Fatalf("%v: %v", area, err)
	}
	n := s.Normalise()
	if err := n.Validate(); err != nil {
		t.Fatalf("%v normalised: %v", area, err)
	}
	return prepared(t, n)
}

// A ring that goes round a pole holds it, whichever way round it runs and
// however it was written.
func TestRingRoundAPole(t *testing.T) {
	for name, c := range map[string]struct {
		area    MultiPolygon
		in, out []Point
	}{
		"the bare ring":      {MultiPolygon{{ringOf(0, 80, 120, 80, -120, 80, 0, 80)}}, []Point{{0, 90}, {77, 85}, {-170, 80}, {0, 80}, {180, 80}}, []Point{{0, 79.9}, {-120, 79.9}, {0, -90}, {0, -85}}},
		"clockwise":          {MultiPolygon{{ringOf(0, 80, -120, 80, 120, 80, 0, 80)}}, []Point{{0, 90}, {77, 85}}, []Point{{0, 79.9}}},
		"south":              {MultiPolygon{{ringOf(0, -80, 120, -70, -120, -80, 0, -80)}}, []Point{{0, -90}, {120, -70}, {-60, -80}}, []Point{{-60, -79.9}, {0, 90}, {120, -69.9}}},
		"along the pole":     {MultiPolygon{{ringOf(-180, -90, 180, -90, 180, -70, 0, -65, -180, -70, -180, -90)}}, []Point{{0, -65}, {180, -70}, {-180, -80}, {33, -90}}, []Point{{180, -69.9}, {0, -64}, {90, -67.4}}},
		"a box at the pole":  {MultiPolygon{{ringOf(-180, 75, 180, 75, 180, 90, -180, 90, -180, 75)}}, []Point{{0, 75}, {180, 75}, {-180, 80}, {10, 90}}, []Point{{0, 74.9}, {180, 74}}},
		"a band":             {MultiPolygon{{ringOf(-180, -10, 180, -10, 180, 10, -180, 10, -180, -10)}}, []Point{{0, 0}, {180, 0}, {-180, 10}, {90, -10}}, []Point{{0, 10.1}, {180, -11}}},
		"a band in quarters": {MultiPolygon{{ringOf(-180, -10, -90, -10, 0, -10, 90, -10, 180, -10, 180, 10, 0, 10, -180, 10, -180, -10)}}, []Point{{0, 0}, {180, 0}, {-180, 10}}, []Point{{0, 10.1}}},
		"a wedge":            {MultiPolygon{{ringOf(0, 80, 90, 80, 90, 90, 0, 90, 0, 80)}}, []Point{{45, 89.9}, {0, 85}}, []Point{{91, 85}, {-45, 89.9}}},
		"a wedge over 180":   {MultiPolygon{{ringOf(170, 80, -170, 80, -170, 90, 170, 90, 170, 80)}}, []Point{{180, 89.9}, {-175, 80}}, []Point{{0, 89.9}, {160, 85}}},
		"through the pole":   {MultiPolygon{{ringOf(0, 80, 120, 80, -120, 90, 0, 80)}}, []Point{{0, 80}, {60, 85}, {120, 80}, {-120, 90}}, []Point{{60, 79}, {180, 84}, {0, -90}}},
		"with a hole":        {MultiPolygon{{ringOf(0, 80, 120, 80, -120, 80, 0, 80), ringOf(-10, 85, 10, 85, 10, 86, -10, 86, -10, 85)}}, []Point{{0, 85}, {10, 85.5}, {11, 85.5}, {0, 90}, {0, 82}, {0, 87}}, []Point{{0, 85.5}, {-5, 85.5}, {5, 85.5}, {-9.9, 85.9}}},
		"with an island out": {MultiPolygon{{ringOf(10, 80, 130, 80, -110, 80, 10, 80)}, {ringOf(0, 70, 20, 70, 20, 75, 0, 75, 0, 70)}, {ringOf(-20, 70, -5, 70, -5, 75, -20, 75, -20, 70)}}, []Point{{0, 70}, {0, 80}, {-6, 74}, {5, 90}}, []Point{{0, 76}, {-3, 72}, {21, 72}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := prepareValid(t, c.area)
			for _, at := range c.in {
				if !p.Contains(at) || !inABox(p, at) || p.EdgeDistance(at) > 0 {
					t.Errorf("%v is outside, %v m, or in no box", at, p.EdgeDistance(at))
				}
			}
			for _, at := range c.out {
				if p.Contains(at) || p.EdgeDistance(at) < 0 {
					t.Errorf("%v is inside, %v m", at, p.EdgeDistance(at))
				}
			}
		})
	}
}

func TestRingRoundAPoleIsRefused(t *testing.T) {
	cap := ringOf(0, 80, 120, 80, -120, 80, 0, 80)
	for name, c := range map[string]struct {
		area MultiPolygon
		want Code
	}{
		"over the equator":         {MultiPolygon{{ringOf(0, 40, 120, -10, -120, 40, 0, 40)}}, RingPole},
		"the equator itself":       {MultiPolygon{{ringOf(0, 0, 120, 0, -120, 0, 0, 0)}}, RingPole},
		"twice round":              {MultiPolygon{{ringOf(0, 80, 120, 80, -120, 80, 0, 81, 120, 81, -120, 81, 0, 80)}}, RingTooWide},
		"a hole round the pole":    {MultiPolygon{{ringOf(0, 70, 120, 70, -120, 70, 0, 70), cap}}, HolePole},
		"a hole outside":           {MultiPolygon{{cap, ringOf(0, 70, 1, 70, 1, 71, 0, 70)}}, HoleOutside},
		"a hole that crosses":      {MultiPolygon{{cap, ringOf(-10, 79, 10, 79, 10, 81, -10, 81, -10, 79)}}, RingsCross},
		"an island within":         {MultiPolygon{{cap}, {ringOf(0, 85, 1, 85, 1, 86, 0, 85)}}, PartsOverlap},
		"it crosses itself":        {MultiPolygon{{ringOf(0, 80, 130, 80, 120, 85, 125, 75, -120, 80, 0, 80)}}, RingCrosses},
		"it turns back at its end": {MultiPolygon{{ringOf(0, 85, -30, 78, 5, 77, 120, 80, -120, 80, -30, 84, 0, 85)}}, ""},
		"it crosses its next turn": {MultiPolygon{{ringOf(0, 85, -30, 80, 5, 79, 120, 80, -120, 80, -25, 79, -20, 84, 0, 85)}}, RingCrosses},
		"beyond 180 altogether":    {MultiPolygon{{ringOf(190, 0, 200, 0, 200, 10, 190, 0)}}, OutOfRange},
		"half the earth at once":   {MultiPolygon{{ringOf(10, 0, 190, 0, 190, 10, 10, 0)}}, OutOfRange},
		"two turns":                {MultiPolygon{{ringOf(170, 0, 340, 0, 510, 0, 170, 10, 170, 0)}}, OutOfRange},
	} {
		s := Shape{Kind: Area, Area: c.area}
		err := s.Validate()
		f, _ := errors.AsType[*Fault](err)
		if (c.want == "") != (err == nil) || err != nil && (f == nil || f.Code != c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// The edge of a cap is as far as the geodesic says, on all sides and beyond the
// pole, and no cut is taken for an edge.
func TestEdgeDistanceNearAPole(t *testing.T) {
	rng := seeded(t)
	var ring Ring
	for lon := -180.0; lon < 180; lon += 0.5 {
		ring = append(ring, Point{lon, 89})
	}
	for _, poly := range []Polygon{
		{append(append(Ring{}, ring...), ring[0])},
		{append(append(Ring{{180, 90}, {-180, 90}}, ring...), Point{180, 89}, Point{180, 90})},
	} {
		p := prepareValid(t, MultiPolygon{poly})
		edge := Distance(Point{0, 89}, Point{0, 90})
		for range 60 {
			at := Point{rng.Float64()*360 - 180, 85 + rng.Float64()*5}
			want := Distance(at, Point{at[0], 90}) - edge
			if got := p.EdgeDistance(at); math.Abs(got-want) > 2+0.005*math.Abs(want) {
				t.Fatalf("%v is %v m from the edge, want %v", at, got, want)
			}
		}
	}
	for _, area := range []MultiPolygon{
		{{ringOf(179, 0, 180, 0, 180, 1, 179, 1, 179, 0)}, {ringOf(-180, 0, -179, 0, -179, 1, -180, 1, -180, 0)}},
		{{ringOf(179, 0, 181, 0, 181, 1, 179, 1, 179, 0)}},
		{{ringOf(-181, 0, -179, 0, -179, 1, -181, 1, -181, 0)}},
	} {
		p := prepareValid(t, area)
		want := Distance(Point{180, 0.5}, Point{180, 0})
		for _, lon := range []float64{180, -180, 179.99, -179.99} {
			if got := p.EdgeDistance(Point{lon, 0.5}); math.Abs(got+want) > 100 {
				t.Errorf("%v: the middle is %v m from the edge, want -%v", area, got, want)
			}
		}
	}
	// Half of the cut is an edge: a low part meets a high one.
	p := prepareValid(t, MultiPolygon{{ringOf(179, 0, 180, 0, 180, 1, 179, 1, 179, 0)}, {ringOf(-180, 0, -179, 0, -179, 2, -180, 2, -180, 0)}})
	if got := p.EdgeDistance(Point{-179.999, 1.5}); math.Abs(got+111.3) > 1 {
		t.Errorf("beside the half that is an edge: %v m", got)
	}
	if got := p.EdgeDistance(Point{-179.999, 0.5}); got > -50_000 {
		t.Errorf("beside the half that is a cut: %v m", got)
	}
	if !p.Contains(Point{180, 1.5}) || p.Contains(Point{179.999, 1.5}) {
		t.Error("the edge at 180 is outside, or too much inside")
	}
}

// Parts of a shape may be laid out a turn from each other: they find their
// points, and each other, all the same.
func TestPartsATurnApart(t *testing.T) {
	box := func(west, south, east, north float64) Ring {
		return ringOf(wrap(west), south, wrap((west+east)/2), south, wrap(east), south, wrap(east), north, wrap((west+east)/2), north, wrap(west), north, wrap(west), south)
	}
	// The second is so wide that all others are laid out beyond 0°, where the
	// last then spans 360°.
	area := MultiPolygon{{box(-180, 0, -179, 1)}, {box(170, 30, 350, 31)}, {box(1, 20, 2, 21)}, {box(-1, 0, 5, 1)}}
	p := prepareValid(t, area)
	for _, at := range []Point{{3, 0.5}, {5, 1}, {-0.5, 0.5}, {0, 0.5}, {1.5, 20.5}, {-179.5, 0.5}, {-10, 30.5}, {180, 0}, {180, 30.5}} {
		if !p.Contains(at) || !inABox(p, at) || p.EdgeDistance(at) > 0 {
			t.Errorf("%v is outside", at)
		}
	}
	for _, at := range []Point{{5.1, 0.5}, {-1.1, 0.5}, {3, 20.5}, {0, 30.5}, {-178, 0.5}} {
		if p.Contains(at) || p.EdgeDistance(at) < 0 {
			t.Errorf("%v is inside", at)
		}
	}
	for want, ring := range map[Code]Ring{PartsOverlap: box(3, 0.2, 4, 0.8), RingsCross: box(4, 0.2, 7, 0.8)} {
		s := Shape{Kind: Area, Area: append(area[:4:4], Polygon{ring})}
		if f, ok := errors.AsType[*Fault](s.Validate()); !ok || f.Code != want {
			t.Errorf("%v: %v, want %s", ring, s.Validate(), want)
		}
	}
}
