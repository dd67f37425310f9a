package fence

import (
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo/geoindex"
)

// tiles is the map of one owner: squares of 12 km, divided 8 by 8 where many
// outlines meet. A square is looked into when the first fix falls into it, so
// that fences without devices cost nothing; what it found then never changes.
// Any number of goroutines may ask, and fill it, at once.
//
// Squares lie in regions of 6.7°, and those in rows from west to east. An edit
// makes those anew that it reaches, and shares the others.
type tiles struct {
	rows [rows]*row
	room *atomic.Int64 // leaves that may still be made
}

type row [columns]atomic.Pointer[region]

// branch holds the parts of a divided square.
type branch [1 << (2 * dividedBits)]atomic.Pointer[leaf]

const (
	leavesToEach = 64 // leaves that may be made for each fence, ...
	leavesAtAll  = 1 << 16
)

func newTiles(fences int) *tiles {
	t := &tiles{room: new(atomic.Int64)}
	t.room.Store(int64(fences)*leavesToEach + leavesAtAll)
	for y := range t.rows {
		t.rows[y] = new(row)
	}
	return t
}

// at is the leaf of the square that holds a place of the map; nil if only the
// index can tell.
func (t *tiles) at(p fleet.Place, index *geoindex.Index[*Fence]) *leaf {
	x, y := onGrid(p)
	at := &t.rows[y>>regionBits][x>>regionBits]
	r := at.Load()
	if r == nil {
		at.CompareAndSwap(nil, newRegion(firstSlots))
		r = at.Load()
	}
	l := r.find(x>>tileBits, y>>tileBits)
	if l == nil {
		if l = t.explore(squareOf(x, y, tileBits), index); l == nil {
			return nil
		}
		l = r.add(l)
	}
	for l.parts != nil {
		const side = 1<<dividedBits - 1
		bits := l.square.bits - dividedBits
		part := &l.parts[y>>bits&side<<dividedBits|x>>bits&side]
		if l = part.Load(); l == nil {
			if l = t.explore(squareOf(x, y, bits), index); l == nil {
				return nil
			}
			part.CompareAndSwap(nil, l)
			l = part.Load()
		}
	}
	if l.crowded {
		return nil
	}
	return l
}

// explore looks into a square; nil if there is no room for another leaf.
func (t *tiles) explore(s square, index *geoindex.Index[*Fence]) *leaf {
	if t.room.Add(-1) < 0 {
		t.room.Add(1)
		return nil
	}
	return explore(s, index)
}

// maxChanged is the number of boxes above which it is cheaper to begin anew.
const maxChanged = 64

// after derives the tiles of a set with other fences, of which these changed:
// rows, regions and squares that the changes do not reach are shared.
func (t *tiles) after(before, fences int, changed []reach) *tiles {
	if len(changed) > maxChanged {
		return newTiles(fences)
	}
	out, gone := &tiles{room: new(atomic.Int64)}, 0
	for y := range t.rows {
		out.rows[y] = t.rows[y]
		if rowAt(y).touched(changed) {
			out.rows[y] = t.rows[y].without(y, changed, &gone)
		}
	}
	out.room.Store(t.room.Load() + int64(gone) + int64(fences-before)*leavesToEach)
	return out
}

// without is a row of a set in which fences changed.
func (w *row) without(y int, changed []reach, gone *int) *row {
	out := new(row)
	for x := range w {
		r := w[x].Load()
		if r != nil && regionAt(x, y).reach().touched(changed) {
			r = r.without(changed, gone)
		}
		out[x].Store(r)
	}
	return out
}

// without is a leaf of a set in which fences changed: nil if the changes reach
// it. Of a divided square the parts stay that they do not reach.
func (l *leaf) without(changed []reach, gone *int) *leaf {
	switch {
	case !l.square.reach().touched(changed):
		return l
	case l.parts == nil:
		*gone++
		return nil
	}
	out := &leaf{square: l.square, parts: new(branch)}
	for i := range l.parts {
		if part := l.parts[i].Load(); part != nil {
			if part = part.without(changed, gone); part != nil {
				out.parts[i].Store(part)
			}
		}
	}
	return out
}

// touched reports whether changes reach a rectangle.
func (r reach) touched(changed []reach) bool {
	for i := range changed {
		if r.meets(&changed[i]) {
			return true
		}
	}
	return false
}
