package alert

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Calm is how long no report of long ago may have come before Settle decides:
// a tracker that empties its memory is not told of in the middle.
// Patience is how long it waits for that at most: a tracker whose clock is an
// hour behind never stops.
const (
	Calm     = 2 * fleet.Second
	Patience = 2 * fleet.Minute
)

// Settle decides what waits, as far as nothing speaks against it any more:
// where things stand otherwise than recipients were last told, they are told of
// the newest event of that side, marked late; of the others they are not told.
// inside lists the fences that hold the device, by ID; what it was before a
// late report is not to be settled until that has been reconciled. rules are those
// of now; what is remembered of others is forgotten.
func (b *Book) Settle(in Input, device fleet.DeviceID, inside []fleet.FenceID, rules *Rules, out *Result) {
	if !b.Ripe(in.At) {
		return
	}
	b.prune(in, rules)
	from := len(out.Deliveries)
	var idle []idler
	for i := range b.memories {
		m := &b.memories[i]
		if len(m.waits) == 0 || in.Seq <= m.floor {
			continue
		}
		r := rules.by(m.rule)
		if r == nil || r.n.Paused { // nobody is to be told
			m.waits, m.told = nil, nil
			m.touch(in.Seq)
			continue
		}
		for done := (subject{group: noGroup}); ; {
			s, ok := m.nextSubject(done)
			if !ok {
				break
			}
			done = s
			idle = b.settle(in, device, m, r, s, inside, out, from, idle)
		}
	}
	for _, w := range idle {
		if b.waitsElsewhere(w.wait.event, w.r.n.ID) {
			continue
		}
		n := len(out.Deliveries)
		out.Deliveries = w.wait.suppress(in, device, w.r, out.Deliveries)
		out.Deliveries = unique(out.Deliveries, from, n)
	}
}

// idler is an event that recipients of a rule need not be told of.
type idler struct {
	wait wait
	r    *rule
}

// nextSubject is the first subject after one on which events wait.
func (m *memory) nextSubject(after subject) (next subject, ok bool) {
	for i := range m.waits {
		if s := m.waits[i].subject(); s.compare(after) > 0 && (!ok || s.compare(next) < 0) {
			next, ok = s, true
		}
	}
	return next, ok
}

// settle decides the events of one subject, all or none.
func (b *Book) settle(in Input, device fleet.DeviceID, m *memory, r *rule, s subject, inside []fleet.FenceID, out *Result, from int, idle []idler) []idler {
	newest := [2]int{-1, -1} // of either side
	first, last := -1, -1
	for i := range m.waits {
		w := &m.waits[i]
		if w.subject() != s {
			continue
		}
		if w.until > in.At {
			return idle
		}
		if last = i; first < 0 {
			first = i
		}
		newest[sideIndex(w.side())] = i
	}
	i, known := m.toldAt(s)
	now := m.waits[last].side() // the newest of all says how things stand
	if known && m.told[i].time > m.waits[last].time && m.told[i].event != (fleet.EventID{}) {
		now = m.told[i].side
	}
	if s.group == crossing {
		_, now = slices.BinarySearch(inside, s.fence)
	}
	believed := !m.waits[first].side() // the side before the oldest
	if known {
		believed = m.told[i].side
	}
	tell := newest[sideIndex(now)]
	if believed == now {
		tell = -1
	}
	if tell >= 0 {
		if until, ok := r.quiet(in.At); ok {
			for j := range m.waits {
				if m.waits[j].subject() == s {
					m.waits[j].until = until
				}
			}
			m.touch(in.Seq)
			return idle
		}
		w := m.waits[tell]
		v := verdict{r: r, state: fleet.Queued, due: in.At, expires: in.At + r.maxAge(), late: true}
		if r.n.Cooldown > 0 {
			v.repeats = m.note(notice{topic: topic{kind: w.kind, fence: w.fence}, event: w.event, time: w.time, at: in.At})
		}
		what := w.about(in, device)
		out.Deliveries = v.deliver(&what, out.Deliveries, from)
		m.tell(told{s, now, w.event, w.time})
	} else if known && m.told[i].event == (fleet.EventID{}) {
		m.untell(s)
	}
	kept := m.waits[:0]
	for j, w := range m.waits {
		switch {
		case w.subject() != s:
			kept = append(kept, w)
		case j != tell:
			idle = append(idle, idler{w, r})
		}
	}
	m.waits = slices.Clip(kept)
	m.touch(in.Seq)
	return idle
}

func sideIndex(side bool) int {
	if side {
		return 1
	}
	return 0
}

// unique drops the deliveries from n on whose key stands between from and n.
func unique(all []fleet.Delivery, from, n int) []fleet.Delivery {
	kept := all[:n]
	for _, d := range all[n:] {
		if !slices.ContainsFunc(all[from:n], func(o fleet.Delivery) bool { return o.Key == d.Key }) {
			kept = append(kept, d)
		}
	}
	return kept
}

// Revise takes in that late reports amended an event or retracted it. What
// waited of a retracted one waits no more; recipients who were told of it are
// taken to know the side before it, which is what Correct says to them.
func (b *Book) Revise(in Input, ev *fleet.Event) {
	for i := range b.memories {
		m := &b.memories[i]
		if in.Seq <= m.floor || !m.knows(ev.ID) {
			continue
		}
		m.touch(in.Seq)
		if ev.Flags&fleet.Retracted != 0 {
			m.retract(ev.ID)
		} else {
			m.amend(ev.ID, ev.Time)
		}
	}
}

func (m *memory) retract(id fleet.EventID) {
	m.waits = slices.DeleteFunc(m.waits, func(w wait) bool { return w.event == id })
	m.notices = slices.DeleteFunc(m.notices, func(n notice) bool { return n.event == id })
	for i := range m.told {
		if t := &m.told[i]; t.event == id {
			t.event, t.side = fleet.EventID{}, !t.side
		}
	}
	m.told = slices.DeleteFunc(m.told, func(t told) bool { return t.event == fleet.EventID{} && !m.waitsOn(t.subject) })
}

func (m *memory) amend(id fleet.EventID, at fleet.Time) {
	for i := range m.told {
		if m.told[i].event == id {
			m.told[i].time = at
		}
	}
	for i := range m.notices {
		if m.notices[i].event == id {
			m.notices[i].time = at
		}
	}
	for i := range m.waits {
		if m.waits[i].event == id {
			m.waits[i].time = at
		}
	}
	slices.SortFunc(m.waits, func(a, b wait) int { return a.compare(&b) })
}
