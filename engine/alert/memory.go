package alert

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Bounds of one memory. What is beyond them is forgotten, the oldest first: an
// event that waits is suppressed, of a fence no side counts as told, an alarm
// alerts anew.
const (
	maxTold    = 64
	maxWaits   = 64
	maxNotices = 64
)

// memory is what is remembered of one notification on one device.
type memory struct {
	rule    fleet.NotificationID
	seq     fleet.Seq // the journal entry that last changed it
	floor   fleet.Seq // what it had been decided up to when it was loaded
	changed bool
	stirred fleet.Time // when the last event began to wait

	told    []told   // by subject
	waits   []wait   // by time
	notices []notice // by topic
}

// A subject is what has two sides: a fence, motion, contact.
type subject struct {
	group group
	fence fleet.FenceID // crossing
}

// told is the side that recipients believe to hold.
type told struct {
	subject
	side  bool          // inside, moving, online
	event fleet.EventID // that told them; zero: what stood before the oldest that waits
	time  fleet.Time    // of that event
}

// Why an event waits. Stored: append only.
type cause byte

const (
	tooOld   cause = 1
	repeated cause = 2
	quiet    cause = 3
)

// wait is an event that recipients have not been told of.
type wait struct {
	event   fleet.EventID
	kind    fleet.EventKind
	fence   fleet.FenceID
	company fleet.CompanyID
	owner   fleet.OwnerID
	time    fleet.Time
	at      fleet.Time // since when it waits
	until   fleet.Time // not to be settled before
	why     cause
}

// A topic is what a cooldown is about.
type topic struct {
	kind  fleet.EventKind
	alarm fleet.Alarms
	fence fleet.FenceID
	watch fleet.RuleID
}

// notice is the last time that recipients were told of a topic.
type notice struct {
	topic
	event  fleet.EventID
	time   fleet.Time // the event's
	at     fleet.Time // when they were told
	folded uint32     // like events since
}

// sideOf splits an event of a pair; ok is false for others.
func sideOf(kind fleet.EventKind, fence fleet.FenceID) (s subject, side, ok bool) {
	switch g := groupOf(kind); g {
	case crossing:
		return subject{g, fence}, kind == fleet.Enter, true
	case motion:
		return subject{group: g}, kind == fleet.Moving, true
	case contact:
		return subject{group: g}, kind == fleet.Online, true
	}
	return subject{}, false, false
}

func (s subject) compare(o subject) int {
	return cmp.Or(cmp.Compare(s.group, o.group), cmp.Compare(s.fence, o.fence))
}

func (t topic) compare(o topic) int {
	return cmp.Or(cmp.Compare(t.kind, o.kind), cmp.Compare(t.alarm, o.alarm), cmp.Compare(t.fence, o.fence), cmp.Compare(t.watch, o.watch))
}

func (w *wait) subject() subject {
	s, _, _ := sideOf(w.kind, w.fence)
	return s
}

func (w *wait) side() bool {
	_, side, _ := sideOf(w.kind, w.fence)
	return side
}

func (w *wait) compare(o *wait) int {
	return cmp.Or(cmp.Compare(w.time, o.time), bytes.Compare(w.event[:], o.event[:]))
}

func (m *memory) empty() bool { return len(m.told)+len(m.waits)+len(m.notices) == 0 }

// touch says that an input changes the memory.
func (m *memory) touch(seq fleet.Seq) { m.seq, m.changed = max(m.seq, seq), true }

func (m *memory) toldAt(s subject) (int, bool) {
	return slices.BinarySearchFunc(m.told, s, func(t told, s subject) int { return t.compare(s) })
}

// tell notes what recipients are told of a subject from now on.
func (m *memory) tell(t told) {
	i, known := m.toldAt(t.subject)
	switch {
	case known:
		m.told[i] = t
		return
	case len(m.told) >= maxTold:
		oldest := 0
		for j := range m.told {
			if m.told[j].time < m.told[oldest].time {
				oldest = j
			}
		}
		m.told = slices.Delete(m.told, oldest, oldest+1)
		i, _ = m.toldAt(t.subject)
	}
	m.told = slices.Insert(m.told, i, t)
}

// untell forgets what recipients were told of a subject.
func (m *memory) untell(s subject) {
	if i, known := m.toldAt(s); known {
		m.told = slices.Delete(m.told, i, i+1)
	}
}

func (m *memory) waitsOn(s subject) bool {
	return slices.ContainsFunc(m.waits, func(w wait) bool { return w.subject() == s })
}

func (m *memory) topicAt(t topic) (int, bool) {
	return slices.BinarySearchFunc(m.notices, t, func(n notice, t topic) int { return n.compare(t) })
}

// note remembers a notice and returns how many events had folded into the one
// before it.
func (m *memory) note(n notice) (repeats uint32) {
	i, known := m.topicAt(n.topic)
	if known {
		repeats = m.notices[i].folded
		m.notices[i] = n
		return repeats
	}
	if len(m.notices) >= maxNotices {
		oldest := 0
		for j := range m.notices {
			if m.notices[j].at < m.notices[oldest].at {
				oldest = j
			}
		}
		m.notices = slices.Delete(m.notices, oldest, oldest+1)
		i, _ = m.topicAt(n.topic)
	}
	m.notices = slices.Insert(m.notices, i, n)
	return 0
}

// knows reports whether an event has been decided, as far as it is remembered.
func (m *memory) knows(id fleet.EventID) bool {
	return slices.ContainsFunc(m.told, func(t told) bool { return t.event == id }) ||
		slices.ContainsFunc(m.waits, func(w wait) bool { return w.event == id }) ||
		slices.ContainsFunc(m.notices, func(n notice) bool { return n.event == id })
}
