package fence

import (
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Locate appends to dst the fences that hold a place, each once, in no
// particular order, and cuts safe, a rectangle about it, to where the answer
// is the same. Where the set does not know the place well enough, nothing is
// left of safe. It allocates nothing if dst has room, but for what the set
// remembers of places that it is asked about for the first time.
func (s *Set) Locate(at fleet.Place, dst []*Fence, safe *Safe) []*Fence {
	if s.Len() == 0 {
		return dst
	}
	p := at.Point()
	if !onMap(at) {
		*safe = Safe{}
		return s.At(p, dst)
	}
	list := s.flat
	if s.index != nil {
		l := s.tiles.at(at, s.index)
		if l == nil {
			*safe = Safe{}
			return s.At(p, dst)
		}
		safe.clip(l.square.reach())
		dst, list = append(dst, l.over...), l.meets
	}
	for i := range list {
		e := &list[i]
		if !e.reach.holds(at) {
			safe.avoid(&e.reach, at)
			continue
		}
		if safe.around(e.shape, p) {
			dst = append(dst, e.fence)
		}
	}
	return dst
}

// At appends the fences that hold a point to dst, each once, in no particular
// order. It asks the index and remembers nothing: it is for questions, not for
// fixes.
func (s *Set) At(p geo.Point, dst []*Fence) []*Fence {
	if s.Len() == 0 {
		return dst
	}
	if s.index == nil {
		for _, f := range s.fences {
			if f.shape.Contains(p) {
				dst = append(dst, f)
			}
		}
		return dst
	}
	s.index.At(p, func(f *Fence) bool {
		if f.shape.Contains(p) {
			dst = append(dst, f)
		}
		return true
	})
	return dst
}
