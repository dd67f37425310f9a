package fence

import (
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/geo/geoindex"
)

// leaf is what one square knows: which fences hold all of it, and which have
// an outline in it. It never changes.
type leaf struct {
	square  square
	crowded bool // more outlines than a leaf lists: the index is to be asked
	meets   []entry
	over    []*Fence
	parts   *branch // the square is divided; nothing else is known of it
}

// entry is a fence, or one of its two boxes, if ±180 cuts it.
type entry struct {
	reach reach
	shape *geo.Prepared // the fence's
	fence *Fence
}

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
	var overRoom [8]*Fence
	var meetRoom [8]entry
	over, meets := overRoom[:0], meetRoom[:0]
	index.Within(box, func(b geo.Box, f *Fence) bool {
		switch f.shape.Over(box) {
		case geo.Apart:
		case geo.Covers:
			over = append(over, f)
		case geo.Meets:
			if len(meets) == full {
				crowded = true
				return false
			}
			meets = append(meets, entry{reachOf(b), f.shape, f})
		}
		return true
	})
	switch {
	case crowded && s.bits > smallestBits:
		return &leaf{square: s, parts: new(branch)}
	case crowded:
		return &leaf{square: s, crowded: true}
	}
	l := leafFor(len(meets))
	l.square, l.meets = s, append(l.meets, meets...)
	l.over = append(l.over, over...)
	return l
}

// leafFor is a leaf whose first entries lie beside it: a lookup in a square
// with few outlines reads one piece of memory.
func leafFor(entries int) *leaf {
	switch {
	case entries == 0:
		return new(leaf)
	case entries <= 2:
		l := new(struct {
			leaf
			room [2]entry
		})
		l.meets = l.room[:0]
		return &l.leaf
	case entries <= 5:
		l := new(struct {
			leaf
			room [5]entry
		})
		l.meets = l.room[:0]
		return &l.leaf
	case entries <= 10:
		l := new(struct {
			leaf
			room [10]entry
		})
		l.meets = l.room[:0]
		return &l.leaf
	}
	return &leaf{meets: make([]entry, 0, entries)}
}
