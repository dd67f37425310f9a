package store

import (
	"bytes"
	"math"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Deliveries is a page of the delivery log, newest event first. A page may be
// short, even empty, and still have a next one.
func (f *Facts) Deliveries(q fleet.DeliveryQuery) (page fleet.Page[fleet.Delivery], err error) {
	before, err := parseCursor(q.After, minDeliveryKey)
	if err != nil {
		return page, err
	}
	err = f.db.View(func(tx *bbolt.Tx) error {
		ds := openDays(tx, deliveriesTable)
		w := &walker{days: ds, before: before, to: math.MaxUint32 - 1}
		w.index, w.prefixes = ranges(&q.Scope, q.Device)
		about := q.Event != fleet.EventID{}
		if about {
			w.index, w.prefixes = rowBucket, [][]byte{{}}
			w.from, w.to = dayOf(q.Event), dayOf(q.Event)
			if end := successor(q.Event[:]); before == nil || bytes.Compare(before, end) > 0 {
				w.before = end
			}
		}
		page, err = collect(w, q.Limit, func(key []byte) (fleet.Delivery, bool, error) {
			if about && !bytes.HasPrefix(key, q.Event[:]) {
				return fleet.Delivery{}, false, errEnd
			}
			v, err := getDelivery(ds, key)
			return v, err == nil && wantedDelivery(&q, &v), err
		})
		return err
	})
	return page, err
}

func wantedDelivery(q *fleet.DeliveryQuery, v *fleet.Delivery) bool {
	return q.Scope.SeesDevice(v.Device, v.Company, v.Owner) && (q.Device == 0 || q.Device == v.Device) &&
		(len(q.States) == 0 || slices.Contains(q.States, v.State))
}
