package main

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/journal"
)

// TestCheckTellsOfAShortJournal: every file is whole by itself, and the journal
// still does not reach to what the snapshot holds.
func TestCheckTellsOfAShortJournal(t *testing.T) {
	dir := t.TempDir()
	a, err := store.OpenAdmin(filepath.Join(dir, store.AdminFile), store.AdminOptions{})
	if err != nil {
		t.Fatal(err)
	}
	f, err := store.OpenFacts(filepath.Join(dir, store.FactsFile), store.FactsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	tick := fleet.Entry{Kind: fleet.TickEntry, Tick: fleet.Tick{At: 1_780_056_000_000}}
	_, err = j.Append([]fleet.Entry{tick, tick, tick})
	if err := errors.Join(err, a.Close(), f.Close(), j.Close()); err != nil {
		t.Fatal(err)
	}
	snapshots, err := store.OpenSnapshots(dir, store.SnapshotOptions{Semantics: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		snapshot fleet.Seq
		want     string
	}{{2, "is whole: 3 journal entries"}, {7, "ends with entry 3, but the newest snapshot holds what came of entries up to 7, 4 more"}} {
		if err := snapshots.Save(c.snapshot, [][]byte{{1}}); err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		err := check(dir, &out)
		if whole := c.snapshot == 2; whole != (err == nil) || !strings.Contains(out.String(), c.want) {
			t.Errorf("snapshot %d: %v\n%s", c.snapshot, err, out.String())
		}
	}
}
