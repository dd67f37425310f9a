package fence

import (
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Glance reads ahead what [Set.Locate] is going to read. Fixes of many devices
// lie anywhere in memory, and a processor waits for each piece that a lookup
// needs before it knows where the next one is; of many lookups side by side it
// fetches the pieces together. So whoever has several places to ask about
// begins a glance at each, calls [Glance.Next] for one after the other, and
// that [Steps] times over, and only then calls Locate. No answer depends on it.
type Glance struct {
	at   fleet.Place
	slot *atomic.Pointer[leaf] // where the next leaf is to be read
	leaf *leaf
	n    int
	near [4]*entry // the first whose box holds the place
	read float64
}

// Steps is how often to call Next.
const Steps = 2*levels + 4

// Glance begins a look at where the set will look for a place.
func (s *Set) Glance(at fleet.Place) (g Glance) {
	if s == nil || s.index == nil || !onMap(at) {
		return g
	}
	g.at = at
	x, y := onGrid(at)
	if r := s.tiles.regions[(y>>regionBits)*columns+x>>regionBits].Load(); r != nil {
		t := r.table.Load()
		g.slot = &t.slots[t.slot(x>>tileBits, y>>tileBits)&(len(t.slots)-1)]
	}
	return g
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
	if l == nil || l.parts != nil || !l.square.holds(g.at) {
		g.leaf = nil
		return
	}
	x, y := l.square.cell(g.at)
	for i := range l.boxes {
		if l.boxes[i].holds(x, y) && g.n < len(g.near) {
			g.near[g.n] = &l.meets[i]
			g.n++
		}
	}
}

func (g *Glance) meet() {
	for _, e := range g.near[:g.n] {
		g.read += float64(e.from)
	}
	if g.leaf != nil && len(g.leaf.over) > 0 {
		g.read += float64(g.leaf.over[0].ID)
	}
}

func (g *Glance) touch() {
	for _, e := range g.near[:g.n] {
		if e.from == e.to {
			g.read += e.shape.Touch()
		}
		for k := e.from; k < e.to; k += 4 { // a line of the cache each
			g.read += g.leaf.folds[k][0]
		}
	}
}

// Read stands for what was read, so that it is not left out as useless.
func (g *Glance) Read() float64 { return g.read }
