package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Format is what a file is for, and how it came to its present shape: the
// number of migrations is the schema's version.
type Format struct {
	Name       string // kept in the file, so that one is not taken for another
	Migrations []func(*bbolt.Tx) error
}

// Options are how a file is opened.
type Options struct {
	ReadOnly bool          // for checks; no migrations, nothing is created
	Timeout  time.Duration // how long to wait for the file's lock; 0 = 2 s
	MmapSize int           // bytes of address space to map at once; 0 = 256 MiB
}

// DB is one open file. Its methods may be called from any goroutine.
type DB struct {
	bolt   *bbolt.DB
	path   string
	broken atomic.Pointer[error] // set by a commit whose outcome is unknown
}

// defaultMmap is mapped ahead so that a reader does not hold a growing writer up.
const defaultMmap = 256 << 20

// Open opens the file at path, creating or migrating it. It fails with kind
// Unavailable while another process has the file open.
func Open(path string, format Format, o Options) (*DB, error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) && !o.ReadOnly {
		if err := create(path, format); err != nil {
			return nil, fmt.Errorf("create %s: %w", path, err)
		}
	} else if err != nil {
		return nil, err
	} else if st.Size() == 0 {
		return nil, fmt.Errorf("%s is empty, though it once was not; restore a backup, or remove it to begin anew", path)
	}
	d, err := open(path, o)
	if err != nil {
		return nil, err
	}
	if o.ReadOnly {
		err = d.View(func(tx *bbolt.Tx) error {
			_, err := version(tx, path, format)
			return err
		})
	} else {
		err = d.migrate(format)
	}
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func open(path string, o Options) (*DB, error) {
	size := max(o.MmapSize, defaultMmap)
	if st, err := os.Stat(path); err == nil {
		size = max(size, int(st.Size())*2)
	}
	if o.ReadOnly {
		size = MappedToRead(path)
	}
	timeout := o.Timeout
	if timeout == 0 {
		timeout = 2 * time.Second
	}
	d := &DB{path: path}
	err := guard(path, func() (err error) {
		d.bolt, err = bbolt.Open(path, 0o600, &bbolt.Options{
			Timeout: timeout, ReadOnly: o.ReadOnly,
			NoFreelistSync: true, FreelistType: bbolt.FreelistMapType,
			InitialMmapSize: size,
		})
		return err
	})
	if errors.Is(err, bolterrors.ErrTimeout) {
		return nil, fleet.Errorf(fleet.Unavailable, "%s is in use by another process; stop it first: %w", path, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open %s: %w (if the file is damaged, restore a backup; see vigia check)", path, err)
	}
	return d, nil
}

// beyond is more than a damaged page's 32-bit offset and length may point
// beyond the page.
const beyond int64 = 9 << 30

// MappedToRead is how much address space to map for a file that is read to be
// checked. What a damaged page points at then lies beyond the file's end but
// within the map: reading it is a fault, which is caught, while beyond the map
// there may be memory of the process, which reads like data. 0, for the file
// alone, where addresses have 32 bits.
func MappedToRead(path string) int {
	st, err := os.Stat(path)
	if err != nil || math.MaxInt == math.MaxInt32 {
		return 0
	}
	return int(st.Size() + beyond)
}

// create builds an empty file of a format beside its place and renames it.
func create(path string, format Format) (err error) {
	tmp := path + ".tmp"
	if err := os.Remove(tmp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	d, err := open(tmp, Options{})
	if err != nil {
		return err
	}
	if err := errors.Join(d.migrate(format), d.bolt.Sync(), d.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp))
	}
	if err := os.Rename(tmp, path); err != nil {
		return err
	}
	return SyncDir(filepath.Dir(path))
}

// Path is where the file is.
func (d *DB) Path() string { return d.path }

// Close closes the file, waiting for transactions to end. Closing twice is fine.
func (d *DB) Close() error { return d.bolt.Close() }

// SyncDir makes the names in a directory durable.
func SyncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
