package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// status is a report of a tracker that sends its alarms as a state.
func status(r *fleet.Report, alarms fleet.Alarms) *fleet.Report {
	r.Alarms, r.Has = alarms, r.Has|fleet.AlarmState
	return r
}

// An alarm that a tracker repeats in report after report is one event; a
// report without it ends it, and each alarm rises by itself.
func TestAlarmStateRisesOnce(t *testing.T) {
	w := worldOf(t)
	s := newState()
	var raised []fleet.Alarms
	for i, alarms := range []fleet.Alarms{
		fleet.SOS, fleet.SOS, fleet.SOS | fleet.PowerCut, fleet.PowerCut, fleet.SOS, 0, fleet.SOS, fleet.SOS,
	} {
		r := status(at(i, 10, 10), alarms)
		if i%3 == 1 { // whether its fix is trusted does not matter
			r.SetValid(false)
		}
		for _, e := range run(s, w, r) {
			raised = append(raised, e.Alarms)
		}
		b, _ := s.AppendBinary(nil)
		again, _, err := track.DecodeState(b)
		if err != nil {
			t.Fatal(err)
		}
		s = &again
	}
	want := []fleet.Alarms{fleet.SOS, fleet.PowerCut, fleet.SOS, fleet.SOS}
	if len(raised) != len(want) {
		t.Fatalf("raised %v, want %v", raised, want)
	}
	for i := range want {
		if raised[i] != want[i] {
			t.Errorf("raised %v, want %v", raised, want)
		}
	}
}

// Order is that of arrival: what an older report says comes when it arrives.
func TestAlarmStateGoesByArrival(t *testing.T) {
	s := newState()
	w := worldOf(t)
	wantKinds(t, run(s, w, status(at(100, 10, 10), fleet.SOS)), fleet.Alarm)
	wantKinds(t, run(s, w, status(at(50, 10, 10), fleet.SOS)))
	wantKinds(t, run(s, w, status(at(51, 10, 10), 0), status(at(101, 10, 10), fleet.SOS)), fleet.Alarm)
}

// What a tracker sends when it happens is raised each time: nobody who presses
// the button a second time goes unheard, nor does a state that repeats it
// raise it again.
func TestAlarmMessagesAreEachRaised(t *testing.T) {
	s := newState()
	w := worldOf(t)
	first := run(s, w, sos(at(0, 10, 10)))
	second := run(s, w, sos(at(5, 10, 10)))
	wantKinds(t, first, fleet.Alarm)
	wantKinds(t, second, fleet.Alarm)
	if first[0].ID == second[0].ID {
		t.Error("both presses are one event")
	}
	wantKinds(t, run(s, w, status(at(6, 10, 10), fleet.SOS), at(7, 10, 10), status(at(8, 10, 10), fleet.SOS)))
	wantKinds(t, run(s, w, status(at(9, 10, 10), 0), sos(at(10, 10, 10))), fleet.Alarm)
}

// A heartbeat has no clock, and two of them are alike to the last bit: the
// alarm that was over in between is another one all the same.
func TestAlarmStateWithoutAClock(t *testing.T) {
	s := newState()
	w := worldOf(t)
	beat := func(second int, alarms fleet.Alarms) []fleet.Event {
		r := status(&fleet.Report{Device: device, Received: start + fleet.Time(second)*fleet.Second}, alarms)
		track.Normalise(r, 0)
		return run(s, w, r)
	}
	first := beat(0, fleet.SOS)
	wantKinds(t, first, fleet.Alarm)
	wantKinds(t, beat(10, fleet.SOS))
	wantKinds(t, beat(20, 0))
	second := beat(30, fleet.SOS)
	wantKinds(t, second, fleet.Alarm)
	if len(first) == 1 && len(second) == 1 && first[0].ID == second[0].ID {
		t.Error("both are one event")
	}
}

// An SOS that equals an earlier fix in time and place alerts, whether that is
// the newest or one long ago, and its copies raise nothing new.
func TestSOSThatEqualsAnEarlierFix(t *testing.T) {
	for name, state := range map[string]fleet.Fields{"message": 0, "state": fleet.AlarmState} {
		s := newState()
		w := worldOf(t)
		run(s, w, at(0, 10, 10), at(5, 10, 10))
		for _, second := range []int{5, 0} {
			r := sos(at(second, 10, 10))
			r.Has |= state
			over := at(second, 10, 10)
			over.Has |= state
			events := run(s, w, r)
			wantKinds(t, events, fleet.Alarm)
			for _, e := range run(s, w, r, r) {
				if e.ID != events[0].ID {
					t.Errorf("%s: a copy raised %+v", name, e)
				}
			}
			run(s, w, over)
		}
	}
}

// A tracker whose clock is not set alerts on SOS, once.
func TestUnsetClockAlertsOnSOS(t *testing.T) {
	for name, state := range map[string]fleet.Fields{"message": 0, "state": fleet.AlarmState} {
		s := newState()
		w := worldOf(t)
		run(s, w, at(0, 10, 10))
		r := sos(at(60, 10, 10))
		r.Fix, r.Has = 315_964_800_000, r.Has|state // 1980-01-06
		track.Normalise(r, 0)
		events := run(s, w, r)
		wantKinds(t, events, fleet.Alarm)
		if e := events[0]; e.Time != r.Received || e.Flags&fleet.Placeless == 0 {
			t.Errorf("%s: the event is %+v, want it at its arrival", name, e)
		}
		for _, e := range run(s, w, r) {
			if e.ID != events[0].ID {
				t.Errorf("%s: a copy raised %+v", name, e)
			}
		}
	}
}
