package geo

import (
	"math"
	"math/big"
	"slices"
	"testing"
)

// moved is an area with every point passed through a function.
func moved(area MultiPolygon, by func(Point) Point) MultiPolygon {
	out := make(MultiPolygon, len(area))
	for i, poly := range area {
		for _, ring := range poly {
			r := make(Ring, len(ring))
			for k, p := range ring {
				r[k] = by(p)
			}
			out[i] = append(out[i], r)
		}
	}
	return out
}

// begunAt is a ring that begins at another of its points.
func begunAt(ring Ring, i int) Ring {
	out := append(append(Ring{}, ring[i:]...), ring[1:i+1]...)
	if i == 0 {
		return slices.Clone(ring)
	}
	return out
}

// However a shape is written, it holds the same points, and its edge is as far.
func TestAreaIsTheSameHoweverItIsWritten(t *testing.T) {
	rng := seeded(t)
	onRings := func(area MultiPolygon, by func(Ring) Ring) MultiPolygon {
		out := moved(area, func(p Point) Point { return p })
		for _, poly := range out {
			for j := range poly {
				poly[j] = by(poly[j])
			}
		}
		return out
	}
	same := func(p Point) Point { return p }
	for range 40 {
		area := someArea(rng)
		p := prepareValid(t, area)
		for name, c := range map[string]struct {
			area MultiPolygon
			at   func(Point) Point
		}{
			"begun elsewhere": {onRings(area, func(r Ring) Ring { return begunAt(r, rng.IntN(len(r)-1)) }), same},
			"wound backwards": {onRings(area, func(r Ring) Ring { r = slices.Clone(r); slices.Reverse(r); return r }), same},
			"points repeated": {onRings(area, func(r Ring) Ring { return slices.Insert(slices.Clone(r), 1, r[1], r[1]) }), same},
			"parts exchanged": {append(slices.Clone(area[1:]), area[0]), same},
			"north for south": {moved(area, func(p Point) Point { return Point{p[0], -p[1]} }), func(p Point) Point { return Point{p[0], -p[1]} }},
			"east for west":   {moved(area, func(p Point) Point { return Point{-p[0], p[1]} }), func(p Point) Point { return Point{-p[0], p[1]} }},
			"normalised":      {(&Shape{Kind: Area, Area: area}).normalArea(), same},
		} {
			q := prepareValid(t, c.area)
			for range 20 {
				at := placeBy(rng, area)
				if got, want := q.Contains(c.at(at)), p.Contains(at); got != want && !doubted(area, at) {
					t.Fatalf("%s: %v inside %v, was %v, in %v", name, at, got, want, area)
				}
				if got, want := q.EdgeDistance(c.at(at)), p.EdgeDistance(at); math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
					t.Fatalf("%s: the edge is %v m from %v, was %v, in %v", name, got, at, want, area)
				}
			}
		}
	}
}

func (s *Shape) normalArea() MultiPolygon { return s.Normalise().Area }

// A shape over the 180th meridian is the same with longitudes that go on beyond
// it, with those that jump, a turn earlier, and cut in two.
func TestAreaAcross180IsTheSameHoweverItIsCut(t *testing.T) {
	rng := seeded(t)
	for range 30 {
		// A band between two lines with corners at the same longitudes, 180 one of them.
		lons := []float64{170 + math.Round(rng.Float64()*9), 180, 181 + math.Round(rng.Float64()*9)}
		for range rng.IntN(6) {
			lons = append(lons, 170+math.Round(rng.Float64()*20*64)/64)
		}
		slices.Sort(lons)
		lons = slices.Compact(lons)
		south, north := make([]float64, len(lons)), make([]float64, len(lons))
		for i := range lons {
			south[i] = math.Round(rng.Float64()*5*64) / 64
			north[i] = south[i] + 1 + math.Round(rng.Float64()*5*64)/64
		}
		band := func(from, to int, shift float64) Ring {
			var r Ring
			for i := from; i <= to; i++ {
				r = append(r, Point{lons[i] + shift, south[i]})
			}
			for i := to; i >= from; i-- {
				r = append(r, Point{lons[i] + shift, north[i]})
			}
			return append(r, r[0])
		}
		cut, last := slices.Index(lons, 180), len(lons)-1
		on := band(0, last, 0)
		ways := map[string]MultiPolygon{
			"beyond 180":  {{on}},
			"beyond -180": {{band(0, last, -360)}},
			"jumping":     {{wrapped(on)}},
			"cut":         {{band(0, cut, 0)}, {band(cut, last, -360)}},
			"cut, turned": {{band(cut, last, -360)}, {band(0, cut, 0)}},
		}
		p := prepareValid(t, ways["jumping"])
		for name, area := range ways {
			q := prepareValid(t, area)
			a, _ := p.Boxes()
			if b, _ := q.Boxes(); a != b {
				t.Fatalf("%s: boxes %v, else %v", name, b, a)
			}
			for range 40 {
				at := placeBy(rng, ways["jumping"])
				if got, want := q.Contains(at), exactlyWithin(ways["jumping"], at); got != want {
					t.Fatalf("%s: %v inside %v, want %v, in %v", name, at, got, want, area)
				}
				if got, want := q.EdgeDistance(at), p.EdgeDistance(at); math.Abs(got-want) > 1e-6*math.Max(1, math.Abs(want)) {
					t.Fatalf("%s: the edge is %v m from %v, else %v", name, got, at, want)
				}
			}
		}
	}
}

// exactPass is the first stretch inside of at least a length, of the way from a
// to b through an area: between the crossings of its edges, found in numbers
// without rounding.
func exactPass(area MultiPolygon, a, b Point, least float64) (in, out float64, ok bool) {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	cross := func(ax, ay, bx, by *big.Rat) *big.Rat {
		return new(big.Rat).Sub(new(big.Rat).Mul(ax, by), new(big.Rat).Mul(ay, bx))
	}
	sub := func(a, b float64) *big.Rat { return new(big.Rat).Sub(rat(a), rat(b)) }
	dx, dy := sub(b[0], a[0]), sub(b[1], a[1])
	stops := []*big.Rat{rat(0), rat(1)}
	for _, poly := range area {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				p, q := ring[i-1], ring[i]
				ex, ey := sub(q[0], p[0]), sub(q[1], p[1])
				det := cross(dx, dy, ex, ey)
				if det.Sign() == 0 {
					continue
				}
				t := new(big.Rat).Quo(cross(sub(p[0], a[0]), sub(p[1], a[1]), ex, ey), det)
				u := new(big.Rat).Quo(cross(sub(p[0], a[0]), sub(p[1], a[1]), dx, dy), det)
				if t.Sign() >= 0 && t.Cmp(rat(1)) <= 0 && u.Sign() >= 0 && u.Cmp(rat(1)) <= 0 {
					stops = append(stops, t)
				}
			}
		}
	}
	slices.SortFunc(stops, (*big.Rat).Cmp)
	began := -1.0
	for i := 0; i+1 < len(stops); i++ {
		from, _ := stops[i].Float64()
		to, _ := stops[i+1].Float64()
		if mid := (from + to) / 2; from < to && exactlyWithin(area, Point{a[0] + mid*(b[0]-a[0]), a[1] + mid*(b[1]-a[1])}) {
			if began < 0 {
				began = from
			}
			if i+2 < len(stops) {
				continue
			}
		}
		if began >= 0 && from-began >= least {
			return began, from, true
		}
		if from < to {
			began = -1
		}
	}
	return 0, 0, false
}

func TestPassEqualsExactCrossings(t *testing.T) {
	rng := seeded(t)
	const least = 0.02
	found := 0
	for range 150 {
		centre := Point{rng.Float64()*340 - 170, rng.Float64()*160 - 80}
		if rng.IntN(8) == 0 {
			centre[1] = 88.5
		}
		size := 0.002 + rng.Float64()*0.02
		area := MultiPolygon{{star(rng, centre, 3+rng.IntN(12), size), star(rng, centre, 4, size/5)}}
		if (&Shape{Kind: Area, Area: area}).Validate() != nil {
			continue
		}
		p := prepareValid(t, area)
		at := func() Point {
			return Point{centre[0] + (rng.Float64()-0.5)*3*size, centre[1] + (rng.Float64()-0.5)*3*size}
		}
		a, b := at(), at()
		if p.Contains(a) || p.Contains(b) {
			continue
		}
		in, out, ok := p.Pass(a, b, least)
		wantIn, wantOut, want := exactPass(area, a, b, least)
		if ok != want || math.Abs(in-wantIn) > 1e-6 || math.Abs(out-wantOut) > 1e-6 {
			// A stretch that is as long as least but for a rounding may go either way.
			if _, _, shorter := exactPass(area, a, b, least*1.001); shorter == want {
				t.Fatalf("from %v to %v: %v to %v (%v), want %v to %v (%v), in %v", a, b, in, out, ok, wantIn, wantOut, want, area)
			}
		}
		if want {
			found++
		}
	}
	if found < 20 {
		t.Errorf("only %d passes: that says little", found)
	}
}

// Near an edge its distance is right to a few per mille: as near as any of very
// many points of the edges is by the geodesic.
func TestEdgeDistanceEqualsNearestOfManyPoints(t *testing.T) {
	rng := seeded(t)
	for range 30 {
		p0 := somePlace(rng)
		p0[1] = min(89.9, max(-89.9, p0[1]))
		q0 := away(p0, 100+rng.Float64()*20_000, rng.Float64()*360)
		r0 := away(p0, 100+rng.Float64()*20_000, rng.Float64()*360)
		area := MultiPolygon{{{p0, q0, r0, p0}}}
		if (&Shape{Kind: Area, Area: area}).Validate() != nil {
			continue
		}
		p := prepareValid(t, area)
		i := rng.IntN(3)
		a, b := area[0][0][i], area[0][0][i+1]
		at := away(Between(a, b, rng.Float64()), math.Pow(10, rng.Float64()*3.3), rng.Float64()*360)
		want := nearest(area[0][0], at)
		if got := math.Abs(p.EdgeDistance(at)); math.Abs(got-want) > 0.05+0.005*want {
			t.Fatalf("the edge is %v m from %v, want %v, in %v", got, at, want, area)
		}
	}
}

// nearest looks at many points of each edge, and twice more about the nearest of
// them.
func nearest(ring Ring, at Point) float64 {
	best := math.Inf(1)
	for i := 1; i < len(ring); i++ {
		from, to := 0.0, 1.0
		for range 3 {
			where, least := 0.0, math.Inf(1)
			for k := range 401 {
				t := from + (to-from)*float64(k)/400
				if d := Distance(at, Between(ring[i-1], ring[i], t)); d < least {
					where, least = t, d
				}
			}
			step := (to - from) / 400
			from, to = max(0, where-step), min(1, where+step)
			best = min(best, least)
		}
	}
	return best
}

func TestCorridorAcross180IsTheSameHoweverItIsWritten(t *testing.T) {
	rng := seeded(t)
	for range 20 {
		path := LineString{{170 + rng.Float64()*10, rng.Float64()*2 - 1}, {180 + rng.Float64()*2, rng.Float64()*2 - 1}, {181 + rng.Float64()*2, rng.Float64()*2 - 1}}
		back := slices.Clone(path)
		slices.Reverse(back)
		west := slices.Clone(path)
		for i := range west {
			west[i][0] -= 360
		}
		width := 100 + rng.Float64()*20_000
		p := prepared(t, Shape{Kind: Corridor, Path: wrapped(path), Width: width})
		for name, other := range map[string]LineString{"beyond 180": path, "beyond -180": west, "backwards": back} {
			s := Shape{Kind: Corridor, Path: other, Width: width}
			if err := s.Validate(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			q := prepared(t, s)
			n := prepared(t, s.Normalise())
			for range 30 {
				at := away(Between(path[0], path[1], rng.Float64()), rng.Float64()*2*width, rng.Float64()*360)
				d := p.EdgeDistance(at)
				if math.Abs(d) < 0.5 {
					continue // the knots lie elsewhere: as good as the corridor is
				}
				if p.Contains(at) != q.Contains(at) || p.Contains(at) != n.Contains(at) || math.Abs(d-q.EdgeDistance(at)) > 0.5 {
					t.Fatalf("%s: %v inside %v, %v m, else %v, %v m", name, at, q.Contains(at), q.EdgeDistance(at), p.Contains(at), d)
				}
				if q.Contains(at) && !inABox(q, at) {
					t.Fatalf("%s: %v is in no box", name, at)
				}
			}
		}
	}
}
