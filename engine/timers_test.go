package engine_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A device's last word was that it lies outside, once: whether the engine was
// up or down when the time for a contrary word ran out, the exit is recorded,
// at the time of that fix, and once.
func TestTimerSurvivesARestart(t *testing.T) {
	for _, c := range []struct {
		name  string
		crash bool
	}{{"stopped", false}, {"killed", true}} {
		t.Run(c.name, func(t *testing.T) {
			b := newBeats(began + 10*fleet.Second)
			r := start(t, t.TempDir(), b.options)
			set := fleetOf(1)
			yard := fenceAt(0, 0, 0)
			yard.Preset = fleet.Balanced
			set.Fences = []fleet.Fence{yard}
			r.apply(t, set)
			r.accept(t, fix(0, 0, 0, 0), fix(0, 10, 0.006, 0)) // 111 m out
			if events := allEvents(t, r.facts); len(events) > 0 {
				t.Fatalf("one fix outside gave %+v", events)
			}
			dir := r.dir
			if c.crash {
				dir = r.crashed(t)
			}
			r.stop(t)
			if !c.crash {
				if events := r.reopen(t); len(events) > 0 {
					t.Fatalf("events before the time: %+v", events)
				}
			}
			for range 2 { // the second finds it done
				b.to(began + 3600*fleet.Second)
				r = start(t, dir, b.options)
				for range 60 { // what the device has kept could come first
					b.tick(t, r)
				}
				r.stop(t)
				events := r.reopen(t)
				if len(events) != 1 || events[0].Kind != fleet.Exit || events[0].Time != began+10*fleet.Second ||
					events[0].Received != began+3660*fleet.Second {
					t.Fatalf("events %+v, want the exit at second 10, told at second 3660", events)
				}
			}
		})
	}
}
