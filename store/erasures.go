package store

import (
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// erasuresBucket is device ID -> erasure: of deleted devices whose tracks are
// still to be erased, which is another file's business than the deletion. The
// row stands from the deletion's transaction until the track is gone.
const erasuresBucket = "erasures"

var erasuresTable = boltfile.NewTable(erasuresBucket)

type erasure struct {
	Ordered fleet.Time `cbor:"1,keyasint"`
}

func addErasures(tx *bbolt.Tx) error { return makeBuckets(tx, erasuresBucket) }

// erase notes that a device's track is to be erased, and who wants that.
func (e *edit) erase(id fleet.DeviceID) error {
	key := be64(uint64(id))
	if err := boltfile.Put(e.tx.Bucket([]byte(erasuresBucket)), erasuresTable, key, &erasure{Ordered: e.now}); err != nil {
		return err
	}
	return e.log.append(AuditRow{Action: "erase", Record: deviceRecord.String(), Key: key})
}

// checkErased refuses to erase what the set does not delete.
func (e *edit) checkErased() error {
	for i, id := range e.set.Erased {
		if !slices.Contains(e.set.RemovedDevices, id) {
			return place("erased", i, fleet.Errorf(fleet.Invalid, "the track of device %s goes only with the device; delete it in the same change", id))
		}
	}
	return nil
}

// Erasures are the deleted devices whose tracks are still to be erased. Whoever
// has erased one says so with Erased.
func (a *Admin) Erasures() (out []fleet.DeviceID, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(erasuresBucket)).ForEach(func(k, raw []byte) error {
			if _, err := boltfile.Decode[erasure](erasuresTable, k, raw); err != nil {
				return err
			}
			out = append(out, fleet.DeviceID(be64Of(k)))
			return nil
		})
	})
	return out, err
}

// Erased says that nothing is left of a device's track. Saying it twice is fine.
func (a *Admin) Erased(id fleet.DeviceID) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte(erasuresBucket)).Delete(be64(uint64(id)))
	})
}
