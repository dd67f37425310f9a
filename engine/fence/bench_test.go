package fence_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// go test ./engine/fence -run '^$' -bench . -benchmem

// city is a world of the given number of fences about cities, a hundred a
// city: a third circles, the others polygons of some 27 corners, most of them
// 50 m to 1 km in size. Points are drawn where the fences are.
func city(rng *rand.Rand, n int) ([]fleet.Fence, func() geo.Point) {
	cities := make([]geo.Point, max(1, n/100))
	for i := range cities {
		cities[i] = geo.Point{rng.Float64()*300 - 150, rng.Float64()*100 - 50}
	}
	near := func() geo.Point {
		c := cities[rng.IntN(len(cities))]
		return geo.Point{c[0] + rng.NormFloat64()*0.08, c[1] + rng.NormFloat64()*0.08}
	}
	fences := make([]fleet.Fence, n)
	for i := range fences {
		c := near()
		metres := min(6000, 180*math.Exp(rng.NormFloat64()))
		f := fleet.Fence{ID: fleet.FenceID(i + 1), Judge: 1, Inside: true, Outside: true, Targets: fleet.Targets{All: true}}
		if rng.IntN(3) == 0 {
			f.Shape = geo.Shape{Kind: geo.Circle, Centre: c, Radius: metres}
		} else {
			var ring geo.Ring
			corners := 6 + rng.IntN(42)
			for k := range corners {
				a := 2 * math.Pi * float64(k) / float64(corners)
				r := metres / 111_000 * (0.8 + 0.2*rng.Float64())
				ring = append(ring, geo.Point{c[0] + r*math.Cos(a), c[1] + r*math.Sin(a)})
			}
			f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{append(ring, ring[0])}}}
		}
		fences[i] = f
	}
	return fences, near
}

func BenchmarkLocate(b *testing.B) {
	for _, n := range []int{64, 1000, 10_000, 100_000} {
		b.Run(fmt.Sprintf("fences=%d", n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(42, 1))
			fences, near := city(rng, n)
			set, err := fence.Compile(fences)
			if err != nil {
				b.Fatal(err)
			}
			places := make([]fleet.Place, 8192)
			for i := range places {
				places[i] = place(near())
			}
			dst, i, hits := make([]fence.Hit, 0, 64), 0, 0
			b.ReportAllocs()
			for b.Loop() {
				safe := fence.Everywhere()
				dst = set.Locate(places[i&8191], places[i&8191], nil, dst[:0], &safe)
				hits += len(dst)
				i++
			}
			b.ReportMetric(float64(hits)/float64(i), "hits/lookup")
		})
	}
}

func BenchmarkEdit(b *testing.B) {
	for _, n := range []int{64, 10_000, 100_000} {
		b.Run(fmt.Sprintf("fences=%d", n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(42, 1))
			fences, _ := city(rng, n)
			set, err := fence.Compile(fences)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				set, _ = set.Edit(fences[i%n:i%n+1], nil)
				i++
			}
		})
	}
}

func BenchmarkCompile(b *testing.B) {
	rng := rand.New(rand.NewPCG(42, 1))
	fences, _ := city(rng, 10_000)
	for b.Loop() {
		if _, err := fence.Compile(fences); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(fences)), "ns/fence")
}
