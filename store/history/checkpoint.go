package history

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	// checkpointReach is how far back of a day its checkpoints are looked for.
	checkpointReach = 30 * fleet.Day
	// checkpointBatch is how many bytes of states one transaction writes, so
	// that a million devices at midnight do not all stand in memory.
	checkpointBatch = 16 << 20
	maxCheckpoint   = 1 << 20 // bytes of one state
)

func checkpointKey(device fleet.DeviceID) []byte {
	return binary.BigEndian.AppendUint64(nil, uint64(device))
}

// SaveCheckpoints makes checkpoints durable, each in place of the one that is
// there for its device and day; of two for the same, the later one of the
// slice counts. Those of a day come in one transaction or, beyond 16 MiB, in
// several: after an error some may be there. It waits while a segment is being
// sorted. Those of a device that was erased are passed over.
func (h *History) SaveCheckpoints(ctx context.Context, points []fleet.Checkpoint) error {
	order := make([]int, 0, len(points))
	for i := range points {
		if p := &points[i]; p.Day != p.Day.UTCDay() || len(p.State) == 0 || len(p.State) > maxCheckpoint {
			return fmt.Errorf("history: checkpoint of device %s for %s with %d bytes: want the beginning of a UTC day and 1 to %d bytes",
				p.Device, p.Day, len(p.State), maxCheckpoint)
		}
		order = append(order, i)
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(points[a].Day, points[b].Day), cmp.Compare(points[a].Device, points[b].Device), a-b)
	})
	if err := h.take(ctx); err != nil {
		return err
	}
	defer func() { <-h.turn }()
	erased := h.state.Load().erased
	order = slices.DeleteFunc(order, func(i int) bool { _, gone := erased[points[i].Device]; return gone })
	for len(order) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		day, n, size := points[order[0]].Day, 0, 0
		for n < len(order) && points[order[n]].Day == day && (n == 0 || size < checkpointBatch) {
			size += len(points[order[n]].State)
			n++
		}
		if err := h.putCheckpoints(day, points, order[:n]); err != nil {
			return fmt.Errorf("history: saving %d checkpoints in %s: %w", n, fileName(day), err)
		}
		order = order[n:]
	}
	return nil
}

func (h *History) putCheckpoints(day fleet.Time, points []fleet.Checkpoint, order []int) error {
	f, err := h.days.get(day, true)
	if err != nil {
		return err
	}
	err = guard(f.path, func() error {
		return f.db.Update(func(tx *bbolt.Tx) error {
			b, err := tx.CreateBucketIfNotExists(bucketCheckpoints) // a file of the version before lacks it
			if err != nil {
				return err
			}
			b.FillPercent = 0.9 // keys come in order, most of a day at once
			for _, i := range order {
				key := checkpointKey(points[i].Device)
				if err := b.Put(key, sealCheckpoint(key, &points[i])); err != nil {
					return err
				}
			}
			return nil
		})
	})
	return errors.Join(err, h.days.release(f))
}

// Checkpoints calls each for the device's checkpoints of the day that holds
// upto and the 30 before it, newest first, until it returns false. The State is
// each's only until it returns. One whose checksum is wrong is passed over with
// a warning: an older one leads to the same.
func (h *History) Checkpoints(ctx context.Context, device fleet.DeviceID, upto fleet.Time, each func(fleet.Checkpoint) bool) error {
	if _, gone := h.state.Load().erased[device]; gone {
		return nil
	}
	list, err := h.days.list()
	if err != nil {
		return err
	}
	list = sortedDays(list, upto.UTCDay()-checkpointReach, upto.UTCDay()+1)
	c := fleet.Checkpoint{Device: device}
	for _, day := range slices.Backward(list) {
		if err := ctx.Err(); err != nil {
			return err
		}
		c.Day = day
		found, err := h.checkpoint(&c)
		if err != nil {
			return err
		}
		if found && !each(c) {
			return nil
		}
	}
	return nil
}

// checkpoint fills in c, whose device and day are given, in the memory that its
// State has.
func (h *History) checkpoint(c *fleet.Checkpoint) (found bool, err error) {
	f, err := h.days.get(c.Day, false)
	if errors.Is(err, fs.ErrNotExist) { // swept meanwhile
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = guard(f.path, func() error {
		return f.db.View(func(tx *bbolt.Tx) error {
			b, key := tx.Bucket(bucketCheckpoints), checkpointKey(c.Device)
			if b == nil {
				return nil
			}
			v := b.Get(key)
			if v == nil {
				return nil
			}
			upto, state, why := openCheckpoint(key, v)
			if why != "" {
				h.log.Warn("checkpoint passed over, an older one will do", "err", damaged(f.path, key, why))
				return nil
			}
			found, c.Upto, c.State = true, upto, append(c.State[:0], state...)
			return nil
		})
	})
	return found, errors.Join(err, h.days.release(f))
}

// sealCheckpoint is a checkpoint's value: Upto, then the state.
func sealCheckpoint(key []byte, c *fleet.Checkpoint) []byte {
	value := make([]byte, chunkHead, chunkHead+8+len(c.State))
	value[0] = schema
	value = append(binary.BigEndian.AppendUint64(value, uint64(c.Upto)), c.State...)
	sealValue(key, value)
	return value
}

// openCheckpoint reads what sealCheckpoint made; why is "" then.
func openCheckpoint(key, value []byte) (upto fleet.Time, state []byte, why string) {
	rest, why := openValue(key, value)
	if why == "" && (len(key) != 8 || len(rest) <= 8) {
		why = "it is no checkpoint of a device"
	}
	if why != "" {
		return 0, nil, why
	}
	return fleet.Time(binary.BigEndian.Uint64(rest)), rest[8:], ""
}

// copyCheckpoints writes a file's checkpoints into another, without one device's.
func copyCheckpoints(from *bbolt.Tx, w *copier, device fleet.DeviceID) error {
	b := from.Bucket(bucketCheckpoints)
	if b == nil {
		return nil
	}
	key := checkpointKey(device)
	return b.ForEach(func(k, v []byte) error {
		if bytes.Equal(k, key) {
			return nil
		}
		return w.put(bucketCheckpoints, k, v)
	})
}

// checkCheckpoints proves the checksum of each.
func (s *Summary) checkCheckpoints(tx *bbolt.Tx, path string, report func(*DamageError)) error {
	b := tx.Bucket(bucketCheckpoints)
	if b == nil {
		return nil
	}
	return b.ForEach(func(k, v []byte) error {
		if _, _, why := openCheckpoint(k, v); why != "" {
			report(&DamageError{File: path, Key: hex.EncodeToString(k), Reason: why})
			return nil
		}
		s.Checkpoints++
		return nil
	})
}
