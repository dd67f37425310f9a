package store

import (
	"bytes"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Due lists up to limit deliveries of a channel that are not final and have
// Due <= now, oldest first.
func (f *Facts) Due(ch fleet.Channel, now fleet.Time, limit int) (out []fleet.Delivery, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		deliveries := openDays(tx, deliveriesTable)
		prefix := duePrefix([]byte(ch))
		c := tx.Bucket([]byte(dueBucket)).Cursor()
		for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix) && len(out) < limit; k, _ = c.Next() {
			due, key, err := splitDue(k, prefix)
			if err != nil {
				return err
			}
			if due > now {
				return nil
			}
			v, err := getDelivery(deliveries, key)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// NextDue is when the channel's first delivery with Due > now falls due, 0 for
// none.
func (f *Facts) NextDue(ch fleet.Channel, now fleet.Time) (due fleet.Time, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		prefix := duePrefix([]byte(ch))
		c := tx.Bucket([]byte(dueBucket)).Cursor()
		k, _ := c.Seek(append(bytes.Clone(prefix), be64(uint64(max(now, -1)+1))...))
		if !bytes.HasPrefix(k, prefix) {
			return nil
		}
		due, _, err = splitDue(k, prefix)
		return err
	})
	return due, err
}

// Waiting counts the deliveries that are not final, of all channels.
func (f *Facts) Waiting() (n uint64, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		n = uint64(tx.Bucket([]byte(dueBucket)).Stats().KeyN)
		return nil
	})
	return n, err
}

func splitDue(k, prefix []byte) (due fleet.Time, delivery []byte, err error) {
	if delivery, err = deliveryOfDue(k); err != nil {
		return 0, nil, err
	}
	return fleet.Time(binary.BigEndian.Uint64(k[len(prefix):])), delivery, nil
}

// getDelivery reads a row that an index names.
func getDelivery(ds *days, key []byte) (v fleet.Delivery, err error) {
	var raw []byte
	if rows := ds.bucket(dayOf(eventOf(key)), rowBucket); rows != nil {
		raw = rows.Get(key)
	}
	if raw == nil {
		return v, &boltfile.DamageError{Table: deliveriesTable.Name(), Key: key, Reason: "an index names it and it is not there"}
	}
	return boltfile.Decode[fleet.Delivery](deliveriesTable, key, raw)
}
