package journal

import (
	"bytes"
	"os"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestReadOnlyChangesNothing opens a journal whose last group was being
// written: it reads up to there, and leaves every byte as it is.
func TestReadOnlyChangesNothing(t *testing.T) {
	dir := t.TempDir()
	j, err := Open(Options{Dir: dir, MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if _, err := j.Append([]fleet.Entry{{Kind: fleet.TickEntry, Tick: fleet.Tick{At: fleet.Time(1000 + i)}}}); err != nil {
			t.Fatal(err)
		}
	}
	path, end := j.segments[0].path, j.segments[0].end
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{1, 2, 3}, end); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Open(Options{Dir: dir, ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	if err := r.Scan(0, func(fleet.Seq, *fleet.Entry) error { seen++; return nil }); err != nil || seen != 3 {
		t.Errorf("%d entries, %v", seen, err)
	}
	if _, err := r.Append([]fleet.Entry{{Kind: fleet.TickEntry}}); err == nil {
		t.Error("something was appended")
	}
	if err := r.Sorted(3); err != nil {
		t.Error(err)
	}
	if err := r.Trim(3); err != nil {
		t.Error(err)
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed: %v", err)
	}
	if _, err := Open(Options{Dir: dir + "/none", ReadOnly: true}); err == nil {
		t.Error("a journal that is not there was opened")
	}
	if _, err := os.Stat(dir + "/none"); err == nil {
		t.Error("a folder was made")
	}
}
