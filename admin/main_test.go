package admin_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain sees that no server, stream or engine leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
