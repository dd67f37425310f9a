package stream

import (
	"testing"
	"time"
)

// TestRightsAreLookedAtWithinASecond: the writer waits for the hub no longer
// than until the next look, whenever it begins to wait.
func TestRightsAreLookedAtWithinASecond(t *testing.T) {
	looked := time.Now()
	for after := time.Duration(0); after < 2*time.Second; after += 50 * time.Millisecond {
		wait := untilLook(looked.Add(after), looked)
		if wait < 0 || after < lookEvery && after+wait != lookEvery || after >= lookEvery && wait != 0 {
			t.Errorf("%v after a look it waits for %v", after, wait)
		}
	}
	if lookEvery >= time.Second {
		t.Errorf("rights are looked at every %v", lookEvery)
	}
}
