package store

import (
	"context"
	"encoding/binary"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

var changesTable = boltfile.NewTable(changesBucket)

var prunedKey = []byte("pruned") // up to here changes and their older versions are forgotten

// Commit checks the set and stores it with its audit rows in one transaction.
// It returns the set as stored: IDs, versions, judge versions and time filled
// in, and with it the records that the change drew along: what a deleted
// customer owned, fences and notifications that named what is gone.
//
// A record without an ID, or with one that was never used and Version 0, is
// created; any other replaces the stored one of the same Version. Errors are
// of kind Invalid, NotFound or Conflict and leave nothing behind.
func (a *Admin) Commit(ctx context.Context, set fleet.ChangeSet, now fleet.Time) (*fleet.ChangeSet, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var out *fleet.ChangeSet
	err := a.db.Update(func(tx *bbolt.Tx) error {
		e, err := newEdit(tx, set, now)
		if err != nil {
			return err
		}
		if err := e.run(); err != nil {
			return err
		}
		out = &e.set
		b := tx.Bucket([]byte(changesBucket))
		b.FillPercent = 0.9
		return boltfile.Put(b, changesTable, be64(uint64(out.ID)), out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// Load is the set as Commit returned it; NotFound once it was pruned.
func (a *Admin) Load(id fleet.ChangeID) (set *fleet.ChangeSet, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		set, err = change(tx, id)
		return err
	})
	return set, err
}

func change(tx *bbolt.Tx, id fleet.ChangeID) (*fleet.ChangeSet, error) {
	key := be64(uint64(id))
	raw := tx.Bucket([]byte(changesBucket)).Get(key)
	if raw == nil {
		return nil, fleet.Errorf(fleet.NotFound, "there is no change %d in admin.db, or not any more", id)
	}
	set, err := boltfile.Decode[fleet.ChangeSet](changesTable, key, raw)
	return &set, err
}

// Newest is the highest committed ID, 0 for none.
func (a *Admin) Newest() (id fleet.ChangeID, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		id = newest(tx)
		return nil
	})
	return id, err
}

// newest needs no counter: the newest change is never pruned.
func newest(tx *bbolt.Tx) fleet.ChangeID {
	k, _ := tx.Bucket([]byte(changesBucket)).Cursor().Last()
	if len(k) != 8 {
		return 0
	}
	return fleet.ChangeID(binary.BigEndian.Uint64(k))
}

// reachable refuses a change whose world can no longer, or not yet, be told.
func reachable(tx *bbolt.Tx, id fleet.ChangeID) error {
	pruned, err := boltfile.Counter(tx, prunedKey)
	if err != nil {
		return err
	}
	if uint64(id) < pruned || id > newest(tx) {
		return fleet.Errorf(fleet.NotFound, "admin.db knows the changes %d to %d; is it a backup that does not fit the journal?", pruned, newest(tx))
	}
	return nil
}

// clone is a set whose lists are its own: the caller's stay as they were.
func clone(set fleet.ChangeSet) fleet.ChangeSet {
	set.Companies, set.Customers = slices.Clone(set.Companies), slices.Clone(set.Customers)
	set.Devices, set.Fences = slices.Clone(set.Devices), slices.Clone(set.Fences)
	set.Notifications = slices.Clone(set.Notifications)
	set.EventPlans, set.Admins = slices.Clone(set.EventPlans), slices.Clone(set.Admins)
	set.Rules, set.RemovedRules = slices.Clone(set.Rules), slices.Clone(set.RemovedRules)
	set.RemovedCustomers, set.RemovedDevices = slices.Clone(set.RemovedCustomers), slices.Clone(set.RemovedDevices)
	set.RemovedFences, set.RemovedNotifications = slices.Clone(set.RemovedFences), slices.Clone(set.RemovedNotifications)
	set.RemovedCompanies = slices.Clone(set.RemovedCompanies)
	return set
}
