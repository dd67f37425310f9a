package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// What makes a device dirty, and from when: all that an in-order run may judge
// in another way, and nothing that comes in good order.
func TestStepSaysSinceWhenItIsNotSure(t *testing.T) {
	left := fenceAt(100, 10, 10)
	left.Preset = fleet.Balanced
	sec := func(n int) fleet.Time { return start + fleet.Time(n)*fleet.Second }
	fast := func(r *fleet.Report) *fleet.Report { r.SetSpeed(50); return r }
	for name, c := range map[string]struct {
		play func(s *track.State, w *track.World)
		want fleet.Time // 0: it is not dirty
	}{
		"in order": {func(s *track.State, w *track.World) { run(s, w, at(0, 7, 10), at(10, 7, 10), at(20, 10, 10)) }, 0},
		"a late report": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(20, 10, 10), at(10, 7, 10), at(15, 7, 10))
		}, sec(10)},
		"copies of the newest": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 10, 10), at(10, 10, 10), at(10, 10, 10))
		}, 0},
		"the newest with a speed, where fences are near": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 10, 10), fast(at(10, 10, 10)))
		}, sec(10)},
		"the newest with a speed, far from all": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 7.1, 10), fast(at(10, 7.1, 10)))
		}, 0},
		"the newest with an attribute": {func(s *track.State, w *track.World) {
			r := at(10, 10, 10)
			r.Add(fleet.AttrBattery, fleet.Int(50))
			run(s, w, at(0, 7, 10), at(10, 10, 10), r)
		}, 0},
		"a better place of the same time": {func(s *track.State, w *track.World) {
			r := at(10, 10, 10)
			r.SetSatellites(12)
			run(s, w, at(0, 7, 10), at(10, 7, 10), r)
		}, sec(10)},
		"a worse place of the same time": {func(s *track.State, w *track.World) {
			r := at(10, 10, 10)
			r.SetSatellites(3)
			run(s, w, at(0, 7, 10), at(10, 7, 10), r)
		}, 0},
		"late without a place": {func(s *track.State, w *track.World) {
			r := at(5, 10, 10)
			r.SetValid(false)
			run(s, w, at(0, 7, 10), at(10, 7, 10), r)
		}, 0},
		"beyond the late horizon": {func(s *track.State, w *track.World) {
			r := at(5, 10, 10)
			r.Received = r.Fix + 30*fleet.Day + 1
			run(s, w, at(0, 7, 10), at(10, 7, 10), r)
		}, 0},
		"before a deadline that a tick fired": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 10, 10), at(10, 10, 10), fast(at(20, 13, 10)))
			track.Step(s, track.Input{Tick: fleet.Tick{At: sec(60)}}, w)
			run(s, w, at(30, 10, 10))
		}, sec(30)},
		"an edit older than the newest": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 10, 10))
			next := worldOf(t, left, fenceAt(200, 7, 10))
			next.Since = sec(5)
			run(s, next, at(20, 10, 10))
		}, sec(5)},
		"an edit between two fixes": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 10, 10))
			next := worldOf(t, left, fenceAt(200, 7, 10))
			next.Since = sec(15)
			run(s, next, at(20, 10, 10))
		}, 0},
		"the first of two edits that came at once": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 10, 10))
			next := worldOf(t, left, fenceAt(200, 7, 10))
			next.Since, next.Edits = sec(15), []fleet.Time{sec(8), sec(15)}
			run(s, next, at(20, 10, 10))
		}, sec(8)},
		"a fix older than the edit that judges it": {func(s *track.State, w *track.World) {
			next := worldOf(t, left)
			next.Since = sec(15)
			run(s, next, at(10, 10, 10))
		}, sec(10)},
		"a deadline that passed before an edit": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 10, 10), at(10, 10, 10), fast(at(20, 13, 10)))
			changed := left
			changed.Judge++
			next := worldOf(t, changed)
			next.Since = sec(60)
			run(s, next, at(70, 13, 10))
		}, sec(40)},
		"another owner since before the newest": {func(s *track.State, w *track.World) {
			run(s, w, at(0, 7, 10), at(10, 10, 10))
			s.Placed(sec(9))
		}, sec(9)},
	} {
		s, w := newState(), worldOf(t, left)
		c.play(s, w)
		if from, dirty := s.Dirty(); dirty != (c.want != 0) || from != c.want {
			t.Errorf("%s: dirty since %v (%v), want %v", name, from, dirty, c.want)
		}
		b, _ := s.AppendBinary(nil)
		again, _, err := track.DecodeState(b)
		if from, _ := again.Dirty(); err != nil || from != c.want {
			t.Errorf("%s: after a restart dirty since %v, %v", name, from, err)
		}
	}
}

// A copy of an old report costs a second run at most, and leaves all as it was.
func TestCopyOfAnOldReportCostsOneRun(t *testing.T) {
	w := worldOf(t, fenceAt(100, 10, 10))
	s := newState()
	reports := []*fleet.Report{at(0, 7, 10), at(10, 10, 10), at(20, 7, 10)}
	made := run(s, w, reports...)
	run(s, w, reports[1])
	if from, dirty := s.Dirty(); !dirty || from != reports[1].Fix {
		t.Fatalf("dirty since %v, %v", from, dirty)
	}
	again := track.NewRerun(track.State{Device: device}, []track.Past{{World: w}})
	for _, r := range []*fleet.Report{reports[0], reports[1], reports[1], reports[2]} {
		again.Add(r)
	}
	got := again.Finish(fleet.Tick{At: start + fleet.Hour})
	if d := track.Pair(made, got.Events, reports[2].Fix, start); !d.Empty() {
		t.Errorf("the difference is %+v", d)
	}
	s.Install(got.State)
	if _, dirty := s.Dirty(); dirty {
		t.Error("it is dirty still")
	}
}

// Until the facts of an installed run are on disk the encoding has the dirty
// time, so that a crash repeats the run; what comes after is told apart.
func TestInstallPutsDirtAside(t *testing.T) {
	w := worldOf(t, fenceAt(100, 10, 10))
	s := newState()
	run(s, w, sos(at(0, 7, 10)), at(20, 7, 10), at(10, 10, 10))
	rerun := track.NewRerun(track.State{Device: device}, []track.Past{{World: w}})
	for _, r := range []*fleet.Report{at(0, 7, 10), at(10, 10, 10), at(20, 7, 10)} {
		rerun.Add(r)
	}
	s.Install(rerun.Finish(fleet.Tick{}).State)
	restart := func() (fleet.Time, bool) {
		b, _ := s.AppendBinary(nil)
		again, _, err := track.DecodeState(b)
		if err != nil {
			t.Fatal(err)
		}
		return again.Dirty()
	}
	if _, dirty := s.Dirty(); dirty {
		t.Error("what the run dealt with is dirty still")
	}
	if from, dirty := restart(); !dirty || from != start+10*fleet.Second {
		t.Errorf("a crash now forgets: dirty since %v, %v", from, dirty)
	}
	run(s, w, at(15, 10, 10))
	if from, _ := s.Dirty(); from != start+15*fleet.Second {
		t.Errorf("dirty since %v, want the report that came after", from)
	}
	s.Stored()
	if from, dirty := restart(); !dirty || from != start+15*fleet.Second {
		t.Errorf("stored: dirty since %v, %v", from, dirty)
	}
	s.ClearDirty()
	if from, dirty := restart(); dirty {
		t.Errorf("cleared: dirty since %v", from)
	}
}

// The state before the first fix of a UTC day is kept, once, and not while it
// is in doubt.
func TestCheckpointBeforeTheFirstFixOfADay(t *testing.T) {
	w := worldOf(t, fenceAt(100, 10, 10))
	s := newState()
	day := start.UTCDay()
	on := func(at fleet.Time) *fleet.Report {
		r := &fleet.Report{Device: device, Fix: at, Received: at + fleet.Second, Has: fleet.FixValid}
		r.SetPlace(10, 10)
		return r
	}
	step := func(r *fleet.Report) (track.Checkpoint, bool) {
		c, ok := s.Checkpoint(r, w)
		run(s, w, r)
		return c, ok
	}
	for _, at := range []fleet.Time{day + fleet.Hour, day + 2*fleet.Hour, day + fleet.Day - 1} {
		if _, ok := step(on(at)); ok {
			t.Errorf("a checkpoint before %v", at)
		}
	}
	silent := on(day + fleet.Day)
	silent.SetValid(false)
	if _, ok := step(silent); ok {
		t.Error("a checkpoint before a report without a trusted fix")
	}
	c, ok := step(on(day + fleet.Day))
	if !ok || c.Day != day+fleet.Day || c.Upto != day+fleet.Day-1 {
		t.Errorf("the checkpoint is of %v up to %v, %v", c.Day, c.Upto, ok)
	}
	if back, _, err := track.DecodeState(c.State); err != nil || back.Upto() != c.Upto || len(back.Inside()) != 1 {
		t.Errorf("it reads as %+v, %v", back, err)
	}
	if _, ok := step(on(day + fleet.Day + 1)); ok {
		t.Error("another one on the same day")
	}
	step(on(day))
	if _, ok := step(on(day + 2*fleet.Day)); ok {
		t.Error("a checkpoint of a dirty state")
	}
	r := on(day + 2*fleet.Day + 1)
	if n := testing.AllocsPerRun(100, func() { s.Checkpoint(r, w) }); n != 0 {
		t.Errorf("asking allocates %v times", n)
	}
}
