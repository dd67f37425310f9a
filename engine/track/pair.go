package track

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Difference is what a second run changes of the record. The revised events
// keep the ID and Seq under which they are on record.
type Difference struct {
	New       []fleet.Event // not on record so far
	Amended   []fleet.Event // happened, at another time or place than recorded
	Retracted []fleet.Event // did not happen
	Revived   []fleet.Event // happened after all: they had been retracted
}

// Empty reports whether the record is as it should be.
func (d *Difference) Empty() bool {
	return len(d.New)+len(d.Amended)+len(d.Retracted)+len(d.Revived) == 0
}

// Rename gives new events whose ID is taken another one. An ID is taken if an
// event on record has it, though that was amended since and means another
// moment now (Named); Pair sees to those that it was shown, taken tells of all.
func (d *Difference) Rename(taken func(fleet.EventID) bool) {
	for i := range d.New {
		rename(&d.New[i], taken)
	}
}

func rename(e *fleet.Event, taken func(fleet.EventID) bool) {
	for name := identity(e); taken(e.ID); {
		sum := sha256.Sum256(e.ID[:])
		copy(e.ID[6:], sum[:])
		e.Named = name
	}
}

// paired reports whether a second run has a say about a kind of event. Alarms
// and what goes by arrival are as they were, whatever comes late.
func paired(k fleet.EventKind) bool {
	switch k {
	case fleet.Alarm, fleet.Offline, fleet.Online, fleet.Correction:
		return false
	}
	return true
}

// topic is what events of one kind are about.
type topic struct {
	fence fleet.FenceID
	rule  fleet.RuleID
	kind  fleet.EventKind
}

// Pair compares the events on record, as far as the second run covers them,
// with those that it made. Events of one fence, rule and kind are paired: first
// those of equal identity, then the others in order between them. A pair is one
// event, under the recorded ID; if they differ it is amended. What is left over
// is new or retracted. head is the device's newest fix, now the time of the
// finding. The result applied to the record, Pair finds nothing to change.
func Pair(old, fresh []fleet.Event, head, now fleet.Time) Difference {
	p := pairing{head: head, now: now, topics: map[topic]*sides{}, ids: make(map[fleet.EventID]bool, len(old))}
	of := func(e *fleet.Event) *sides {
		t := topic{e.Fence, e.Rule, e.Kind}
		s := p.topics[t]
		if s == nil {
			s = &sides{}
			p.topics[t] = s
			p.order = append(p.order, s)
		}
		return s
	}
	for i := range old {
		p.ids[old[i].ID] = true
		if paired(old[i].Kind) {
			s := of(&old[i])
			s.old = append(s.old, side{&old[i], -1})
		}
	}
	for i := range fresh {
		if paired(fresh[i].Kind) {
			s := of(&fresh[i])
			s.fresh = append(s.fresh, side{&fresh[i], -1})
		}
	}
	for _, s := range p.order {
		s.match()
		p.tell(s)
	}
	for _, l := range [...][]fleet.Event{p.out.New, p.out.Amended, p.out.Retracted, p.out.Revived} {
		slices.SortStableFunc(l, func(a, b fleet.Event) int { return cmp.Compare(a.Time, b.Time) })
	}
	return p.out
}

type pairing struct {
	head, now fleet.Time
	topics    map[topic]*sides
	order     []*sides               // of first mention: maps have none
	ids       map[fleet.EventID]bool // on record
	out       Difference
}

func (p *pairing) taken(id fleet.EventID) bool { return p.ids[id] }

// sides are the events of one topic.
type sides struct{ old, fresh []side }

// side is an event and its mate, by index in the other list, -1 for none.
type side struct {
	event *fleet.Event
	mate  int
}

// match finds the mates: a recorded event and a new one of one identity are
// each other's anchors.
func (s *sides) match() {
	by := make(map[fleet.EventID]int, len(s.old))
	for i := range s.old {
		e := s.old[i].event
		if n, there := by[identity(e)]; !there || foremost(e, s.old[n].event) {
			by[identity(e)] = i
		}
	}
	for i := range s.fresh {
		f := &s.fresh[i]
		if n, ok := by[f.event.ID]; ok && s.old[n].mate < 0 {
			f.mate, s.old[n].mate = n, i
		}
	}
	s.between()
}

// foremost reports whether of two recorded events of one identity a is the
// one to keep.
func foremost(a, b *fleet.Event) bool {
	if x, y := a.Flags&fleet.Retracted, b.Flags&fleet.Retracted; x != y {
		return x == 0
	}
	return a.Named == fleet.EventID{} && b.Named != fleet.EventID{}
}

// between pairs what has no anchor in order between those that have. Events
// that are retracted already come back under their own identity alone.
func (s *sides) between() {
	open := func(l []side) (out []int) {
		for i := range l {
			if l[i].mate < 0 && l[i].event.Flags&fleet.Retracted == 0 {
				out = append(out, i)
			}
		}
		slices.SortStableFunc(out, func(a, b int) int { return inOrder(&l[a], &l[b]) })
		return out
	}
	var anchors []side
	for _, f := range s.fresh {
		if f.mate >= 0 {
			anchors = append(anchors, f)
		}
	}
	slices.SortFunc(anchors, func(a, b side) int { return inOrder(&a, &b) })
	old, fresh := open(s.old), open(s.fresh)
	for len(old) > 0 && len(fresh) > 0 {
		o, f := &s.old[old[0]], &s.fresh[fresh[0]]
		no, _ := slices.BinarySearchFunc(anchors, o, func(a side, o *side) int { return inOrder(&a, o) })
		nf, _ := slices.BinarySearchFunc(anchors, f, func(a side, f *side) int { return inOrder(&a, f) })
		switch {
		case no < nf:
			old = old[1:]
		case no > nf:
			fresh = fresh[1:]
		default:
			o.mate, f.mate = fresh[0], old[0]
			old, fresh = old[1:], fresh[1:]
		}
	}
}

func inOrder(a, b *side) int {
	if c := cmp.Compare(a.event.Time, b.event.Time); c != 0 {
		return c
	}
	x, y := identity(a.event), identity(b.event)
	return bytes.Compare(x[:], y[:])
}

// identity is what an event's present content names it.
func identity(e *fleet.Event) fleet.EventID {
	if e.Named != (fleet.EventID{}) {
		return e.Named
	}
	return e.ID
}

// tell writes down what became of one topic's events.
func (p *pairing) tell(s *sides) {
	for i := range s.old {
		o := &s.old[i]
		if o.mate >= 0 {
			p.compare(o.event, s.fresh[o.mate].event)
		} else if o.event.Flags&fleet.Retracted == 0 {
			e := *o.event
			e.Flags |= fleet.Retracted
			e.Revised = p.now
			p.out.Retracted = append(p.out.Retracted, e)
		}
	}
	for i := range s.fresh {
		if f := &s.fresh[i]; f.mate < 0 {
			e := *f.event
			if e.Time < p.head-lateAfter {
				e.Flags |= fleet.Late
			}
			rename(&e, p.taken)
			p.out.New = append(p.out.New, e)
		}
	}
}

// compare makes of a recorded event what the second run says of it.
func (p *pairing) compare(old, fresh *fleet.Event) {
	revived := old.Flags&fleet.Retracted != 0
	whose := old.Owner == fresh.Owner && old.Company == fresh.Company &&
		old.Flags&fleet.Inferred == fresh.Flags&fleet.Inferred
	if identity(old) == fresh.ID && whose && !revived {
		return
	}
	e := *fresh
	e.ID, e.Seq, e.Received, e.Revised = old.ID, old.Seq, old.Received, p.now
	e.Flags |= old.Flags &^ (fleet.Inferred | fleet.Amended | fleet.Retracted)
	switch {
	case fresh.ID != old.ID:
		e.Named, e.First = fresh.ID, cmp.Or(old.First, old.Time)
		e.Flags |= fleet.Amended
	case !whose:
		e.Flags |= fleet.Amended
	}
	if revived {
		p.out.Revived = append(p.out.Revived, e)
	} else {
		p.out.Amended = append(p.out.Amended, e)
	}
}
