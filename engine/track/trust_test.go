package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

func TestUntrustedFixesChangeNothing(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(r *fleet.Report)
		gate  track.Gates
	}{
		"invalid":       {func(r *fleet.Report) { r.SetValid(false) }, track.GateInvalid},
		"repeated":      {func(r *fleet.Report) { r.Has |= fleet.Repeated }, track.GateRepeated},
		"coarse":        {func(r *fleet.Report) { r.Has |= fleet.Coarse }, track.GateCoarse},
		"null island":   {func(r *fleet.Report) { r.SetPlace(0.0005, -0.0005); r.SetSatellites(3) }, track.GateNullIsland},
		"exactly 0, 0":  {func(r *fleet.Report) { r.SetPlace(0, 0); r.Has &^= fleet.HasSatellites }, track.GateNullIsland},
		"quarantined":   {func(r *fleet.Report) { r.Verdict = fleet.QuarantinedFuture }, track.GateQuarantined},
		"no place":      {func(r *fleet.Report) { r.Verdict = fleet.NoFix }, track.GateNoFix},
		"without place": {func(r *fleet.Report) { r.Has &^= fleet.HasPlace }, track.GateNoFix},
	} {
		w := worldOf(t, fenceAt(100, 10, 10), fenceAt(200, 0, 0))
		w.Filter.Motion = true
		s := newState()
		r := at(10_000, 7, 10)
		c.spoil(r)
		wantKinds(t, run(s, w, at(0, 10, 10), r, at(10_001, 10, 10)))
		s = newState()
		run(s, w, at(0, 10, 10), r)
		if got, gates := s.Outcome(); got != track.Untrusted || gates != c.gate {
			t.Errorf("%s: %v, %v", name, got, gates)
		}
	}
}

// A ship near 0, 0 has satellites, and a file of fixes needs none.
func TestNullIslandIsAPlaceToo(t *testing.T) {
	s := newState()
	w := worldOf(t, fenceAt(200, 0, 0))
	bare := at(1000, 0, 0)
	bare.Has &^= fleet.HasSatellites
	wantKinds(t, run(s, w, at(0, -3, 0), bare, at(2000, 0.0001, 0)), fleet.Enter)
	w.Filter.Motion = true
	wantKinds(t, run(newState(), w, at(0, -3, 0), at(10_000, 0, 0)), fleet.Enter)
}

func TestTeleports(t *testing.T) {
	//  home [10,10]   far [50,50], 5,700 km away
	home := func(second int) *fleet.Report { return at(second, 10, 10) }
	far := func(second int) *fleet.Report { return at(second, 50, 50) }
	farther := func(second int) *fleet.Report { return at(second, -50, -50) }
	for name, c := range map[string]struct {
		reports []*fleet.Report
		want    []fleet.EventKind
	}{
		"one jump is not believed":          {[]*fleet.Report{home(0), far(10), home(20), home(30)}, nil},
		"two that agree are":                {[]*fleet.Report{home(0), far(10), far(20)}, []fleet.EventKind{fleet.Exit, fleet.Enter}},
		"two that disagree are not":         {[]*fleet.Report{home(0), far(10), farther(20), home(30)}, nil},
		"the third in a row is":             {[]*fleet.Report{home(0), far(10), farther(20), far(30)}, []fleet.EventKind{fleet.Exit, fleet.Enter}},
		"late home comes before":            {[]*fleet.Report{home(0), far(10), home(5), far(20)}, []fleet.EventKind{fleet.Exit, fleet.Enter}},
		"a copy is no second opinion":       {[]*fleet.Report{home(0), far(10), far(10), home(20)}, nil},
		"time enough to fly":                {[]*fleet.Report{home(0), far(100_000)}, []fleet.EventKind{fleet.Exit, fleet.Enter}},
		"after two jumps home is home":      {[]*fleet.Report{home(0), far(10), home(20), far(30), home(40)}, nil},
		"the first fix has no fix before":   {[]*fleet.Report{far(0), far(10)}, nil},
		"a short jump is never a teleport ": {[]*fleet.Report{home(0), at(1, 10.004, 10)}, nil},
	} {
		w := worldOf(t, fenceAt(100, 10, 10), fenceAt(200, 50, 50))
		w.Filter.Motion = true
		s := newState()
		events := run(s, w, c.reports...)
		if got := kinds(events); len(got) != len(c.want) {
			t.Errorf("%s: events %v, want %v", name, got, c.want)
			continue
		}
		wantKinds(t, events, c.want...)
		if name == "two that agree are" {
			e := events[0]
			if e.Time != start+10*fleet.Second || track.Gates(e.Trace.Gates)&track.GateAgreed == 0 {
				t.Errorf("the event is %+v, want the time of the first of the two", e)
			}
		}
		w.Filter.Motion = false
		if name == "one jump is not believed" {
			wantKinds(t, run(newState(), w, c.reports...), fleet.Exit, fleet.Enter, fleet.Enter, fleet.Exit)
		}
	}
}

func TestAnAircraftMayBeFast(t *testing.T) {
	w := worldOf(t, fenceAt(200, 50, 50))
	w.Filter.Motion = true
	s := newState()
	for i := range 20 { // 900 km/h to the east
		r := at(i*10, 10+float64(i)*0.0225, 10)
		r.SetSpeed(880)
		run(s, w, r)
		outcome(t, s, track.Evaluated)
	}
}

func TestFrozenReceiver(t *testing.T) {
	w := worldOf(t)
	w.Filter.Motion = true
	s := newState()
	frozen := 0
	for i := range 10 {
		r := at(i*10, 10, 10)
		r.SetSpeed(50)
		run(s, w, r)
		if got, gates := s.Outcome(); got == track.Untrusted && gates == track.GateFrozen {
			frozen++
		}
	}
	if frozen != 5 {
		t.Errorf("%d of 10 fixes were called frozen, want the last 5", frozen)
	}
	r := at(200, 10.001, 10)
	r.SetSpeed(50)
	run(s, w, r)
	outcome(t, s, track.Evaluated)
	// A parked one may stand as still as it likes.
	for i := range 20 {
		run(s, w, at(300+i, 10.001, 10))
		outcome(t, s, track.Evaluated)
	}
}
