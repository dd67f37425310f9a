package fence

import "github.com/vigia-track/vigia/engine/fleet"

// cells is a rectangle in a square of the map, ends included, in 256ths of its
// side: four bytes, so that a lookup reads the boxes of many outlines at once.
type cells struct{ south, west, north, east uint8 }

// cellBits is how many times a square's side is halved for its cells.
const cellBits = 8

var allCells = cells{north: 255, east: 255}

// cell is where in a square a place of it lies.
func (s square) cell(p fleet.Place) (x, y uint8) {
	gx, gy := onGrid(p)
	return uint8((gx - s.x) >> (s.bits - cellBits)), uint8((gy - s.y) >> (s.bits - cellBits))
}

// cellsOf are the cells that what a reach and the square share lies in; a
// reach that does not meet the square comes to its nearest ones.
func (s square) cellsOf(r *reach) cells {
	own := s.reach()
	within := func(v, low, high int32) int32 { return min(max(v, low), high) }
	var c cells
	c.west, c.south = s.cell(fleet.Place{Lon: within(r.west, own.west, own.east), Lat: within(r.south, own.south, own.north)})
	c.east, c.north = s.cell(fleet.Place{Lon: within(r.east, own.west, own.east), Lat: within(r.north, own.south, own.north)})
	return c
}

// places are the places of cells, as far as the map goes.
func (s square) places(c cells) reach {
	shift, own := s.bits-cellBits, s.reach()
	west, south := int64(own.west)+int64(c.west)<<shift, int64(own.south)+int64(c.south)<<shift
	east, north := int64(own.west)+(int64(c.east)+1)<<shift-1, int64(own.south)+(int64(c.north)+1)<<shift-1
	return reach{
		west: int32(west), east: int32(min(east, int64(own.east))),
		south: int32(south), north: int32(min(north, int64(own.north))),
	}
}

func (c *cells) holds(x, y uint8) bool {
	in := (int(x) - int(c.west)) | (int(c.east) - int(x)) | (int(y) - int(c.south)) | (int(c.north) - int(y))
	return in >= 0 // no difference is negative
}

func (c *cells) meets(o *cells) bool {
	in := (int(o.east) - int(c.west)) | (int(c.east) - int(o.west)) | (int(o.north) - int(c.south)) | (int(c.north) - int(o.south))
	return in >= 0
}

// avoid cuts off the side on which cells lie that it meets and that do not hold
// (x, y), where that leaves what is worth the most.
func (c *cells) avoid(o *cells, x, y uint8, worth *heading) {
	inX, inY := int(o.west)-int(x), int(o.south)-int(y)
	toEast, toNorth := inX > 0, inY > 0
	if toEast {
		inX *= int(worth.east)
	} else {
		inX = (int(x) - int(o.east)) * int(worth.west)
	}
	if toNorth {
		inY *= int(worth.north)
	} else {
		inY = (int(y) - int(o.north)) * int(worth.south)
	}
	switch {
	case inX >= inY && toEast:
		c.east = o.west - 1
	case inX >= inY:
		c.west = o.east + 1
	case toNorth:
		c.north = o.south - 1
	default:
		c.south = o.north + 1
	}
}
