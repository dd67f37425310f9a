package alert

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// memorySchema numbers the encoding; it rises with each change, and decode
// reads the one before. Numbers are varints (encoding/binary), lists begin
// with their length:
//
//	schema (1 byte) · seq · stirred
//	told:    group (1) · fence · side (1) · event (16) · time
//	waits:   event (16) · kind (1) · fence · company · owner · time · at · until · cause (1)
//	notices: kind (1) · alarms · fence · rule · event (16) · time · at · folded
const memorySchema = 1

// ErrMemory marks bytes that encode does not write.
var ErrMemory = errors.New("alert: damaged memory")

func (m *memory) encode() []byte {
	b := make([]byte, 0, 16+40*len(m.told)+64*len(m.waits)+56*len(m.notices))
	b = append(b, memorySchema)
	b = binary.AppendUvarint(b, uint64(m.seq))
	b = binary.AppendVarint(b, int64(m.stirred))
	b = binary.AppendUvarint(b, uint64(len(m.told)))
	for i := range m.told {
		t := &m.told[i]
		b = append(b, byte(t.group))
		b = binary.AppendUvarint(b, uint64(t.fence))
		b = append(b, byte(sideIndex(t.side)))
		b = append(b, t.event[:]...)
		b = binary.AppendVarint(b, int64(t.time))
	}
	b = binary.AppendUvarint(b, uint64(len(m.waits)))
	for i := range m.waits {
		w := &m.waits[i]
		b = append(b, w.event[:]...)
		b = append(b, byte(w.kind))
		b = binary.AppendUvarint(b, uint64(w.fence))
		b = binary.AppendUvarint(b, uint64(w.company))
		b = binary.AppendUvarint(b, uint64(w.owner))
		b = binary.AppendVarint(b, int64(w.time))
		b = binary.AppendVarint(b, int64(w.at))
		b = binary.AppendVarint(b, int64(w.until))
		b = append(b, byte(w.why))
	}
	b = binary.AppendUvarint(b, uint64(len(m.notices)))
	for i := range m.notices {
		n := &m.notices[i]
		b = append(b, byte(n.kind))
		b = binary.AppendUvarint(b, uint64(n.alarm))
		b = binary.AppendUvarint(b, uint64(n.fence))
		b = binary.AppendUvarint(b, uint64(n.watch))
		b = append(b, n.event[:]...)
		b = binary.AppendVarint(b, int64(n.time))
		b = binary.AppendVarint(b, int64(n.at))
		b = binary.AppendUvarint(b, uint64(n.folded))
	}
	return b
}

// decode reads what encode wrote and refuses whatever it would not write.
func decode(b []byte) (memory, error) {
	if len(b) == 0 || b[0] != memorySchema {
		return memory{}, fmt.Errorf("%w: it begins with %x, this version reads schema %d", ErrMemory, b[:min(len(b), 1)], memorySchema)
	}
	r := reader{b: b[1:]}
	m := memory{seq: fleet.Seq(r.uvarint()), stirred: fleet.Time(r.varint())}
	for range r.count(maxTold) {
		t := told{subject: subject{group: group(r.byte()), fence: fleet.FenceID(r.uvarint())}}
		t.side, t.event, t.time = r.bool(), r.event(), fleet.Time(r.varint())
		r.bad = r.bad || t.group > contact || t.group != crossing && t.fence != 0 ||
			len(m.told) > 0 && m.told[len(m.told)-1].compare(t.subject) >= 0
		m.told = append(m.told, t)
	}
	for range r.count(maxWaits) {
		w := wait{event: r.event(), kind: fleet.EventKind(r.byte()), fence: fleet.FenceID(r.uvarint())}
		w.company, w.owner = fleet.CompanyID(r.uvarint()), fleet.OwnerID(r.uvarint())
		w.time, w.at = fleet.Time(r.varint()), fleet.Time(r.varint())
		w.until, w.why = fleet.Time(r.varint()), cause(r.byte())
		_, _, paired := sideOf(w.kind, w.fence)
		r.bad = r.bad || !paired || w.why < tooOld || w.why > quiet ||
			len(m.waits) > 0 && m.waits[len(m.waits)-1].compare(&w) >= 0
		m.waits = append(m.waits, w)
	}
	for range r.count(maxNotices) {
		n := notice{topic: topic{kind: fleet.EventKind(r.byte()), alarm: fleet.Alarms(r.uvarint())}}
		n.fence, n.watch = fleet.FenceID(r.uvarint()), fleet.RuleID(r.uvarint())
		n.event, n.time, n.at = r.event(), fleet.Time(r.varint()), fleet.Time(r.varint())
		folded := r.uvarint()
		n.folded = uint32(folded)
		r.bad = r.bad || folded > 1<<32-1 || len(m.notices) > 0 && m.notices[len(m.notices)-1].compare(n.topic) >= 0
		m.notices = append(m.notices, n)
	}
	if r.bad || len(r.b) != 0 {
		return memory{}, fmt.Errorf("%w: %d bytes, %d of them unread", ErrMemory, len(b), len(r.b))
	}
	return m, nil
}

// reader takes an encoding apart; after the first fault it gives zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) fail() { r.b, r.bad = nil, true }

// count is the length of a list, 0 if it is beyond its bound.
func (r *reader) count(most uint64) int {
	n := r.uvarint()
	if n > most {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail()
		return 0
	}
	v := r.b[0]
	r.b = r.b[1:]
	return v
}

func (r *reader) bool() bool {
	v := r.byte()
	r.bad = r.bad || v > 1
	return v == 1
}

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 || n > 1 && r.b[n-1] == 0 { // only the shortest form is written
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) varint() int64 {
	v := r.uvarint()
	return int64(v>>1) ^ -int64(v&1)
}

func (r *reader) event() (id fleet.EventID) {
	if len(r.b) < len(id) {
		r.fail()
		return id
	}
	copy(id[:], r.b)
	r.b = r.b[len(id):]
	return id
}
