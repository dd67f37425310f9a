package store

import (
	"strings"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// addCredentials is the migration to files with passwords: a table for them,
// and an index of the names that people sign in with.
func addCredentials(tx *bbolt.Tx) error {
	if err := makeBuckets(tx, credentials.Name(), userByLogin); err != nil {
		return err
	}
	c := users.bucket(tx).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		u, err := boltfile.Decode[fleet.User](users.Table, k, raw)
		if err != nil {
			return err
		}
		if err := tx.Bucket([]byte(userByLogin)).Put([]byte(u.Login()), k); err != nil {
			return err
		}
	}
	return nil
}

// UserByLogin is the user that signs in with a name, or with a mail address
// where nobody has that for a name; NotFound if nobody does. Case does not
// count.
func (a *Admin) UserByLogin(name string) (fleet.User, error) {
	key := []byte(strings.ToLower(strings.TrimSpace(name)))
	u, err := byName(a, &users, userByLogin, key, "there is no user %q", name)
	if fleet.KindOf(err) == fleet.NotFound && err != nil {
		u, err = byName(a, &users, userByEmail, key, "there is no user %q", name)
	}
	return u, err
}

// Credential is what a user proves an identity by; one without a password if
// none was set.
func (a *Admin) Credential(user fleet.UserID) (c fleet.Credential, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		v, err := credentials.find(tx, be64(uint64(user)))
		if c = (fleet.Credential{User: user}); v != nil {
			c = *v
		}
		return err
	})
	return c, err
}

// PutCredential replaces what a user proves an identity by. The audit says
// what was done, never the secrets; without an action it says nothing.
func (a *Admin) PutCredential(actor fleet.Actor, action string, c fleet.Credential) error {
	now := fleet.At(a.now())
	return a.db.Update(func(tx *bbolt.Tx) error {
		if _, err := users.byID(tx, uint64(c.User)); err != nil {
			return err
		}
		old, err := credentials.find(tx, be64(uint64(c.User)))
		if err != nil {
			return err
		}
		if err := credentials.put(tx, old, &c); err != nil || action == "" {
			return err
		}
		return newAuditor(tx, actor, now).append(AuditRow{Action: action, Record: userRecord.String(), Key: be64(uint64(c.User))})
	})
}

// Note writes down what was done, or refused, that changed no record.
func (a *Admin) Note(actor fleet.Actor, action string, kind fleet.RecordKind, id uint64) error {
	return a.db.Update(func(tx *bbolt.Tx) error {
		return newAuditor(tx, actor, fleet.At(a.now())).append(AuditRow{Action: action, Record: kind.String(), Key: be64(id)})
	})
}

// Link is a one-time link that is still good, without using it; an error of
// kind Unauthorised otherwise.
func (a *Admin) Link(hash []byte, now fleet.Time) (l fleet.SetupLink, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		v, err := setupLinks.find(tx, hash)
		if err == nil && (v == nil || v.Used != 0 || v.Expires <= now) {
			err = errDeadLink()
		}
		if err == nil {
			l = *v
		}
		return err
	})
	return l, err
}

// DropLinks forgets the links of a user that were not used.
func (a *Admin) DropLinks(user fleet.UserID) error {
	return a.db.Update(func(tx *bbolt.Tx) error { return dropLinks(tx, user) })
}

func dropLinks(tx *bbolt.Tx, user fleet.UserID) error {
	var open [][]byte
	c := setupLinks.bucket(tx).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		l, err := boltfile.Decode[fleet.SetupLink](setupLinks.Table, k, raw)
		if err != nil {
			return err
		}
		if l.User == user && l.Used == 0 {
			open = append(open, l.Hash)
		}
	}
	for _, k := range open {
		if err := setupLinks.bucket(tx).Delete(k); err != nil {
			return err
		}
	}
	return nil
}
