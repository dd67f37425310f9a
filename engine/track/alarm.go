package track

import (
	"encoding/binary"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// alarmMemory is an alarm that was raised without a trusted fix: a copy of its
// report raises the same event again, with the time of the first.
type alarmMemory struct {
	content uint64
	time    fleet.Time // of the event
}

const (
	maxAlarms = 4 // kept a device

	// copyWithin is how long a report without a clock of its own counts as a
	// copy of an equal one. A device that is not answered sends again within
	// a minute or two; an alarm that lasts is raised again after this.
	copyWithin = 5 * fleet.Minute
)

// raise tells of the alarms in a report whose fix is trusted, one event each.
func (s *State) raise(out []fleet.Event, r *fleet.Report, seq fleet.Seq, w *World) []fleet.Event {
	if r.Alarms == 0 {
		return out
	}
	digest := content(r)
	for _, m := range s.alarms {
		if m.content == digest { // a copy of what looked like a teleport
			return s.raisePlaceless(out, r, seq, w)
		}
	}
	e := s.alarmEvent(r, seq, w)
	e.Time, e.Place, e.Speed, e.Course = r.Fix, r.Place, r.Speed, r.Course
	if s.known && r.Fix < s.head.time-lateAfter {
		e.Flags |= fleet.Late
	}
	cause := binary.BigEndian.AppendUint64(fixCause(r.Fix, r.Place), uint64(r.DeviceTime))
	return each(out, e, r.Alarms, cause)
}

// raisePlaceless tells of the alarms in a report whose fix is not trusted:
// with the last trusted place, and the time of arrival.
func (s *State) raisePlaceless(out []fleet.Event, r *fleet.Report, seq fleet.Seq, w *World) []fleet.Event {
	if r.Alarms == 0 {
		return out
	}
	e := s.alarmEvent(r, seq, w)
	e.Flags |= fleet.Placeless
	if s.known {
		e.Place = s.head.place
	}
	digest := content(r)
	e.Time = s.firstTime(r, digest)
	return each(out, e, r.Alarms, binary.BigEndian.AppendUint64([]byte{'p'}, digest))
}

// firstTime is the time of the event that a copy of the report raised first,
// or its arrival, which is then remembered.
func (s *State) firstTime(r *fleet.Report, digest uint64) fleet.Time {
	clockless := r.Fix == 0 && r.DeviceTime == 0 || r.Verdict == fleet.QuarantinedClock
	for i, m := range s.alarms {
		if m.content != digest {
			continue
		}
		if !clockless || r.Received-m.time <= copyWithin {
			return m.time
		}
		s.alarms = append(s.alarms[:i], s.alarms[i+1:]...)
		break
	}
	if len(s.alarms) == maxAlarms {
		s.alarms = append(s.alarms[:0], s.alarms[1:]...)
	}
	s.alarms = append(s.alarms, alarmMemory{digest, r.Received})
	return r.Received
}

func (s *State) alarmEvent(r *fleet.Report, seq fleet.Seq, w *World) fleet.Event {
	e := fleet.Event{
		Kind: fleet.Alarm, Device: s.Device, Owner: w.owner(), Company: w.Company,
		Received: r.Received, Seq: seq,
		Trace: fleet.Trace{EdgeMetres: float32(math.NaN()), Gates: uint32(s.gates)},
	}
	if s.known {
		e.Trace.PriorTime, e.Trace.PriorPlace = s.head.time, s.head.place
	}
	return e
}

func each(out []fleet.Event, e fleet.Event, alarms fleet.Alarms, cause []byte) []fleet.Event {
	for one := range alarms.Each {
		e.Alarms = one
		fleet.NameEvent(&e, cause)
		out = append(out, e)
	}
	return out
}
