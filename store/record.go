package store

import (
	"cmp"
	"context"
	"math"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// DeviceEvents lists a device's events with Time >= from and Seq <= upto,
// retracted ones too, by Time, then Seq, then ID. An event that was amended
// goes by its present Time, if that is at most 30 days after the one that it
// was recorded with.
func (f *Facts) DeviceEvents(ctx context.Context, device fleet.DeviceID, from fleet.Time, upto fleet.Seq) (out []fleet.Event, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		ds := openDays(tx, eventsTable)
		w := &walker{
			days: ds, index: deviceBucket, prefixes: [][]byte{be64(uint64(device))},
			from: dayAt(from), to: math.MaxUint32 - 1, movedBefore: lateDays,
		}
		return w.each(func(key []byte) (bool, error) {
			if err := ctx.Err(); err != nil {
				return false, err
			}
			e, err := getEvent(ds, key)
			if err == nil && e.Device == device && e.Time >= from && e.Seq <= upto {
				out = append(out, e)
			}
			return true, err
		})
	})
	slices.SortFunc(out, func(a, b fleet.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Seq, b.Seq), slices.Compare(a.ID[:], b.ID[:]))
	})
	return out, err
}
