package boltfile

import (
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"
	"syscall"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/vigia-track/vigia/engine/fleet"
)

// errNothing ends an Update that found nothing to write.
var errNothing = errors.New("boltfile: nothing to write")

// View runs fn in a read transaction. What fn read is valid only inside.
// Keep it short and call nobody from it: an open reader keeps pages from being
// reused and a growing writer waiting.
func (d *DB) View(fn func(*bbolt.Tx) error) error {
	return d.named(guard(d.path, func() error { return d.bolt.View(fn) }))
}

// Update runs fn in the write transaction and makes its work durable; an error
// of fn undoes it. A full disk is an error of kind Unavailable that left the
// file as it was: a later Update may succeed. After a commit whose outcome is
// unknown every further Update fails, with kind Internal, until the file is
// opened anew.
func (d *DB) Update(fn func(*bbolt.Tx) error) error {
	if p := d.broken.Load(); p != nil {
		return fmt.Errorf("%s takes no more writes after a failed one; restart vigia: %w", d.path, *p)
	}
	var inner error
	err := guard(d.path, func() error {
		return d.bolt.Update(func(tx *bbolt.Tx) error {
			inner = fn(tx)
			return inner
		})
	})
	if err != nil && inner == nil {
		if !harmless(err) {
			d.broken.CompareAndSwap(nil, &err)
		} else if !closed(err) {
			return fleet.Errorf(fleet.Unavailable, "%s: the disk is full; free some space: %w", d.path, err)
		}
	}
	return d.named(err)
}

// harmless reports whether a failed commit left the file as it was, so that it
// may be tried again: the disk was full before anything was synced.
func harmless(err error) bool {
	if closed(err) {
		return true
	}
	if strings.HasPrefix(err.Error(), "file resize error:") {
		return true // bbolt could not grow the file, and wrote nothing; it keeps no cause
	}
	// bbolt's writes fail as a PathError, before anything is synced; a failed
	// fdatasync is a bare errno, and after it nothing is known.
	p, ok := errors.AsType[*fs.PathError](err)
	full := errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG)
	return ok && full && p.Op == "write"
}

// closed reports whether a transaction did not even begin.
func closed(err error) bool {
	return errors.Is(err, bolterrors.ErrDatabaseNotOpen) || errors.Is(err, bolterrors.ErrDatabaseReadOnly)
}

// named puts the file's name into a damage report.
func (d *DB) named(err error) error {
	if e, ok := errors.AsType[*DamageError](err); ok && e.File == "" {
		e.File = d.path
		e.Key = append([]byte(nil), e.Key...) // it lived in the map
	}
	return err
}

// guard runs fn and turns a fault in the memory map, or bbolt's panic over a
// damaged page, into an error. Panics that begin "bug:" are ours and go on.
func guard(path string, fn func() error) (err error) {
	old := debug.SetPanicOnFault(true)
	defer debug.SetPanicOnFault(old)
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if s, ok := p.(string); ok && strings.HasPrefix(s, "bug:") {
			panic(p)
		}
		err = fmt.Errorf("%s is damaged: %v; run vigia check and restore a backup", path, p)
	}()
	return fn()
}
