package track

import (
	"github.com/vigia-track/vigia/engine/fleet"
)

// doubt is from when on a state may differ from that of an in-order run.
type doubt struct {
	from    fleet.Time // 0: nothing new
	shelved fleet.Time // found out by a run whose facts are not on disk yet; 0 = none
	redone  fleet.Time // up to here a second run has revised the record; 0 = none has
}

// clear reports whether nothing is in doubt.
func (d *doubt) clear() bool { return d == nil || d.from == 0 && d.shelved == 0 }

// Head is the time of the newest trusted fix; ok is false before the first.
func (s *State) Head() (at fleet.Time, ok bool) { return s.head.time, s.known }

// Upto is the latest moment that the state has evaluated: the time of a fix,
// believed or not, or a deadline that has fired; 0 before the first.
func (s *State) Upto() fleet.Time { return max(s.seen, s.fired) }

// Dirty is the earliest fix time from which on the device's record may differ
// from what its reports mean in order, so that a Rerun from before it has to
// say; ok is false if the two are the same, or an installed run has dealt with it.
func (s *State) Dirty() (from fleet.Time, ok bool) {
	if s.doubt == nil || s.doubt.from == 0 {
		return 0, false
	}
	return s.doubt.from, true
}

// SetDirty makes the device dirty from a time on; an earlier one stays.
func (s *State) SetDirty(from fleet.Time) {
	from = max(from, 1) // 0 is not a time
	if s.doubt == nil {
		s.doubt = &doubt{}
	}
	if s.doubt.from == 0 || from < s.doubt.from {
		s.doubt.from = from
	}
}

// ClearDirty forgets every doubt.
func (s *State) ClearDirty() {
	if s.doubt != nil {
		s.doubt.from, s.doubt.shelved = 0, 0
	}
}

// again follows a step that made events. One that lies in the part that a
// second run has revised (a change was under way when that was installed, and
// is now complete) may be on record as retracted: the next run revives it.
func (s *State) again(made []fleet.Event) {
	if s.doubt == nil || s.doubt.redone == 0 {
		return
	}
	for i := range made {
		if e := &made[i]; e.Time <= s.doubt.redone && paired(e.Kind) {
			s.SetDirty(e.Time)
		}
	}
}

// Install puts the state of a Rerun, which was fed with all that this one has
// seen, in this one's place. What goes by arrival is kept: the memory of
// alarms and what became of the last report. The dirty time is put aside until
// Stored: Dirty tells only of what comes after, while the encoding, should all
// end here, still has the earlier of both.
func (s *State) Install(run State) {
	d := doubt{redone: max(s.Upto(), run.Upto())}
	if s.doubt != nil {
		if d.shelved = s.doubt.shelved; d.shelved == 0 || s.doubt.from != 0 && s.doubt.from < d.shelved {
			d.shelved = s.doubt.from
		}
		d.redone = max(d.redone, s.doubt.redone)
	}
	run.takeLive(s)
	run.since = max(run.since, s.since) // the run has not come to edits behind its newest fix
	run.doubt = &d
	*s = run
}

// Stored says that the facts of the installed run are on disk.
func (s *State) Stored() {
	if s.doubt != nil {
		s.doubt.shelved = 0
	}
}

// takeLive takes over from a state what goes by arrival, not by fix time.
func (s *State) takeLive(from *State) {
	s.Device = from.Device
	s.setAlarms(from.alarms())
	s.watchTakeLive(from)
	s.outcome, s.gates = from.outcome, from.gates
	if h := &from.head; s.known && from.known && s.head.time == h.time && s.head.place == h.place {
		s.head.join(h) // readings that came while the run was on its way
	}
}

// Clone is a copy that shares nothing that a Step changes.
func (s *State) Clone() State {
	c := *s
	c.rest = s.rest.clone()
	if s.doubt != nil {
		d := *s.doubt
		c.doubt = &d
	}
	return c
}
