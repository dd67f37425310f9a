package store

import (
	"bytes"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// movedBucket is, in a day, the IDs of the day's events whose time is of
// another day since they were amended.
const movedBucket = "moved"

// revise puts an event in place of the row with its ID, or where there is none.
// A revision that is older than the row's stays out, so that batches that come
// again undo nothing.
func (w *factWriter) revise(e *fleet.Event) error {
	key, d := e.ID[:], dayOf(e.ID)
	rows, err := w.events.make(d, rowBucket)
	if err != nil {
		return err
	}
	if raw := rows.Get(key); raw == nil {
		if err := w.event(e); err != nil {
			return err
		}
		return w.follow(e)
	} else if have, err := boltfile.Decode[fleet.Event](eventsTable, key, raw); err != nil {
		return err
	} else if e.Revised != 0 && e.Revised < have.Revised {
		return nil
	} else if before, after := eventRefs(&have), eventRefs(e); !slices.Equal(before, after) {
		if err := w.rerefer(w.events, d, before, after, key); err != nil {
			return err
		}
	}
	if err := boltfile.Put(rows, eventsTable, key, e); err != nil {
		return err
	}
	if err := w.move(e); err != nil {
		return err
	}
	return w.follow(e)
}

// move notes whether an event's time is of another day than its identity.
func (w *factWriter) move(e *fleet.Event) error {
	d := dayOf(e.ID)
	if dayAt(e.Time) == d {
		if b := w.events.bucket(d, movedBucket); b != nil {
			return b.Delete(e.ID[:])
		}
		return nil
	}
	b, err := w.events.make(d, movedBucket)
	if err != nil {
		return err
	}
	return b.Put(e.ID[:], []byte{})
}

// follow has the deliveries of a revised event say whether it still holds.
func (w *factWriter) follow(e *fleet.Event) error {
	rows := w.deliveries.bucket(dayOf(e.ID), rowBucket)
	if rows == nil {
		return nil
	}
	var keys [][]byte
	c := rows.Cursor()
	for k, _ := c.Seek(e.ID[:]); bytes.HasPrefix(k, e.ID[:]); k, _ = c.Next() {
		keys = append(keys, bytes.Clone(k))
	}
	for _, key := range keys {
		v, err := boltfile.Decode[fleet.Delivery](deliveriesTable, key, rows.Get(key))
		if err != nil {
			return err
		}
		before := v
		if !judge(&v, e) {
			continue
		}
		if err := boltfile.Put(rows, deliveriesTable, key, &v); err != nil {
			return err
		}
		if !before.State.Final() {
			if err := w.due.Delete(dueKey(before.Due, key)); err != nil {
				return err
			}
		}
		if !v.State.Final() {
			if err := w.due.Put(dueKey(v.Due, key), []byte{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge makes a delivery agree with its event as it is now; false if it does.
// What waited when its event was retracted is not sent; it waits again if the
// event turns out to have happened.
func judge(v *fleet.Delivery, e *fleet.Event) (changed bool) {
	untrue := e.Flags&fleet.Retracted != 0
	switch {
	case untrue && !v.State.Final():
		v.State, v.Reason, v.Due = fleet.Suppressed, fleet.ReasonRetracted, 0
	case !untrue && v.State == fleet.Suppressed && v.Reason == fleet.ReasonRetracted:
		v.State, v.Reason, v.Due = fleet.Queued, "", max(e.Revised, v.Created)
		if len(v.Attempts) > 0 {
			v.State = fleet.Retrying
		}
	case untrue == v.Untrue:
		return false
	}
	v.Untrue = untrue
	return true
}

// judged is a new delivery as the event that is stored has it.
func (w *factWriter) judged(v *fleet.Delivery) (*fleet.Delivery, error) {
	rows := w.events.bucket(dayOf(v.Key.Event), rowBucket)
	if w.fresh[v.Key.Event] || rows == nil {
		return v, nil
	}
	raw := rows.Get(v.Key.Event[:])
	if raw == nil {
		return v, nil
	}
	e, err := boltfile.Decode[fleet.Event](eventsTable, v.Key.Event[:], raw)
	if err != nil || e.Flags&fleet.Retracted == 0 {
		return v, err
	}
	own := *v
	judge(&own, &e)
	return &own, nil
}

// rerefer changes a record's places in the indexes: a device's owner may have
// been another at the time to which its event was amended.
func (w *factWriter) rerefer(ds *days, d day, before, after []indexRef, key []byte) error {
	if err := ds.dropPending(d, key); err != nil {
		return err
	}
	w.moved = true // a merge under way may have the entries in hand
	for _, r := range before {
		if b := ds.bucket(d, r.index); b != nil {
			if err := b.Delete(ref(r.id, key)); err != nil {
				return err
			}
		}
	}
	for _, r := range after {
		b, err := ds.make(d, r.index)
		if err != nil {
			return err
		}
		if err := b.Put(ref(r.id, key), []byte{}); err != nil {
			return err
		}
	}
	return nil
}

// dropPending removes a record's entries from the rows that wait.
func (ds *days) dropPending(d day, key []byte) error {
	b := ds.bucket(d, pendingBucket)
	if b == nil {
		return nil
	}
	rest := map[string][]byte{} // rows that had them, without them
	c := b.Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		var body []byte
		had := false
		err := ds.pendingRow(k, raw, func(e pendingEntry) {
			if bytes.Equal(e.key, key) {
				had = true
				return
			}
			body = append(append(append(body, byte(len(e.key))), e.key...), e.ids...)
		})
		if err != nil {
			return err
		}
		if had {
			rest[string(k)] = body
		}
	}
	for k, body := range rest {
		if err := b.Put([]byte(k), pendingTable(ds.table).Seal([]byte(k), 1, body)); err != nil {
			return err
		}
	}
	return nil
}
