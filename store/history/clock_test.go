package history_test

import (
	"math"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
)

// TestClockColumn: every pair of times comes back, and the usual ones take one
// value throughout.
func TestClockColumn(t *testing.T) {
	times := []fleet.Time{0, 1, -1, 2, noon, noon + 1, noon - 1, -noon, math.MaxInt64, math.MinInt64, math.MinInt64 + 1, math.MaxInt64 - 1}
	r := random(t)
	for range 1000 {
		times = append(times, fleet.Time(r.Uint64()))
	}
	for _, fix := range times[:40] {
		seen := map[int64]fleet.Time{}
		for _, device := range times {
			v := history.ClockOf(fix, device)
			if got := history.ClockFrom(fix, v); got != device {
				t.Fatalf("fix %d, device time %d: %d comes back as %d", fix, device, v, got)
			}
			if other, ok := seen[v]; ok && other != device {
				t.Fatalf("fix %d: device times %d and %d are both %d", fix, device, other, v)
			}
			seen[v] = device
		}
	}
	for _, fix := range []fleet.Time{noon, noon + 3*fleet.Second} {
		for ahead, want := range map[fleet.Time]int64{0: 1, 7000: 7001, -2000: -2000} {
			if got := history.ClockOf(fix, fix+ahead); got != want {
				t.Errorf("a clock %d ms ahead of the fix is %d, want %d", ahead, got, want)
			}
		}
	}
}
