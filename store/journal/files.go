package journal

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// disk is what the journal needs of a file system; tests put one in between
// that fails on demand.
type disk interface {
	create(path string) (file, error) // read and write; must not exist
	openWrite(path string) (file, error)
	openRead(path string) (file, error)
	rename(from, to string) error
	remove(path string) error
	names(dir string) ([]string, error)
	syncDir(dir string) error
	free(dir string) (bytes uint64, err error)
}

// file is an open file of a disk.
type file interface {
	ReadAt(p []byte, off int64) (int, error)
	WriteAt(p []byte, off int64) (int, error)
	Truncate(size int64) error
	Close() error
	size() (int64, error)
	sync() error               // data and metadata
	syncData() error           // fdatasync
	allocate(size int64) error // grow to size with zeros that have their place on disk
}

type osDisk struct{}

type osFile struct{ *os.File }

func (osDisk) create(path string) (file, error) {
	return wrap(os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o640))
}

func (osDisk) openWrite(path string) (file, error) {
	return wrap(os.OpenFile(path, os.O_RDWR, 0))
}

func (osDisk) openRead(path string) (file, error) { return wrap(os.Open(path)) }

func wrap(f *os.File, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (osDisk) rename(from, to string) error { return os.Rename(from, to) }

func (osDisk) remove(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (osDisk) names(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names, nil
}

func (osDisk) syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (osDisk) free(dir string) (uint64, error) {
	var st syscall.Statfs_t
	if err := syscall.Statfs(dir, &st); err != nil {
		return 0, err
	}
	return st.Bavail * uint64(st.Bsize), nil
}

func (f osFile) size() (int64, error) {
	st, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return st.Size(), nil
}

func (f osFile) sync() error { return f.Sync() }

func (f osFile) syncData() error {
	for {
		err := syscall.Fdatasync(int(f.Fd()))
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// allocate falls back to a sparse file where the file system cannot
// preallocate: only speed and the promise of space are lost.
func (f osFile) allocate(size int64) error {
	for {
		err := syscall.Fallocate(int(f.Fd()), 0, 0, size)
		switch {
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EOPNOTSUPP), errors.Is(err, syscall.ENOSYS):
			if now, err := f.size(); err != nil || now >= size {
				return err
			}
			return f.Truncate(size)
		default:
			return err
		}
	}
}

func isFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
