package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/boltfile"
)

const (
	backupsDir   = "backups"  // of the data directory; may be a link to another disk's
	verifiedFile = "VERIFIED" // in a backup: written once all of it was read again
	backupsKept  = 3          // verified ones; older ones go once a newer one is whole
	backupName   = "20060102T150405.000Z"
)

// backups makes the copies that people ask for on the system page. What there
// is, the directories say: one without VERIFIED was cut short.
type backups struct {
	n *node

	mu      sync.Mutex  // guards all below
	running string      // name; "": none
	failed  *api.Backup // the last one, if it failed; its files are gone
}

// Backups are those in the data directory, newest first.
func (b *backups) Backups() (out []api.Backup, err error) {
	b.mu.Lock()
	running, failed := b.running, b.failed
	b.mu.Unlock()
	entries, err := os.ReadDir(b.n.path(backupsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list backups: %w", err)
	}
	for _, e := range entries {
		if v, ok := b.look(e.Name(), running); ok {
			out = append(out, v)
		}
	}
	if failed != nil {
		out = append(out, *failed)
	}
	slices.SortFunc(out, func(x, y api.Backup) int { return cmp.Compare(y.Started, x.Started) })
	return out, nil
}

// look is what a directory holds; false if its name is no backup's.
func (b *backups) look(name, running string) (v api.Backup, ok bool) {
	at, err := time.Parse(backupName, name)
	if err != nil {
		return v, false
	}
	v = api.Backup{Name: name, Path: b.path(name), State: api.BackupFailed, Started: fleet.At(at), Bytes: bytesBelow(b.path(name))}
	switch info, err := os.Stat(filepath.Join(v.Path, verifiedFile)); {
	case name == running:
		v.State, v.Expected = api.BackupRunning, b.expected()
	case err == nil:
		v.State, v.Finished = api.BackupVerified, fleet.At(info.ModTime())
	default:
		v.Problem = "the server ended while it was made"
	}
	return v, true
}

func (b *backups) path(name string) string {
	path := filepath.Join(b.n.path(backupsDir), name)
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	return path
}

// expected is about how many bytes a backup has.
func (b *backups) expected() (sum uint64) {
	for _, s := range storeSizes(b.n.config.Data) {
		sum += s.Bytes
	}
	return sum
}

// BeginBackup begins one, unless another runs or there is no room.
func (b *backups) BeginBackup(note func() error) (v api.Backup, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.running != "" {
		return v, fleet.Errorf(fleet.Conflict, "a backup is being made since %s; wait for its end", b.running)
	}
	if err := os.MkdirAll(b.n.path(backupsDir), 0o700); err != nil {
		return v, fmt.Errorf("backups: %w", err)
	}
	reserve, err := parseBytes(b.n.config.Keep.MinFree)
	if err != nil {
		return v, err
	}
	if free, need := freeBytes(b.n.path(backupsDir)), b.expected()+reserve; free < need {
		return v, fleet.Errorf(fleet.Unavailable, "the disk has %d MB free, a backup and its reserve need %d MB; make room, or make %s a link to another disk's directory",
			free>>20, need>>20, b.n.path(backupsDir))
	}
	if err := note(); err != nil {
		return v, err
	}
	at := b.n.now()
	name := at.Std().UTC().Format(backupName)
	if err := os.Mkdir(b.path(name), 0o700); err != nil {
		return v, fmt.Errorf("backups: %w", err)
	}
	b.running, b.failed = name, nil
	b.n.jobs.Go(func() { b.run(name, at) })
	v, _ = b.look(name, name)
	return v, nil
}

// run makes and verifies one, and drops those that are too many.
func (b *backups) run(name string, at fleet.Time) {
	path, log := b.path(name), b.n.part("backup").With("name", name)
	err := b.make(b.n.running, path)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running = ""
	if err != nil {
		log.Error("the backup failed", "err", err)
		b.failed = &api.Backup{Name: name, Path: path, State: api.BackupFailed, Started: at, Problem: err.Error()}
	} else {
		log.Info("backed up and verified", "path", path)
	}
	if err := b.tidy(); err != nil {
		log.Error("old backups could not be removed; the next backup tries again", "err", err)
	}
}

// make writes a backup, reads it again, and says in it that it is whole.
func (b *backups) make(ctx context.Context, path string) error {
	if err := b.n.backup(ctx, path); err != nil {
		return err
	}
	if _, err := store.VerifyBackup(path); err != nil {
		return err
	}
	return boltfile.WriteFile(filepath.Join(path, verifiedFile), func(w io.Writer) error {
		_, err := io.WriteString(w, "every file was read again and is as MANIFEST says\n")
		return err
	})
}

// tidy removes what was cut short, and verified ones but for the newest few.
// Needs the lock, and none runs.
func (b *backups) tidy() error {
	entries, err := os.ReadDir(b.n.path(backupsDir))
	if err != nil {
		return err
	}
	slices.Reverse(entries) // newest first: the names are times
	kept := 0
	for _, e := range entries {
		v, ok := b.look(e.Name(), "")
		if !ok {
			continue
		}
		if v.State == api.BackupVerified && kept < backupsKept {
			kept++
			continue
		}
		err = errors.Join(err, os.RemoveAll(v.Path))
	}
	return err
}

// bytesBelow is the size of the files in a directory; what goes meanwhile does
// not count.
func bytesBelow(dir string) (sum uint64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			if info, err := d.Info(); err == nil {
				sum += uint64(info.Size())
			}
		}
		return nil
	})
	return sum
}
