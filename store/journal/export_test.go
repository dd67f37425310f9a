package journal

import (
	"errors"
)

// Faults makes a file system whose N-th operation fails.
type Faults struct {
	At    int   // the operation that fails, from 1; 0: none
	Stick bool  // all later ones fail too
	Err   error // syscall.EIO, syscall.ENOSPC ...
	Short bool  // a failing write writes half

	Count int
	Bad   string // the rule that was broken
}

// SetFaults puts f between the journal and its files.
func (o *Options) SetFaults(f *Faults) { o.disk = &faultyDisk{f: f} }

// Sector is the unit that a disk writes whole.
const Sector = sector

var errInjected = errors.New("injected")

func (f *Faults) hit() error {
	f.Count++
	if f.At > 0 && (f.Count == f.At || f.Stick && f.Count > f.At) {
		return errors.Join(errInjected, f.Err)
	}
	return nil
}

type faultyDisk struct {
	osDisk
	f *Faults
}

func (d *faultyDisk) wrap(f file, err error) (file, error) {
	if err != nil {
		return nil, err
	}
	return &faultyFile{file: f, f: d.f}, nil
}

func (d *faultyDisk) create(path string) (file, error) {
	if err := d.f.hit(); err != nil {
		return nil, err
	}
	return d.wrap(d.osDisk.create(path))
}

func (d *faultyDisk) openWrite(path string) (file, error) {
	if err := d.f.hit(); err != nil {
		return nil, err
	}
	return d.wrap(d.osDisk.openWrite(path))
}

func (d *faultyDisk) rename(from, to string) error {
	if err := d.f.hit(); err != nil {
		return err
	}
	return d.osDisk.rename(from, to)
}

func (d *faultyDisk) remove(path string) error {
	if err := d.f.hit(); err != nil {
		return err
	}
	return d.osDisk.remove(path)
}

func (d *faultyDisk) syncDir(dir string) error {
	if err := d.f.hit(); err != nil {
		return err
	}
	return d.osDisk.syncDir(dir)
}

type faultyFile struct {
	file
	f      *Faults
	broken bool // a sync failed
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.f.hit(); err != nil {
		if f.f.Short {
			n, _ := f.file.WriteAt(p[:len(p)/2], off)
			return n, err
		}
		return 0, err
	}
	return f.file.WriteAt(p, off)
}

func (f *faultyFile) Truncate(size int64) error {
	if err := f.f.hit(); err != nil {
		return err
	}
	return f.file.Truncate(size)
}

func (f *faultyFile) allocate(size int64) error {
	if err := f.f.hit(); err != nil {
		return err
	}
	return f.file.allocate(size)
}

func (f *faultyFile) again() {
	if f.broken {
		f.f.Bad = "a descriptor was synced again after its sync failed"
	}
}

func (f *faultyFile) sync() error {
	f.again()
	if err := f.f.hit(); err != nil {
		f.broken = true
		return err
	}
	return f.file.sync()
}

func (f *faultyFile) syncData() error {
	f.again()
	if err := f.f.hit(); err != nil {
		f.broken = true
		return err
	}
	return f.file.syncData()
}
