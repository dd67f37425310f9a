package store

import (
	"context"
	"time"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Swept is what a Sweep did.
type Swept struct {
	Days int // days dropped
	Kept int // days past their time that still hold a delivery to be made
}

// Sweep drops the days that lie wholly before a time: their events, their
// deliveries, and the indexes over both, a table and day a transaction. A day
// with a delivery that is not final stays whole until it is. A Sweep that was
// cut short is finished by the next.
func (f *Facts) Sweep(ctx context.Context, eventsBefore fleet.Time) (s Swept, err error) {
	if err := f.sweepAttentions(ctx, eventsBefore); err != nil {
		return s, err
	}
	if err := f.sweepTallies(ctx, fleet.At(time.Now())-tallyDays*fleet.Day); err != nil {
		return s, err
	}
	waiting, err := f.waitingDays()
	if err != nil {
		return s, err
	}
	for _, table := range []boltfile.Table{deliveriesTable, eventsTable} { // no delivery ever lacks its event
		old, err := f.daysBefore(table, dayAt(eventsBefore))
		if err != nil {
			return s, err
		}
		for _, d := range old {
			if waiting[d] {
				if table == eventsTable {
					s.Kept++
				}
				continue
			}
			if err := ctx.Err(); err != nil {
				return s, err
			}
			dropped, err := f.dropDay(table, d)
			if err != nil {
				return s, err
			}
			if dropped && table == eventsTable {
				s.Days++
			}
		}
	}
	return s, nil
}

// waitingDays are the days with deliveries that are not final.
func (f *Facts) waitingDays() (map[day]bool, error) {
	out := map[day]bool{}
	err := f.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(dueBucket)).Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			key, err := deliveryOfDue(k)
			if err != nil {
				return err
			}
			out[dayOf(eventOf(key))] = true
		}
		return nil
	})
	return out, err
}

func (f *Facts) daysBefore(table boltfile.Table, cut day) (out []day, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(table.Name())).Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			d, err := parseDay(table, k)
			if err != nil {
				return err
			}
			if d >= cut {
				return nil
			}
			out = append(out, d)
		}
		return nil
	})
	return out, err
}

// dropDay drops a day unless a delivery has come into it meanwhile.
func (f *Facts) dropDay(table boltfile.Table, d day) (dropped bool, err error) {
	f.writing.Lock()
	defer f.writing.Unlock()
	f.lazy = lazy{} // what a merge holds of the day must not come back
	err = f.db.Update(func(tx *bbolt.Tx) error {
		dropped = false
		if table == eventsTable && tx.Bucket([]byte(deliveriesTable.Name())).Bucket(d.key()) != nil {
			return nil
		}
		if table == deliveriesTable {
			open, err := anyOpen(tx, d)
			if err != nil || open {
				return err
			}
		}
		dropped = true
		return tx.Bucket([]byte(table.Name())).DeleteBucket(d.key())
	})
	return dropped, err
}

// anyOpen reports whether a delivery of the day is not final.
func anyOpen(tx *bbolt.Tx, d day) (bool, error) {
	c := tx.Bucket([]byte(dueBucket)).Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		key, err := deliveryOfDue(k)
		if err != nil || dayOf(eventOf(key)) == d {
			return err == nil, err
		}
	}
	return false, nil
}
