package track_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// What is watched survives its encoding, cut off anywhere it is refused, and a
// flipped bit never harms.
func TestWatchesEncoding(t *testing.T) {
	fast := ruleOf(3, fleet.Speeding, 0)
	fast.Limit = 60
	w := ruled(t, fleet.Balanced, ruleOf(1, fleet.Dwell, fleet.Hour), ruleOf(2, fleet.Absent, fleet.Hour), fast, ruleOf(4, fleet.Stopped, 0))
	w.Profile.OfflineAfter, w.Profile.SpeedLimit = fleet.Minute, 50
	p := newStage(t, w)
	p.fix(0, 50, speed(70))
	p.fix(5, -50, speed(70))
	p.fix(9, -60, speed(0))
	p.resume(20)
	b, _ := p.s.AppendBinary(nil)
	again, _ := restored(t, p.s).AppendBinary(nil)
	if !bytes.Equal(b, again) {
		t.Errorf("encoded as\n%x, then as\n%x", b, again)
	}
	for n := range b {
		if _, _, err := track.DecodeState(b[:n]); !errors.Is(err, track.ErrState) {
			t.Fatalf("cut to %d bytes: error %v", n, err)
		}
	}
	for i := range len(b) * 8 {
		bad := bytes.Clone(b)
		bad[i/8] ^= 1 << (i % 8)
		s, _, err := track.DecodeState(bad)
		if err != nil {
			continue
		}
		track.Step(&s, track.Input{Tick: fleet.Tick{At: start + fleet.Hour}}, w)
		track.Step(&s, track.Input{Report: eastOf(7200, 500)}, w)
	}
}
