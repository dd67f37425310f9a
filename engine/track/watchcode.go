package track

import (
	"encoding/binary"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// appendWatches writes what is watched.
func (s *State) appendWatches(b []byte) []byte {
	if s.watch() == nil {
		return b
	}
	b = binary.AppendUvarint(b, uint64(len(s.watch().list)))
	for i := range s.watch().list {
		x := &s.watch().list[i]
		b = binary.AppendUvarint(b, uint64(x.rule))
		b = binary.AppendUvarint(b, uint64(x.fence))
		b = binary.AppendUvarint(b, uint64(x.judge))
		b = binary.AppendUvarint(b, uint64(x.place))
		b = append(b, byte(x.kind), byte(x.mode), x.count)
		for _, t := range [...]fleet.Time{x.since, x.lag, x.due, x.begun} {
			b = binary.AppendVarint(b, int64(t))
		}
		for _, p := range [...]fleet.Place{x.at, x.where} {
			b = binary.BigEndian.AppendUint32(b, uint32(p.Lat))
			b = binary.BigEndian.AppendUint32(b, uint32(p.Lon))
		}
		b = binary.BigEndian.AppendUint32(b, math.Float32bits(x.speed))
	}
	return b
}

// minWatch is the least that a watch takes, in bytes.
const minWatch = 4 + 3 + 4 + 16 + 4

func (r *reader) watches(s *State) {
	n := r.uvarint()
	if n > uint64(len(r.b)/minWatch) || n > maxWatches {
		r.bad = true
		return
	}
	s.setWatch(&watching{})
	if n > 0 {
		s.watch().list = make([]watch, n)
	}
	for i := range s.watch().list {
		x := &s.watch().list[i]
		x.rule, x.fence = fleet.RuleID(r.uvarint()), fleet.FenceID(r.uvarint())
		x.judge, x.place = r.uvarint32(), r.uvarint32()
		x.kind, x.mode, x.count = fleet.EventKind(r.byte()), mode(r.byte()), r.byte()
		for _, t := range [...]*fleet.Time{&x.since, &x.lag, &x.due, &x.begun} {
			*t = fleet.Time(r.varint())
		}
		for _, p := range [...]*fleet.Place{&x.at, &x.where} {
			*p = fleet.Place{Lat: int32(r.uint32()), Lon: int32(r.uint32())}
		}
		x.speed = math.Float32frombits(r.uint32())
		r.bad = r.bad || x.kind < fleet.Dwell || x.kind > fleet.Stopped || x.mode > over ||
			i > 0 && byTopic(s.watch().list[i-1], *x) >= 0
	}
}

// appendContact writes when the device was heard.
func (s *State) appendContact(b []byte) []byte {
	var flags byte
	if s.offline {
		flags |= 1
	}
	if s.asked {
		flags |= 2
	}
	if flags == 0 && s.heard == 0 && s.resumed == 0 {
		return b
	}
	b = append(b, flags)
	b = binary.AppendVarint(b, int64(s.heard))
	return binary.BigEndian.AppendUint32(b, s.resumed)
}

func (r *reader) contact(s *State) {
	flags := r.byte()
	s.offline, s.asked = flags&1 != 0, flags&2 != 0
	s.heard, s.resumed = fleet.Time(r.varint()), r.uint32()
	r.bad = r.bad || flags > 3 || flags == 0 && s.heard == 0 && s.resumed == 0
}
