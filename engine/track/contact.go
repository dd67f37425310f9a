package track

import (
	"encoding/binary"
	"math"

	"github.com/vigia-track/vigia/engine/fleet"
)

// When a device was heard goes by arrival, not by fix time, and so is no part of
// what a second run works out anew.

// resumeGrace is what deadlines that were armed before a start or a pause wait
// after it: the reports that would speak against them could not arrive.
const resumeGrace = fleet.Minute

// watchArrival takes the arrival of a report of any kind, whatever its fix is
// worth. The first after Offline is the device's Online. A second run does not
// call it.
func (s *State) watchArrival(out []fleet.Event, r *fleet.Report, seq fleet.Seq, w *World) []fleet.Event {
	if s.asked = w.Profile.OfflineAfter > 0; s.asked {
		s.heard = max(s.heard, r.Received)
	}
	if !s.offline || r.Received == 0 {
		return out
	}
	s.offline = false
	return append(out, s.contactEvent(fleet.Online, r.Received, r.Received, seq, w))
}

// watchClock tells of a device of which nothing was heard for too long: since
// its last report, or, if that is later, since reports could arrive again. A
// second run does not call it.
func (s *State) watchClock(out []fleet.Event, t fleet.Tick, seq fleet.Seq, w *World) []fleet.Event {
	if t.Resumed {
		s.resumed = max(s.resumed, uint32(max(0, min((t.At+fleet.Second-1)/fleet.Second, math.MaxUint32))))
	}
	if s.heard == 0 || s.offline || w.Profile.OfflineAfter <= 0 {
		return out
	}
	due := max(s.heard, s.pause()) + w.Profile.OfflineAfter
	if t.At < due {
		return out
	}
	s.offline = true
	e := s.contactEvent(fleet.Offline, due, t.At, seq, w)
	e.Value = float32(due-s.heard) / float32(fleet.Second)
	return append(out, e)
}

func (s *State) contactEvent(kind fleet.EventKind, at, received fleet.Time, seq fleet.Seq, w *World) fleet.Event {
	e := fleet.Event{
		Kind: kind, Flags: fleet.Placeless, Device: s.Device, Owner: w.owner(), Company: w.Company,
		Time: at, Received: received, Seq: seq,
		Trace: fleet.Trace{EdgeMetres: float32(math.NaN())},
	}
	if s.known {
		e.Place, e.Trace.PriorTime, e.Trace.PriorPlace = s.head.place, s.head.time, s.head.place
	}
	fleet.NameEvent(&e, binary.BigEndian.AppendUint64([]byte{'c'}, uint64(at)))
	return e
}

// Offline reports whether nothing is heard of the device, and when it was last
// heard, 0 for never; its world's Profile must ask for that.
func (s *State) Offline() (offline bool, heard fleet.Time) { return s.offline, s.heard }

// lagOf is by how much the clock runs behind the deadline that a fix armed: by
// as much as the fix took to arrive, and by what is left of the grace after a
// pause if it arrived before.
func (s *State) lagOf(armed, lag, due fleet.Time) fleet.Time {
	if armed+lag >= s.pause() {
		return lag
	}
	return max(lag, s.pause()+resumeGrace-due)
}

// pause is the end of the last pause.
func (s *State) pause() fleet.Time { return fleet.Time(s.resumed) * fleet.Second }

// NextTick is the time of the earliest tick that may mean something to the
// device, unless another report comes first; fleet.Never for none. A tick that
// is Resumed always may.
func (s *State) NextTick(w *World) fleet.Time {
	next := never
	for due, lag := range s.waits {
		next = min(next, due+lag)
	}
	if s.heard != 0 && !s.offline && w.Profile.OfflineAfter > 0 {
		next = min(next, max(s.heard, s.pause())+w.Profile.OfflineAfter)
	}
	return next
}
