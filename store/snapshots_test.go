package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

func TestSnapshotsKeepTwo(t *testing.T) {
	dir := t.TempDir()
	s, err := store.OpenSnapshots(dir, store.SnapshotOptions{Semantics: 1})
	if err != nil {
		t.Fatal(err)
	}
	if seq, parts, err := s.Newest(); seq != 0 || parts != nil || err != nil {
		t.Fatal("empty:", seq, parts, err)
	}
	for seq := fleet.Seq(1); seq <= 3; seq++ {
		if err := s.Save(seq, [][]byte{{byte(seq)}, nil, bytes.Repeat([]byte{7}, 1000)}); err != nil {
			t.Fatal(err)
		}
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 2 {
		t.Error("files:", files)
	}
	seq, parts, err := s.Newest()
	if seq != 3 || err != nil || len(parts) != 3 || parts[0][0] != 3 || len(parts[2]) != 1000 {
		t.Error("newest:", seq, len(parts), err)
	}
	if oldest, err := s.Oldest(); oldest != 2 || err != nil {
		t.Error("oldest:", oldest, err)
	}
}

// Every flipped bit and every truncation of the newest file makes Newest fall
// back to the one before; none is ever served.
func TestSnapshotDamageFallsBack(t *testing.T) {
	dir := t.TempDir()
	s, err := store.OpenSnapshots(dir, store.SnapshotOptions{Semantics: 1})
	if err != nil {
		t.Fatal(err)
	}
	for seq := fleet.Seq(1); seq <= 2; seq++ {
		if err := s.Save(seq, [][]byte{[]byte("state"), {byte(seq)}}); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "snapshot-00000000000000000002")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	try := func(what string, at int, b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		seq, parts, err := s.Newest()
		if err != nil || seq != 1 || string(parts[0]) != "state" || parts[1][0] != 1 {
			t.Errorf("%s %d: served %d, %v", what, at, seq, err)
		}
	}
	for i := range whole {
		try("cut at", i, whole[:i])
		for bit := range 8 {
			b := bytes.Clone(whole)
			b[i] ^= 1 << bit
			try("flip in byte", i, b)
		}
	}
}
