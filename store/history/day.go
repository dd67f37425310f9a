package history

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// What a day's file holds.
var (
	bucketTracks     = []byte("tracks")     // chunks of accepted fixes, by the day of Fix
	bucketQuarantine = []byte("quarantine") // chunks of quarantined ones, by the day of Received
	bucketSegments   = []byte("segments")   // the segments that added to either

	bucketCheckpoints = []byte("checkpoints") // states of devices before their first fix of the day
)

const (
	filePrefix = "tracks-"
	fileSuffix = ".db"
	tempSuffix = ".tmp"
	dayLayout  = "20060102"
)

// fileName is the name of a day's file.
func fileName(day fleet.Time) string { return filePrefix + day.Std().Format(dayLayout) + fileSuffix }

// parseFileName reads a name of fileName's form.
func parseFileName(name string) (day fleet.Time, ok bool) {
	s, ok := strings.CutPrefix(name, filePrefix)
	if s, ok = cutSuffix(s, fileSuffix, ok); !ok {
		return 0, false
	}
	t, err := time.Parse(dayLayout, s)
	return fleet.At(t), err == nil
}

func cutSuffix(s, suffix string, ok bool) (string, bool) {
	rest, found := strings.CutSuffix(s, suffix)
	return rest, ok && found
}

// days keeps a bounded number of day files open.
type days struct {
	dir  string
	most int // open and idle at once

	readOnly bool

	mu     sync.Mutex // guards what follows
	open   map[fleet.Time]*dayFile
	clock  uint64 // counts uses
	closed bool
}

// dayFile is one open file. ready is closed once db or err is set.
type dayFile struct {
	day   fleet.Time
	path  string
	ready chan struct{}
	db    *bbolt.DB
	err   error

	refs int    // guarded by days.mu
	used uint64 // guarded by days.mu
	gone bool   // guarded by days.mu: not in open any more; the last user closes it
}

// get opens a day's file, or is fs.ErrNotExist without create. release it.
func (d *days) get(day fleet.Time, create bool) (*dayFile, error) {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil, errClosed
	}
	d.clock++
	f := d.open[day]
	mine := f == nil
	if mine {
		f = &dayFile{day: day, path: filepath.Join(d.dir, fileName(day)), ready: make(chan struct{})}
		d.open[day] = f
	}
	f.refs++
	f.used = d.clock
	d.mu.Unlock()
	if mine {
		f.db, f.err = openDay(f.path, create, d.readOnly)
		close(f.ready)
	} else {
		<-f.ready
	}
	if f.err == nil {
		return f, nil
	}
	err := f.err
	d.mu.Lock()
	if d.open[day] == f {
		delete(d.open, day)
	}
	d.mu.Unlock()
	if create && !mine && errors.Is(err, fs.ErrNotExist) { // somebody only looked
		return d.get(day, create)
	}
	return nil, err
}

// release gives a file back and closes idle ones beyond the bound.
func (d *days) release(f *dayFile) error {
	var shut []*dayFile
	d.mu.Lock()
	f.refs--
	if f.gone && f.refs == 0 {
		shut = append(shut, f)
	}
	for len(d.open) > d.most {
		var oldest *dayFile
		for _, o := range d.open {
			if o.refs == 0 && (oldest == nil || o.used < oldest.used) {
				oldest = o
			}
		}
		if oldest == nil {
			break
		}
		delete(d.open, oldest.day)
		oldest.gone = true
		shut = append(shut, oldest)
	}
	d.mu.Unlock()
	return closeAll(shut)
}

// forget makes the next get open the file anew; the last user closes this one.
func (d *days) forget(day fleet.Time) error {
	var shut []*dayFile
	d.mu.Lock()
	if f := d.open[day]; f != nil {
		delete(d.open, day)
		f.gone = true
		if f.refs == 0 {
			shut = append(shut, f)
		}
	}
	d.mu.Unlock()
	return closeAll(shut)
}

// close closes all files. Their users have ended.
func (d *days) close() error {
	d.mu.Lock()
	d.closed = true
	var shut []*dayFile
	for _, f := range d.open {
		shut = append(shut, f)
	}
	clear(d.open)
	d.mu.Unlock()
	return closeAll(shut)
}

func closeAll(files []*dayFile) error {
	var errs []error
	for _, f := range files {
		if f.db != nil {
			if err := f.db.Close(); err != nil {
				errs = append(errs, fmt.Errorf("history: closing %s: %w", f.path, err))
			}
		}
	}
	return errors.Join(errs...)
}

// list gives the days that have a file, ascending.
func (d *days) list() ([]fleet.Time, error) {
	entries, err := os.ReadDir(d.dir)
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	var out []fleet.Time
	for _, e := range entries {
		if day, ok := parseFileName(e.Name()); ok {
			out = append(out, day)
		}
	}
	slices.Sort(out)
	return out, nil
}

var boltOptions = bbolt.Options{Timeout: 5 * time.Second, FreelistType: bbolt.FreelistMapType}

// growStep keeps the files near the size of their data.
const growStep = 256 << 10

// openDay opens a file. A new one is made under another name and renamed once
// it is on disk, because bbolt's first initialisation does not survive a power
// cut.
func openDay(path string, create, readOnly bool) (*bbolt.DB, error) {
	if _, err := os.Stat(path); err != nil {
		if !create || !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		err := replace(path, func(temp string) error {
			db, err := openBolt(temp, os.OpenFile, false)
			if err != nil {
				return err
			}
			return errors.Join(db.Update(makeBuckets), db.Close())
		})
		if err != nil {
			return nil, fmt.Errorf("history: making %s: %w", path, err)
		}
	}
	db, err := openBolt(path, openOld, readOnly)
	if err != nil {
		return nil, fmt.Errorf("history: opening %s: %w", path, err)
	}
	return db, nil
}

// openOld never makes a file: one that was dropped since it was looked for must
// not come again, empty.
func openOld(path string, flag int, perm os.FileMode) (*os.File, error) {
	return os.OpenFile(path, flag&^os.O_CREATE, perm)
}

func openBolt(path string, open func(string, int, os.FileMode) (*os.File, error), readOnly bool) (db *bbolt.DB, err error) {
	err = guard(path, func() error {
		o := boltOptions
		o.OpenFile, o.ReadOnly = open, readOnly
		db, err = bbolt.Open(path, 0o640, &o)
		return err
	})
	if err == nil {
		db.AllocSize = growStep
	}
	return db, err
}

func makeBuckets(tx *bbolt.Tx) error {
	for _, name := range [][]byte{bucketTracks, bucketQuarantine, bucketSegments, bucketCheckpoints} {
		if _, err := tx.CreateBucketIfNotExists(name); err != nil {
			return err
		}
	}
	return nil
}

// replace has a file made under a temporary name, syncs and renames it.
func replace(path string, make func(temp string) error) error {
	temp := path + tempSuffix
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := make(temp)
	if err == nil {
		err = syncPath(temp)
	}
	if err == nil {
		err = os.Rename(temp, path)
	}
	if err != nil {
		_ = os.Remove(temp) // what counts is why
		return err
	}
	return syncPath(filepath.Dir(path))
}

func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
