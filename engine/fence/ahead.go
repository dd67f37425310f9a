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
// begins a glance at each, calls [Glance.Next] for one after the other, and
// that [Steps] times over, and only then calls Locate, with the glance. No
// answer depends on it.
type Glance struct {
	set   *Set
	at    fleet.Place
	worth heading
	slot  *atomic.Pointer[leaf] // where the next leaf is to be read
	leaf  *leaf
	done  bool // what follows holds
	n     uint8
	near  [manyNear]uint8
	free  cells
	read  float64
}

// manyNear is the number of outlines near a place above which Locate looks for
// them itself.
const manyNear = 14

// Steps is how often to call Next.
const Steps = 2*levels + 4

// Begin begins a look at where a set will look for a place. from is what
// Locate will be told. A Glance that has ended may begin another.
func (g *Glance) Begin(s *Set, at, from fleet.Place) {
	g.set, g.slot, g.leaf, g.done, g.n = nil, nil, nil, false, 0
	if s == nil || s.index == nil || !onMap(at) {
		return
	}
	g.set, g.at, g.worth = s, at, headingOf(from, at)
	x, y := onGrid(at)
	if r := s.tiles.regions[(y>>regionBits)*columns+x>>regionBits].Load(); r != nil {
		t := r.table.Load()
		g.slot = &t.slots[t.slot(x>>tileBits, y>>tileBits)&(len(t.slots)-1)]
	}
}

// Next reads one piece more; step counts from 0.
func (g *Glance) Next(step int) {
	switch {
	case step < 2*levels && step&1 == 0:
		if g.slot != nil {
			g.leaf = g.slot.Load()
		}
	case step < 2*levels:
		g.down()
	case step == 2*levels:
		if l := g.leaf; l != nil && len(l.boxes) > 0 {
			g.read += float64(l.boxes[0].east) + float64(l.boxes[len(l.boxes)-1].east)
		}
	case step == 2*levels+1:
		g.seek()
	case step == 2*levels+2:
		g.meet()
	default:
		g.touch()
	}
}

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

func (g *Glance) meet() {
	if g.leaf == nil {
		return
	}
	for _, k := range g.near[:g.n] {
		g.read += float64(g.leaf.entries[k].from)
	}
	if over := g.leaf.over(); len(over) > 0 {
		g.read += float64(over[0].id)
	}
}

func (g *Glance) touch() {
	for _, k := range g.near[:g.n] {
		e := &g.leaf.entries[k]
		if e.from == e.to {
			g.read += e.shape.Touch()
		}
		for k := e.from; k < e.to; k += 8 { // a line of the cache each
			g.read += float64(g.leaf.folds[k].X)
		}
	}
}

// of reports whether the glance is done and was at a place of a set.
func (g *Glance) of(s *Set, at fleet.Place) bool {
	return g != nil && g.done && g.set == s && g.at == at
}

// Read stands for what was read, so that it is not left out as useless.
func (g *Glance) Read() float64 { return g.read }
