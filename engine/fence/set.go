package fence

import (
	"cmp"
	"errors"
	"iter"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/geo/geoindex"
)

// flatUpTo is the number of fences up to which a plain list of boxes is faster
// than the index.
const flatUpTo = 64

// Set is one owner's fences, compiled. A nil Set holds none.
type Set struct {
	fences  list
	version uint64
	limits  uint64                  // of speed; see Limits
	flat    flat                    // up to flatUpTo fences ...
	index   *geoindex.Index[*Fence] // ... or the index, nil for a flat set
	tiles   *tiles                  // what the index says of squares; nil for a flat set
	pass    fleet.Time              // no fence concludes a crossing from fixes this close or closer; see Quickest
}

// Compile builds a set. Paused fences are left out. Fences whose shape cannot
// be judged are left out too and named in the error, one joined error each;
// the set holds the others all the same. Of fences with the same ID the last
// one holds.
func Compile(fences []fleet.Fence) (*Set, error) {
	return (*Set)(nil).Edit(fences, nil)
}

// Edit derives a set in which the given fences replace those with their ID and
// the removed ones are gone. A given fence that is paused or cannot be judged
// is gone too; the latter is named in the error.
func (s *Set) Edit(put []fleet.Fence, removed []fleet.FenceID) (*Set, error) {
	var faults []error
	edits := make([]edit, 0, len(put)+len(removed))
	for _, id := range removed {
		edits = append(edits, edit{id: id})
	}
	for i := range put {
		e := edit{id: put[i].ID}
		if !put[i].Paused {
			f, err := compile(&put[i])
			if err != nil {
				faults = append(faults, err)
			}
			e.fence = f
		}
		edits = append(edits, e)
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.id, b.id) })
	return s.derive(edits), errors.Join(faults...)
}

// derive merges edits, sorted by ID, the last of equal ones holding.
func (s *Set) derive(edits []edit) *Set {
	out, old := new(Set), list{}
	if s != nil {
		old, out.version, out.limits, out.pass = s.fences, s.version, s.limits, s.pass
	}
	final := edits[:0]
	for i, e := range edits {
		if i+1 == len(edits) || edits[i+1].id != e.id {
			final = append(final, e)
		}
	}
	var gone, come []*Fence
	out.fences, gone, come = old.edit(final)
	for _, f := range gone {
		out.version -= f.digest()
		out.limits -= f.limitDigest()
	}
	for _, f := range come {
		out.version += f.digest()
		out.limits += f.limitDigest()
		if least := f.Rule.PassMin; least > 0 && (out.pass == 0 || least < out.pass) {
			out.pass = least
		}
	}
	if out.fences.n <= flatUpTo {
		out.layFlat()
		return out
	}
	base := new(geoindex.Index[*Fence])
	if s != nil && s.index != nil {
		base = s.index
		var changed []reach
		for _, f := range slices.Concat(gone, come) {
			f.eachBox(func(b geo.Box) { changed = append(changed, reachOf(b)) })
		}
		out.tiles = s.tiles.after(s.fences.n, out.fences.n, changed)
	} else {
		gone, come = nil, slices.Collect(out.fences.all)
		out.tiles = newTiles(out.fences.n)
	}
	out.index = base.Edit(func(w *geoindex.Writer[*Fence]) {
		for _, f := range gone {
			f.eachBox(func(b geo.Box) { w.Delete(b, f) })
		}
		for _, f := range come {
			f.eachBox(func(b geo.Box) { w.Insert(b, f) })
		}
	})
	return out
}

// flat is a plain list of boxes and whose they are.
type flat struct {
	boxes   []reach
	entries []entry
}

func (s *Set) layFlat() {
	s.flat = flat{make([]reach, 0, s.fences.n), make([]entry, 0, s.fences.n)}
	for f := range s.fences.all {
		f.eachBox(func(b geo.Box) {
			s.flat.boxes, s.flat.entries = append(s.flat.boxes, reachOf(b)), append(s.flat.entries, entryOf(f))
		})
	}
}

func (f *Fence) eachBox(visit func(geo.Box)) {
	boxes, n := f.shape.Boxes()
	for _, b := range boxes[:n] {
		visit(b)
	}
}

// Len is the number of fences.
func (s *Set) Len() int {
	if s == nil {
		return 0
	}
	return s.fences.n
}

// Version stands for what the set judges by: which fences, and which version
// of each (fleet.Fence's Judge and From). Sets with the same fences have the
// same version, however they came about and on whatever machine; otherwise it
// differs. The empty set's is 0.
func (s *Set) Version() uint64 {
	if s == nil {
		return 0
	}
	return s.version
}

// Limits stands for the speed limits of the set's fences: 0 if none has one,
// otherwise another number for other limits.
func (s *Set) Limits() uint64 {
	if s == nil {
		return 0
	}
	return s.limits
}

// Quickest is the shortest stay that any of the set's fences takes for a
// crossing between two fixes, or less; 0 if none takes any. Fixes no further
// apart than that, both outside, show no crossing.
func (s *Set) Quickest() fleet.Time {
	if s == nil {
		return 0
	}
	return s.pass
}

// Get is the fence with an ID, nil if it is not in the set.
func (s *Set) Get(id fleet.FenceID) *Fence {
	if s == nil {
		return nil
	}
	return s.fences.get(id)
}

// All goes through the fences by ID.
func (s *Set) All() iter.Seq[*Fence] {
	return func(yield func(*Fence) bool) {
		if s != nil {
			s.fences.all(yield)
		}
	}
}
