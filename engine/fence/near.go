package fence

import (
	"math"

	"github.com/vigia-track/vigia/geo"
)

// Near appends the fences that hold a point or whose edge lies within so many
// metres of it, in no particular order. It is for questions, not for fixes:
// it measures.
func (s *Set) Near(p geo.Point, metres float64, dst []*Fence) []*Fence {
	if s == nil {
		return dst
	}
	from := len(dst)
	add := func(f *Fence) {
		for _, have := range dst[from:] {
			if have == f {
				return
			}
		}
		if f.Contains(p) || f.EdgeDistance(p) <= metres {
			dst = append(dst, f)
		}
	}
	const metresPerDegree = 110_000 // a little less than the shortest degree of latitude
	up := metres / metresPerDegree
	across := 360.0
	if c := math.Cos((math.Abs(p[1]) + up) * math.Pi / 180); math.Abs(p[1])+up < 89 {
		across = up / c
	}
	if s.index == nil {
		for f := range s.fences.all {
			add(f)
		}
		return dst
	}
	for _, turn := range [...]float64{0, -360, 360} {
		b := geo.Box{
			Min: geo.Point{p[0] + turn - across, p[1] - up},
			Max: geo.Point{p[0] + turn + across, p[1] + up},
		}
		s.index.Within(b, func(_ geo.Box, f *Fence) bool { add(f); return true })
	}
	return dst
}
