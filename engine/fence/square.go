package fence

import (
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// square is a square of the map, counted in units of fleet.Place from 180°
// west and 90° south: x and y are its corner's, and it is 1<<bits wide.
type square struct {
	x, y uint32
	bits uint8
}

const (
	westmost  = -1_800_000_000 // units of fleet.Place
	southmost = -900_000_000

	regionBits = 26 // 6.7°
	tileBits   = 20 // 12 km at the equator
	columns    = (-2*westmost)>>regionBits + 1
	rows       = (-2*southmost)>>regionBits + 1

	// A tile is divided into 8 by 8 where there is need: 1.5 km, 180 m, 23 m.
	dividedBits  = 3
	smallestBits = 11
	levels       = (tileBits-smallestBits)/dividedBits + 1
)

// onGrid is where a place of the map lies, in units of squares' corners.
func onGrid(p fleet.Place) (x, y uint32) {
	return uint32(int64(p.Lon) - westmost), uint32(int64(p.Lat) - southmost)
}

// squareOf is the square of a width that holds a point of the grid.
func squareOf(x, y uint32, bits uint8) square {
	return square{x: x >> bits << bits, y: y >> bits << bits, bits: bits}
}

// regionAt is a region by its place in its row, and the row's.
func regionAt(x, y int) square {
	return square{x: uint32(x) << regionBits, y: uint32(y) << regionBits, bits: regionBits}
}

// rowAt is where a row of regions lies.
func rowAt(y int) reach {
	r := regionAt(0, y).reach()
	r.east = -westmost
	return r
}

// onMap reports whether a place lies within ±180 and ±90.
func onMap(p fleet.Place) bool {
	return p.Lat >= southmost && p.Lat <= -southmost && p.Lon >= westmost && p.Lon <= -westmost
}

// box is the square in degrees, cut to the map: the points of all its places
// lie in it, ends included.
func (s square) box() geo.Box {
	r := s.reach()
	return geo.Box{
		Min: geo.Point{float64(r.west) / 1e7, float64(r.south) / 1e7},
		Max: geo.Point{float64(r.east) / 1e7, float64(r.north) / 1e7},
	}
}

// reach is the square as places, cut to the map.
func (s square) reach() reach {
	side := int64(1)<<s.bits - 1
	west, south := int64(s.x)+westmost, int64(s.y)+southmost
	return reach{
		west: int32(west), east: int32(min(west+side, -westmost)),
		south: int32(south), north: int32(min(south+side, -southmost)),
	}
}

// holds reports whether a place lies in the square.
func (s square) holds(p fleet.Place) bool {
	x, y := onGrid(p)
	return onMap(p) && (x^s.x)>>s.bits == 0 && (y^s.y)>>s.bits == 0
}

// beside reports whether two squares of one size have a side in common.
func (s square) beside(o square) bool {
	side := uint32(1) << s.bits
	return s.bits == o.bits &&
		(s.y == o.y && (s.x+side == o.x || o.x+side == s.x) || s.x == o.x && (s.y+side == o.y || o.y+side == s.y))
}

// reach is a rectangle of places, ends included.
type reach struct{ south, west, north, east int32 }

// reachOf is a rectangle that holds all places whose point lies in a box, and
// one more on each side.
func reachOf(b geo.Box) reach {
	return reach{
		south: int32(math.Floor(b.Min[1]*1e7)) - 1, north: int32(math.Ceil(b.Max[1]*1e7)) + 1,
		west: int32(math.Floor(b.Min[0]*1e7)) - 1, east: int32(math.Ceil(b.Max[0]*1e7)) + 1,
	}
}

func (r *reach) holds(p fleet.Place) bool {
	return p.Lat >= r.south && p.Lat <= r.north && p.Lon >= r.west && p.Lon <= r.east
}

func (r *reach) meets(o *reach) bool {
	return r.west <= o.east && o.west <= r.east && r.south <= o.north && o.south <= r.north
}
