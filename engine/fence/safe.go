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

// stay cuts off what is more than a quarter turn away: the way between two
// places of the rectangle is the one that lies in it, and does not go over ±180.
func (s *Safe) stay(at fleet.Place) {
	const quarter = -westmost / 2
	s.west = max(s.west, max(at.Lon, westmost+quarter)-quarter)
	s.east = min(s.east, min(at.Lon, -westmost-quarter)+quarter)
}

// avoid cuts off the side on which a reach lies that does not hold the place,
// where that leaves what is worth the most.
func (s *Safe) avoid(r *reach, at fleet.Place, worth *heading) {
	if !s.meets(r) {
		return
	}
	inX, inY := int64(r.west)-int64(at.Lon), int64(r.south)-int64(at.Lat)
	toEast, toNorth := inX > 0, inY > 0
	if toEast {
		inX *= int64(worth.east)
	} else {
		inX = (int64(at.Lon) - int64(r.east)) * int64(worth.west)
	}
	if toNorth {
		inY *= int64(worth.north)
	} else {
		inY = (int64(at.Lat) - int64(r.north)) * int64(worth.south)
	}
	switch {
	case inX >= inY && toEast:
		s.east = r.west - 1
	case inX >= inY:
		s.west = r.east + 1
	case toNorth:
		s.north = r.south - 1
	default:
		s.south = r.north + 1
	}
}

// heading tells what room is worth on either side of a place: the longer it
// takes to come to its end, the more.
type heading struct{ west, east, south, north uint8 }

const (
	least     = 4   // the worth of room right ahead
	sideways  = 8   // how many times as much it is worth where one does not go
	wandering = 500 // units of fleet.Place, 5 m: who moved less is parked, and its fixes jitter
)

var nowhere = heading{least, least, least, least}

// headingOf is the heading of what came from one place to another; nowhere if
// it hardly moved.
func headingOf(from, to fleet.Place) heading {
	dx, dy := float64(to.Lon)-float64(from.Lon), float64(to.Lat)-float64(from.Lat)
	most := max(math.Abs(dx), math.Abs(dy))
	if most < wandering {
		return nowhere
	}
	worth := func(toward float64) uint8 { return uint8(least * min(sideways, most/max(toward, most/sideways))) }
	return heading{west: worth(-dx), east: worth(dx), south: worth(-dy), north: worth(dy)}
}

// look begins a look from a place, in the rectangle if that holds it still.
func (s *Safe) look(at fleet.Place, worth *heading) geo.Look {
	l := geo.LookFrom(at.Point(), geo.Box{
		Min: geo.Point{max(-180, float64(s.west)/1e7), max(-90, float64(s.south)/1e7)},
		Max: geo.Point{min(180, float64(s.east)/1e7), min(90, float64(s.north)/1e7)},
	})
	l.Worth(worth.sides())
	if !s.Holds(at) {
		l.Blind()
	}
	return l
}

// peek is look at folds.
func (s *Safe) peek(at fleet.Place, worth *heading) geo.Peek {
	l := geo.PeekFrom(geo.Spot{X: at.Lon, Y: at.Lat}, geo.Box{
		Min: geo.Point{float64(s.west), float64(s.south)}, Max: geo.Point{float64(s.east), float64(s.north)},
	})
	l.Worth(worth.sides())
	if !s.Holds(at) {
		l.Blind()
	}
	return l
}

func (h *heading) sides() geo.Sides {
	return geo.Sides{West: float64(h.west), East: float64(h.east), South: float64(h.south), North: float64(h.north)}
}

// saw cuts the rectangle to the room that a look from its place has left, in
// parts of which a degree has so many.
func (s *Safe) saw(room geo.Box, ok bool, degree float64) {
	if !ok {
		*s = Safe{}
		return
	}
	scale := 1e7 / degree
	s.clip(reach{
		west: above(room.Min[0] * scale), east: below(room.Max[0] * scale),
		south: above(room.Min[1] * scale), north: below(room.Max[1] * scale),
	})
}

// above is a coordinate in units of Place, rounded up and one more, so that it
// lies clear of what bounds it; below is the same downwards.
func above(v float64) int32 { return int32(math.Floor(v)) + 2 }
func below(v float64) int32 { return int32(math.Ceil(v)) - 2 }
