package history

import (
	"context"
	"errors"
	"io/fs"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Positions calls each for the device's accepted fixes with from <= Fix < to,
// oldest first, those of one time in the order of their arrival, until it
// returns false. Fixes that are equal in all but their arrival come once. The
// position is each's only until it returns, but for its Attrs.
func (h *History) Positions(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error {
	return h.read(ctx, device, accepted, from, to, each)
}

// Quarantined calls each for the device's quarantined reports that have a place
// and from <= Received < to: oldest day of arrival first, by Fix within.
func (h *History) Quarantined(ctx context.Context, device fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error {
	return h.read(ctx, device, quarantined, from, to, each)
}

// earliest keeps the arithmetic of days from overflowing.
const earliest = fleet.Time(-1 << 60)

// filed is the time by which a lane is filed.
func filed(l lane, p *fleet.Position) fleet.Time {
	if l == quarantined {
		return p.Received
	}
	return p.Fix
}

func (h *History) read(ctx context.Context, device fleet.DeviceID, l lane, from, to fleet.Time, each func(*fleet.Position) bool) error {
	from = max(from, earliest)
	within := func(p *fleet.Position) bool { t := filed(l, p); return from <= t && t < to }
	// What is unsorted comes first: a segment that is sorted in between is
	// then seen twice, which collapse mends, and never missed.
	fresh, err := h.unsorted(ctx, device, l, within)
	if err != nil {
		return err
	}
	byDay := map[fleet.Time][]fleet.Position{}
	for i := range fresh {
		day := filed(l, &fresh[i]).UTCDay()
		byDay[day] = append(byDay[day], fresh[i])
	}
	wanted, err := h.days.list()
	if err != nil {
		return err
	}
	for day := range byDay {
		wanted = append(wanted, day)
	}
	var u unpacker
	var day []fleet.Position
	for _, d := range sortedDays(wanted, from.UTCDay(), to) {
		if err := ctx.Err(); err != nil {
			return err
		}
		if day, err = h.readDay(d, device, l, &u, day[:0]); err != nil {
			return err
		}
		day = append(day, byDay[d]...)
		day = collapse(day)
		for i := range day {
			if within(&day[i]) && !each(&day[i]) {
				return nil
			}
		}
	}
	return nil
}

// readDay appends all that a day's file has of the device.
func (h *History) readDay(day fleet.Time, device fleet.DeviceID, l lane, u *unpacker, out []fleet.Position) ([]fleet.Position, error) {
	f, err := h.days.get(day, false)
	if errors.Is(err, fs.ErrNotExist) {
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	err = guard(f.path, func() error {
		return f.db.View(func(tx *bbolt.Tx) error {
			out, err = readBlocks(tx, f.path, day, device, l, u, out)
			return err
		})
	})
	if e := h.days.release(f); err == nil {
		err = e
	}
	return out, err
}

func readBlocks(tx *bbolt.Tx, path string, day fleet.Time, device fleet.DeviceID, l lane, u *unpacker, out []fleet.Position) ([]fleet.Position, error) {
	bucket := tx.Bucket(l.bucket())
	if bucket == nil {
		return nil, &DamageError{File: path, Reason: "a bucket is missing"}
	}
	var key chunkKey
	var failed error
	err := eachContents(tx, path, func(segment []byte, c *contents) error {
		copy(key[:], segment)
		return c.of(l, device, func(suffix []byte) error {
			copy(key[8:], suffix)
			rest, why := openValue(key[:], bucket.Get(key[:]))
			if why != "" {
				return damaged(path, key[:], why)
			}
			err := eachBlock(rest, func(d fleet.DeviceID, b []byte) bool {
				if d == device {
					out, failed = u.read(b, device, day, out)
				}
				return d <= device && failed == nil
			})
			if err = errors.Join(err, failed); err != nil {
				return damaged(path, key[:], err.Error())
			}
			return nil
		})
	})
	return out, err
}

// sortedDays orders days, drops doubles and those outside [from, to).
func sortedDays(days []fleet.Time, from, to fleet.Time) []fleet.Time {
	out := days[:0]
	for _, d := range days {
		if from <= d && d < to {
			out = append(out, d)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
