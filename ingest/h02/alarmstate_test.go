package h02_test

import (
	"fmt"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/h02"
)

// Each bit of a status lasts as long as what it tells of: its alarms are a
// state, whichever message carries it, and one without alarms ends them. A
// message without a status says nothing of them.
func TestAlarmsOfAStatusAreAState(t *testing.T) {
	const id = "4106012736"
	dated := func(command string, w uint32) []byte {
		return fmt.Appendf(nil, "*HQ,%s,%s,221320,20,6,60,0,0,141123,%08X#", id, command, w)
	}
	for bit, alarms := range map[int]fleet.Alarms{
		0: fleet.Vibration, 1: fleet.SOS, 2: fleet.Overspeed, 4: fleet.GeofenceEnter, 7: fleet.GeofenceExit, 18: fleet.SOS, 19: fleet.PowerCut,
		10: 0, 8: 0, 27: 0, 31: 0,
	} {
		s, _, errs := decode(t, dated("LINK", ^uint32(1<<bit)))
		if len(errs) > 0 || len(s.Reports) != 1 {
			t.Fatalf("bit %d: %+v, %v", bit, s.Reports, errs)
		}
		if r := &s.Reports[0]; r.Alarms != alarms || !r.Is(fleet.AlarmState) {
			t.Errorf("bit %d: alarms %v, want the state %v: %+v", bit, r.Alarms, alarms, r)
		}
	}
	for _, alarms := range []fleet.Alarms{0, fleet.SOS, fleet.PowerCut, fleet.PowerCut | fleet.Vibration} {
		f := fix
		f.Alarms = alarms
		for name, b := range map[string][]byte{"text": h02.AppendV1(nil, id, f), "binary": h02.AppendBinary(nil, id, f)} {
			s, _, errs := decode(t, append(b, make([]byte, 13)...))
			if len(errs) > 0 || len(s.Reports) != 1 {
				t.Fatalf("%s: %+v, %v", name, s.Reports, errs)
			}
			if r := &s.Reports[0]; r.Alarms != alarms || !r.Is(fleet.AlarmState) {
				t.Errorf("%s: alarms %v, want the state %v", name, r.Alarms, alarms)
			}
		}
	}
	for name, b := range map[string][]byte{
		"a heartbeat":        h02.AppendHeartbeat(nil, id),
		"an answer by SMS":   []byte("*HQ," + id + ",SMS,ok#"),
		"a damaged status":   []byte("*HQ," + id + ",V1,221320,A,3326.9330,S,15112.5520,E,30.00,211,141123,FFFX#"),
		"a position without": []byte("*HQ," + id + ",V1,221320,A,3326.9330,S,15112.5520,E,30.00,211,141123#"),
	} {
		s, _, _ := decode(t, b)
		for _, r := range s.Reports {
			if r.Alarms != 0 || r.Is(fleet.AlarmState) {
				t.Errorf("%s: alarms %v, state %v", name, r.Alarms, r.Is(fleet.AlarmState))
			}
		}
	}
}
