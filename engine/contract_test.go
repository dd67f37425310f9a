package engine_test

import (
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/enginetest"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/journal"
)

func TestJournalContract(t *testing.T) {
	enginetest.Journal(t, func(t *testing.T) func() engine.Journal {
		var open *journal.Journal
		dir := t.TempDir()
		closeIt := func() {
			if open != nil {
				if err := open.Close(); err != nil {
					t.Error(err)
				}
			}
		}
		t.Cleanup(closeIt)
		return func() engine.Journal {
			closeIt()
			j, err := journal.Open(journal.Options{Dir: dir, MinFree: -1, SegmentBytes: 4096})
			if err != nil {
				t.Fatal(err)
			}
			open = j
			return j
		}
	})
}

func TestCommitterContract(t *testing.T) {
	enginetest.Committer(t, func(t *testing.T) func() enginetest.Facts {
		var open *store.Facts
		path := filepath.Join(t.TempDir(), "facts.db")
		closeIt := func() (err error) {
			if open != nil {
				err = open.Close()
			}
			return err
		}
		t.Cleanup(func() { closeIt() })
		return func() enginetest.Facts {
			if err := closeIt(); err != nil {
				t.Fatal(err)
			}
			f, err := store.OpenFacts(path, store.FactsOptions{MmapSize: 16 << 20})
			if err != nil {
				t.Fatal(err)
			}
			open = f
			return f
		}
	})
}
