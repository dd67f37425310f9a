package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// What customers had at most in a month is kept by the transactions that change
// it. A month in which nothing changed has no row: it had what the next row
// began with, or what the customer has now.
const (
	usageBucket  = "usage"        // customer, month -> usageRow
	closedBucket = "usage/closed" // company, month, customer -> fleet.ClosedUsage
)

var (
	usageTable  = boltfile.NewTable(usageBucket)
	closedTable = boltfile.NewTable(closedBucket)
)

type usageRow struct {
	Start fleet.Usage `cbor:"1,keyasint"` // before the month's first change
	Peak  fleet.Usage `cbor:"2,keyasint"`
}

func monthKey(month fleet.Month, prefix ...uint64) (key []byte) {
	for _, p := range prefix {
		key = append(key, be64(p)...)
	}
	return append(key, month...)
}

// tally is by how much customers' things became more or fewer in one
// transaction.
type tally map[fleet.CustomerID]*fleet.Usage

func (t tally) of(c fleet.CustomerID) *fleet.Usage {
	if t[c] == nil {
		t[c] = &fleet.Usage{}
	}
	return t[c]
}

// note takes one record in (by 1) or out (by -1); nil records are none.
func (t tally) note(r any, by int) {
	switch v := r.(type) {
	case *fleet.Device:
		if v != nil && v.Customer != 0 {
			t.of(v.Customer).Devices += by
		}
	case *fleet.Fence:
		if v != nil && v.Owner != fleet.Owner(v.Company) {
			t.of(fleet.CustomerID(v.Owner)).Fences += by
		}
	case *fleet.User:
		if v != nil && v.Customer != 0 {
			t.of(v.Customer).Users += by
		}
	}
}

// write brings the month's rows up to date. Called once the changes are made.
func (t tally) write(tx *bbolt.Tx, now fleet.Time) error {
	for id, by := range t {
		if *by == (fleet.Usage{}) {
			continue
		}
		key := monthKey(fleet.MonthOf(now), uint64(id))
		after := usageNow(tx, id)
		before := fleet.Usage{Devices: after.Devices - by.Devices, Users: after.Users - by.Users, Fences: after.Fences - by.Fences}
		row, err := readUsage(tx, key)
		if err != nil {
			return err
		}
		if row == nil {
			row = &usageRow{Start: before, Peak: before}
		}
		row.Peak.Devices = max(row.Peak.Devices, after.Devices)
		row.Peak.Users = max(row.Peak.Users, after.Users)
		row.Peak.Fences = max(row.Peak.Fences, after.Fences)
		if err := boltfile.Put(tx.Bucket([]byte(usageBucket)), usageTable, key, row); err != nil {
			return err
		}
	}
	clear(t)
	return nil
}

func usageNow(tx *bbolt.Tx, id fleet.CustomerID) fleet.Usage {
	count := func(q quota) int { return countOwned(tx, q, uint64(id), 1<<30) }
	return fleet.Usage{Devices: count(deviceQuota), Users: count(userQuota), Fences: count(fenceQuota)}
}

func readUsage(tx *bbolt.Tx, key []byte) (*usageRow, error) {
	raw := tx.Bucket([]byte(usageBucket)).Get(key)
	if raw == nil {
		return nil, nil
	}
	row, err := boltfile.Decode[usageRow](usageTable, key, raw)
	return &row, err
}

// usageIn is what a customer had at most in a month.
func usageIn(tx *bbolt.Tx, id fleet.CustomerID, month fleet.Month) (fleet.Usage, error) {
	prefix := be64(uint64(id))
	k, raw := tx.Bucket([]byte(usageBucket)).Cursor().Seek(monthKey(month, uint64(id)))
	if len(k) != 15 || string(k[:8]) != string(prefix) {
		return usageNow(tx, id), nil
	}
	row, err := boltfile.Decode[usageRow](usageTable, k, raw)
	if string(k[8:]) == string(month) {
		return row.Peak, err
	}
	return row.Start, err
}

// Usage is what a customer itself had at most in a month.
func (a *Admin) Usage(id fleet.CustomerID, month fleet.Month) (u fleet.Usage, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		u, err = usageIn(tx, id, month)
		return err
	})
	return u, err
}

// closeUsage keeps the last month of a customer that is about to go, and
// forgets its rows.
func (e *edit) closeUsage(c *fleet.Customer) error {
	if err := e.tally.write(e.tx, e.now); err != nil {
		return err
	}
	month := fleet.MonthOf(e.now)
	last := fleet.ClosedUsage{Customer: *c}
	s, err := standingOf(e.tx, c.Company, c.ID)
	if err != nil {
		return err
	}
	if p := s.Plan(); p != nil {
		last.Plan = *p
	}
	if last.Usage, err = usageIn(e.tx, c.ID, month); err != nil {
		return err
	}
	prefix := be64(uint64(c.ID))
	for {
		b := e.tx.Bucket([]byte(usageBucket))
		k, _ := b.Cursor().Seek(prefix)
		if len(k) != 15 || string(k[:8]) != string(prefix) {
			break
		}
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	key := append(monthKey(month, uint64(c.Company)), be64(uint64(c.ID))...)
	return boltfile.Put(e.tx.Bucket([]byte(closedBucket)), closedTable, key, &last)
}

// Closed are the customers of a company that were deleted in a month, at most
// 1000.
func (a *Admin) Closed(company fleet.CompanyID, month fleet.Month) (out []fleet.ClosedUsage, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		prefix := monthKey(month, uint64(company))
		c := tx.Bucket([]byte(closedBucket)).Cursor()
		for k, raw := c.Seek(prefix); len(k) == len(prefix)+8 && string(k[:len(prefix)]) == string(prefix) && len(out) < maxLimit; k, raw = c.Next() {
			v, err := boltfile.Decode[fleet.ClosedUsage](closedTable, k, raw)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return out, err
}

// checkUsage wants every row whole, and no month of a customer to have had less
// than it began with.
func checkUsage(tx *bbolt.Tx, f *finder) {
	eachValue(f, tx.Bucket([]byte(usageBucket)), usageTable, func(k []byte, row *usageRow) {
		if p, s := row.Peak, row.Start; len(k) != 15 || p.Devices < s.Devices || p.Users < s.Users || p.Fences < s.Fences || min(s.Devices, s.Users, s.Fences) < 0 {
			f.add(at(usageBucket, k), "the month's peak is less than its beginning, or that is less than nothing")
		}
	})
	eachValue(f, tx.Bucket([]byte(closedBucket)), closedTable, func([]byte, *fleet.ClosedUsage) {})
}

// addUsage is the migration to files that count months and list the past of
// customers.
func addUsage(tx *bbolt.Tx) error {
	if err := makeBuckets(tx, usageBucket, closedBucket, auditByRecord); err != nil {
		return err
	}
	c := tx.Bucket([]byte(auditBucket)).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		row, err := boltfile.Decode[AuditRow](auditTable, k, raw)
		if err == nil {
			err = recall(tx, &row)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
