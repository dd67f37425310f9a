package track

import (
	"encoding/binary"
	"math"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// alarmed is what is remembered of a device's alarms, in order of arrival.
type alarmed struct {
	standing fleet.Alarms  // raised, and not said to be over
	raised   []alarmMemory // without a trusted fix, oldest first
}

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

func (a *alarmed) memory() []alarmMemory {
	if a == nil {
		return nil
	}
	return a.raised
}

func (a *alarmed) clone() *alarmed {
	if a == nil {
		return nil
	}
	return &alarmed{a.standing, slices.Clone(a.raised)}
}

// rising are the alarms of a report that are news. Those that a device sends
// as a state, in report after report, are when they were not in the one before
// that told of it; what it sends when it happens always is: whoever presses
// the button again is heard again. A report that cannot tell, such as a plain
// position of a tracker with alarm messages, ends nothing.
func (s *State) rising(r *fleet.Report) fleet.Alarms {
	state := r.Has&fleet.AlarmState != 0
	if r.Alarms == 0 && !state {
		return 0
	}
	a := s.alarms()
	if a == nil {
		if r.Alarms == 0 {
			return 0
		}
		a = &alarmed{}
		s.setAlarms(a)
	}
	was := a.standing
	if state {
		a.standing = r.Alarms
		return r.Alarms &^ was
	}
	a.standing |= r.Alarms
	return r.Alarms
}

// raise tells of the alarms in a report whose fix is trusted, one event each.
func (s *State) raise(out []fleet.Event, r *fleet.Report, seq fleet.Seq, w *World) []fleet.Event {
	if r.Alarms != 0 {
		digest := content(r)
		for _, m := range s.alarms().memory() {
			if m.content == digest { // a copy of what looked like a teleport
				return s.raisePlaceless(out, r, seq, w)
			}
		}
	}
	alarms := s.rising(r)
	if alarms == 0 {
		return out
	}
	e := s.alarmEvent(r, seq, w)
	e.Time, e.Place, e.Speed, e.Course = r.Fix, r.Place, r.Speed, r.Course
	if s.known && r.Fix < s.head.time-lateAfter || beyondHorizon(r) {
		e.Flags |= fleet.Late
	}
	cause := binary.BigEndian.AppendUint64(fixCause(r.Fix, r.Place), uint64(r.DeviceTime))
	return each(out, e, alarms, cause)
}

// raisePlaceless tells of the alarms in a report whose fix is not trusted:
// with the last trusted place, and the time of arrival.
func (s *State) raisePlaceless(out []fleet.Event, r *fleet.Report, seq fleet.Seq, w *World) []fleet.Event {
	alarms := s.rising(r)
	if alarms == 0 {
		return out
	}
	e := s.alarmEvent(r, seq, w)
	e.Flags |= fleet.Placeless
	if s.known {
		e.Place = s.head.place
	}
	digest := content(r)
	e.Time = s.firstTime(r, digest)
	return each(out, e, alarms, binary.BigEndian.AppendUint64([]byte{'p'}, digest))
}

// firstTime is the time of the event that a copy of the report raised first,
// or its arrival, which is then remembered. A state without a clock that rises
// has been over in between, so its report is no copy.
func (s *State) firstTime(r *fleet.Report, digest uint64) fleet.Time {
	clockless := r.Fix == 0 && r.DeviceTime == 0 || r.Verdict == fleet.QuarantinedClock
	a := s.alarms()
	kept := a.raised
	for i, m := range kept {
		if m.content != digest {
			continue
		}
		if !clockless || r.Has&fleet.AlarmState == 0 && r.Received-m.time <= copyWithin {
			return m.time
		}
		kept = append(kept[:i], kept[i+1:]...)
		break
	}
	if len(kept) == maxAlarms {
		kept = append(kept[:0], kept[1:]...)
	}
	a.raised = append(kept, alarmMemory{digest, r.Received})
	return r.Received
}

// appendStanding writes the alarms that stand.
func (s *State) appendStanding(b []byte) []byte {
	a := s.alarms()
	if a == nil || a.standing == 0 {
		return b
	}
	return binary.AppendUvarint(b, uint64(a.standing))
}

func (r *reader) standing(s *State) {
	if s.alarms() == nil {
		s.setAlarms(&alarmed{})
	}
	a := s.alarms()
	a.standing = fleet.Alarms(r.uvarint())
	r.bad = r.bad || a.standing == 0
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
