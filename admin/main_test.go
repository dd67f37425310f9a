package admin_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain sees that no server, stream or engine leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// aloneInRace skips a walk of one request after the other, thousands of them:
// the race detector finds nothing in it that smaller tests do not show, and
// makes it ten times as long. make test runs it without, in a line of its own.
func aloneInRace(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("make test runs it without the race detector")
	}
}
