package boltfile_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/store/boltfile"
)

const branchElement = 16 // bytes: where the key lies, how long it is, and the page below

// eachBranchKey makes a file with branch pages, and hands out a change of some
// of their elements, one at a time.
func eachBranchKey(t *testing.T, harm func(element []byte), try func(path, what string)) {
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
	if err = errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	try(path, "")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	const header, branchFlag = 16, 1
	done := 0
	for at := 0; at+4096 <= len(raw); at += 4096 {
		page := raw[at : at+4096]
		if binary.LittleEndian.Uint16(page[8:]) != branchFlag {
			continue
		}
		count := int(binary.LittleEndian.Uint16(page[10:]))
		for _, i := range []int{0, 1, count / 2, count - 1} {
			element := page[header+i*branchElement:][:branchElement]
			old := bytes.Clone(element)
			harm(element)
			if err := os.WriteFile(path, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			try(path, fmt.Sprintf("element %d of %d", i, count))
			copy(element, old)
			done++
		}
	}
	if done == 0 {
		t.Fatal("the file has no branch page")
	}
}

// walked is what is found wrong with a file: by Walk and, if that finds
// nothing, by Check.
func walked(t *testing.T, path string, check bool) (found []error) {
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{ReadOnly: true, PreLoadFreelist: true, InitialMmapSize: boltfile.MappedToRead(path)})
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
		if check && len(found) == 0 {
			for err := range boltfile.Check(tx) {
				found = append(found, err)
			}
		}
		return nil
	})
	return found
}

// A branch page whose key lies beyond the file: bbolt's own check reads it in
// a goroutine of its own, where nobody can catch the fault.
func TestWalkFindsAKeyBeyondTheFile(t *testing.T) {
	harm := func(element []byte) { element[3] |= 1 << 3 }
	eachBranchKey(t, harm, func(path, what string) {
		if found := walked(t, path, false); (len(found) == 0) != (what == "") {
			t.Errorf("%q: %v", what, found)
		}
	})
}

// A branch page whose key claims half a gigabyte: a look-up compares its
// beginning and goes on, and a check that wrote it out would fill the memory or
// read beyond the file, which ends the process.
func TestCheckOfAKeyThatClaimsMuch(t *testing.T) {
	harm := func(element []byte) { element[7] |= 1 << 5 }
	noticed := 0
	eachBranchKey(t, harm, func(path, what string) {
		if found := walked(t, path, true); what == "" && len(found) > 0 {
			t.Error("a sound file:", found)
		} else if len(found) > 0 {
			noticed++
		}
	})
	if noticed == 0 {
		t.Error("no harm was noticed")
	}
}
