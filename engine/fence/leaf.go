package fence

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/geo/geoindex"
)

// leaf is what one square knows: which fences hold all of it, and which have
// an outline in it. It never changes.
type leaf struct {
	square  square
	crowded bool    // more outlines than a leaf lists: the index is to be asked
	boxes   []cells // of the first entries, which are looked at only if theirs holds a place
	entries []entry // those that have an outline in the square, then those that hold all of it
	folds   []geo.Spot
	parts   *branch // the square is divided; nothing else is known of it
}

// over are the fences that hold all of the square.
func (l *leaf) over() []entry { return l.entries[len(l.boxes):] }

// entry is a fence, or one of its two boxes, if ±180 cuts it.
type entry struct {
	shape    *geo.Prepared // the fence's
	fence    *Fence
	id       fleet.FenceID
	from, to uint16 // of the leaf's folds; none: ask the shape
	all      bool
	inner    bool
}

func entryOf(f *Fence) entry {
	return entry{shape: f.shape, fence: f, id: f.ID, all: f.Targets.All, inner: f.Targets.Inner}
}

func (e *entry) hit() Hit { return Hit{Fence: e.fence, ID: e.id, All: e.all, Inner: e.inner} }

const (
	leafEntries = 48 // outlines above which a square is divided
	maxEntries  = 96 // and above which the smallest square gives up
)

// explore asks the index for a square.
func explore(s square, index *geoindex.Index[*Fence]) *leaf {
	full := leafEntries
	if s.bits <= smallestBits {
		full = maxEntries
	}
	box, crowded := s.box(), false
	var overRoom, meetRoom [8]entry
	var boxRoom [8]cells
	over, meets, boxes := overRoom[:0], meetRoom[:0], boxRoom[:0]
	index.Within(box, func(b geo.Box, f *Fence) bool {
		switch f.shape.Over(box) {
		case geo.Apart:
		case geo.Covers:
			over = append(over, entryOf(f))
		case geo.Meets:
			if len(meets) == full {
				crowded = true
				return false
			}
			r := reachOf(b)
			meets, boxes = append(meets, entryOf(f)), append(boxes, s.cellsOf(&r))
		}
		return true
	})
	switch {
	case crowded && s.bits > smallestBits:
		return &leaf{square: s, parts: new(branch)}
	case crowded:
		return &leaf{square: s, crowded: true}
	}
	l := leafFor(len(boxes))
	l.square, l.boxes = s, append(l.boxes, boxes...)
	l.entries = append(append(make([]entry, 0, len(meets)+len(over)), meets...), over...)
	l.fold(box)
	return l
}

// fold lays what the square sees of its shapes into one piece of memory.
func (l *leaf) fold(box geo.Box) {
	var room [128]geo.Spot
	folds := room[:0]
	for i := range l.boxes {
		e := &l.entries[i]
		e.from = uint16(len(folds))
		folds = e.shape.Fold(box, folds)
		e.to = uint16(len(folds))
	}
	l.folds = append(l.folds, folds...)
}

// leafFor is a leaf with room for boxes beside it, so that a lookup in its
// square reads one piece of memory before it knows whom to ask: two, three or
// four lines of the cache.
func leafFor(boxes int) *leaf {
	switch {
	case boxes == 0:
		return new(leaf)
	case boxes <= 8:
		l := new(struct {
			leaf
			room [8]cells
		})
		l.boxes = l.room[:0]
		return &l.leaf
	case boxes <= 24:
		l := new(struct {
			leaf
			room [24]cells
		})
		l.boxes = l.room[:0]
		return &l.leaf
	case boxes <= 40:
		l := new(struct {
			leaf
			room [40]cells
		})
		l.boxes = l.room[:0]
		return &l.leaf
	}
	return &leaf{boxes: make([]cells, 0, boxes)}
}
