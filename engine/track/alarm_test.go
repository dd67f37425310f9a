package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

func sos(r *fleet.Report) *fleet.Report { r.Alarms = fleet.SOS; return r }

func TestAlarmWithATrustedFix(t *testing.T) {
	w := worldOf(t)
	s := newState()
	r := at(5, 10, 10)
	r.Alarms = fleet.SOS | fleet.PowerCut
	events := run(s, w, at(0, 10, 10), r)
	wantKinds(t, events, fleet.Alarm, fleet.Alarm)
	if events[0].Alarms != fleet.SOS || events[1].Alarms != fleet.PowerCut || events[0].ID == events[1].ID {
		t.Errorf("events %+v", events)
	}
	if e := events[0]; e.Time != r.Fix || e.Place != r.Place || e.Flags != 0 || e.Company != company || e.Owner != customer {
		t.Errorf("the event is %+v", e)
	}
	// The very same report again is a duplicate, with or without a fix in between.
	wantKinds(t, run(s, w, r))
	again := run(s, w, at(6, 10, 10), r)
	if len(again) != 2 || again[0].ID != events[0].ID {
		t.Errorf("the copy raises %v, want the same events", again)
	}
	// The same fix, and now an alarm.
	merged := run(s, w, sos(at(6, 10, 10)))
	wantKinds(t, merged, fleet.Alarm)
	outcome(t, s, track.Merged)
	if merged[0].ID == events[0].ID {
		t.Error("another moment has the same event")
	}
}

func TestAlarmInALateReport(t *testing.T) {
	s := newState()
	events := run(s, worldOf(t, fenceAt(100, 10, 10)), at(0, 10, 10), at(100, 10, 10), sos(at(50, 7, 10)))
	wantKinds(t, events, fleet.Alarm)
	if e := events[0]; e.Flags != fleet.Late || e.Time != start+50*fleet.Second || e.Place.LonDegrees() != 7 {
		t.Errorf("the event is %+v, want its own time and place, marked late", e)
	}
}

// An alarm is raised whatever is wrong with the fix, with the last trusted
// place and the time of arrival; and once, however often it is sent.
func TestAlarmWithoutATrustedFix(t *testing.T) {
	for name, spoil := range map[string]func(r *fleet.Report){
		"invalid":     func(r *fleet.Report) { r.SetValid(false) },
		"repeated":    func(r *fleet.Report) { r.Has |= fleet.Repeated },
		"coarse":      func(r *fleet.Report) { r.Has |= fleet.Coarse },
		"null island": func(r *fleet.Report) { r.SetPlace(0, 0); r.SetSatellites(0) },
		"future":      func(r *fleet.Report) { r.Fix += fleet.Hour; track.Normalise(r, 0) },
		"unset clock": func(r *fleet.Report) { r.Fix = 946_684_800_000; track.Normalise(r, 0) },
		"no place":    func(r *fleet.Report) { r.Has &^= fleet.HasPlace; track.Normalise(r, 0) },
		"no time":     func(r *fleet.Report) { r.Fix = 0; track.Normalise(r, 0) },
		"nowhere":     func(r *fleet.Report) { r.SetPlace(95, 10); track.Normalise(r, 0) },
		"teleport":    func(r *fleet.Report) { r.SetPlace(50, 50) },
	} {
		t.Run(name, func(t *testing.T) {
			w := worldOf(t, fenceAt(100, 10, 10))
			w.Filter.Motion = true
			s := newState()
			last := at(0, 10, 10)
			report := func(later fleet.Time) *fleet.Report {
				r := sos(at(5, 10.001, 10))
				r.Received += later
				spoil(r)
				return r
			}
			first := report(0)
			events := run(s, w, last, first)
			wantKinds(t, events, fleet.Alarm)
			e := events[0]
			if e.Place != last.Place || e.Time != first.Received || e.Flags != fleet.Placeless {
				t.Errorf("the event is %+v, want the last place and the arrival", e)
			}
			if p, _ := s.Position(); p.Fix != last.Fix {
				t.Errorf("the position moved to %v", p)
			}
			for _, copied := range run(s, w, report(20*fleet.Second), at(6, 10, 10), report(60*fleet.Second)) {
				if copied.ID != e.ID {
					t.Errorf("a copy raised another event: %+v", copied)
				}
			}
			// After a restart too.
			b, _ := s.AppendBinary(nil)
			restored, _, err := track.DecodeState(b)
			if err != nil {
				t.Fatal(err)
			}
			if again := run(&restored, w, report(90*fleet.Second)); len(again) != 1 || again[0].ID != e.ID {
				t.Errorf("after a restart a copy raised %+v", again)
			}
		})
	}
}

// Without a clock of its own a report that comes again much later is news.
func TestAlarmWithoutAClockIsRaisedAgain(t *testing.T) {
	w := worldOf(t)
	s := newState()
	var ids []fleet.EventID
	for _, minutes := range []fleet.Time{0, 1, 4, 6, 60} {
		r := &fleet.Report{Device: device, Received: start + minutes*fleet.Minute, Alarms: fleet.SOS}
		track.Normalise(r, 0)
		events := run(s, w, r)
		wantKinds(t, events, fleet.Alarm)
		ids = append(ids, events[0].ID)
	}
	if ids[0] != ids[1] || ids[0] != ids[2] || ids[0] == ids[3] || ids[3] == ids[4] {
		t.Errorf("events %v, want the first three to be one and the others two more", ids)
	}
}

func TestAlarmOfARejectedReport(t *testing.T) {
	s := newState()
	r := sos(at(0, 10, 10))
	r.Verdict = fleet.RejectedRange
	wantKinds(t, run(s, worldOf(t), r))
	outcome(t, s, track.Refused)
}

func TestAlarmMemoryIsBounded(t *testing.T) {
	w := worldOf(t)
	s := newState()
	for i := range 1000 {
		r := sos(at(i, 10, 10))
		r.SetValid(false)
		wantKinds(t, run(s, w, r), fleet.Alarm)
	}
	if b, _ := s.AppendBinary(nil); len(b) > 200 {
		t.Errorf("the state has grown to %d bytes", len(b))
	}
}
