package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestStoreSizes(t *testing.T) {
	dir := t.TempDir()
	for name, n := range map[string]int{"admin.db": 10, "tracks-20260101.db": 3, "tracks-20260102.db": 4, "lock": 9, "journal/1.seg": 5, "journal/2.seg": 6} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), make([]byte, n), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if got, want := fmt.Sprint(storeSizes(dir)), "[{admin.db 10} {journal 11} {tracks 7}]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if got := storeSizes(filepath.Join(dir, "nowhere")); len(got) != 0 {
		t.Errorf("of no directory: %v", got)
	}
}
