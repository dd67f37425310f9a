package engine

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Nobody may ask for the lag for minutes: the ring must not fill with what is
// complete meanwhile, or the answer would be their age.
func TestLagForgetsWhatIsComplete(t *testing.T) {
	var l lag
	for ms := range fleet.Time(20_000) {
		seq := fleet.Seq(ms) + 10
		l.durable(seq, seq-5, ms) // the last five are on their way
	}
	if got := l.behind(20_004, 20_000); got != 5 {
		t.Errorf("%d ms behind, want 5: entry 20,005 became durable at 19,995", got)
	}
	if got := l.behind(30_000, 20_000); got != 0 {
		t.Errorf("%d ms behind with nothing waiting", got)
	}
}
