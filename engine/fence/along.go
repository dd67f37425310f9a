package fence

import (
	"slices"

	"github.com/vigia-track/vigia/geo"
)

// Along appends the fences whose box meets the box of the way from a to b,
// the short way round, each once, in no particular order. It allocates
// nothing if dst has room.
func (s *Set) Along(a, b geo.Point, dst []*Fence) []*Fence {
	if s.Len() == 0 {
		return dst
	}
	way := geo.Box{
		Min: geo.Point{min(a[0], b[0]), min(a[1], b[1])},
		Max: geo.Point{max(a[0], b[0]), max(a[1], b[1])},
	}
	if way.Max[0]-way.Min[0] > 180 { // over ±180: on either side of it
		west, east := way, way
		west.Min[0], west.Max[0] = -180, way.Min[0]
		east.Min[0], east.Max[0] = way.Max[0], 180
		return s.meeting(east, s.meeting(west, dst))
	}
	return s.meeting(way, dst)
}

func (s *Set) meeting(way geo.Box, dst []*Fence) []*Fence {
	if s.index == nil {
		return meetingOf(s.flat, &way, dst)
	}
	from, _, _, _ := keyOf(way.Min)
	if to, _, _, ok := keyOf(way.Max); ok && from == to {
		if t := s.tiles.at(way.Min, s.index); t != nil {
			return meetingOf(t.boxes, &way, dst)
		}
	}
	s.index.Within(way, func(_ geo.Box, f *Fence) bool {
		if !slices.Contains(dst, f) {
			dst = append(dst, f)
		}
		return true
	})
	return dst
}

func meetingOf(boxes []flatBox, way *geo.Box, dst []*Fence) []*Fence {
	for i := range boxes {
		if meet(&boxes[i].box, way) && !slices.Contains(dst, boxes[i].fence) {
			dst = append(dst, boxes[i].fence)
		}
	}
	return dst
}
