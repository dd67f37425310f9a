package fence

import (
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Safe is a rectangle of places for all of which a set's answer is the same:
// none of its fences reaches into it. The zero Safe holds no place.
type Safe struct {
	south, west, north, east int32 // units of fleet.Place, ends included
}

// Everywhere is the rectangle to begin with; Set.Narrow cuts it.
func Everywhere() Safe {
	return Safe{south: math.MinInt32, west: math.MinInt32, north: math.MaxInt32, east: math.MaxInt32}
}

// Holds reports whether a place lies in the rectangle.
func (s *Safe) Holds(p fleet.Place) bool {
	return s.north > s.south && p.Lat >= s.south && p.Lat <= s.north && p.Lon >= s.west && p.Lon <= s.east
}

// Narrow cuts a rectangle about a place to where no fence of the set reaches.
// Where a fence's box holds the place, or the set does not know the place well
// enough, nothing is left.
func (s *Set) Narrow(safe *Safe, at fleet.Place) {
	if s.Len() == 0 || safe.north <= safe.south {
		return
	}
	p := at.Point()
	boxes, known := s.near(p)
	if !known {
		*safe = Safe{}
		return
	}
	if s.index != nil {
		// A tile knows of its own square alone.
		_, column, row, _ := keyOf(p)
		safe.clip(square(column, row, 0))
	}
	for i := range boxes {
		if !safe.avoid(&boxes[i].box, at) {
			*safe = Safe{}
			return
		}
	}
}

// clip keeps what lies within a box.
func (s *Safe) clip(b geo.Box) {
	s.west, s.east = max(s.west, above(b.Min[0])), min(s.east, below(b.Max[0]))
	s.south, s.north = max(s.south, above(b.Min[1])), min(s.north, below(b.Max[1]))
}

// avoid cuts off the side on which a box lies, on the axis that leaves more
// room. It is false if the box holds the place.
func (s *Safe) avoid(b *geo.Box, at fleet.Place) bool {
	south, north := below(b.Min[1]), above(b.Max[1]) // nearest places clear of the box
	west, east := below(b.Min[0]), above(b.Max[0])
	if south >= s.north || north <= s.south || west >= s.east || east <= s.west {
		return true
	}
	room, side := int64(-1), 0
	for i, gap := range [...]int64{
		int64(south) - int64(at.Lat), int64(at.Lat) - int64(north),
		int64(west) - int64(at.Lon), int64(at.Lon) - int64(east),
	} {
		if gap > room {
			room, side = gap, i
		}
	}
	if room < 0 {
		return false
	}
	switch side {
	case 0:
		s.north = south
	case 1:
		s.south = north
	case 2:
		s.east = west
	case 3:
		s.west = east
	}
	return true
}

// above is a coordinate in units of Place, rounded up and one more, so that it
// lies clear of what the degrees bound; below is the same downwards.
func above(degrees float64) int32 { return int32(math.Floor(degrees*1e7)) + 2 }
func below(degrees float64) int32 { return int32(math.Ceil(degrees*1e7)) - 2 }
