package main

import (
	"os"
	"path/filepath"
	"testing"
)

// shared is the path of a file in the folder of real input, which stands
// beside the repository and not in it. Without the folder the test is skipped,
// or fails if VIGIA_REQUIRE_SHARED=1.
func shared(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("VIGIA_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		if err != nil {
			t.Fatal(err)
		}
		for root != filepath.Dir(root) {
			if _, err := os.Stat(filepath.Join(root, "go.mod")); err == nil {
				break
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	path := filepath.Join(dir, filepath.FromSlash(name))
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("VIGIA_REQUIRE_SHARED") == "1" {
			t.Fatalf("%v, and VIGIA_REQUIRE_SHARED=1", err)
		}
		t.Skipf("no real input here (%v); VIGIA_SHARED says where it is", err)
	}
	return path
}
