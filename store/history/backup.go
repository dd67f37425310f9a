package history

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Backup copies the day files and the state into a folder that exists, while
// everything goes on. The journal must be held before and copied after it
// (journal.Hold), so that it has every segment that the copy lacks.
func (h *History) Backup(ctx context.Context, dir string) error {
	if err := h.take(ctx); err != nil { // the state and the files shall agree
		return err
	}
	defer func() { <-h.turn }()
	list, err := h.days.list()
	if err != nil {
		return err
	}
	for _, day := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := h.backupDay(day, filepath.Join(dir, fileName(day))); err != nil {
			return fmt.Errorf("history: backup of %s: %w", fileName(day), err)
		}
	}
	return writeState(dir, h.state.Load())
}

func (h *History) backupDay(day fleet.Time, to string) error {
	f, err := h.days.get(day, false)
	if err != nil {
		return err
	}
	err = guard(f.path, func() error {
		return f.db.View(func(tx *bbolt.Tx) error { return writeTo(tx, to) })
	})
	return errors.Join(err, h.days.release(f))
}

func writeTo(w io.WriterTo, path string) (err error) {
	out, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if _, err := w.WriteTo(out); err != nil {
		return err
	}
	return out.Sync()
}
