package fence

import "github.com/vigia-track/vigia/engine/fleet"

// Glance is where a set will look for a place. Fixes of many devices lie
// anywhere in memory, and a processor waits for each piece that one lookup
// needs before it knows the next; of many lookups side by side it fetches the
// pieces together. So whoever has several places to ask about takes a glance
// at each, then reads ahead at each, and only then calls [Set.Locate] for one
// after the other. Neither changes an answer.
type Glance struct{ leaf *leaf }

// Glance finds where the set will look for a place, if it has looked there
// before.
func (s *Set) Glance(at fleet.Place) Glance {
	if s == nil || s.index == nil || !onMap(at) {
		return Glance{}
	}
	return Glance{s.tiles.peek(at)}
}

// Ahead reads some of what Locate will read at the place of the glance. What
// it returns says nothing.
func (g Glance) Ahead(at fleet.Place) (read float64) {
	if g.leaf == nil {
		return 0
	}
	for i := range g.leaf.meets {
		if e := &g.leaf.meets[i]; e.reach.holds(at) {
			read += e.shape.Touch()
		}
	}
	return read
}

// peek is the leaf of a place if there is one.
func (t *tiles) peek(p fleet.Place) *leaf {
	x, y := onGrid(p)
	r := t.regions[(y>>regionBits)*columns+x>>regionBits].Load()
	if r == nil {
		return nil
	}
	l := r.find(x>>tileBits, y>>tileBits)
	for l != nil && l.parts != nil {
		const side = 1<<dividedBits - 1
		bits := l.square.bits - dividedBits
		l = l.parts[y>>bits&side<<dividedBits|x>>bits&side].Load()
	}
	return l
}
