package fence

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Hit is a fence that holds a place, and what is asked of it most: whether all
// devices of its owner are meant, and those of its inner customers. The fence
// itself lies elsewhere in memory.
type Hit struct {
	Fence *Fence
	ID    fleet.FenceID
	All   bool
	Inner bool // with All
}

func hitOf(f *Fence) Hit {
	return Hit{Fence: f, ID: f.ID, All: f.Targets.All, Inner: f.Targets.Inner}
}

// Locate appends to dst the fences that hold a place, each once, in no
// particular order, and cuts safe, a rectangle about it, to where the answer
// is the same. from is where the device was before, or the place itself: of
// the rectangles that are safe one is chosen that it leaves late if it goes on
// like that. Where the set does not know the place well enough, nothing is
// left of safe. It goes on where a glance at the place has ended; nil is none.
// It allocates nothing if dst has room, but for what the set remembers of
// places that it is asked about for the first time.
func (s *Set) Locate(at, from fleet.Place, ahead *Glance, dst []Hit, safe *Safe) []Hit {
	if ahead.of(s, at) {
		return ahead.leaf.judge(at, &ahead.worth, ahead.near[:ahead.n], ahead.free, dst, safe)
	}
	if s.Len() == 0 {
		return dst
	}
	if !onMap(at) {
		*safe = Safe{}
		return s.search(at.Point(), dst)
	}
	worth := headingOf(from, at)
	if s.index != nil {
		l := s.tiles.at(at, s.index)
		if l == nil {
			*safe = Safe{}
			return s.search(at.Point(), dst)
		}
		var near [maxEntries]uint8
		n, free := l.scan(at, &worth, &near)
		return l.judge(at, &worth, near[:n], free, dst, safe)
	}
	safe.stay(at)
	var room [2 * flatUpTo]uint8
	near := room[:0]
	for i := range s.flat.boxes {
		if r := &s.flat.boxes[i]; r.holds(at) {
			near = append(near, uint8(i))
		} else {
			safe.avoid(r, at, &worth)
		}
	}
	return ask(s.flat.entries, near, at, &worth, dst, safe)
}

// scan lists the entries whose box holds a place, and gives cells about it into
// which no other box reaches.
func (l *leaf) scan(at fleet.Place, worth *heading, near *[maxEntries]uint8) (n int, free cells) {
	x, y := l.square.cell(at)
	free = allCells
	for i := range l.outlines {
		switch b := &l.outlines[i].box; {
		case !b.meets(&free): // nor does it hold the place, which free does
		case b.holds(x, y):
			near[n] = uint8(i)
			n++
		default:
			free.avoid(b, x, y, worth)
		}
	}
	return n, free
}

// judge asks the entries near a place: of folds first, and the shapes of those
// that have none, or whose fold is not sure.
func (l *leaf) judge(at fleet.Place, worth *heading, near []uint8, free cells, dst []Hit, safe *Safe) []Hit {
	for i := range l.over() {
		dst = append(dst, l.over()[i].hit())
	}
	safe.clip(l.square.places(free))
	if len(near) == 0 {
		return dst
	}
	peek, unsure := safe.peek(at, worth), near[:0]
	for _, i := range near {
		o := &l.outlines[i]
		if !o.folded() {
			unsure = append(unsure, i)
		} else if inside, sure := peek.At(l.folds[o.from:o.to]); !sure {
			unsure = append(unsure, i)
		} else if inside {
			dst = append(dst, l.entries[i].hit())
		}
	}
	room, ok := peek.Room()
	safe.saw(room, ok, 1e7)
	return ask(l.entries, unsure, at, worth, dst, safe)
}

// ask asks the shapes of entries near a place.
func ask(entries []entry, near []uint8, at fleet.Place, worth *heading, dst []Hit, safe *Safe) []Hit {
	if len(near) == 0 {
		return dst
	}
	look := safe.look(at, worth)
	for _, i := range near {
		if e := &entries[i]; look.At(e.shape) {
			dst = append(dst, e.hit())
		}
	}
	room, ok := look.Room()
	safe.saw(room, ok, 1)
	return dst
}

// search asks the index, or all fences.
func (s *Set) search(p geo.Point, dst []Hit) []Hit {
	s.eachAt(p, func(f *Fence) { dst = append(dst, hitOf(f)) })
	return dst
}

// At appends the fences that hold a point to dst, each once, in no particular
// order. It asks the index and remembers nothing: it is for questions, not for
// fixes.
func (s *Set) At(p geo.Point, dst []*Fence) []*Fence {
	s.eachAt(p, func(f *Fence) { dst = append(dst, f) })
	return dst
}

func (s *Set) eachAt(p geo.Point, visit func(*Fence)) {
	if s.Len() == 0 {
		return
	}
	if s.index == nil {
		for f := range s.fences.all {
			if f.shape.Contains(p) {
				visit(f)
			}
		}
		return
	}
	s.index.At(p, func(f *Fence) bool {
		if f.shape.Contains(p) {
			visit(f)
		}
		return true
	})
}
