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

// cut is a stretch of a meridian that two edges of a shape share, one with the
// area to its west and one with the area to its east: there the shape was cut
// only to lay it out.
type cut struct {
	at        float64 // the meridian, in [-180, 180)
	low, high float64
	edges     []float64 // the longitudes of the edges as they were laid out
}

// cutsOf finds the cuts among the rings' vertical edges. Where an even number
// of them share a stretch, none bounds the area. That counts at ±180, and for
// the two sides of one meridian: a band round the earth, or above a ring round
// a pole.
func cutsOf(rings []Ring) (cuts []cut) {
	var all []seam
	for _, ring := range rings {
		for i := 1; i < len(ring); i++ {
			if p, q := ring[i-1], ring[i]; p[0] == q[0] && p[1] != q[1] {
				all = append(all, seam{p[0], min(p[1], q[1]), max(p[1], q[1])})
			}
		}
	}
	slices.SortFunc(all, func(a, b seam) int { return cmp.Compare(meridian(a.x), meridian(b.x)) })
	for len(all) > 0 {
		n := 1
		for n < len(all) && meridian(all[n].x) == meridian(all[0].x) {
			n++
		}
		if n > 1 {
			cuts = append(cuts, cutsAt(all[:n])...)
		}
		all = all[n:]
	}
	return cuts
}

// cutsAt finds the cuts among the edges along one meridian.
func cutsAt(edges []seam) (cuts []cut) {
	var ends []float64
	for _, e := range edges {
		ends = append(ends, e.low, e.high)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	slices.SortFunc(edges, func(a, b seam) int { return cmp.Compare(a.low, b.low) })
	var over []seam // the edges over the stretch, and those below it
	for i := 0; i+1 < len(ends); i++ {
		for len(edges) > 0 && edges[0].low <= ends[i] {
			over, edges = append(over, edges[0]), edges[1:]
		}
		over = slices.DeleteFunc(over, func(e seam) bool { return e.high <= ends[i] })
		if len(over) < 2 || len(over)%2 != 0 {
			continue
		}
		apart := slices.ContainsFunc(over, func(e seam) bool { return e.x != over[0].x })
		if !apart && meridian(over[0].x) != -180 {
			continue // a ring that runs back over itself
		}
		c := cut{at: meridian(over[0].x), low: ends[i], high: ends[i+1]}
		for _, e := range over {
			c.edges = append(c.edges, e.x)
		}
		cuts = append(cuts, c)
	}
	return cuts
}

// meridian is a longitude brought into [-180, 180).
func meridian(lon float64) float64 {
	if lon = wrap(lon); lon == 180 {
		return -180
	}
	return lon
}

// seamsOf lists what rays cross at the cuts: edges that lie one on the other
// are crossed together and count for nothing.
func seamsOf(cuts []cut) (out []seam) {
	for _, c := range cuts {
		slices.Sort(c.edges)
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

// outline is what is left of a vertical edge when the cuts are taken away.
// found is false if none is.
func outline(cuts []cut, p, q Point) (left []seam, found bool) {
	low, high := min(p[1], q[1]), max(p[1], q[1])
	from := low
	for _, c := range cuts { // in order along each meridian
		if c.at != meridian(p[0]) || c.high <= low || c.low >= high {
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
