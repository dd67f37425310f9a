package store_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/boltfile"
)

// installation is a data directory with a little of everything.
func installation(t *testing.T) store.Source {
	dir := t.TempDir()
	s := store.Source{Admin: openAdmin(t, dir), Facts: openFacts(t, dir)}
	var err error
	if s.Snapshots, err = store.OpenSnapshots(dir, store.SnapshotOptions{}); err != nil {
		t.Fatal(err)
	}
	apply(t, s.Admin, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}})
	facts := join(story(seeded(t), 20))
	if err := s.Facts.Commit(t.Context(), &facts); err != nil {
		t.Fatal(err)
	}
	if err := s.Snapshots.Save(7, [][]byte{[]byte("state")}); err != nil {
		t.Fatal(err)
	}
	s.Journal = func(_ context.Context, dir string) error {
		if err := os.Mkdir(filepath.Join(dir, "journal"), 0o700); err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, "journal", "segment"), []byte("entries"), 0o600)
	}
	return s
}

func TestBackupAndRestore(t *testing.T) {
	s := installation(t)
	saved, restored := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	if err := store.Backup(t.Context(), saved, s); err != nil {
		t.Fatal(err)
	}
	if err := store.Backup(t.Context(), saved, s); fleet.KindOf(err) != fleet.Invalid {
		t.Error("a second backup into the same place gave", err)
	}
	if err := store.Restore(saved, restored); err != nil {
		t.Fatal(err)
	}
	if err := store.Restore(saved, restored); fleet.KindOf(err) != fleet.Invalid {
		t.Error("a restore over data gave", err)
	}
	want, err := s.Facts.Digest()
	if err != nil {
		t.Fatal(err)
	}
	if got, err := openFacts(t, restored).Digest(); got != want || err != nil {
		t.Error("facts differ after the restore:", err)
	}
	if b, err := os.ReadFile(filepath.Join(restored, "journal", "segment")); string(b) != "entries" || err != nil {
		t.Error("journal:", string(b), err)
	}
}

// A backup from before an upgrade is what one goes back to: it restores, and
// what lies in it is in order meanwhile.
func TestRestoreOfAnOlderBackup(t *testing.T) {
	s := installation(t)
	saved, restored := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
	if err := store.Backup(t.Context(), saved, s); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(saved, store.AdminFile)
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error { // as it was one migration ago
		schema := []byte("schema")
		now, err := boltfile.Counter(tx, schema)
		return errors.Join(err, tx.DeleteBucket([]byte("erasures")), boltfile.SetCounter(tx, schema, now-1))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(saved, store.ManifestFile))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(manifest), "\n")
	for i, l := range lines {
		if strings.HasSuffix(l, " "+store.AdminFile) {
			lines[i] = fmt.Sprintf("%x %d %s", sha256.Sum256(raw), len(raw), store.AdminFile)
		}
	}
	if err := os.WriteFile(filepath.Join(saved, store.ManifestFile), []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	if problems := store.CheckAdmin(path); len(problems) > 0 {
		t.Error("an older file, not damaged:", problems)
	}
	if err := store.Restore(saved, restored); err != nil {
		t.Fatal(err)
	}
	if problems := store.CheckAdmin(filepath.Join(restored, store.AdminFile)); len(problems) > 0 {
		t.Error("restored:", problems)
	}
	if left, err := openAdmin(t, restored).Erasures(); len(left) > 0 || err != nil {
		t.Error("the table that came since:", left, err)
	}
}

func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	s := installation(t)
	for name, spoil := range map[string]func(dir string) error{
		"no manifest": func(dir string) error { return os.Remove(filepath.Join(dir, store.ManifestFile)) },
		"a file gone": func(dir string) error { return os.Remove(filepath.Join(dir, store.AdminFile)) },
		"a file cut":  func(dir string) error { return os.Truncate(filepath.Join(dir, store.FactsFile), 4096) },
		"a byte else": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "journal", "segment"), []byte("entrieS"), 0o600)
		},
		"a path out": func(dir string) error {
			path := filepath.Join(dir, store.ManifestFile)
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			return os.WriteFile(path, append(b, "00 3 ../etc\n"...), 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			saved, restored := filepath.Join(t.TempDir(), "backup"), filepath.Join(t.TempDir(), "data")
			if err := store.Backup(t.Context(), saved, s); err != nil {
				t.Fatal(err)
			}
			if err := spoil(saved); err != nil {
				t.Fatal(err)
			}
			if err := store.Restore(saved, restored); err == nil {
				t.Error("it was restored")
			}
			if _, err := os.Lstat(restored); !os.IsNotExist(err) {
				t.Error("it left something behind:", err)
			}
		})
	}
}

func TestLockDirIsForOne(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	one, err := store.LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.LockDir(dir); fleet.KindOf(err) != fleet.Unavailable {
		t.Error("a second lock gave", err)
	}
	for range 2 {
		if err := one.Close(); err != nil {
			t.Error(err)
		}
	}
	two, err := store.LockDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := two.Close(); err != nil {
		t.Error(err)
	}
}
