package fence

import (
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Along appends the fences that may hold a part of the way from a to b, the
// short way round and straight on the map, but neither of its ends: each once,
// in no particular order, and some others beside them. It allocates nothing if
// dst has room.
func (s *Set) Along(a, b fleet.Place, dst []Hit) []Hit {
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
	if s.index != nil && onMap(a) && onMap(b) {
		if l := s.tiles.at(a, s.index); l != nil && l.square.holds(b) {
			return l.along(a, b, &way, dst)
		} else if l != nil {
			// All of the way lies in two squares that make a rectangle.
			if m := s.tiles.at(b, s.index); m != nil && l.square.beside(m.square) {
				return m.along(a, b, &way, l.along(a, b, &way, dst))
			}
		}
	}
	return s.meeting(way, dst)
}

func (s *Set) meeting(way reach, dst []Hit) []Hit {
	if s.index == nil {
		return s.flat.meeting(&way, dst)
	}
	box := geo.Box{
		Min: geo.Point{float64(way.west) / 1e7, float64(way.south) / 1e7},
		Max: geo.Point{float64(way.east) / 1e7, float64(way.north) / 1e7},
	}
	s.index.Within(box, func(_ geo.Box, f *Fence) bool {
		dst = once(dst, hitOf(f))
		return true
	})
	return dst
}

// along appends what a square knows of fences that a way may come to in it.
func (l *leaf) along(a, b fleet.Place, way *reach, dst []Hit) []Hit {
	c := l.square.cellsOf(way)
	from, to := geo.Spot{X: a.Lon, Y: a.Lat}, geo.Spot{X: b.Lon, Y: b.Lat}
	for i := range l.outlines {
		if o := &l.outlines[i]; o.box.meets(&c) && (!o.folded() || geo.Reaches(l.folds[o.from:o.to], from, to)) {
			dst = once(dst, l.entries[i].hit())
		}
	}
	return dst
}

func (l *flat) meeting(way *reach, dst []Hit) []Hit {
	for i := range l.boxes {
		if l.boxes[i].meets(way) {
			dst = once(dst, l.entries[i].hit())
		}
	}
	return dst
}

// once appends a fence that is not there yet.
func once(dst []Hit, h Hit) []Hit {
	if slices.Contains(dst, h) {
		return dst
	}
	return append(dst, h)
}
