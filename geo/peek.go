package geo

// Peek is a [Look] from one spot at folds of shapes. It is not sure of what lies
// right on an outline.
//
// A fold's points are rounded by half a spot at most on either axis, so no
// outline is further off than that from where it should be. Peek is sure of an
// outline that leaves the spot a box of two spots on each side, and what room
// it gives lies two spots from any.
type Peek struct{ clearing }

const (
	closest = 2 // spots; nearer than this Peek is not sure
	beside  = 8 // spots around a box from which an outline is looked for
)

// PeekFrom begins a look from a spot, in a box about it that is in spots; the
// shapes' folds must be for a box that holds it.
func PeekFrom(p Spot, room Box) Peek {
	return Peek{clearing{
		x: float64(p.X), y: float64(p.Y), margin: closest, worth: Sides{1, 1, 1, 1},
		// An outline outside of the room may be too close to a spot on its side.
		box: Box{Min: Point{room.Min[0] - 2*closest, room.Min[1] - 2*closest}, Max: Point{room.Max[0] + 2*closest, room.Max[1] + 2*closest}},
	}}
}

// Room is what is left of the box and two spots around it, in spots: all of
// its points have the answers of the spot that the look is from. ok is false
// if nothing is left.
func (l *Peek) Room() (room Box, ok bool) { return l.room() }

// At reports whether the shape that was folded holds the spot, and cuts the
// room to where its outline does not reach. Unless it is sure the shape is to
// be asked, and the room is cut as that says.
func (l *Peek) At(fold []Spot) (inside, sure bool) {
	if len(fold) == 3 {
		d := unfolded(fold)
		return l.shunDisc(float64(fold[0].X), float64(fold[0].Y), &d)
	}
	before, sides := l.box, sidesOf(&l.box)
	y, odd := int64(l.y), uint64(0)
	p := fold[0]
	pSides := sides.of(p)
	for _, q := range fold[1:] {
		qSides := sides.of(q)
		// A ray to the east crosses an edge there that begins and ends on either side of it.
		rises := uint64((y-int64(p.Y))^(y-int64(q.Y))) >> 63
		if common := pSides & qSides; common != 0 {
			odd ^= rises & (common >> eastBit)
		} else {
			right, ok := l.shunEdge(float64(p.X), float64(p.Y), float64(q.X), float64(q.Y))
			if !ok {
				l.box = before
				return false, false
			}
			if rises != 0 && (right < 0) == (q.Y > p.Y) { // it is on the left of one that goes up
				odd ^= 1
			}
			sides = sidesOf(&l.box)
			qSides = sides.of(q)
		}
		p, pSides = q, qSides
	}
	return odd != 0, true
}

// boxSides are the sides of a box in whole spots.
type boxSides struct{ west, east, south, north int64 }

const eastBit = 1

func sidesOf(b *Box) boxSides {
	return boxSides{int64(b.Min[0]), int64(b.Max[0]), int64(b.Min[1]), int64(b.Max[1])}
}

// of gives a bit for each side of the box beyond which a spot lies. It decides
// nothing: which spots those are is anybody's guess, also the processor's.
func (b *boxSides) of(p Spot) uint64 {
	x, y := int64(p.X), int64(p.Y)
	return uint64(x-b.west)>>63 | uint64(b.east-x)>>63<<eastBit | uint64(y-b.south)>>63<<2 | uint64(b.north-y)>>63<<3
}
