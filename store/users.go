package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// PutUser creates (ID 0) or replaces a user whose Version matches. A taken mail
// address is a Conflict with Field "email".
func (a *Admin) PutUser(actor fleet.Actor, u fleet.User) (fleet.User, error) {
	u.Devices = sorted(u.Devices)
	if err := u.Validate(); err != nil {
		return fleet.User{}, err
	}
	now := fleet.At(a.now())
	err := a.db.Update(func(tx *bbolt.Tx) error {
		grown, count := growth{}, tally{}
		if err := putUser(tx, newAuditor(tx, actor, now), &u, grown, count); err != nil {
			return err
		}
		if err := count.write(tx, now); err != nil {
			return err
		}
		return grown.check(tx)
	})
	if err != nil {
		return fleet.User{}, err
	}
	return u, nil
}

// putUser creates or replaces a valid user, and notes who has more people now.
func putUser(tx *bbolt.Tx, log *auditor, u *fleet.User, grown growth, count tally) error {
	old, err := users.find(tx, be64(uint64(u.ID)))
	if err != nil {
		return err
	}
	switch {
	case old != nil && old.Version != u.Version:
		return fleet.Errorf(fleet.Conflict, "the user was changed: version %d is stored, yours is %d; read it again and repeat your edit", old.Version, u.Version)
	case old == nil && (u.Version != 0 || u.ID != 0 && buried(tx, userRecord, uint64(u.ID))):
		return users.missing(uint64(u.ID))
	case old != nil:
		u.Created = old.Created
	default:
		u.Created = log.now
	}
	if u.ID == 0 {
		id, err := newID(tx, &users, log.now)
		if err != nil {
			return err
		}
		u.ID = fleet.UserID(id)
	}
	u.Version++
	if err := checkUser(tx, old, u); err != nil {
		return err
	}
	if err := keepsAdmin(tx, old, u); err != nil {
		return err
	}
	if err := users.put(tx, old, u); err != nil {
		return err
	}
	if err := logChange(log, &users, uint64(u.ID), old, u); err != nil || old != nil {
		return err
	}
	grown.add(u.Customer, userQuota)
	count.note(u, 1)
	return nil
}

// putAdmins makes the first administrators of the set's new customers.
func (e *edit) putAdmins() error {
	if len(e.set.Admins) > len(e.set.Customers) {
		return fleet.FieldError("admins", "has more people than the set has customers")
	}
	for i := range e.set.Admins {
		u, c := &e.set.Admins[i], &e.set.Customers[i]
		u.Company, u.Customer = c.Company, c.ID
		err := u.Validate()
		if err == nil {
			err = putUser(e.tx, e.log, u, e.grown, e.tally)
		}
		if err != nil {
			return place("admins", i, err)
		}
	}
	return nil
}

// checkUser holds a user against what it names.
func checkUser(tx *bbolt.Tx, old, u *fleet.User) error {
	if old != nil && (old.Company != u.Company || old.Customer != u.Customer) {
		return fleet.FieldError("customer", "a user stays with its company and customer; create another one there")
	}
	if u.Company == 0 {
		if u.Role != fleet.PlatformAdmin {
			return fleet.FieldError("company", "only a platform admin has no company")
		}
		return nil
	}
	if _, err := owners(tx, userOwner(u), u.Company); err != nil {
		return err
	}
	if err := checkParameter(tx, "location", u.Company, fleet.LocationRecord, u.Location); err != nil {
		return err
	}
	e := &edit{tx: tx}
	return e.checkOwned("devices", u.Devices, userOwner(u))
}

// keepsAdmin refuses to delete, demote or disable the last administrator that
// a customer has; v is nil for a deletion.
func keepsAdmin(tx *bbolt.Tx, old, v *fleet.User) error {
	leads := func(u *fleet.User) bool { return u != nil && u.Role == fleet.CustomerAdmin && !u.Disabled }
	if !leads(old) || leads(v) {
		return nil
	}
	for _, id := range idsUnder(tx, userByOwner, uint64(old.Customer), 0) {
		u, err := users.byID(tx, id)
		if err != nil {
			return err
		}
		if u.ID != old.ID && leads(u) {
			return nil
		}
	}
	return fleet.Errorf(fleet.Conflict, "a customer keeps at least one administrator: make another one first")
}

// DeleteUser removes a user with its tokens and subscriptions. It is refused
// with a [fleet.InUse] while notifications name the user, and for the last
// administrator of a customer.
func (a *Admin) DeleteUser(actor fleet.Actor, id fleet.UserID, version uint64) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		u, err := users.byID(tx, uint64(id))
		if err != nil {
			return err
		}
		if u.Version != version {
			return fleet.Errorf(fleet.Conflict, "the user was changed: version %d is stored, yours is %d; read it again", u.Version, version)
		}
		if n := len(idsUnder(tx, noticeByUser, uint64(id), 0)); n > 0 {
			return (&fleet.InUse{What: "user", By: "notifications", Count: n}).Conflict()
		}
		if err := keepsAdmin(tx, u, nil); err != nil {
			return err
		}
		return removeUser(tx, newAuditor(tx, actor, fleet.At(a.now())), id)
	})
}

// removeUser deletes a user with its tokens and subscriptions and keeps its
// last state for texts about old deliveries.
func removeUser(tx *bbolt.Tx, log *auditor, id fleet.UserID) error {
	u, err := users.byID(tx, uint64(id))
	if err != nil {
		return err
	}
	if err := release(tx, log, userRecord, uint64(id)); err != nil {
		return err
	}
	for _, k := range idsUnder(tx, tokenByUser, uint64(id), 0) {
		if err := removeRow(tx, log, &tokens, k); err != nil {
			return err
		}
	}
	for _, k := range idsUnder(tx, subscriptionByUser, uint64(id), 0) {
		if err := removeRow(tx, log, &subscriptions, k); err != nil {
			return err
		}
	}
	for _, k := range idsUnder(tx, jobByUser, uint64(id), 0) {
		if err := removeRow(tx, log, &jobs, k); err != nil {
			return err
		}
	}
	if c, err := credentials.find(tx, be64(uint64(id))); err != nil {
		return err
	} else if c != nil {
		if err := credentials.remove(tx, c); err != nil {
			return err
		}
	}
	if err := dropLinks(tx, id); err != nil {
		return err
	}
	if err := users.remove(tx, u); err != nil {
		return err
	}
	if err := bury(tx, &users, uint64(id), u, log.now); err != nil {
		return err
	}
	count := tally{}
	count.note(u, -1)
	if err := count.write(tx, log.now); err != nil {
		return err
	}
	return logChange(log, &users, uint64(id), u, nil)
}

func removeRow[T any](tx *bbolt.Tx, log *auditor, t *table[T], id uint64) error {
	v, err := t.byID(tx, id)
	if err != nil {
		return err
	}
	if err := t.remove(tx, v); err != nil {
		return err
	}
	return logChange(log, t, id, v, nil)
}
