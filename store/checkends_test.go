package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// TestCheckEnds: a journal that is whole in itself and still too short, or that
// begins too late, is told in numbers; one that reaches over all is not.
func TestCheckEnds(t *testing.T) {
	for i, c := range []struct {
		name               string
		snapshot, complete fleet.Seq
		ends               store.Ends
		want               string
	}{
		{"all is well", 50, 60, store.Ends{First: 40, Last: 60, Sorted: 45}, ""},
		{"an empty installation", 0, 0, store.Ends{First: 1}, ""},
		{"an empty segment behind the snapshot", 50, 50, store.Ends{First: 51, Last: 50, Sorted: 50}, ""},
		{"shorter than the snapshot", 50, 50, store.Ends{First: 1, Last: 30}, "ends with entry 30, but the newest snapshot holds what came of entries up to 50, 20 more"},
		{"no journal at all", 50, 50, store.Ends{}, "ends with entry 0"},
		{"shorter than the facts", 50, 60, store.Ends{First: 1, Last: 55}, "facts.db holds what came of entries up to 60, 5 more"},
		{"shorter than the tracks", 50, 50, store.Ends{First: 1, Last: 55, Sorted: 58}, "the tracks hold entries up to 58"},
		{"begins too late", 50, 60, store.Ends{First: 55, Last: 70}, "begins with entry 55, but the newest whole snapshot holds what came of entries up to 50, so 4 in between"},
		{"no snapshot and no beginning", 0, 0, store.Ends{First: 5, Last: 70}, "so 4 in between"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			f, err := store.OpenFacts(filepath.Join(dir, store.FactsFile), store.FactsOptions{})
			if err != nil {
				t.Fatal(err)
			}
			commit(t, f, fleet.Facts{Complete: c.complete})
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
			if c.snapshot > 0 {
				s, err := store.OpenSnapshots(dir, store.SnapshotOptions{Semantics: 1})
				if err != nil {
					t.Fatal(err)
				}
				if err := s.Save(c.snapshot, [][]byte{{1}}); err != nil {
					t.Fatal(err)
				}
				if i%2 == 0 { // a newer one that is damaged does not count
					if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("snapshot-%020d", c.snapshot+99)), []byte("torn"), 0o600); err != nil {
						t.Fatal(err)
					}
				}
			}
			got := store.CheckEnds(dir, c.ends)
			if c.want == "" && len(got) > 0 || c.want != "" && (len(got) != 1 || !strings.Contains(got[0].String(), c.want)) {
				t.Errorf("found %v, want %q", got, c.want)
			}
		})
	}
}
