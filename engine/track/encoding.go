package track

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// stateSchema is the version of a state's encoding.
const stateSchema = 1

// The bits of an encoded state that say what follows.
const (
	stateKnown = 1 << iota
	stateSuspect
)

// ErrState is the class of errors of DecodeState.
var ErrState = errors.New("track: damaged state")

// AppendBinary appends the state's encoding, which begins with its own length:
// the number of bytes behind it as a uvarint, then the schema byte. It never
// fails.
func (s *State) AppendBinary(b []byte) ([]byte, error) {
	var room [512]byte
	p := append(room[:0], stateSchema)
	p = binary.AppendUvarint(p, uint64(s.Device))
	var flags byte
	if s.known {
		flags |= stateKnown
	}
	if s.suspect != nil {
		flags |= stateSuspect
	}
	p = append(p, flags, byte(s.outcome), s.frozen, s.doubts)
	p = binary.AppendUvarint(p, uint64(s.gates))
	p = binary.BigEndian.AppendUint64(p, s.world)
	p = binary.AppendUvarint(p, uint64(len(s.inside)))
	var last fleet.FenceID
	for _, id := range s.inside {
		p = binary.AppendUvarint(p, uint64(id-last))
		last = id
	}
	p = binary.AppendUvarint(p, uint64(len(s.alarms)))
	for _, a := range s.alarms {
		p = binary.BigEndian.AppendUint64(p, a.content)
		p = binary.AppendVarint(p, int64(a.time))
	}
	if s.known {
		p = s.head.append(p)
	}
	if s.suspect != nil {
		p = s.suspect.append(p)
	}
	b = binary.AppendUvarint(b, uint64(len(p)))
	return append(b, p...), nil
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
	if v := r.byte(); !r.bad && v != stateSchema {
		return State{}, b, fmt.Errorf("%w: schema %d, this version reads %d", ErrState, v, stateSchema)
	}
	s.Device = fleet.DeviceID(r.uvarint())
	flags := r.byte()
	s.outcome, s.frozen, s.doubts = Outcome(r.byte()), r.byte(), r.byte()
	s.gates = Gates(r.uvarint32())
	s.world = r.uint64()
	r.inside(&s)
	r.alarms(&s)
	if flags&stateKnown != 0 {
		s.known = true
		r.fix(&s.head)
	}
	if flags&stateSuspect != 0 {
		s.suspect = new(fix)
		r.fix(s.suspect)
	}
	if r.bad || len(r.b) != 0 || flags&^(stateKnown|stateSuspect) != 0 {
		return State{}, b, fmt.Errorf("%w: of device %v", ErrState, s.Device)
	}
	return s, rest, nil
}

// reader takes an encoding apart; after the first fault it gives zeros.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) inside(s *State) {
	n := r.uvarint()
	if n > uint64(len(r.b)) { // each takes a byte at least
		r.bad = true
		return
	}
	if n == 0 {
		return
	}
	s.inside = make([]fleet.FenceID, n)
	var last fleet.FenceID
	for i := range s.inside {
		id := last + fleet.FenceID(r.uvarint())
		r.bad = r.bad || i > 0 && id <= last
		s.inside[i], last = id, id
	}
}

func (r *reader) alarms(s *State) {
	n := r.uvarint()
	if n > maxAlarms {
		r.bad = true
		return
	}
	for range n {
		s.alarms = append(s.alarms, alarmMemory{r.uint64(), fleet.Time(r.varint())})
	}
}

func (r *reader) fix(f *fix) {
	f.time = fleet.Time(r.varint())
	f.received = f.time + fleet.Time(r.varint())
	f.place = fleet.Place{Lat: int32(r.uint32()), Lon: int32(r.uint32())}
	f.content = r.uint64()
	f.has = fleet.Fields(r.uvarint32())
	f.satellites, f.protocol = r.byte(), fleet.Protocol(r.byte())
	for _, v := range [...]*float32{&f.speed, &f.course, &f.altitude, &f.accuracy, &f.hdop} {
		*v = math.Float32frombits(r.uint32())
	}
	f.odometer = math.Float64frombits(r.uint64())
}

func (r *reader) take(n int) []byte {
	if r.bad || len(r.b) < n {
		r.bad = true
		return make([]byte, 8)[:n]
	}
	out := r.b[:n]
	r.b = r.b[n:]
	return out
}

func (r *reader) byte() byte     { return r.take(1)[0] }
func (r *reader) uint32() uint32 { return binary.BigEndian.Uint32(r.take(4)) }
func (r *reader) uint64() uint64 { return binary.BigEndian.Uint64(r.take(8)) }

func (r *reader) uvarint() uint64 {
	v, n := binary.Uvarint(r.b)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}

func (r *reader) uvarint32() uint32 {
	v := r.uvarint()
	r.bad = r.bad || v > math.MaxUint32
	return uint32(v)
}

func (r *reader) varint() int64 {
	v, n := binary.Varint(r.b)
	if r.bad || n <= 0 {
		r.bad = true
		return 0
	}
	r.b = r.b[n:]
	return v
}
