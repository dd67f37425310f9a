package track

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// stateSchema is the version of a state's encoding.
const stateSchema = 3

// The bits of an encoded state that say what follows.
const (
	stateKnown = 1 << iota
	stateSuspect
)

// ErrState is the class of errors of DecodeState.
var ErrState = errors.New("track: damaged state")

// AppendBinary appends the state's encoding, which begins with its own length:
// the number of bytes behind it as a uvarint, then the schema byte; it ends in
// optional sections (section.go). It never fails.
func (s *State) AppendBinary(b []byte) ([]byte, error) {
	var room [512]byte
	p := append(room[:0], stateSchema)
	p = binary.AppendUvarint(p, uint64(s.Device))
	var flags byte
	if s.known {
		flags |= stateKnown
	}
	suspect := s.suspect()
	if suspect != nil {
		flags |= stateSuspect
	}
	p = append(p, flags, byte(s.outcome), s.frozen, s.doubts)
	p = binary.AppendUvarint(p, uint64(s.gates))
	p = binary.BigEndian.AppendUint64(p, s.world)
	p = binary.AppendUvarint(p, uint64(len(s.inside())))
	var last fleet.FenceID
	for _, h := range s.inside() {
		p = binary.AppendUvarint(p, uint64(h.id-last))
		p = binary.AppendUvarint(p, uint64(h.judge))
		last = h.id
	}
	runs := s.runs()
	p = binary.AppendUvarint(p, uint64(len(runs)))
	for i := range runs {
		p = runs[i].append(p)
	}
	raised := s.alarms().memory()
	p = binary.AppendUvarint(p, uint64(len(raised)))
	for _, a := range raised {
		p = binary.BigEndian.AppendUint64(p, a.content)
		p = binary.AppendVarint(p, int64(a.time))
	}
	if s.known {
		p = s.head.append(p)
	}
	if suspect != nil {
		p = suspect.append(p)
	}
	p = s.appendSections(p)
	b = binary.AppendUvarint(b, uint64(len(p)))
	return append(b, p...), nil
}

func (r *run) append(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(r.fence))
	b = binary.AppendUvarint(b, uint64(r.judge))
	var moved byte
	if r.moved {
		moved = 1
	}
	b = append(b, byte(r.kind), r.count, moved)
	b = binary.AppendUvarint(b, uint64(r.gates))
	b = binary.AppendVarint(b, int64(r.time))
	b = binary.AppendVarint(b, int64(r.lag))
	b = binary.AppendVarint(b, int64(r.due))
	for _, p := range [...]fleet.Place{r.place, r.priorPlace} {
		b = binary.BigEndian.AppendUint32(b, uint32(p.Lat))
		b = binary.BigEndian.AppendUint32(b, uint32(p.Lon))
	}
	b = binary.AppendVarint(b, int64(r.priorTime))
	b = binary.BigEndian.AppendUint32(b, math.Float32bits(r.speed))
	return binary.BigEndian.AppendUint32(b, math.Float32bits(r.course))
}

func (f *fix) append(b []byte) []byte {
	b = binary.AppendVarint(b, int64(f.time))
	b = binary.AppendVarint(b, int64(f.received-f.time))
	b = binary.BigEndian.AppendUint32(b, uint32(f.place.Lat))
	b = binary.BigEndian.AppendUint32(b, uint32(f.place.Lon))
	b = binary.BigEndian.AppendUint64(b, f.content)
	b = binary.AppendUvarint(b, uint64(f.has))
	b = append(b, f.satellites, byte(f.protocol))
	for _, v := range [...]float32{f.speed, f.course, f.altitude, f.accuracy, f.hdop} {
		b = binary.BigEndian.AppendUint32(b, math.Float32bits(v))
	}
	return binary.BigEndian.AppendUint64(b, math.Float64bits(f.odometer))
}

// DecodeState reads what AppendBinary wrote and returns the rest. It refuses
// whatever AppendBinary would not write, with an ErrState.
func DecodeState(b []byte) (s State, rest []byte, err error) {
	n, k := binary.Uvarint(b)
	if k <= 0 || n > uint64(len(b)-k) {
		return State{}, b, fmt.Errorf("%w: cut off after %d bytes", ErrState, len(b))
	}
	r := reader{b: b[k : k+int(n)]}
	rest = b[k+int(n):]
	schema := r.byte()
	if !r.bad && (schema < 1 || schema > stateSchema) {
		return State{}, b, fmt.Errorf("%w: schema %d, this version reads up to %d", ErrState, schema, stateSchema)
	}
	s.Device = fleet.DeviceID(r.uvarint())
	flags := r.byte()
	s.outcome, s.frozen, s.doubts = Outcome(r.byte()), r.byte(), r.byte()
	if suspects := flags&stateSuspect != 0; suspects != (s.doubts != 0) {
		return State{}, b, fmt.Errorf("%w: of device %v: %d suspects", ErrState, s.Device, s.doubts)
	}
	s.gates = Gates(r.uvarint32())
	s.world = r.uint64()
	r.inside(&s, schema)
	if schema > 1 {
		r.runs(&s)
	} else {
		s.world = 0 // it settles first, and learns which versions hold it
	}
	r.alarms(&s)
	if flags&stateKnown != 0 {
		s.known = true
		r.fix(&s.head)
	}
	if flags&stateSuspect != 0 {
		s.own().suspect = new(fix)
		r.fix(s.rest.suspect)
	}
	s.seen = s.seenByFixes()
	if schema > 2 {
		if tag := r.sections(&s); tag != 0 {
			return State{}, b, fmt.Errorf("%w: of device %v: it has a section %d of a newer version", ErrState, s.Device, tag)
		}
	}
	if r.bad || len(r.b) != 0 || flags&^(stateKnown|stateSuspect) != 0 {
		return State{}, b, fmt.Errorf("%w: of device %v", ErrState, s.Device)
	}
	return s, rest, nil
}
