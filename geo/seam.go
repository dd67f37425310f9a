package geo

import (
	"cmp"
	"math"
	"slices"
)

// seam is a stretch of a meridian.
type seam struct {
	x, low, high float64
}

// cut is a stretch of the 180th meridian that two edges of a shape share, one
// with the area to its west and one with the area to its east: there the shape
// was only cut to be written down.
type cut struct {
	low, high float64
	edges     []float64 // the longitudes of the edges as they were laid out
}

// cutsOf finds the cuts among the rings' edges along the 180th meridian. Where
// an even number of them share a stretch, none bounds the area.
func cutsOf(rings []Ring) (cuts []cut) {
	var edges []seam
	var ends []float64
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			if p, q := ring[i-1], ring[i]; p[0] == q[0] && p[1] != q[1] && at180(p[0]) {
				low, high := min(p[1], q[1]), max(p[1], q[1])
				edges, ends = append(edges, seam{p[0], low, high}), append(ends, low, high)
			}
		}
	}
	if len(edges) < 2 {
		return nil
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	slices.SortFunc(edges, func(a, b seam) int { return cmp.Compare(a.low, b.low) })
	var over []seam // the edges over the stretch
	for i := 0; i+1 < len(ends); i++ {
		for len(edges) > 0 && edges[0].low <= ends[i] {
			over, edges = append(over, edges[0]), edges[1:]
		}
		over = slices.DeleteFunc(over, func(e seam) bool { return e.high <= ends[i] })
		if len(over) == 0 || len(over)%2 != 0 {
			continue
		}
		c := cut{low: ends[i], high: ends[i+1]}
		for _, e := range over {
			c.edges = append(c.edges, e.x)
		}
		slices.Sort(c.edges)
		cuts = append(cuts, c)
	}
	return cuts
}

// at180 reports whether a longitude is that of the 180th meridian, at any turn.
func at180(lon float64) bool { return math.Abs(wrap(lon)) == 180 }

// seamsOf lists what rays cross at the cuts: edges that lie one on the other
// are crossed together and count for nothing.
func seamsOf(cuts []cut) (out []seam) {
	for _, c := range cuts {
		for i := 0; i < len(c.edges); i++ {
			if i+1 < len(c.edges) && c.edges[i] == c.edges[i+1] {
				i++
				continue
			}
			out = append(out, seam{c.edges[i], c.low, c.high})
		}
	}
	return out
}

// outline is what is left of an edge along the 180th meridian when the cuts are
// taken away. found is false if none is.
func outline(cuts []cut, p, q Point) (left []seam, found bool) {
	low, high := min(p[1], q[1]), max(p[1], q[1])
	from := low
	for _, c := range cuts { // from south to north
		if c.high <= low || c.low >= high {
			continue
		}
		found = true
		if c.low > from {
			left = append(left, seam{p[0], from, c.low})
		}
		from = math.Max(from, c.high)
	}
	if found && from < high {
		left = append(left, seam{p[0], from, high})
	}
	return left, found
}
