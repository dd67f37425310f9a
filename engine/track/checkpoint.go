package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// Checkpoint is a device's state before its first fix of a UTC day, from which
// a Rerun may begin.
type Checkpoint struct {
	Day   fleet.Time // its beginning
	State []byte     // encoded
	Upto  fleet.Time // State.Upto of it: a Rerun from a later time on may begin here
}

// Checkpoint is the state before a report that a Step is about to take, if
// that is the device's first fix of a new UTC day; ok is false otherwise, which
// costs next to nothing. A dirty state makes none: its Rerun does.
func (s *State) Checkpoint(r *fleet.Report, w *World) (c Checkpoint, ok bool) {
	if !s.known || r.Fix-s.seen < fleet.Day && r.Fix.UTCDay() <= s.seen.UTCDay() || !s.doubt.clear() ||
		alone(r, w.Filter.Motion) != 0 || beyondHorizon(r) {
		return Checkpoint{}, false
	}
	return s.checkpoint(r.Fix.UTCDay()), true
}

func (s *State) checkpoint(day fleet.Time) Checkpoint {
	d := s.doubt
	s.doubt = nil
	b, _ := s.AppendBinary(nil)
	s.doubt = d
	return Checkpoint{Day: day, State: b, Upto: s.Upto()}
}
