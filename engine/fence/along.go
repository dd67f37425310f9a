package fence

import (
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Along appends the fences whose box meets the box of the way from a to b,
// the short way round, each once, in no particular order, and perhaps a few
// beside it; of those that hold all of the way it may leave some out. It allocates nothing if dst has room.
func (s *Set) Along(a, b fleet.Place, dst []*Fence) []*Fence {
	if s.Len() == 0 {
		return dst
	}
	way := reach{
		south: min(a.Lat, b.Lat), north: max(a.Lat, b.Lat),
		west: min(a.Lon, b.Lon), east: max(a.Lon, b.Lon),
	}
	if int64(way.east)-int64(way.west) > -westmost { // over ±180: on either side of it
		west, east := way, way
		west.west, west.east = math.MinInt32, way.west
		east.west, east.east = way.east, math.MaxInt32
		return s.meeting(east, s.meeting(west, dst))
	}
	if s.index != nil && onMap(a) {
		if l := s.tiles.at(a, s.index); l != nil && l.square.holds(b) {
			return l.meeting(&way, dst)
		}
	}
	return s.meeting(way, dst)
}

func (s *Set) meeting(way reach, dst []*Fence) []*Fence {
	if s.index == nil {
		return s.flat.meeting(&way, dst)
	}
	box := geo.Box{
		Min: geo.Point{float64(way.west) / 1e7, float64(way.south) / 1e7},
		Max: geo.Point{float64(way.east) / 1e7, float64(way.north) / 1e7},
	}
	s.index.Within(box, func(_ geo.Box, f *Fence) bool {
		if !slices.Contains(dst, f) {
			dst = append(dst, f)
		}
		return true
	})
	return dst
}

func (l *leaf) meeting(way *reach, dst []*Fence) []*Fence {
	c := l.square.cellsOf(way)
	for i := range l.boxes {
		if !l.boxes[i].meets(&c) {
			continue
		}
		if f := l.entries[i].fence; !slices.Contains(dst, f) {
			dst = append(dst, f)
		}
	}
	return dst
}

func (l *flat) meeting(way *reach, dst []*Fence) []*Fence {
	for i := range l.boxes {
		if !l.boxes[i].meets(way) {
			continue
		}
		if f := l.entries[i].fence; !slices.Contains(dst, f) {
			dst = append(dst, f)
		}
	}
	return dst
}
