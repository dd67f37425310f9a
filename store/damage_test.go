package store_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// Bits flipped in the pages that hold rows: what is read back is right or an
// error or not found, never something else; and a check finds a flip in any
// value. (bbolt by itself would serve most of them as truth.)
func TestFlippedBitsAreNeverServed(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	dir := t.TempDir()
	path := filepath.Join(dir, store.FactsFile)
	f, err := store.OpenFacts(path, store.FactsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	facts := join(story(r, 80))
	if err := f.Commit(t.Context(), &facts); err != nil {
		t.Fatal(err)
	}
	truth := map[fleet.EventID]fleet.Event{}
	for _, e := range facts.Events {
		if truth[e.ID], err = f.Event(e.ID); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	leaves := leafPages(whole)
	wrong, refused := 0, 0
	for range 300 {
		at := leaves[r.IntN(len(leaves))] + r.IntN(pageSize)
		setByte(t, path, at, whole[at]^1<<r.IntN(8))
		if served, failed := readAll(t, path, truth); served > 0 {
			wrong++
			t.Errorf("bit in byte %d: %d wrong events served", at, served)
		} else if failed > 0 {
			refused++
		}
		setByte(t, path, at, whole[at])
	}
	t.Logf("of 300 flips %d were refused on reading, %d served wrong", refused, wrong)
}

func setByte(t *testing.T, path string, at int, v byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{v}, int64(at)); err != nil {
		t.Error(err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
}

const pageSize = 4096

// leafPages are the offsets of the pages that hold rows.
func leafPages(file []byte) (out []int) {
	const leaf = 0x02
	for at := 2 * pageSize; at+pageSize <= len(file); at += pageSize {
		if binary.LittleEndian.Uint16(file[at+8:]) == leaf {
			out = append(out, at)
		}
	}
	return out
}

func readAll(t *testing.T, path string, truth map[fleet.EventID]fleet.Event) (wrong, failed int) {
	f, err := store.OpenFacts(path, store.FactsOptions{ReadOnly: true})
	if err != nil {
		return 0, 1
	}
	for id, want := range truth {
		got, err := f.Event(id)
		if err != nil {
			failed++
		} else if want != got {
			wrong++
		}
	}
	q := fleet.EventQuery{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	if page, err := f.Events(q); err != nil {
		failed++
	} else {
		for _, e := range page.Items {
			if truth[e.ID] != e {
				wrong++
			}
		}
	}
	if err := f.Close(); err != nil {
		t.Log("close:", err)
	}
	return wrong, failed
}

// A flip in any byte of any value is found by a check, which names the row.
func TestCheckFindsFlippedValues(t *testing.T) {
	dir := t.TempDir()
	a, err := store.OpenAdmin(filepath.Join(dir, store.AdminFile), store.AdminOptions{})
	if err != nil {
		t.Fatal(err)
	}
	marker := "Zanzibar Depot 4711"
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, marker)}})
	if err := a.PutSetting(fleet.Actor{}, "mail", []byte(marker)); err != nil {
		t.Fatal(err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, store.AdminFile)
	if p := store.CheckAdmin(path); len(p) != 0 {
		t.Fatal("before:", p)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	live := 0 // copies of the marker that are still reachable
	for at := 0; ; {
		i := bytes.Index(whole[at:], []byte(marker))
		if i < 0 {
			break
		}
		at += i
		setByte(t, path, at+3, whole[at+3]^4)
		if len(store.CheckAdmin(path)) > 0 {
			live++
		}
		setByte(t, path, at+3, whole[at+3])
		at++
	}
	// customers, versions, changes, audit (twice: name and code), settings
	if live < 5 {
		t.Errorf("a check found %d flipped copies, want those of customers, versions, changes, audit and settings", live)
	}
}

// A file that ends too early is refused or found out, never taken for an empty one.
func TestTruncatedFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, store.FactsFile)
	f, err := store.OpenFacts(path, store.FactsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	facts := join(story(rand.New(rand.NewPCG(3, 4)), 80))
	if err := f.Commit(t.Context(), &facts); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{20000, 8192, 4096, 100, 0} {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if p := store.CheckFacts(path); len(p) == 0 {
			t.Errorf("cut to %d bytes, and the check is content", size)
		}
		if size > 0 {
			continue // opening for writing ends the process on a damaged tree
		}
		if f, err := store.OpenFacts(path, store.FactsOptions{}); err == nil {
			t.Error("an empty file was taken for a new one:", f.Close())
		}
	}
}
