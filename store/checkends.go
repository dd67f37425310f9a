package store

import (
	"path/filepath"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Ends is where the journal of a data directory begins and ends, and up to
// which of its entries the tracks are sorted.
type Ends struct {
	First, Last fleet.Seq // Last < First: no entries
	Sorted      fleet.Seq
}

// CheckEnds holds the journal's ends against what was made of it: the newest
// whole snapshot, the facts and the tracks must lie within. A journal that is
// whole in itself may still lack files, or be another installation's.
func CheckEnds(dir string, e Ends) []Problem {
	f := &finder{path: filepath.Join(dir, "journal")}
	snapshot, complete := newestWhole(dir), completeOf(dir)
	const missing = "journal files were cut short, are missing or are another installation's; " +
		"put them back, or restore a backup as a whole"
	switch {
	case e.Last < snapshot:
		f.add("", "it ends with entry %d, but the newest snapshot holds what came of entries up to %d, %d more: %s",
			e.Last, snapshot, snapshot-e.Last, missing)
	case e.Last < complete:
		f.add("", "it ends with entry %d, but %s holds what came of entries up to %d, %d more: %s",
			e.Last, FactsFile, complete, complete-e.Last, missing)
	case e.Last < e.Sorted:
		f.add("", "it ends with entry %d, but the tracks hold entries up to %d, %d more: %s",
			e.Last, e.Sorted, e.Sorted-e.Last, missing)
	case e.First > snapshot+1:
		f.add("", "it begins with entry %d, but the newest whole snapshot holds what came of entries up to %d, so %d in between are not there: %s",
			e.First, snapshot, e.First-snapshot-1, missing)
	}
	return f.problems
}

// newestWhole is the Seq of the newest snapshot without damage, 0 for none.
func newestWhole(dir string) fleet.Seq {
	s := &Snapshots{dir: dir}
	seqs, err := s.list()
	if err != nil {
		return 0 // CheckSnapshots says so
	}
	for i := len(seqs) - 1; i >= 0; i-- {
		if _, _, err := readSnapshot(s.path(seqs[i]), seqs[i]); err == nil {
			return seqs[i]
		}
	}
	return 0
}

// completeOf is up to which entry the facts are complete, 0 if that cannot be
// read, which CheckFacts reports.
func completeOf(dir string) fleet.Seq {
	f, err := OpenFacts(filepath.Join(dir, FactsFile), FactsOptions{ReadOnly: true})
	if err != nil {
		return 0
	}
	defer func() { _ = f.Close() }() // it was only read
	seq, err := f.Complete()
	if err != nil {
		return 0
	}
	return seq
}
