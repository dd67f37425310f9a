package geo

import (
	"cmp"
	"slices"
)

// sweep finds segments that meet, after Shamos and Hoey (Geometric
// Intersection Problems, 1976): a line moves from west to east over the
// segments and keeps those that it cuts in order from south to north. Two that
// meet become neighbours first. The time grows as n log n but for the moving
// of entries in a list, which counts for nothing below MaxVertices.
type sweep struct {
	segments []segment
	order    []int32 // the segments under the line, southernmost first

	// meet judges two neighbours; an error ends the sweep.
	meet func(a, b *segment) error
}

// segment is an edge from its western (or southern) end.
type segment struct {
	west, east Point
	ring, edge int32
}

func newSweep(n int) *sweep { return &sweep{segments: make([]segment, 0, n)} }

func (s *sweep) add(a, b Point, ring, edge int32) {
	if comparePoints(a, b) > 0 {
		a, b = b, a
	}
	s.segments = append(s.segments, segment{a, b, ring, edge})
}

// run moves the line over all segments.
func (s *sweep) run() error {
	// Event 2i is the west end of segment i, 2i+1 its east end. At one point
	// segments end before others begin.
	events := make([]int32, 2*len(s.segments))
	for i := range events {
		events[i] = int32(i)
	}
	slices.SortFunc(events, func(a, b int32) int {
		return cmp.Or(comparePoints(s.point(a), s.point(b)), cmp.Compare(b&1, a&1), cmp.Compare(a, b))
	})
	for _, e := range events {
		if err := s.step(e>>1, e&1 == 1); err != nil {
			return err
		}
	}
	return nil
}

func (s *sweep) point(event int32) Point {
	if event&1 == 1 {
		return s.segments[event>>1].east
	}
	return s.segments[event>>1].west
}

func (s *sweep) step(i int32, ends bool) error {
	if !ends {
		at, _ := slices.BinarySearchFunc(s.order, i, s.compare)
		s.order = slices.Insert(s.order, at, i)
		if at > 0 {
			if err := s.meet(&s.segments[s.order[at-1]], &s.segments[i]); err != nil {
				return err
			}
		}
		if at+1 < len(s.order) {
			return s.meet(&s.segments[i], &s.segments[s.order[at+1]])
		}
		return nil
	}
	at := s.find(i)
	s.order = slices.Delete(s.order, at, at+1)
	if at > 0 && at < len(s.order) {
		return s.meet(&s.segments[s.order[at-1]], &s.segments[s.order[at]])
	}
	return nil
}

// find is where a segment stands.
func (s *sweep) find(i int32) int {
	if at, found := slices.BinarySearchFunc(s.order, i, s.compare); found {
		return at
	}
	return slices.Index(s.order, i) // only where rings touch so that the order has two readings
}

// compare tells whether the segment a, under the line, runs south (-1) or
// north (1) of the segment b where b begins, or if b begins on a, behind there.
func (s *sweep) compare(a, b int32) int {
	if a == b {
		return 0
	}
	p, q := &s.segments[a], &s.segments[b]
	side := orient(p.west[0], p.west[1], p.east[0], p.east[1], q.west[0], q.west[1])
	if comparePoints(p.west, q.west) > 0 {
		// a began behind b: ask the other way round.
		side = -orient(q.west[0], q.west[1], q.east[0], q.east[1], p.west[0], p.west[1])
		if side == 0 {
			side = -orient(q.west[0], q.west[1], q.east[0], q.east[1], p.east[0], p.east[1])
		}
	} else if side == 0 {
		side = orient(p.west[0], p.west[1], p.east[0], p.east[1], q.east[0], q.east[1])
	}
	switch {
	case side > 0:
		return -1
	case side < 0:
		return 1
	}
	return cmp.Compare(a, b)
}

// contact is how two segments lie to each other.
type contact uint8

const (
	apartFrom   contact = iota
	touching            // an end of one lies on the other
	crossing            // each passes through the other
	overlapping         // they share a stretch
)

// meeting tells how two segments lie to each other, and where they meet.
func meeting(a, b *segment) (Point, contact) {
	if !overlap(boxOf([]Point{a.west, a.east}), boxOf([]Point{b.west, b.east})) {
		return Point{}, apartFrom
	}
	a1 := orient(b.west[0], b.west[1], b.east[0], b.east[1], a.west[0], a.west[1])
	a2 := orient(b.west[0], b.west[1], b.east[0], b.east[1], a.east[0], a.east[1])
	b1 := orient(a.west[0], a.west[1], a.east[0], a.east[1], b.west[0], b.west[1])
	b2 := orient(a.west[0], a.west[1], a.east[0], a.east[1], b.east[0], b.east[1])
	if a1 == 0 && a2 == 0 {
		// On one line: ends count from west to east.
		from, to := a.west, a.east
		if comparePoints(b.west, from) > 0 {
			from = b.west
		}
		if comparePoints(b.east, to) < 0 {
			to = b.east
		}
		switch c := comparePoints(from, to); {
		case c > 0:
			return Point{}, apartFrom
		case c == 0:
			return from, touching
		}
		return from, overlapping
	}
	if a1 > 0 && a2 > 0 || a1 < 0 && a2 < 0 || b1 > 0 && b2 > 0 || b1 < 0 && b2 < 0 {
		return Point{}, apartFrom
	}
	switch {
	case a1 == 0:
		return a.west, touching
	case a2 == 0:
		return a.east, touching
	case b1 == 0:
		return b.west, touching
	case b2 == 0:
		return b.east, touching
	}
	// Of the crossing only the sides are exact; its place is rounded.
	t := a1 / (a1 - a2)
	return Point{
		a.west[0] + float64(t*(a.east[0]-a.west[0])),
		a.west[1] + float64(t*(a.east[1]-a.west[1])),
	}, crossing
}
