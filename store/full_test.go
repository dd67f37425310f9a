package store_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// A file that may not grow refuses commits, keeps what it has, answers reads,
// and takes commits again once there is room.
func TestFullDiskIsSurvived(t *testing.T) {
	signal.Ignore(syscall.SIGXFSZ)
	defer signal.Reset(syscall.SIGXFSZ)
	dir := t.TempDir()
	f := openFacts(t, dir)
	first := nthBatch(1)
	if err := f.Commit(t.Context(), &first); err != nil {
		t.Fatal(err)
	}
	before, err := f.Digest()
	if err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(filepath.Join(dir, store.FactsFile))
	if err != nil {
		t.Fatal(err)
	}
	var old syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &old); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: uint64(st.Size()), Max: old.Max}); err != nil {
		t.Fatal(err)
	}
	big := fleet.Facts{Memories: []fleet.Memory{{Device: 1, Rule: 1, Value: make([]byte, 64<<20)}}}
	err = f.Commit(t.Context(), &big)
	if e := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &old); e != nil {
		t.Fatal(e)
	}
	if fleet.KindOf(err) != fleet.Unavailable {
		t.Fatal("64 MiB into a file that may not grow gave", err)
	}
	if after, err := f.Digest(); after != before || err != nil {
		t.Error("the refused commit left something:", err)
	}
	second := nthBatch(2)
	if err := f.Commit(t.Context(), &second); err != nil {
		t.Error("with room again:", err)
	}
}
