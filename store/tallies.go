package store

import (
	"context"
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// talliesTable counts what became of a notification's messages, a row for each
// notification and day, so that a list of notifications need not read the log.
var talliesTable = boltfile.NewTable("tallies") // notification, day -> fleet.Tally

// tallyDays is how long a row is kept: a list tells of 30 days.
const tallyDays = 32

// tallyKey is a notification's row of a day.
type tallyKey struct {
	id fleet.NotificationID
	d  day
}

func (k tallyKey) bytes() []byte { return append(be64(uint64(k.id)), k.d.key()...) }

// tell counts a delivery that has just become final, at a time; one whose state
// moved on from there changes only what is said of the last.
func (w *factWriter) tell(v *fleet.Delivery, at fleet.Time, first bool) {
	one := fleet.Tally{Last: fleet.TallyLast{At: at, State: v.State, Channel: v.Key.Channel, Reason: v.Reason}}
	if n := len(v.Attempts); n > 0 {
		one.Last.To = v.Attempts[n-1].To
	}
	if first {
		switch v.State {
		case fleet.Sent, fleet.Delivered:
			one.Sent = 1
		case fleet.Failed:
			one.Failed = 1
		case fleet.Suppressed:
			one.Suppressed = 1
		}
	}
	if w.tallies == nil {
		w.tallies = map[tallyKey]fleet.Tally{}
	}
	for _, id := range append([]fleet.NotificationID{v.Notification}, v.Also...) {
		if id != 0 {
			k := tallyKey{id, dayAt(at)}
			w.tallies[k] = w.tallies[k].Plus(one)
		}
	}
}

// putTallies adds what a transaction counted to the rows.
func (w *factWriter) putTallies(tx *bbolt.Tx) error {
	b := tx.Bucket([]byte(talliesTable.Name()))
	for k, t := range w.tallies {
		key := k.bytes()
		if raw := b.Get(key); raw != nil {
			old, err := boltfile.Decode[fleet.Tally](talliesTable, key, raw)
			if err != nil {
				return err
			}
			t = old.Plus(t)
		}
		if err := boltfile.Put(b, talliesTable, key, &t); err != nil {
			return err
		}
	}
	return nil
}

// Tally is what became of a notification's messages on the days since a time.
func (f *Facts) Tally(id fleet.NotificationID, since fleet.Time) (t fleet.Tally, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(talliesTable.Name())).Cursor()
		prefix := string(be64(uint64(id)))
		for k, raw := c.Seek(tallyKey{id, dayAt(since)}.bytes()); len(k) == 12 && string(k[:8]) == prefix; k, raw = c.Next() {
			one, err := boltfile.Decode[fleet.Tally](talliesTable, k, raw)
			if err != nil {
				return err
			}
			t = t.Plus(one)
		}
		return nil
	})
	return t, err
}

// sweepTallies drops the rows of days that no list tells of.
func (f *Facts) sweepTallies(ctx context.Context, before fleet.Time) error {
	const most = 10_000 // rows a transaction
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		more = false
		var old [][]byte
		err := f.db.View(func(tx *bbolt.Tx) error {
			c := tx.Bucket([]byte(talliesTable.Name())).Cursor()
			for k, _ := c.First(); k != nil && !more; k, _ = c.Next() {
				if len(k) == 12 && day(binary.BigEndian.Uint32(k[8:])) < dayAt(before) {
					old = append(old, append([]byte(nil), k...))
					more = len(old) == most
				}
			}
			return nil
		})
		if err != nil || len(old) == 0 {
			return err
		}
		err = f.db.Update(func(tx *bbolt.Tx) error {
			for _, k := range old {
				if err := tx.Bucket([]byte(talliesTable.Name())).Delete(k); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkTallies wants every row to be whole.
func checkTallies(tx *bbolt.Tx, f *finder) {
	c := tx.Bucket([]byte(talliesTable.Name())).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		if _, err := boltfile.Decode[fleet.Tally](talliesTable, k, raw); err != nil || len(k) != 12 {
			f.add(at(talliesTable.Name(), k), "the row is damaged: %v", err)
		}
	}
}
