package store

import (
	"encoding/hex"
	"errors"
	"math"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

const (
	defaultLimit = 100
	maxLimit     = 1000
	maxScan      = 50_000 // rows looked at for one page; a page may be short and still have a next one
	maxMerge     = 64     // index ranges merged; beyond, a wider index is filtered
	lateDays     = 30     // that a late report may change
)

// Event is the event with an ID; NotFound if there is none, or not any more.
func (f *Facts) Event(id fleet.EventID) (e fleet.Event, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		rows := openDays(tx, eventsTable).bucket(dayOf(id), rowBucket)
		if rows == nil || rows.Get(id[:]) == nil {
			return fleet.Errorf(fleet.NotFound, "there is no event %s", id)
		}
		e, err = boltfile.Decode[fleet.Event](eventsTable, id[:], rows.Get(id[:]))
		return err
	})
	return e, err
}

// Events is a page of events, newest first by the time they were recorded with;
// From and To ask for the time they have now. A page may be short, even empty,
// and still have a next one: the work for one page is bounded.
func (f *Facts) Events(q fleet.EventQuery) (page fleet.Page[fleet.Event], err error) {
	before, err := parseCursor(q.After, 16)
	if err != nil {
		return page, err
	}
	err = f.db.View(func(tx *bbolt.Tx) error {
		ds := openDays(tx, eventsTable)
		w := &walker{days: ds, before: before, from: dayAt(q.From), to: math.MaxUint32 - 1}
		if q.From != 0 {
			w.movedBefore = lateDays
		}
		if q.To != 0 {
			w.to, w.movedAfter = dayAt(q.To-1), lateDays
		}
		if q.Fence != 0 && q.Device == 0 {
			w.index, w.prefixes = fenceBucket, [][]byte{be64(uint64(q.Fence))}
		} else {
			w.index, w.prefixes = ranges(&q.Scope, q.Device)
		}
		page, err = collect(w.each, q.Limit, func(key []byte) (fleet.Event, bool, error) {
			e, err := getEvent(ds, key)
			return e, err == nil && wanted(&q, &e), err
		})
		return err
	})
	return page, err
}

func wanted(q *fleet.EventQuery, e *fleet.Event) bool {
	return q.Scope.SeesDevice(e.Device, e.Company, e.Owner) &&
		(q.Device == 0 || q.Device == e.Device) && (q.Fence == 0 || q.Fence == e.Fence) &&
		(len(q.Kinds) == 0 || slices.Contains(q.Kinds, e.Kind)) &&
		(q.From == 0 || e.Time >= q.From) && (q.To == 0 || e.Time < q.To)
}

func getEvent(ds *days, key []byte) (e fleet.Event, err error) {
	var raw []byte
	if rows := ds.bucket(dayOf(eventOf(key)), rowBucket); rows != nil {
		raw = rows.Get(key)
	}
	if raw == nil {
		return e, &boltfile.DamageError{Table: eventsTable.Name(), Key: key, Reason: "an index names it and it is not there"}
	}
	return boltfile.Decode[fleet.Event](eventsTable, key, raw)
}

// ranges chooses the narrowest index for a scope. What it finds must still be
// held against the scope.
func ranges(s *fleet.Scope, device fleet.DeviceID) (index string, prefixes [][]byte) {
	switch {
	case device != 0:
		return deviceBucket, [][]byte{be64(uint64(device))}
	case s.Installation:
		return rowBucket, [][]byte{{}}
	case s.Devices != nil && len(s.Devices) <= maxMerge:
		return deviceBucket, prefixesOf(s.Devices)
	case s.Customers != nil && len(s.Customers) <= maxMerge:
		return ownerBucket, prefixesOf(s.Customers)
	}
	return companyBucket, [][]byte{be64(uint64(s.Company))}
}

func prefixesOf[K any](ids []fleet.ID[K]) [][]byte {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	var out [][]byte
	for _, id := range slices.Compact(ids) {
		out = append(out, be64(uint64(id)))
	}
	return out
}

// errEnd ends a walk before its time, as if it had come to its end.
var errEnd = errors.New("store: end of the walk")

// collect fills a page from a walk. The cursor is the last row looked at.
func collect[T any](rows rows, limit int, load func(key []byte) (T, bool, error)) (page fleet.Page[T], err error) {
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	page.Items = []T{}
	scanned, last := 0, []byte(nil)
	err = rows(func(key []byte) (bool, error) {
		if len(page.Items) == limit || scanned == maxScan {
			page.Next = hex.EncodeToString(last)
			return false, nil
		}
		v, ok, err := load(key)
		if err == errEnd {
			return false, nil
		}
		if err != nil {
			return false, err
		}
		if ok {
			page.Items = append(page.Items, v)
		}
		scanned, last = scanned+1, key
		return true, nil
	})
	return page, err
}

func parseCursor(after string, size int) ([]byte, error) {
	if after == "" {
		return nil, nil
	}
	b, err := hex.DecodeString(after)
	if err != nil || len(b) < size || len(b) > 64 {
		return nil, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", after)
	}
	return b, nil
}
