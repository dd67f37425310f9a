package alert

import (
	"cmp"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A Book is what is remembered of one device. The zero Book remembers nothing.
// It has one owner.
type Book struct {
	memories []memory   // by rule
	stirred  fleet.Time // when a report last spoke of long ago
}

// Input is the journal entry that a decision comes from, and when it was: a
// report's receive time, a tick's time.
type Input struct {
	Seq fleet.Seq
	At  fleet.Time
	// Muted is why nobody is told of what happens to the device, ReasonTest or
	// ReasonMaintenance; "" = they are.
	Muted string
}

// Result gathers decisions.
type Result struct {
	Deliveries []fleet.Delivery
	Memories   []fleet.Memory
	Raised     []fleet.EventID // events for the attention list
}

// Load takes a stored memory in. It holds what was decided up to a journal
// entry; decisions over entries up to that one have been made, and are not
// made again.
func (b *Book) Load(m *fleet.Memory) error {
	one, err := decode(m.Value)
	if err != nil {
		return err
	}
	one.rule, one.floor = m.Rule, one.seq
	b.Stir(one.stirred)
	i, known := b.find(m.Rule)
	if known {
		b.memories[i] = one
	} else {
		b.memories = slices.Insert(b.memories, i, one)
	}
	return nil
}

// Flush appends the memories that changed since the last Flush, and drops
// those that hold nothing any more.
func (b *Book) Flush(device fleet.DeviceID, out *Result) {
	kept := b.memories[:0]
	for i := range b.memories {
		m := &b.memories[i]
		empty := m.empty()
		if m.changed {
			f := fleet.Memory{Device: device, Rule: m.rule}
			if !empty {
				f.Value = m.encode()
			}
			out.Memories = append(out.Memories, f)
			m.changed = false
		}
		if !empty {
			kept = append(kept, *m)
		}
	}
	clear(b.memories[len(kept):])
	b.memories = kept
}

// Forget drops everything, also what is stored: the device is gone.
func (b *Book) Forget(device fleet.DeviceID, out *Result) {
	for i := range b.memories {
		out.Memories = append(out.Memories, fleet.Memory{Device: device, Rule: b.memories[i].rule})
	}
	*b = Book{}
}

// Waiting reports whether anything waits for Settle.
func (b *Book) Waiting() bool {
	if b == nil {
		return false
	}
	for i := range b.memories {
		if len(b.memories[i].waits) > 0 {
			return true
		}
	}
	return false
}

// Ripe reports whether Settle might decide anything at a time.
func (b *Book) Ripe(at fleet.Time) bool {
	if b == nil {
		return false
	}
	for i := range b.memories {
		for j := range b.memories[i].waits {
			if w := &b.memories[i].waits[j]; w.until <= at && (at >= b.stirred+Calm || at >= w.at+Patience) {
				return true
			}
		}
	}
	return false
}

// Empty reports whether nothing is remembered.
func (b *Book) Empty() bool { return b == nil || len(b.memories) == 0 }

// Stir says that a report of long ago has come, at a time: others may follow,
// and Settle waits until they do no more.
func (b *Book) Stir(at fleet.Time) { b.stirred = max(b.stirred, at) }

func (b *Book) find(rule fleet.NotificationID) (int, bool) {
	return slices.BinarySearchFunc(b.memories, rule, func(m memory, id fleet.NotificationID) int { return cmp.Compare(m.rule, id) })
}

// peek is a rule's memory, nil if there is none.
func (b *Book) peek(rule fleet.NotificationID) *memory {
	if i, ok := b.find(rule); ok {
		return &b.memories[i]
	}
	return nil
}

// of is a rule's memory, a new one if there is none. It is good until the next
// call.
func (b *Book) of(rule fleet.NotificationID) *memory {
	i, ok := b.find(rule)
	if !ok {
		b.memories = slices.Insert(b.memories, i, memory{rule: rule})
	}
	return &b.memories[i]
}

// prune forgets what is remembered of notifications that are no more.
func (b *Book) prune(in Input, rules *Rules) {
	for i := range b.memories {
		m := &b.memories[i]
		if in.Seq > m.floor && rules.by(m.rule) == nil {
			m.told, m.waits, m.notices = nil, nil, nil
			m.touch(in.Seq)
		}
	}
}

// waitsElsewhere reports whether an event waits under another rule, so that its
// deliveries are that one's to settle.
func (b *Book) waitsElsewhere(event fleet.EventID, rule fleet.NotificationID) bool {
	for i := range b.memories {
		m := &b.memories[i]
		if m.rule != rule && slices.ContainsFunc(m.waits, func(w wait) bool { return w.event == event }) {
			return true
		}
	}
	return false
}
