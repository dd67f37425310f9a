package engine

import (
	"slices"
	"time"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	lateCalm    = 2 * fleet.Second  // after the last late report the second run begins ...
	lateAtMost  = 30 * fleet.Second // ... or this long after the first
	retryRerun  = 30 * fleet.Second // after one that could not read what it needs
	postAtOnce  = 64                // devices that one tick hands over, a shard
	jobsWaiting = 256               // devices that wait for the worker; the others stay with their shards
)

// A lateDevice is one whose record may differ from an in-order run, as its
// shard keeps it until the second run's facts are on disk.
type lateDevice struct {
	slot   uint32
	device fleet.DeviceID
	first  fleet.Time // when its first late report came, or was found, by the clock of the ticks
	last   fleet.Time // when its last one did
	posted bool       // the worker has it
	missed fleet.Time // the earliest fix that came late since; 0 for none: the run may not have seen it
	edited fleet.Time // the earliest edit of its realm since; 0 for none: the run does not know it
}

// mayBeLate notes a device that became dirty, or more so. It looks at every
// report of a device that is in the list.
func (s *shard) mayBeLate(n uint32, d *slot, r *fleet.Report, upto fleet.Time) {
	l := s.late[n]
	if l == nil {
		s.noteLate(n, d, r.Received)
		return
	}
	if r.Verdict != fleet.Accepted || r.Fix > upto {
		return
	}
	l.last = s.heard(r.Received)
	if l.posted && (l.missed == 0 || r.Fix < l.missed) {
		l.missed = r.Fix
	}
}

// noteLate adds a dirty device to the list.
func (s *shard) noteLate(n uint32, d *slot, received fleet.Time) {
	if s.e.rerun == nil { // nobody would judge it again
		return
	}
	at := s.heard(received)
	d.late = true
	l := &lateDevice{slot: n, device: d.state.Device, first: at, last: at}
	if s.late == nil {
		s.late = map[uint32]*lateDevice{}
	}
	s.late[n] = l
	s.lates = append(s.lates, l)
	s.countLate()
}

// heard is a time of arrival on the clock of the ticks.
func (s *shard) heard(received fleet.Time) fleet.Time {
	return max(s.clock.At, min(received, s.clock.At+fleet.Time(tickEvery/time.Millisecond)))
}

// restoredLate lists a device whose stored state says that it is dirty.
func (s *shard) restoredLate(n uint32) {
	d := s.slot(n)
	if _, dirty := d.state.Dirty(); dirty && !d.late {
		s.noteLate(n, d, 0)
	}
}

// placedLate tells a state that its device was put into another realm.
func (s *shard) placedLate(n uint32, d *slot, since fleet.Time) {
	d.state.Placed(since)
	s.doubted(n, d, since)
}

// editedLate tells the states in realms that were edited: a device whose clock
// runs ahead has been judged beyond the edit already.
func (s *shard) editedLate(edits map[uint32]fleet.Time) {
	if len(edits) == 0 {
		return
	}
	for _, l := range s.late {
		at, edited := edits[s.slot(l.slot).realm]
		if edited && l.posted && (l.edited == 0 || at < l.edited) {
			l.edited = at // the run may fire a deadline that lies behind the edit
		}
	}
	for p := range s.pages {
		for i := range s.pages[p] {
			d := &s.pages[p][i]
			if at, edited := edits[d.realm]; edited && d.state.Device != 0 && d.state.Upto() >= at {
				d.state.Edited(at)
				s.doubted(uint32(p<<pageBits+i), d, at)
			}
		}
	}
}

// doubted lists a device that an edit made dirty.
func (s *shard) doubted(n uint32, d *slot, since fleet.Time) {
	if _, dirty := d.state.Dirty(); !dirty {
		return
	}
	l := s.late[n]
	if l == nil {
		s.noteLate(n, d, 0)
	} else if l.posted && (l.missed == 0 || since < l.missed) {
		l.missed = since // the run does not know
	}
}

// postLate hands the devices that have been calm for long enough to the
// worker, as long as it has room.
func (s *shard) postLate() {
	if len(s.lates) == 0 || s.e.rerun == nil || !s.live {
		return
	}
	posted, gone := 0, false
	for _, l := range s.lates {
		d := s.slot(l.slot)
		from, dirty := d.state.Dirty()
		switch {
		case s.late[l.slot] != l:
			gone = true
			continue
		case l.posted:
			continue
		case !dirty:
			s.dropLate(l, d)
			gone = true
			continue
		case s.clock.At-l.last < lateCalm && s.clock.At-l.first < lateAtMost:
			continue
		case posted == postAtOnce:
			continue
		}
		j := &job{shard: s, slot: l.slot, device: l.device, from: from}
		j.reach(s, d)
		if !s.e.rerun.post(j) {
			break
		}
		l.posted, l.missed, l.edited = true, 0, 0
		posted++
	}
	if gone {
		s.sweepLate()
	}
}

// sweepLate takes from the list what dropLate has left there.
func (s *shard) sweepLate() {
	s.lates = slices.DeleteFunc(s.lates, func(l *lateDevice) bool { return s.late[l.slot] != l })
	s.countLate()
}

// dropLate takes a device off the list; sweepLate removes the entry.
func (s *shard) dropLate(l *lateDevice, d *slot) {
	d.late = false
	delete(s.late, l.slot)
}

// countLate tells the metrics.
func (s *shard) countLate() {
	s.dirty.Store(int64(len(s.late)))
	oldest := int64(0)
	for _, l := range s.lates {
		if s.late[l.slot] == l {
			oldest = int64(l.first)
			break
		}
	}
	s.dirtySince.Store(oldest)
}

// An install asks a shard to put the state of a second run in place.
type install struct {
	*job
	state track.State

	gone   bool          // the device is not here any more
	goOn   bool          // the device has come further: up to job.upto
	seq    fleet.Seq     // the swap stands behind this entry
	head   fleet.Time    // of the device
	now    fleet.Time    // by the ticks
	events []fleet.Event // of the ticks since the job's
}

// install compares how far both have come, between two inputs, and swaps the
// state.
func (s *shard) install(in *install) {
	l := s.lateOf(in.job)
	if l == nil {
		in.gone = true
		return
	}
	d := s.slot(in.slot)
	realm := s.realms[d.realm]
	if in.goOn = d.state.Upto() > in.upto; in.goOn {
		in.reach(s, d)
		return
	}
	d.state.Install(in.state)
	if l.edited != 0 {
		d.state.Edited(l.edited) // if the run has judged beyond it, it did so by the world before
	}
	in.seq = fleet.Seq(s.done.Load())
	in.head, _ = d.state.Head()
	if in.now = s.clock.At; in.now > in.tick.At {
		in.events = track.Step(&d.state, track.Input{Seq: in.seq, Tick: fleet.Tick{At: in.now}}, realm.world)
	}
	if l.missed != 0 {
		d.state.SetDirty(l.missed)
	}
	s.mayWait(in.slot)
	if !d.moved {
		d.moved = true
		s.moved = append(s.moved, in.slot)
	}
}

// reach says how far the shard has come with a job's device.
func (j *job) reach(s *shard, d *slot) {
	j.upto, j.tick, j.realm = d.state.Upto(), s.clock, s.realms[d.realm]
}

// lateOf is the entry of a job's device, nil if it was removed.
func (s *shard) lateOf(j *job) *lateDevice {
	if l := s.late[j.slot]; l != nil && l.device == j.device && s.slot(j.slot).state.Device == j.device {
		return l
	}
	return nil
}

// A finding is what a second run changes of the record.
type finding struct {
	*job
	track.Difference
	rows [][]fleet.Delivery // of each that is retracted
	done chan struct{}      // closed once it is on disk
}

// conclude decides who hears of a finding and hands the facts on.
func (s *shard) conclude(f *finding) {
	o := s.outcome()
	o.stored = f.done
	o.events = append(o.events, f.New...)
	o.revised = slices.Concat(o.revised, f.Amended, f.Retracted, f.Revived)
	if s.lateOf(f.job) != nil { // else nobody is to hear of a device that is gone
		s.tellFinding(f, o)
	}
	s.handOver()
}

func (s *shard) tellFinding(f *finding, o *outcome) {
	in := alert.Input{Seq: fleet.Seq(s.done.Load()), At: s.clock.At}
	rules := func(e *fleet.Event) *alert.Rules { return s.e.atlas.past.rules(f.device, f.realm.line, e.Time) }
	if d := s.slot(f.slot); d.book != nil {
		for i := range o.revised {
			d.book.Revise(in, &o.revised[i])
		}
	}
	for i := range f.Retracted {
		e := &f.Retracted[i]
		if correction, to, ok := alert.Correct(in, e, f.rows[i], rules(e)); ok {
			o.events = append(o.events, correction)
			o.deliveries = append(o.deliveries, to...)
		}
	}
	for i := range f.New {
		s.decideBy(in, f.New[i:i+1], f.slot, rules(&f.New[i]))
	}
	if d := s.slot(f.slot); d.book != nil {
		r := alert.Result{Deliveries: o.deliveries, Memories: o.memories}
		s.keep(f.slot, o, &r)
	}
}

// stored ends a job whose facts are on disk. What came late meanwhile is left
// for another.
func (j *job) stored(s *shard) {
	l := s.lateOf(j)
	if l == nil {
		return
	}
	d := s.slot(j.slot)
	d.state.Stored()
	l.posted, l.missed, l.edited, l.first = false, 0, 0, l.last
	if _, dirty := d.state.Dirty(); !dirty {
		s.dropLate(l, d)
		s.countLate()
	}
}

// postpone ends a job that could not be done, for a while.
func (j *job) postpone(s *shard) {
	if l := s.lateOf(j); l != nil {
		s.slot(j.slot).state.SetDirty(j.from) // perhaps it was installed
		l.posted, l.missed, l.edited = false, 0, 0
		l.last = s.clock.At + retryRerun
		l.first = l.last
	}
}

// Dirty tells how many devices' records late reports may still change.
type Dirty struct {
	Devices int
	Oldest  time.Duration // how long one of them has waited; 0 for none
}

// Dirty tells how many devices wait for their second run.
func (e *Engine) Dirty() (d Dirty) {
	now := e.o.Now()
	for _, s := range e.shards {
		d.Devices += int(s.dirty.Load())
		if since := fleet.Time(s.dirtySince.Load()); since != 0 {
			d.Oldest = max(d.Oldest, time.Duration(now-since)*time.Millisecond)
		}
	}
	return d
}
