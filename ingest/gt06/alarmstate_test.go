package gt06_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// sealed is a frame of a message with the given content.
func sealed(number byte, content ...byte) []byte {
	f := append([]byte{0x78, 0x78, byte(len(content) + 5), number}, content...)
	f = append(f, 0, 7)
	sum := gt06.Checksum(f[2:])
	return append(f, byte(sum>>8), byte(sum), 0x0d, 0x0a)
}

// The terminal information of a heartbeat lasts: its alarm is a state (§5.3.1.14).
// An alarm byte tells of what just happened, so it makes a message of the whole
// report, also where it is no alarm of ours; but for none, and for the ignition,
// which leave the state what it is. A location says nothing of alarms.
func TestAlarmsAreAStateOrAMessage(t *testing.T) {
	const on = 0x44
	terminal := map[byte]fleet.Alarms{
		0: 0, 1: fleet.Vibration, 2: fleet.PowerCut, 3: fleet.LowBattery, 4: fleet.SOS, 5: 0, 6: 0,
	}
	// An alarm packet is an encoded one with other status bytes.
	alarm := func(info, code byte) []byte {
		f := gt06.AppendAlarm(nil, fix, code, 7)
		content := append([]byte(nil), f[4:len(f)-6]...)
		content[len(content)-5] = info
		return sealed(0x26, content...)
	}
	type want struct {
		frame  []byte
		alarms fleet.Alarms
		state  bool
	}
	var wants []want
	for bits, a := range terminal {
		info := on | bits<<3
		wants = append(wants,
			want{sealed(0x13, info, 6, 4, 0, 2), a, true},
			want{sealed(0x23, info, 1, 0x90, 4, 0, 2), a, true},
			want{alarm(info, 0), a, true},
			want{alarm(info, 0xfe), a, true},
			want{alarm(info, 0xff), a, true},
			want{alarm(info, 1), a | fleet.SOS, false},
			want{alarm(info, 2), a | fleet.PowerCut, false},
			want{alarm(info, 0x7e), a, false},
		)
	}
	wants = append(wants,
		want{gt06.AppendLocation(nil, fix, 7), 0, false},
		want{alarm(on|7<<3, 0), fleet.Removing, true},
	)
	for _, w := range wants {
		reports, _, errs := frames(t, append(gt06.AppendLogin(nil, "356307042441013", 1), w.frame...))
		if len(errs) > 0 || len(reports) != 1 {
			t.Fatalf("%x: %+v, %v", w.frame, reports, errs)
		}
		if r := &reports[0]; r.Alarms != w.alarms || r.Is(fleet.AlarmState) != w.state {
			t.Errorf("%x: alarms %v, state %v, want %v, %v", w.frame, r.Alarms, r.Is(fleet.AlarmState), w.alarms, w.state)
		}
	}
}
