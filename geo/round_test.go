package geo

import (
	"math"
	"testing"

	"github.com/tidwall/geodesic"
)

// away is the point at a distance and bearing.
func away(p Point, metres, bearing float64) Point {
	var q Point
	geodesic.WGS84.Direct(p[1], p[0], bearing, metres, &q[1], &q[0], nil)
	q[0] = wrap(q[0])
	return q
}

func inABox(s *Prepared, p Point) bool {
	boxes, n := s.Boxes()
	for _, b := range boxes[:n] {
		if overlap(b, Box{Min: p, Max: p}) {
			return true
		}
	}
	return false
}

// A metre inside is inside and a metre outside is outside, at any size.
func TestCircleIsGeodesic(t *testing.T) {
	rng := seeded(t)
	for range 150 {
		centre := Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
		if rng.IntN(4) == 0 {
			centre[0] = 180 - rng.Float64()*0.001
		}
		radius := math.Pow(10, 0.5+rng.Float64()*5.5) // 3 m to 1000 km
		p, err := Prepare(&Shape{Kind: Circle, Centre: centre, Radius: radius})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			bearing := rng.Float64() * 360
			in, out := away(centre, radius-0.01, bearing), away(centre, radius+0.01, bearing)
			if !p.Contains(in) || !inABox(p, in) {
				t.Fatalf("circle of %v m about %v does not hold %v, 1 cm inside; box %v", radius, centre, in, p.box)
			}
			if p.Contains(out) {
				t.Fatalf("circle of %v m about %v holds %v, 1 cm outside", radius, centre, out)
			}
			if d := p.EdgeDistance(out); math.Abs(d-0.01) > 0.001 {
				t.Fatalf("edge distance %v, want 0.01", d)
			}
		}
	}
}

func TestCorridorIsGeodesic(t *testing.T) {
	rng := seeded(t)
	for range 200 {
		a := Point{rng.Float64()*360 - 180, rng.Float64()*170 - 85}
		bearing, length := rng.Float64()*360, 10+rng.Float64()*200_000
		b := away(a, length, bearing)
		width := math.Pow(10, 0.7+rng.Float64()*4.3) // 5 m to 100 km
		p, err := Prepare(&Shape{Kind: Corridor, Path: LineString{a, b}, Width: width})
		if err != nil {
			t.Fatal(err)
		}
		for range 10 {
			s := rng.Float64() * length
			var on Point
			var along float64
			geodesic.WGS84.Direct(a[1], a[0], bearing, s, &on[1], &on[0], &along)
			if !p.Contains(on) {
				t.Fatalf("the path itself is outside at %v m", s)
			}
			side := along + 90
			if rng.IntN(2) == 0 {
				side = along - 90
			}
			in, out := away(on, width-1, side), away(on, width+1, side)
			if !p.Contains(in) || !inABox(p, in) {
				t.Fatalf("corridor %v to %v, ±%v m, does not hold %v, 1 m inside", a, b, width, in)
			}
			if p.Contains(out) {
				t.Fatalf("corridor %v to %v, ±%v m, holds %v, 1 m outside", a, b, width, out)
			}
		}
		// Round ends.
		if in := away(b, width-1, bearing+20); !p.Contains(in) || !inABox(p, in) {
			t.Fatal("the end is not round")
		}
		if p.Contains(away(b, width+1, bearing)) {
			t.Fatal("the end reaches too far")
		}
	}
}

// A road with thousands of points is asked piece by piece.
func TestLongCorridor(t *testing.T) {
	rng := seeded(t)
	at, bearing := Point{-75, 4}, 30.0
	path := LineString{at}
	for range 3000 {
		bearing += rng.NormFloat64() * 10
		at = away(at, 20+rng.Float64()*100, bearing)
		path = append(path, at)
	}
	p, err := Prepare(&Shape{Kind: Corridor, Path: path, Width: 100})
	if err != nil {
		t.Fatal(err)
	}
	for range 200 {
		i := rng.IntN(len(path))
		q := away(path[i], rng.Float64()*300, rng.Float64()*360)
		near := math.Inf(1)
		for j := max(0, i-100); j < min(len(path), i+100); j++ {
			near = math.Min(near, Distance(path[j], q))
		}
		in := p.Contains(q)
		if near <= 99 && !in {
			t.Fatalf("%v is %v m from the path and outside", q, near)
		}
		if d := p.EdgeDistance(q); (d <= 0) != in || d > near-100+1 {
			t.Fatalf("edge distance %v, inside %v, %v m from the path", d, in, near)
		}
	}
}

func TestCircleOverThePole(t *testing.T) {
	p, err := Prepare(&Shape{Kind: Circle, Centre: Point{20, 89.9}, Radius: 50_000})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []Point{{0, 90}, {-160, 89.8}, {180, 89.9}, {20, 89.6}} {
		if !p.Contains(at) || !inABox(p, at) {
			t.Errorf("it does not hold %v", at)
		}
	}
	if p.Contains(Point{-160, 89}) {
		t.Error("it holds a point 120 km away")
	}
}

func TestEdgeDistanceOfAnArea(t *testing.T) {
	rng := seeded(t)
	for range 200 {
		lon, lat := rng.Float64()*360-180, rng.Float64()*160-80
		s := Shape{Kind: Area, Area: MultiPolygon{{ringOf(lon, lat, wrap(lon+0.1), lat, wrap(lon+0.1), lat+0.1, lon, lat+0.1, lon, lat)}}}
		p, err := Prepare(&s)
		if err != nil {
			t.Fatal(err)
		}
		// Straight above the middle of the northern edge, and below it.
		d := 1 + rng.Float64()*500
		mid := Point{wrap(lon + 0.05), lat + 0.1}
		for bearing, want := range map[float64]float64{0: d, 180: -d} {
			if got := p.EdgeDistance(away(mid, d, bearing)); math.Abs(got-want) > 0.005*d+0.02 {
				t.Fatalf("distance %v, want %v, at %v", got, want, mid)
			}
		}
	}
}

func TestHaversineIsCloseToDistance(t *testing.T) {
	rng := seeded(t)
	for range 1000 {
		a := Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
		b := Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
		d, h := Distance(a, b), Haversine(a, b)
		if math.Abs(d-h) > 0.006*d {
			t.Fatalf("%v to %v: %v m on the ellipsoid, %v m on the sphere", a, b, d, h)
		}
	}
}

func TestZeroPreparedHoldsNothing(t *testing.T) {
	var p Prepared
	if p.Contains(Point{0, 0}) || !math.IsNaN(p.EdgeDistance(Point{0, 0})) {
		t.Error("it holds a point, or has an edge")
	}
	if _, n := p.Boxes(); n != 0 {
		t.Error("it has a box")
	}
}
