package fence

import (
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Glance is the first half of a [Set.Locate]: it finds the square that a place
// lies in, and the outlines there that are near it. Fixes of many devices
// lie anywhere in memory, and a processor waits for each piece that a lookup
// needs before it knows where the next one is; of many lookups side by side it
// fetches the pieces together. So whoever has several places to ask about
// begins a glance at each, calls [Ahead] for all of them, and only then Locate,
// with the glance. No answer depends on it.
type Glance struct {
	set   *Set
	at    fleet.Place
	worth heading
	slot  *atomic.Pointer[leaf] // where the next leaf is to be read, nil if there is no further one
	leaf  *leaf
	done  bool // what follows holds
	n     uint8
	near  [manyNear]uint8
	free  cells
}

// manyNear is the number of outlines near a place above which Locate looks for
// them itself.
const manyNear = 14

// Begin begins a look at where a set will look for a place. from is what
// Locate will be told. A Glance that was used may begin another.
func (g *Glance) Begin(s *Set, at, from fleet.Place) {
	g.set, g.slot, g.leaf, g.done, g.n = nil, nil, nil, false, 0
	if s == nil || s.index == nil || !onMap(at) {
		return
	}
	g.set, g.at, g.worth = s, at, headingOf(from, at)
	x, y := onGrid(at)
	if r := s.tiles.rows[y>>regionBits][x>>regionBits].Load(); r != nil {
		t := r.table.Load()
		g.slot = &t.slots[t.slot(x>>tileBits, y>>tileBits)&(len(t.slots)-1)]
	}
}

// Ahead goes on with glances that were begun, in short steps, each for all of
// them. What it returns says nothing, and keeps what was read from being left
// out as useless.
func Ahead(glances []Glance) (read int64) {
	for more := true; more; {
		more = false
		for i := range glances {
			if g := &glances[i]; g.slot != nil {
				g.leaf = g.slot.Load()
			}
		}
		for i := range glances {
			if g := &glances[i]; g.slot != nil {
				g.down()
				more = more || g.slot != nil
			}
		}
	}
	for i := range glances {
		if l := glances[i].leaf; l != nil {
			for k := 0; k < len(l.outlines); k += lineOutlines {
				read += int64(l.outlines[k].to)
			}
		}
	}
	for i := range glances {
		glances[i].seek()
	}
	for i := range glances {
		read += glances[i].touch()
	}
	return read
}

// Of what lies in a row in memory, so many begin in one line of the cache.
const (
	lineOutlines = 8
	lineSpots    = 8
)

// down finds where the part of a divided square is to be read.
func (g *Glance) down() {
	g.slot = nil
	if l := g.leaf; l != nil && l.parts != nil {
		const side = 1<<dividedBits - 1
		bits := l.square.bits - dividedBits
		x, y := onGrid(g.at)
		g.slot = &l.parts[y>>bits&side<<dividedBits|x>>bits&side]
	}
}

// seek finds whom Locate is going to ask, if the leaf is the one: a table may
// have another in the slot where the search for it begins.
func (g *Glance) seek() {
	l := g.leaf
	if l == nil || l.parts != nil || l.crowded || !l.square.holds(g.at) {
		g.leaf = nil
		return
	}
	var near [maxEntries]uint8
	n, free := l.scan(g.at, &g.worth, &near)
	if n <= len(g.near) {
		g.done, g.n, g.free = true, uint8(n), free
		copy(g.near[:], near[:n])
	}
}

// touch reads here and there of what Locate is going to read.
func (g *Glance) touch() (read int64) {
	l := g.leaf
	if l == nil {
		return 0
	}
	for _, i := range g.near[:g.n] {
		o := &l.outlines[i]
		if read += int64(l.entries[i].id); !o.folded() {
			read += l.entries[i].shape.Touch()
		}
		for k := o.from; k < o.to; k += lineSpots {
			read += int64(l.folds[k].X)
		}
	}
	if over := l.over(); len(over) > 0 {
		read += int64(over[0].id)
	}
	return read
}

// of reports whether the glance is done and was at a place of a set.
func (g *Glance) of(s *Set, at fleet.Place) bool {
	return g != nil && g.done && g.set == s && g.at == at
}
