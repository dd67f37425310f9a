package engine_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// alarms lists what the record holds of one.
func (r *rig) alarms(t *testing.T, one fleet.Alarms) (out []fleet.Event) {
	t.Helper()
	for _, e := range allEvents(t, r.facts) {
		if e.Kind == fleet.Alarm && e.Alarms == one {
			out = append(out, e)
		}
	}
	return out
}

// A tracker whose power is cut says so for an hour: in each position (as H02
// does), or in a message and each heartbeat after it, with positions between
// that tell nothing of alarms (as GT06 does). That is one event, over restarts
// and copies, and the second cut is another.
func TestPowerCutForAnHourIsOneEvent(t *testing.T) {
	for name, send := range map[string]func(s int, cut bool) []fleet.Report{
		"in each position": func(s int, cut bool) []fleet.Report {
			p := fix(0, s, 1, 1)
			p.Has |= fleet.AlarmState
			if cut {
				p.Alarms = fleet.PowerCut
			}
			if s%50 == 0 {
				return []fleet.Report{p, p}
			}
			return []fleet.Report{p}
		},
		"in each heartbeat": func(s int, cut bool) []fleet.Report {
			p := fix(0, s, 1, 1)
			if cut && s%4000 == 10 {
				p.Alarms = fleet.PowerCut // the message
			}
			beat := fleet.Report{Device: deviceID(0), Protocol: fleet.Simulated, Received: p.Received + 300, Has: fleet.AlarmState}
			if cut {
				beat.Alarms = fleet.PowerCut
			}
			return []fleet.Report{p, beat}
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, b := late(t, 1)
			for s := 0; s < 8000; s += 10 {
				cut := s%4000 >= 10 && s%4000 < 3610
				b.to(began + fleet.Time(s)*fleet.Second + 600)
				r.accept(t, send(s, cut)...)
				if s == 1800 || s == 5000 {
					r.stop(t)
					r = start(t, r.dir, b.options)
				}
			}
			r.settled(t)
			events := r.alarms(t, fleet.PowerCut)
			if len(events) != 2 {
				t.Fatalf("%d events, want one for each cut: %v", len(events), events)
			}
			for i, e := range events {
				if want := began + fleet.Time(4000*i+10)*fleet.Second; e.Time != want {
					t.Errorf("the cut is told of at %v, want %v", e.Time, want)
				}
			}
		})
	}
}
