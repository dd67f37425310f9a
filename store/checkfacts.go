package store

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// CheckFacts examines a facts.db that no process uses.
func CheckFacts(path string) []Problem {
	return checkFile(path, factsFormat, func(tx *bbolt.Tx, f *finder) {
		known(tx, f, eventsTable.Name(), deliveriesTable.Name(), dueBucket, memoriesTable.Name(), attentionsTable.Name(), attentionsByWhom, attentionsByOpen, talliesTable.Name())
		if len(f.problems) > 0 {
			return // what follows needs the tables
		}
		checkCounters(tx, f, completeKey)
		checkTallies(tx, f)
		events, deliveries := openDays(tx, eventsTable), openDays(tx, deliveriesTable)
		moved := 0
		checkDays(f, events, eventsTable, []string{deviceBucket, fenceBucket, ownerBucket, companyBucket}, func(key []byte, e *fleet.Event) []indexRef {
			if string(key) != string(e.ID[:]) {
				f.add(at(eventsTable.Name(), key), "the row is of event %s", e.ID)
			}
			if e.Flags&fleet.Amended != 0 && e.Revised == 0 {
				f.add(at(eventsTable.Name(), key), "it was amended and does not say when")
			}
			if b := events.bucket(dayOf(e.ID), movedBucket); dayAt(e.Time) != dayOf(e.ID) {
				moved++
				if b == nil || b.Get(key) == nil {
					f.add(at(eventsTable.Name(), key), "its time is of another day and the index %s lacks it", movedBucket)
				}
			}
			return eventRefs(e)
		})
		if n := countMoved(events); n != moved {
			f.add(movedBucket, "%d entries for %d events whose time is of another day", n, moved)
		}
		open := 0
		checkDays(f, deliveries, deliveriesTable, []string{ownerBucket, companyBucket}, func(key []byte, v *fleet.Delivery) []indexRef {
			if string(key) != string(deliveryKey(v.Key)) {
				f.add(at(deliveriesTable.Name(), key), "the row is of delivery %s", v.Key)
			}
			if rows := events.bucket(dayOf(v.Key.Event), rowBucket); rows == nil || rows.Get(v.Key.Event[:]) == nil {
				f.add(at(deliveriesTable.Name(), key), "its event is not there")
			} else if e, err := getEvent(events, v.Key.Event[:]); err == nil { // what is wrong with it is told already
				if own := *v; judge(&own, &e) {
					f.add(at(deliveriesTable.Name(), key), "it does not agree with its event, which is retracted: %t", !v.Untrue)
				}
			}
			if !v.State.Final() {
				open++
				if tx.Bucket([]byte(dueBucket)).Get(dueKey(v.Due, key)) == nil {
					f.add(at(deliveriesTable.Name(), key), "it is due and not in the outbox")
				}
			}
			return deliveryRefs(v)
		})
		if n := countRows(tx, dueBucket); n != open {
			f.add(dueBucket, "%d entries for %d deliveries that are not final", n, open)
		}
		checkAttentions(tx, f)
		c := tx.Bucket([]byte(memoriesTable.Name())).Cursor()
		for k, raw := c.First(); k != nil; k, raw = c.Next() {
			if _, err := decodeMemory(k, raw); err != nil {
				f.add(at(memoriesTable.Name(), k), "%v", err)
			}
		}
	})
}

// countMoved is the number of entries of movedBucket over all days.
func countMoved(ds *days) (n int) {
	_ = ds.eachDay(func(d day) error { // a day with a bad name is told elsewhere
		if b := ds.bucket(d, movedBucket); b != nil {
			n += b.Stats().KeyN
		}
		return nil
	})
	return n
}

// checkDays holds the rows of each day against their sums, their day, and the
// day's indexes, which must hold nothing else.
func checkDays[T any](f *finder, ds *days, t boltfile.Table, indexes []string, refs func(key []byte, v *T) []indexRef) {
	c := ds.top.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		d, err := parseDay(t, k)
		if err != nil {
			f.add(at(t.Name(), k), "%v", err)
			continue
		}
		want, got, has := map[string]int{}, map[string]int{}, map[string]func([]byte) bool{}
		for _, name := range indexes {
			if got[name], has[name], err = ds.indexKeys(d, name); err != nil {
				f.add(t.Name()+" "+pendingBucket, "%v", err)
			}
		}
		if rows := ds.bucket(d, rowBucket); rows != nil {
			eachValue(f, rows, t, func(key []byte, v *T) {
				if dayOf(eventOf(key)) != d {
					f.add(at(t.Name(), key), "it stands under day %d", d)
				}
				for _, r := range refs(bytes.Clone(key), v) {
					want[r.index]++
					if !has[r.index](ref(r.id, key)) {
						f.add(at(t.Name(), key), "the index %s lacks it", r.index)
					}
				}
			})
		}
		for _, name := range indexes {
			if got[name] != want[name] {
				f.add(at(t.Name(), k), "the index %s has %d entries for %d rows", name, got[name], want[name])
			}
		}
	}
}
