package fence

import (
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Safe is a rectangle of places for all of which a set's answer is the same:
// no outline of its fences reaches into it. The zero Safe holds no place.
type Safe struct{ reach }

// Everywhere is the rectangle to begin with; Set.Locate cuts it.
func Everywhere() Safe {
	return Safe{reach{south: math.MinInt32, west: math.MinInt32, north: math.MaxInt32, east: math.MaxInt32}}
}

// Holds reports whether a place lies in the rectangle.
func (s *Safe) Holds(p fleet.Place) bool { return s.north > s.south && s.holds(p) }

// clip keeps what lies within a reach.
func (s *Safe) clip(r reach) {
	s.west, s.east = max(s.west, r.west), min(s.east, r.east)
	s.south, s.north = max(s.south, r.south), min(s.north, r.north)
}

// avoid cuts off the side on which a reach lies that does not hold the place,
// on the axis that leaves more room.
func (s *Safe) avoid(r *reach, at fleet.Place) {
	if !s.meets(r) {
		return
	}
	south, north := int64(r.south)-int64(at.Lat), int64(at.Lat)-int64(r.north)
	west, east := int64(r.west)-int64(at.Lon), int64(at.Lon)-int64(r.east)
	switch max(south, north, west, east) {
	case south:
		s.north = r.south - 1
	case north:
		s.south = r.north + 1
	case west:
		s.east = r.west - 1
	default:
		s.west = r.east + 1
	}
}

// around reports whether a shape holds a point in its box, and cuts the
// rectangle about it to where the shape's outline does not reach.
func (s *Safe) around(shape *geo.Prepared, p geo.Point) bool {
	if s.north <= s.south {
		return shape.Contains(p)
	}
	room := geo.Box{
		Min: geo.Point{math.Max(-180, float64(s.west)/1e7), math.Max(-90, float64(s.south)/1e7)},
		Max: geo.Point{math.Min(180, float64(s.east)/1e7), math.Min(90, float64(s.north)/1e7)},
	}
	inside, free := shape.Around(p, &room)
	if !free {
		*s = Safe{}
		return inside
	}
	s.west, s.east = max(s.west, above(room.Min[0])), min(s.east, below(room.Max[0]))
	s.south, s.north = max(s.south, above(room.Min[1])), min(s.north, below(room.Max[1]))
	return inside
}

// above is a coordinate in units of Place, rounded up and one more, so that it
// lies clear of what the degrees bound; below is the same downwards.
func above(degrees float64) int32 { return int32(math.Floor(degrees*1e7)) + 2 }
func below(degrees float64) int32 { return int32(math.Ceil(degrees*1e7)) - 2 }
