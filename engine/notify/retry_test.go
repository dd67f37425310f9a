package notify_test

import (
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

func TestPause(t *testing.T) {
	r := notify.DefaultRetry()
	key := func(n int) fleet.DeliveryKey {
		return fleet.DeliveryKey{Event: fleet.EventID{byte(n >> 8), byte(n)}, Recipient: 1, Channel: fleet.Email}
	}
	for n := 1; n <= 100; n++ {
		for _, age := range []time.Duration{0, time.Minute, 6 * time.Hour} {
			ceiling := max(8*time.Minute, age/6)
			if n < 20 {
				ceiling = min(ceiling, 2*time.Second<<(n-1))
			}
			got := r.Pause(key(n), n, age)
			if got < 100*time.Millisecond || got > ceiling {
				t.Errorf("try %d at age %v: %v, want at most %v", n, age, got, ceiling)
			}
			if again := r.Pause(key(n), n, age); again != got {
				t.Errorf("try %d: %v, then %v", n, got, again)
			}
		}
	}
	var sum time.Duration
	const keys = 1000
	for n := range keys { // full jitter: evenly spread
		sum += r.Pause(key(n), 9, 0)
	}
	if mean := sum / keys; mean < 220*time.Second || mean > 260*time.Second {
		t.Errorf("mean pause %v, want about 4 min", mean)
	}
	other := r
	other.Seed = 1
	if other.Pause(key(1), 9, 0) == r.Pause(key(1), 9, 0) {
		t.Error("the seed does not matter")
	}
}
