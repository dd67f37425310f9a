package fence

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/geo/geoindex"
)

// leaf is what one square knows: which fences hold all of it, and which have
// an outline in it. It never changes.
type leaf struct {
	square   square
	crowded  bool // more outlines than a leaf lists: the index is to be asked
	outlines []outline
	entries  []entry // those that have an outline in the square, then those that hold all of it
	folds    []geo.Spot
	parts    *branch // the square is divided; nothing else is known of it
}

// over are the fences that hold all of the square.
func (l *leaf) over() []entry { return l.entries[len(l.outlines):] }

// outline is what a square sees of a fence's outline: the entry is looked at
// only if its box holds a place.
type outline struct {
	box      cells
	from, to uint16 // of the leaf's folds; none: ask the shape
}

// folded reports whether there is a fold.
func (o *outline) folded() bool { return o.from < o.to }

// entry is a fence, or one of its two boxes, if ±180 cuts it.
type entry struct {
	shape *geo.Prepared // the fence's
	fence *Fence
	id    fleet.FenceID
	all   bool
	inner bool
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
	var lineRoom [8]outline
	over, meets, outlines := overRoom[:0], meetRoom[:0], lineRoom[:0]
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
			meets, outlines = append(meets, entryOf(f)), append(outlines, outline{box: s.cellsOf(&r)})
		}
		return true
	})
	switch {
	case crowded && s.bits > smallestBits:
		return &leaf{square: s, parts: new(branch)}
	case crowded:
		return &leaf{square: s, crowded: true}
	}
	l := leafFor(len(outlines))
	l.square, l.outlines = s, append(l.outlines, outlines...)
	l.entries = append(append(make([]entry, 0, len(meets)+len(over)), meets...), over...)
	l.fold(box)
	return l
}

// fold lays what the square sees of its shapes into one piece of memory.
func (l *leaf) fold(box geo.Box) {
	var room [128]geo.Spot
	folds := room[:0]
	for i := range l.outlines {
		o := &l.outlines[i]
		o.from = uint16(len(folds))
		folds = l.entries[i].shape.Fold(box, folds)
		o.to = uint16(len(folds))
	}
	l.folds = append(l.folds, folds...)
}

// leafFor is a leaf with room for outlines beside it, so that a lookup in its
// square reads one piece of memory before it knows whom to ask.
func leafFor(outlines int) *leaf {
	switch {
	case outlines == 0:
		return new(leaf)
	case outlines <= 4:
		l := new(struct {
			leaf
			room [4]outline
		})
		l.outlines = l.room[:0]
		return &l.leaf
	case outlines <= 12:
		l := new(struct {
			leaf
			room [12]outline
		})
		l.outlines = l.room[:0]
		return &l.leaf
	case outlines <= 20:
		l := new(struct {
			leaf
			room [20]outline
		})
		l.outlines = l.room[:0]
		return &l.leaf
	}
	return &leaf{outlines: make([]outline, 0, outlines)}
}
