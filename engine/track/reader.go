package track

import (
	"encoding/binary"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// reader takes an encoding apart; after the first fault it gives zeros.
type reader struct {
	b   []byte
	bad bool
}

// inside reads the fences that hold the device; schema 1 knew no versions.
func (r *reader) inside(s *State, schema byte) {
	n := r.uvarint()
	if n > uint64(len(r.b)) { // each takes a byte at least
		r.bad = true
		return
	}
	if n == 0 {
		return
	}
	list := make([]heldBy, n)
	s.setInside(list)
	var last fleet.FenceID
	for i := range list {
		id := last + fleet.FenceID(r.uvarint())
		r.bad = r.bad || i > 0 && id <= last
		list[i], last = heldBy{id: id}, id
		if schema > 1 {
			list[i].judge = r.uvarint32()
		}
	}
}

// minRun is less than what a run takes, in bytes.
const minRun = 32

func (r *reader) runs(s *State) {
	n := r.uvarint()
	if n > uint64(len(r.b)/minRun) {
		r.bad = true
		return
	}
	if n == 0 {
		return
	}
	list := make([]run, n)
	s.setRuns(list)
	for i := range list {
		one := &list[i]
		one.fence, one.judge = fleet.FenceID(r.uvarint()), r.uvarint32()
		one.kind, one.count = fleet.EventKind(r.byte()), r.byte()
		moved := r.byte()
		one.moved = moved == 1
		one.gates = Gates(r.uvarint32())
		one.time, one.lag, one.due = fleet.Time(r.varint()), fleet.Time(r.varint()), fleet.Time(r.varint())
		for _, p := range [...]*fleet.Place{&one.place, &one.priorPlace} {
			*p = fleet.Place{Lat: int32(r.uint32()), Lon: int32(r.uint32())}
		}
		one.priorTime = fleet.Time(r.varint())
		one.speed, one.course = math.Float32frombits(r.uint32()), math.Float32frombits(r.uint32())
		r.bad = r.bad || moved > 1 || one.fence == 0 || i > 0 && one.fence <= list[i-1].fence ||
			one.kind != fleet.Enter && one.kind != fleet.Exit
	}
}

func (r *reader) alarms(s *State) {
	n := r.uvarint()
	if n > maxAlarms {
		r.bad = true
		return
	}
	if n == 0 {
		return
	}
	a := &alarmed{}
	s.setAlarms(a)
	for range n {
		a.raised = append(a.raised, alarmMemory{r.uint64(), fleet.Time(r.varint())})
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
