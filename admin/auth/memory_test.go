package auth_test

import (
	"runtime"
	"testing"

	"github.com/vigia-track/vigia/admin/auth"
)

// TestAHashLeavesItsMemory: the 64 MiB of a hash are free again once it is
// made, and not only when the heap has grown to twice its size with them.
func TestAHashLeavesItsMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	if _, err := auth.HashPassword(t.Context(), "correct horse"); err != nil {
		t.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 16<<20 {
		t.Errorf("%d bytes more are in use than before", grown)
	}
}
