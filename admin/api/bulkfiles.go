package api

import (
	"cmp"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The bounds of jobs and their files.
const (
	openPerUser = 50  // jobs that are not final
	keptPerUser = 100 // jobs in all; one more drops the oldest that is final
	fileLife    = 7 * fleet.Day
	jobLife     = 30 * fleet.Day
	filesMost   = 2 << 30 // bytes of all files; the oldest of final jobs go first
)

// bulkFiles are the files of jobs: one directory, random names.
type bulkFiles struct {
	dir string
	mu  sync.Mutex // held while files are dropped
}

func (f *bulkFiles) path(name string) string { return filepath.Join(f.dir, filepath.Base(name)) }

// create makes a file with a name that nobody can guess.
func (f *bulkFiles) create() (*os.File, string, error) {
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return nil, "", err
	}
	name := rand.Text()
	file, err := os.OpenFile(f.path(name), os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	return file, name, err
}

// drop removes files; one that is gone, or "", is fine.
func (f *bulkFiles) drop(names ...string) {
	for _, name := range names {
		if name != "" {
			_ = os.Remove(f.path(name)) // the next sweep tries again
		}
	}
}

// sealed syncs and closes a file that was written.
func sealed(f *os.File, err error) error {
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// sweep drops what is old, what nobody names, and what is too much.
func (a *API) sweepJobs() error {
	files := &a.jobs.files
	files.mu.Lock()
	defer files.mu.Unlock()
	all, err := a.o.Bulk.AllJobs()
	if err != nil {
		return err
	}
	now := a.o.Now()
	owner := map[string]*fleet.Job{}
	for i := range all {
		j := &all[i]
		if j.State.Final() && j.Finished+jobLife < now {
			files.drop(j.Upload, j.File, j.Errors)
			if err := a.o.Bulk.DeleteJob(fleet.Actor{}, j.ID); err != nil {
				return err
			}
			continue
		}
		for _, name := range []string{j.Upload, j.File, j.Errors} {
			if name != "" {
				owner[name] = j
			}
		}
	}
	entries, err := os.ReadDir(files.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	type kept struct {
		name string
		job  *fleet.Job
		size int64
	}
	var ours []kept
	total := int64(0)
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || e.IsDir() {
			continue
		}
		j := owner[e.Name()]
		switch {
		case j == nil && fleet.At(info.ModTime())+fleet.Hour < now: // a job that is being made names it soon
			files.drop(e.Name())
		case j != nil && j.State.Final() && j.Finished+fileLife < now:
			files.drop(e.Name())
		default:
			total += info.Size()
			if j != nil && j.State.Final() {
				ours = append(ours, kept{e.Name(), j, info.Size()})
			}
		}
	}
	slices.SortFunc(ours, func(a, b kept) int {
		return cmp.Or(cmp.Compare(a.job.Finished, b.job.Finished), strings.Compare(a.name, b.name))
	})
	for _, k := range ours {
		if total <= filesMost {
			break
		}
		files.drop(k.name)
		total -= k.size
	}
	return nil
}

// room reports whether the files of jobs may become more.
func (a *API) bulkRoom() error {
	if err := a.sweepJobs(); err != nil {
		return err
	}
	entries, err := os.ReadDir(a.jobs.files.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	total := int64(0)
	for _, e := range entries {
		if info, err := e.Info(); err == nil {
			total += info.Size()
		}
	}
	if total > filesMost {
		return fleet.Errorf(fleet.Unavailable, "there is no room for another file; delete finished jobs")
	}
	return nil
}
