package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/store/boltfile"
)

// The files of a data directory that this package keeps.
const (
	AdminFile = "admin.db"
	FactsFile = "facts.db"
)

// Problem is something that a check found wrong.
type Problem struct {
	File  string // path of the file
	Where string // table and key, or ""
	What  string
}

// String is the problem in a line.
func (p Problem) String() string {
	if p.Where == "" {
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s: %s: %s", p.File, p.Where, p.What)
}

// maxProblems bounds what one check reports of one file.
const maxProblems = 1000

// finder collects problems of one file.
type finder struct {
	path     string
	problems []Problem
}

func (f *finder) add(where, format string, args ...any) {
	if len(f.problems) < maxProblems {
		f.problems = append(f.problems, Problem{File: f.path, Where: where, What: fmt.Sprintf(format, args...)})
	}
}

func at(table string, key []byte) string { return fmt.Sprintf("%s %x", table, key) }

// Check examines a data directory that no process uses: bbolt's own structure,
// every value's sum, every index against its rows and back, the audit's chain,
// and the snapshots. It changes nothing; no problems means all is well.
func Check(dir string) []Problem {
	admin, facts := filepath.Join(dir, AdminFile), filepath.Join(dir, FactsFile)
	if !exists(admin) && !exists(facts) {
		return []Problem{{File: dir, What: "there is neither " + AdminFile + " nor " + FactsFile + "; is this a data directory?"}}
	}
	out := append(CheckAdmin(admin), CheckFacts(facts)...)
	return append(out, CheckSnapshots(dir)...)
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// checkFile opens a file for reading and runs checks over it: first ours, which
// survive a damaged map, then bbolt's. What an older vigia wrote lacks tables
// that are made when it is next started; only its structure is checked.
func checkFile(path string, format boltfile.Format, ours func(tx *bbolt.Tx, f *finder)) []Problem {
	f := &finder{path: path}
	if !exists(path) {
		f.add("", "is missing")
		return f.problems
	}
	db, err := boltfile.Open(path, format, boltfile.Options{ReadOnly: true})
	if err != nil {
		f.add("", "%v", err)
		return f.problems
	}
	older, err := db.Older(format)
	if err != nil {
		f.add("", "%v", err)
	}
	err = db.View(func(tx *bbolt.Tx) error {
		if !older {
			ours(tx, f)
		}
		boltfile.Walk(tx, func(err error) { f.add("", "structure: %v", err) })
		return nil
	})
	if err == nil && len(f.problems) == 0 { // bbolt's own check ends the process on some damage
		err = db.View(func(tx *bbolt.Tx) error {
			for err := range boltfile.Check(tx) {
				f.add("", "structure: %v", err)
			}
			return nil
		})
	}
	if err = errors.Join(err, db.Close()); err != nil {
		f.add("", "%v", err)
	}
	return f.problems
}

// CheckSnapshots examines the snapshots in a directory.
func CheckSnapshots(dir string) []Problem {
	f := &finder{path: dir}
	s := &Snapshots{dir: dir}
	seqs, err := s.list()
	if err != nil {
		f.add("", "%v", err)
	}
	for _, seq := range seqs {
		f.path = s.path(seq)
		damage, bad := (*SnapshotDamage)(nil), false
		if _, _, err = readSnapshot(f.path, seq); err != nil {
			if damage, bad = errors.AsType[*SnapshotDamage](err); bad {
				f.add("", "%s", damage.Reason)
			} else {
				f.add("", "%v", err)
			}
		}
	}
	return f.problems
}

// known reports buckets that nothing of ours makes.
func known(tx *bbolt.Tx, f *finder, names ...string) {
	want := map[string]bool{"meta": true}
	for _, n := range names {
		want[n] = true
	}
	c := tx.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if !want[string(k)] {
			f.add(string(k), "no such table")
		}
		delete(want, string(k))
	}
	for n := range want {
		f.add(n, "the table is missing")
	}
}

// checkCounters holds the file's counters against their sums.
func checkCounters(tx *bbolt.Tx, f *finder, keys ...[]byte) {
	for _, k := range keys {
		if _, err := boltfile.Counter(tx, k); err != nil {
			f.add(at("meta", k), "%v", err)
		}
	}
}

// eachValue reads every row of a bucket with one kind of value.
func eachValue[T any](f *finder, b *bbolt.Bucket, t boltfile.Table, each func(k []byte, v *T)) {
	c := b.Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		v, err := boltfile.Decode[T](t, k, raw)
		if err != nil {
			f.add(at(t.Name(), k), "%v", err)
			continue
		}
		each(k, &v)
	}
}

// check holds every row against its sum and its indexes, and every index entry
// against its row.
func (t *table[T]) check(tx *bbolt.Tx, f *finder) {
	eachValue(f, t.bucket(tx), t.Table, func(k []byte, v *T) {
		if string(t.key(v)) != string(k) {
			f.add(at(t.Name(), k), "the row holds another key")
		}
		for _, e := range t.entries(v) {
			want := ""
			if e.field != "" {
				want = string(k)
			}
			got := tx.Bucket([]byte(e.index)).Get(e.key)
			if got == nil {
				f.add(at(e.index, e.key), "the index lacks this entry")
			} else if string(got) != want {
				f.add(at(e.index, e.key), "the index says %x, the row is %x", got, k)
			}
		}
	})
	for _, name := range t.indexes {
		c := tx.Bucket([]byte(name)).Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			rowKey := v
			if len(v) == 0 {
				rowKey = k[max(0, len(k)-8):]
			}
			row, err := t.find(tx, rowKey)
			if err == nil && (row == nil || !t.has(row, name, k)) {
				f.add(at(name, k), "the index names a row that is not so")
			}
		}
	}
}
