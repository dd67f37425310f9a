package history

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Sweep drops the files of all days before the day that holds before. It
// returns how many went.
func (h *History) Sweep(ctx context.Context, before fleet.Time) (dropped int, err error) {
	if err := h.take(ctx); err != nil {
		return 0, err
	}
	defer func() { <-h.turn }()
	list, err := h.days.list()
	if err != nil {
		return 0, err
	}
	for _, day := range list {
		if day >= before.UTCDay() {
			break
		}
		if err := os.Remove(h.path(day)); err != nil {
			return dropped, fmt.Errorf("history: %w", err)
		}
		if err := h.days.forget(day); err != nil { // after it has no name, so that nobody opens it again
			return dropped, err
		}
		dropped++
	}
	if dropped > 0 {
		err = syncPath(h.dir)
	}
	return dropped, err
}

// Erase removes all that is kept of a device, for good: files with fixes or
// checkpoints of it are written anew without them, and what the journal still holds of it is
// hidden and will not be sorted. The device must not report any more.
func (h *History) Erase(ctx context.Context, device fleet.DeviceID) error {
	if err := h.take(ctx); err != nil {
		return err
	}
	defer func() { <-h.turn }()
	if last := h.journal.Last(); last > h.state.Load().sorted {
		next := h.state.Load().clone()
		next.erased[device] = last
		if err := writeState(h.dir, next); err != nil {
			return err
		}
		h.state.Store(next)
	}
	list, err := h.days.list()
	if err != nil {
		return err
	}
	for _, day := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := h.eraseFrom(day, device); err != nil {
			return fmt.Errorf("history: erasing device %s from %s: %w", device, fileName(day), err)
		}
	}
	return nil
}

func (h *History) eraseFrom(day fleet.Time, device fleet.DeviceID) error {
	f, err := h.days.get(day, false)
	if err != nil {
		return err
	}
	wrote := false
	err = guard(f.path, func() error {
		return f.db.View(func(tx *bbolt.Tx) error {
			has, err := holds(tx, f.path, device)
			if err != nil || !has {
				return err
			}
			wrote = true
			return replace(f.path, func(temp string) error { return copyWithout(tx, f.path, temp, device) })
		})
	})
	if wrote && err == nil {
		err = h.days.forget(day)
	}
	return errors.Join(err, h.days.release(f))
}

// holds reports whether a file has any block or the checkpoint of a device.
func holds(tx *bbolt.Tx, path string, device fleet.DeviceID) (bool, error) {
	if b := tx.Bucket(bucketCheckpoints); b != nil && b.Get(checkpointKey(device)) != nil {
		return true, nil
	}
	for l := range lanes {
		found := false
		err := eachChunk(tx, path, l, func(_, rest []byte) error {
			return eachBlock(rest, func(d fleet.DeviceID, _ []byte) bool {
				found = found || d == device
				return !found && d < device
			})
		})
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

// eachChunk calls f for each chunk of a lane, its checksum proved.
func eachChunk(tx *bbolt.Tx, path string, l lane, f func(key, rest []byte) error) error {
	b := tx.Bucket(l.bucket())
	if b == nil {
		return &DamageError{File: path, Reason: "a bucket is missing"}
	}
	return b.ForEach(func(k, v []byte) error {
		rest, why := openValue(k, v)
		if why == "" {
			if err := f(k, rest); err != nil {
				why = err.Error()
			}
		}
		if why != "" {
			return &DamageError{File: path, Key: hex.EncodeToString(k), Reason: why}
		}
		return nil
	})
}

// copyBatch is how many bytes one transaction of a copy holds in memory.
const copyBatch = 8 << 20

// copyWithout makes a file that lacks one device.
func copyWithout(from *bbolt.Tx, path, temp string, device fleet.DeviceID) (err error) {
	db, err := openBolt(temp, os.OpenFile, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	db.NoSync = true // the caller syncs the whole file before it counts
	w := &copier{db: db}
	defer w.rollback()
	for l := range lanes {
		err := eachChunk(from, path, l, func(k, rest []byte) error {
			value, err := without(k, rest, device)
			if err != nil {
				return err
			}
			return w.put(l.bucket(), k, value)
		})
		if err != nil {
			return err
		}
	}
	err = from.Bucket(bucketSegments).ForEach(func(k, v []byte) error { return w.put(bucketSegments, k, v) })
	if err != nil {
		return err
	}
	if err := copyCheckpoints(from, w, device); err != nil {
		return err
	}
	return w.commit()
}

// without is a chunk's value without a device. The key stays, as the segment's
// contents list it, even if nothing is left.
func without(key, rest []byte, device fleet.DeviceID) ([]byte, error) {
	var c chunk
	err := eachBlock(rest, func(d fleet.DeviceID, b []byte) bool {
		if d != device {
			c.body = append(c.body, b...)
			c.devices, c.ends = append(c.devices, d), append(c.ends, len(c.body))
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	return c.sealAs(key), nil
}

// copier puts values in batches.
type copier struct {
	db   *bbolt.DB
	tx   *bbolt.Tx
	size int
}

func (w *copier) put(bucket, k, v []byte) (err error) {
	if w.tx == nil {
		if w.tx, err = w.db.Begin(true); err != nil {
			return err
		}
		if err := makeBuckets(w.tx); err != nil {
			return err
		}
	}
	b := w.tx.Bucket(bucket)
	b.FillPercent = 0.95
	if err := b.Put(k, v); err != nil {
		return err
	}
	if w.size += len(v); w.size < copyBatch {
		return nil
	}
	return w.commit()
}

func (w *copier) commit() error {
	if w.tx == nil {
		return nil
	}
	err := w.tx.Commit()
	w.tx, w.size = nil, 0
	return err
}

func (w *copier) rollback() {
	if w.tx != nil {
		_ = w.tx.Rollback() // it only gives up what is not wanted
	}
}
