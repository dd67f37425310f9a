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
		from := rows(w.each)
		about := q.Event != fleet.EventID{}
		switch {
		case about:
			w.index, w.prefixes = rowBucket, [][]byte{{}}
			w.from, w.to = dayOf(q.Event), dayOf(q.Event)
			if end := successor(q.Event[:]); before == nil || bytes.Compare(before, end) > 0 {
				w.before = end
			}
		case w.index == deviceBucket: // a device's deliveries are found through its events
			w.days = openDays(tx, eventsTable)
			if before != nil {
				w.before = successor(before[:len(fleet.EventID{})])
			}
			from = deliveriesOf(w.each, ds, before)
		}
		page, err = collect(from, q.Limit, func(key []byte) (fleet.Delivery, bool, error) {
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

// deliveriesOf are the deliveries below a cursor of the events that a walk gives.
func deliveriesOf(events rows, ds *days, before []byte) rows {
	return func(yield func([]byte) (bool, error)) error {
		return events(func(event []byte) (bool, error) {
			b := ds.bucket(dayOf(eventOf(event)), rowBucket)
			if b == nil {
				return true, nil
			}
			end := successor(event)
			if before != nil && bytes.Compare(before, end) < 0 {
				end = before
			}
			s := stream{c: b.Cursor()}
			for s.start(end); bytes.HasPrefix(s.key, event); s.next() {
				if more, err := yield(s.key); err != nil || !more {
					return false, err
				}
			}
			return true, nil
		})
	}
}

func wantedDelivery(q *fleet.DeliveryQuery, v *fleet.Delivery) bool {
	return q.Scope.SeesDevice(v.Device, v.Company, v.Owner) && (q.Device == 0 || q.Device == v.Device) &&
		(q.Channel == "" || q.Channel == v.Key.Channel) && (len(q.States) == 0 || slices.Contains(q.States, v.State))
}
