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
// left of safe. It allocates nothing if dst has room, but for what the set
// remembers of places that it is asked about for the first time.
func (s *Set) Locate(at, from fleet.Place, dst []Hit, safe *Safe) []Hit {
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
		return l.locate(at, &worth, dst, safe)
	}
	var room [2 * flatUpTo]uint8
	near := room[:0]
	for i := range s.flat.boxes {
		if r := &s.flat.boxes[i]; r.holds(at) {
			near = append(near, uint8(i))
		} else {
			safe.avoid(r, at, &worth)
		}
	}
	return ask(s.flat.entries, near, nil, at, &worth, dst, safe)
}

func (l *leaf) locate(at fleet.Place, worth *heading, dst []Hit, safe *Safe) []Hit {
	dst = append(dst, l.over...)
	x, y := l.square.cell(at)
	free := allCells
	var room [maxEntries]uint8
	near := room[:0]
	for i := range l.boxes {
		if b := &l.boxes[i]; b.holds(x, y) {
			near = append(near, uint8(i))
		} else {
			free.avoid(b, x, y, worth)
		}
	}
	safe.clip(l.square.places(free))
	return ask(l.meets, near, l.folds, at, worth, dst, safe)
}

// ask asks the entries whose box holds a place.
func ask(entries []entry, near []uint8, folds []geo.Point, at fleet.Place, worth *heading, dst []Hit, safe *Safe) []Hit {
	if len(near) == 0 {
		return dst
	}
	look := safe.look(at, worth)
	for _, i := range near {
		if e := &entries[i]; e.holds(&look, folds) {
			dst = append(dst, e.hit())
		}
	}
	safe.saw(&look)
	return dst
}

// holds reports whether the entry's fence holds the place of a look.
func (e *entry) holds(look *geo.Look, folds []geo.Point) bool {
	if e.from < e.to {
		if inside, sure := look.AtFold(folds[e.from:e.to]); sure {
			return inside
		}
	}
	return look.At(e.shape)
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
