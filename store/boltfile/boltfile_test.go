package boltfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

var table = boltfile.NewTable("things")

// format has n migrations, each of which notes that it ran.
func format(n int, fail int) boltfile.Format {
	f := boltfile.Format{Name: "test"}
	for i := 1; i <= n; i++ {
		f.Migrations = append(f.Migrations, func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists([]byte("things"))
			if err != nil {
				return err
			}
			key := []byte{byte(i)}
			if b.Get(key) != nil {
				return errors.New("ran twice")
			}
			if i == fail {
				return errors.New("no luck")
			}
			return b.Put(key, table.Seal(key, 1, []byte("ran")))
		})
	}
	return f
}

func ran(t *testing.T, d *boltfile.DB) (n int) {
	t.Helper()
	err := d.View(func(tx *bbolt.Tx) error {
		n = tx.Bucket([]byte("things")).Stats().KeyN
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestMigrationsRunOnceAndResume(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	for _, step := range []struct{ schema, fail, ran int }{{1, 0, 1}, {3, 3, 2}, {3, 0, 3}, {3, 0, 3}} {
		d, err := boltfile.Open(path, format(step.schema, step.fail), boltfile.Options{})
		if (err != nil) != (step.fail != 0) {
			t.Fatalf("%+v: %v", step, err)
		}
		if err != nil {
			if d, err = boltfile.Open(path, format(2, 0), boltfile.Options{}); err != nil {
				t.Fatal("after a failed migration:", err)
			}
		}
		if n := ran(t, d); n != step.ran {
			t.Errorf("%+v: %d migrations ran", step, n)
		}
		if err := errors.Join(d.Close(), d.Close()); err != nil {
			t.Error(err)
		}
	}
	_, err := boltfile.Open(path, format(2, 0), boltfile.Options{})
	if newer, ok := errors.AsType[*boltfile.NewerError](err); !ok || newer.Schema != 3 || newer.Max != 2 || !strings.Contains(err.Error(), path) {
		t.Error("a newer file gave", err)
	}
	other := format(3, 0)
	other.Name = "another"
	if _, err := boltfile.Open(path, other, boltfile.Options{}); err == nil || !strings.Contains(err.Error(), "another") {
		t.Error("a file of another kind gave", err)
	}
}

func TestOpenForOneProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d, err := boltfile.Open(path, format(1, 0), boltfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if _, err := boltfile.Open(path, format(1, 0), boltfile.Options{Timeout: 1}); fleet.KindOf(err) != fleet.Unavailable {
		t.Error("a second open gave", err)
	}
	if _, err := boltfile.Open(filepath.Join(t.TempDir(), "no.db"), format(1, 0), boltfile.Options{ReadOnly: true}); !errors.Is(err, os.ErrNotExist) {
		t.Error("a file that is not there gave", err)
	}
}

// What a crash left of an unfinished creation is no obstacle.
func TestCreateOverLeftovers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path+".tmp", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := boltfile.Open(path, format(1, 0), boltfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Lstat(path + ".tmp"); !os.IsNotExist(err) {
		t.Error("the temporary file is still there:", err)
	}
}

// A value passes only as it was sealed, under its key, in its table.
func TestSealCoversEverything(t *testing.T) {
	key := []byte("key")
	sealed := table.Seal(key, 1, []byte("body"))
	if schema, body, err := table.Unseal(key, sealed); schema != 1 || string(body) != "body" || err != nil {
		t.Fatal(schema, body, err)
	}
	fails := func(what string, tb boltfile.Table, key, raw []byte) {
		t.Helper()
		if _, _, err := tb.Unseal(key, raw); err == nil {
			t.Error(what, "passes")
		}
	}
	fails("another key", table, []byte("kez"), sealed)
	fails("another table", boltfile.NewTable("thing"), key, sealed)
	for i := range sealed {
		fails("a cut value", table, key, sealed[:i])
		for bit := range 8 {
			raw := append([]byte(nil), sealed...)
			raw[i] ^= 1 << bit
			fails("a flipped bit", table, key, raw)
		}
	}
}

func TestPanicsBecomeErrors(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.db")
	d, err := boltfile.Open(path, format(1, 0), boltfile.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	if err := d.View(func(*bbolt.Tx) error { panic("page 7 is no leaf") }); err == nil || !strings.Contains(err.Error(), path) {
		t.Error("a damaged page gave", err)
	}
	refused := errors.New("refused")
	if err := d.Update(func(*bbolt.Tx) error { return refused }); err != refused {
		t.Error(err)
	}
	if err := d.Update(func(tx *bbolt.Tx) error { return boltfile.SetCounter(tx, []byte("n"), 4) }); err != nil {
		t.Error("a refused update broke the file:", err)
	}
	err = d.View(func(tx *bbolt.Tx) error {
		if n, err := boltfile.Counter(tx, []byte("n")); n != 4 || err != nil {
			t.Error(n, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
