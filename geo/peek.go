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
	y, odd, before := l.y, false, l.box
	px, py := float64(fold[0].X), float64(fold[0].Y)
	for _, q := range fold[1:] {
		qx, qy := float64(q.X), float64(q.Y)
		switch b := &l.box; {
		case px < b.Min[0] && qx < b.Min[0], py < b.Min[1] && qy < b.Min[1], py > b.Max[1] && qy > b.Max[1]:
		case px > b.Max[0] && qx > b.Max[0]:
			odd = odd != ((py > y) != (qy > y))
		default:
			right, ok := l.shunEdge(px, py, qx, qy)
			if !ok {
				l.box = before
				return false, false
			}
			// A ray to the east crosses an edge that goes up on its left.
			odd = odd != ((py > y) != (qy > y) && (right < 0) == (qy > py))
		}
		px, py = qx, qy
	}
	return odd, true
}
