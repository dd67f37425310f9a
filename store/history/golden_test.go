package history_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
)

var update = flag.Bool("update", false, "write the golden files of the current schema")

// TestGoldenBlocks: a block that a schema once wrote must be read for ever. One
// without device times and trust is written today as schema 1 wrote it.
func TestGoldenBlocks(t *testing.T) {
	for golden, one := range map[string]func(*rand.Rand, int) fleet.Report{
		"testdata/block-v1.bin": bareRide,
		"testdata/block-v2.bin": ride,
	} {
		v := ridesOf(rand.New(rand.NewPCG(1, 1)), 70, one)
		p, err := history.Pack(v, noon)
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(golden, p, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p, want) {
			t.Errorf("%s: the bytes changed: a new schema number, or a mistake", golden)
		}
		got, err := history.Unpack(want, 9, noon)
		if err != nil {
			t.Fatal(err)
		}
		for i := range v {
			if w := v[i].Position(); !reflect.DeepEqual(got[i], w) {
				t.Fatalf("%s: fix %d is\n%+v, want\n%+v", golden, i, got[i], w)
			}
		}
	}
}

// TestFileOfSchema1 reads a day file that the version before wrote: its values
// differ in their schema byte, and have no columns for what it did not keep.
// What is sorted today goes beside them.
func TestFileOfSchema1(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	for i := range 200 {
		w.append(bareRide(r, i))
	}
	w.sort()
	w.close()
	files := 0
	for _, path := range w.dayFiles() {
		files++
		db, err := bbolt.Open(path, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		err = db.Update(func(tx *bbolt.Tx) error {
			return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
				for _, k := range keysOf(b) {
					v := bytes.Clone(b.Get(k))
					v[0] = 1
					if err := b.Put(k, v); err != nil {
						return err
					}
				}
				return nil
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if files == 0 {
		t.Fatal("no file was sorted")
	}
	w.open()
	for i := range 200 {
		w.append(ride(r, i))
	}
	w.sort()
	for d := range fleet.DeviceID(5) {
		w.check(d, 0, 1<<62)
	}
	if err := w.h.Erase(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	w.check(1, 0, 1<<62)
	w.checkFiles()
}

func keysOf(b *bbolt.Bucket) (keys [][]byte) {
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	return keys
}

// dayFiles are the paths of the day files.
func (w *world) dayFiles() []string {
	w.t.Helper()
	files, err := filepath.Glob(filepath.Join(w.dir, "tracks-*.db"))
	if err != nil {
		w.t.Fatal(err)
	}
	return files
}
