package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

func outcome(t *testing.T, s *track.State, want track.Outcome) {
	t.Helper()
	if got, gates := s.Outcome(); got != want {
		t.Errorf("outcome %v (%v), want %v", got, gates, want)
	}
}

func TestStepDuplicatesAndLateReports(t *testing.T) {
	w := worldOf(t, fenceAt(100, 10, 10))
	s := newState()
	wantKinds(t, run(s, w, at(0, 7, 10), at(60_000, 10, 10)), fleet.Enter)

	copied := at(60_000, 10, 10)
	copied.Received += fleet.Hour
	wantKinds(t, run(s, w, copied))
	outcome(t, s, track.Duplicate)

	more := at(60_000, 10, 10)
	more.SetSpeed(12)
	wantKinds(t, run(s, w, more))
	outcome(t, s, track.Merged)
	if p, ok := s.Position(); !ok || p.Speed != 12 || p.Has&fleet.HasSpeed == 0 {
		t.Errorf("position %+v, want the copy's speed in it", p)
	}

	wantKinds(t, run(s, w, at(30_000, 15, 10))) // between the two, far outside
	outcome(t, s, track.Outdated)
	if p, _ := s.Position(); p.Fix != start+60_000*fleet.Second {
		t.Errorf("a late report moved the device back to %v", p.Fix)
	}
}

// Of two places for one time the one with more satellites holds, whichever
// came first.
func TestStepEqualTimes(t *testing.T) {
	good, bad := at(60, 10, 10), at(60, 7, 10)
	bad.SetSatellites(5)
	for name, reports := range map[string][]*fleet.Report{
		"good first": {at(0, 7, 10), good, bad}, "bad first": {at(0, 7, 10), bad, good},
	} {
		s := newState()
		wantKinds(t, run(s, worldOf(t, fenceAt(100, 10, 10)), reports...), fleet.Enter)
		if len(s.Inside()) != 1 {
			t.Errorf("%s: inside %v, want the fence", name, s.Inside())
		}
	}
}

func TestStepIsSilentAfterEdits(t *testing.T) {
	s := newState()
	w := worldOf(t, fenceAt(100, 50, 10))
	parked := []*fleet.Report{at(0, 10, 10), at(10, 10, 10.0001)}
	wantKinds(t, run(s, w, parked...))

	// A fence around the parked device alerts nobody; leaving it does, once.
	w = worldOf(t, fenceAt(100, 50, 10), fenceAt(200, 10, 10))
	wantKinds(t, run(s, w, at(20, 10, 10.0002), at(30, 10, 10)))
	wantKinds(t, run(s, w, at(60_000, 13, 10), at(60_001, 13, 10.001)), fleet.Exit)

	// The very next fix after an edit may already be an event.
	w = worldOf(t, fenceAt(100, 50, 10), fenceAt(200, 10, 10), fenceAt(300, 13, 10))
	wantKinds(t, run(s, w, at(120_000, 16, 10)), fleet.Exit)

	// A fence that moves away from a device, or is gone, says nothing.
	w = worldOf(t, fenceAt(100, 50, 10), fenceAt(400, 16, 10))
	wantKinds(t, run(s, w, at(120_010, 16, 10.001)))
	moved := fenceAt(400, 30, 10)
	moved.Judge++
	wantKinds(t, run(s, worldOf(t, moved), at(120_020, 16, 10.002)))
	if len(s.Inside()) != 0 {
		t.Errorf("inside %v, want none", s.Inside())
	}
}

// A fix that arrives behind an edit but was measured before it is not judged
// by the new version.
func TestStepFenceJudgesNothingOlderThanItself(t *testing.T) {
	f := fenceAt(100, 10, 10)
	f.From = start + 100*fleet.Second
	w := worldOf(t, f)
	s := newState()
	wantKinds(t, run(s, w, at(0, 7, 10), at(50, 10, 10)))
	wantKinds(t, run(s, w, at(99, 7, 10), at(100, 10, 10)), fleet.Enter)
}

func TestStepSwitches(t *testing.T) {
	for _, c := range []struct {
		inside, outside bool
		want            []fleet.EventKind
	}{
		{true, true, []fleet.EventKind{fleet.Enter, fleet.Exit}},
		{true, false, []fleet.EventKind{fleet.Enter}},
		{false, true, []fleet.EventKind{fleet.Exit}},
		{false, false, nil},
	} {
		f := fenceAt(100, 10, 10)
		f.Inside, f.Outside = c.inside, c.outside
		s := newState()
		events := run(s, worldOf(t, f), at(0, 7, 10), at(1000, 10, 10))
		if len(s.Inside()) != 1 {
			t.Errorf("%+v: the state is not kept", c)
		}
		events = append(events, run(s, worldOf(t, f), at(2000, 7, 10))...)
		wantKinds(t, events, c.want...)
	}
}

func TestStepTargets(t *testing.T) {
	label := fleet.LabelID(77)
	for name, c := range map[string]struct {
		targets fleet.Targets
		own     bool // the fence is of the device's own customer, else of one further up
		want    bool
	}{
		"all":               {fleet.Targets{All: true}, true, true},
		"all of a parent":   {fleet.Targets{All: true}, false, false},
		"inner of a parent": {fleet.Targets{All: true, Inner: true}, false, true},
		"the device":        {fleet.Targets{Devices: []fleet.DeviceID{5, device, 20}}, true, true},
		"of a parent":       {fleet.Targets{Devices: []fleet.DeviceID{device}}, false, true},
		"another device":    {fleet.Targets{Devices: []fleet.DeviceID{5, 20}}, true, false},
		"the label":         {fleet.Targets{Labels: []fleet.LabelID{5, label}}, true, true},
		"another label":     {fleet.Targets{Labels: []fleet.LabelID{5}}, true, false},
		"nothing":           {fleet.Targets{}, true, false},
		"only inner":        {fleet.Targets{Inner: true}, false, false},
	} {
		f := fenceAt(100, 10, 10)
		f.Targets = c.targets
		w := worldOf(t, f)
		w.Labels = []fleet.LabelID{3, label}
		if !c.own {
			w.Owners = append([]track.Owner{{ID: inner}}, w.Owners...)
		}
		got := len(run(newState(), w, at(0, 7, 10), at(1000, 10, 10))) == 1
		if got != c.want {
			t.Errorf("%s: event %v, want %v", name, got, c.want)
		}
	}
}

// A device that moves to another customer starts anew there, in silence.
func TestStepChangeOfOwner(t *testing.T) {
	s := newState()
	run(s, worldOf(t, fenceAt(100, 10, 10)), at(0, 7, 10), at(1000, 10, 10))
	f := fenceAt(500, 10, 10)
	f.Owner = inner
	w := worldOf(t, f)
	w.Owners[0].ID = inner
	wantKinds(t, run(s, w, at(1001, 10.001, 10)))
	events := run(s, w, at(2000, 7, 10))
	wantKinds(t, events, fleet.Exit)
	if events[0].Fence != 500 || events[0].Owner != inner {
		t.Errorf("the event is %+v", events[0])
	}
}

func TestStepTickMeansNothingYet(t *testing.T) {
	s := newState()
	if events := track.Step(s, track.Input{Tick: fleet.Tick{At: start}}, worldOf(t)); events != nil {
		t.Errorf("events %v", events)
	}
}
