package track

import (
	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

// State is what is remembered of one device between inputs. Only Device is to
// be set in a new one. It has one owner, who hands it to Step; [State.Clone]
// makes a second one.
//
// A fix reads and writes most of it and waits for each line of it to come from
// memory. So it holds what nearly every fix needs, in 168 bytes, and the rest
// is where few fixes go.
type State struct {
	Device fleet.DeviceID

	world uint64     // digest of the World that inside and safe hold under
	safe  fence.Safe // places for which inside does not change; not stored

	seen  fleet.Time // the newest fix that was judged, believed or not
	fired fleet.Time // the latest deadline that a tick fired
	since fleet.Time // when the edit was made that made the world what it was at the last look

	heard fleet.Time // the newest arrival of a report of any kind; 0 = none, or nobody asks

	head fix // the newest trusted fix; holds if known

	rest  *rest  // nil for nothing; see its methods' contract there
	doubt *doubt // whether an in-order run would come to another state, nil for no

	gates   Gates  // of the last report
	resumed uint32 // the last tick after a start or a pause, in seconds rounded up; 0 = none yet

	known   bool
	calm    bool // the fences had nothing to say of the head; not stored
	outcome Outcome
	frozen  uint8 // fixes at the head's very place although the device moves
	doubts  uint8 // suspects in a row that agreed with nothing: there is one if it is not 0
	offline bool  // it was told that nothing is heard of the device
	asked   bool  // its world asked for that at the last report
	timed   bool  // rest has runs or a watch: there may be deadlines
}

// fix is what is kept of a report once its place is known.
type fix struct {
	time       fleet.Time
	place      fleet.Place
	content    uint64 // digest of the report
	received   fleet.Time
	odometer   float64 // metres
	has        fleet.Fields
	speed      float32 // km/h
	course     float32 // degrees
	altitude   float32 // metres
	accuracy   float32 // metres
	hdop       float32
	satellites uint8
	protocol   fleet.Protocol
}

// set fills in a fix. It is not made and handed over, for then the processor
// would have to read words that it is still writing halves of.
func (f *fix) set(r *fleet.Report, digest uint64) {
	f.time, f.place, f.content, f.received = r.Fix, r.Place, digest, r.Received
	f.odometer, f.has, f.speed, f.course = r.Odometer, r.Has, r.Speed, r.Course
	f.altitude, f.accuracy, f.hdop = r.Altitude, r.Accuracy, r.HDOP
	f.satellites, f.protocol = r.Satellites, r.Protocol
}

// Position is the device's last trusted fix for the live map, without its
// attributes; ok is false before the first.
func (s *State) Position() (p fleet.Position, ok bool) {
	h := &s.head
	if !s.known {
		return p, false
	}
	return fleet.Position{
		Device: s.Device, Fix: h.time, Received: h.received, Place: h.place, Has: h.has,
		Altitude: h.altitude, Speed: h.speed, Course: h.course, Accuracy: h.accuracy,
		HDOP: h.hdop, Odometer: h.odometer, Satellites: h.satellites, Protocol: h.protocol,
	}, true
}

// Inside lists the fences that hold the device, by ID.
func (s *State) Inside() []fleet.FenceID {
	ids := make([]fleet.FenceID, len(s.inside()))
	for i, h := range s.inside() {
		ids[i] = h.id
	}
	return ids
}

// Outcome is what became of the last report, and the gates it passed or failed.
func (s *State) Outcome() (Outcome, Gates) { return s.outcome, s.gates }
