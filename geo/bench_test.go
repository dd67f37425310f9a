package geo

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// go test ./geo -run '^$' -bench . -benchmem

func BenchmarkContains(b *testing.B) {
	for _, corners := range []int{4, 16, 64, 256, 1024, 10_000} {
		b.Run(fmt.Sprintf("area/corners=%d", corners), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(42, 1))
			contains(b, Shape{Kind: Area, Area: MultiPolygon{{island(rng, Point{-74, 4.6}, corners, 0.1)}}})
		})
	}
	b.Run("circle", func(b *testing.B) {
		contains(b, Shape{Kind: Circle, Centre: Point{-74, 4.6}, Radius: 10_000})
	})
	b.Run("corridor/km=20", func(b *testing.B) {
		contains(b, Shape{Kind: Corridor, Path: LineString{{-74.1, 4.5}, {-74, 4.6}, {-73.9, 4.65}}, Width: 500})
	})
}

// contains asks about random points of the shape's box.
func contains(b *testing.B, s Shape) {
	p, err := Prepare(&s)
	if err != nil {
		b.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(42, 2))
	points := make([]Point, 4096)
	for i := range points {
		points[i] = Point{
			p.box.Min[0] + rng.Float64()*(p.box.Max[0]-p.box.Min[0]),
			p.box.Min[1] + rng.Float64()*(p.box.Max[1]-p.box.Min[1]),
		}
	}
	inside, i := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		if p.Contains(points[i&4095]) {
			inside++
		}
		i++
	}
	b.ReportMetric(float64(inside)/float64(i), "inside/point")
}

func BenchmarkValidate(b *testing.B) {
	for _, corners := range []int{27, 1000, 10_000} {
		b.Run(fmt.Sprintf("corners=%d", corners), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(42, 1))
			s := Shape{Kind: Area, Area: MultiPolygon{{island(rng, Point{-74, 4.6}, corners, 0.1)}}}
			b.ReportAllocs()
			for b.Loop() {
				if err := s.Validate(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(corners), "ns/corner")
		})
	}
}
