package boltfile_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/store/boltfile"
)

// A branch page whose key lies beyond the file: bbolt's own check reads it in
// a goroutine of its own, where nobody can catch the fault.
func TestWalkFindsAKeyBeyondTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 4096})
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucket([]byte("b"))
		for i := range 2000 {
			if err == nil {
				err = b.Put(binary.BigEndian.AppendUint64(nil, uint64(i)), make([]byte, 100))
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	walk := func() (found []error) {
		db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
		defer func() {
			if r := recover(); r != nil {
				found = append(found, fmt.Errorf("%v", r))
			}
		}()
		_ = db.View(func(tx *bbolt.Tx) error {
			boltfile.Walk(tx, func(err error) { found = append(found, err) })
			return nil
		})
		return found
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if found := walk(); len(found) > 0 {
		t.Fatal("a sound file:", found)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const header, branchFlag, element = 16, 1, 16
	done := 0
	for at := 0; at+4096 <= len(raw); at += 4096 {
		page := raw[at : at+4096]
		if binary.LittleEndian.Uint16(page[8:]) != branchFlag {
			continue
		}
		count := int(binary.LittleEndian.Uint16(page[10:]))
		for _, i := range []int{0, 1, count / 2, count - 1} {
			pos := page[header+i*element:]
			old := binary.LittleEndian.Uint32(pos)
			binary.LittleEndian.PutUint32(pos, old|1<<27)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			if found := walk(); len(found) == 0 {
				t.Errorf("element %d of %d: nothing was found", i, count)
			}
			binary.LittleEndian.PutUint32(pos, old)
			done++
		}
	}
	if done == 0 {
		t.Fatal("the file has no branch page")
	}
}
