package store

import (
	"crypto/sha256"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// PutSetupLink stores a one-time link and forgets those that expired over a day
// ago.
func (a *Admin) PutSetupLink(l fleet.SetupLink) error {
	if len(l.Hash) != sha256.Size {
		return fleet.FieldError("link", "the hash has %d bytes, want %d", len(l.Hash), sha256.Size)
	}
	now := fleet.At(a.now())
	return a.db.Update(func(tx *bbolt.Tx) error {
		var stale [][]byte
		c := setupLinks.bucket(tx).Cursor()
		for k, raw := c.First(); k != nil; k, raw = c.Next() {
			old, err := boltfile.Decode[fleet.SetupLink](setupLinks.Table, k, raw)
			if err != nil {
				return err
			}
			if old.Expires < now-fleet.Day {
				stale = append(stale, old.Hash)
			}
		}
		for _, k := range stale {
			if err := setupLinks.bucket(tx).Delete(k); err != nil {
				return err
			}
		}
		return setupLinks.put(tx, nil, &l)
	})
}

// UseSetupLink marks the link as used and returns it as it was; a used,
// expired or unknown one is an error of kind Unauthorised.
func (a *Admin) UseSetupLink(hash []byte, now fleet.Time) (l fleet.SetupLink, err error) {
	err = a.db.Update(func(tx *bbolt.Tx) error {
		if len(hash) != sha256.Size {
			return errDeadLink()
		}
		old, err := setupLinks.find(tx, hash)
		if err != nil {
			return err
		}
		if old == nil || old.Used != 0 || old.Expires <= now {
			return errDeadLink()
		}
		l = *old
		used := l
		used.Used = now
		if err := setupLinks.put(tx, old, &used); err != nil {
			return err
		}
		return newAuditor(tx, fleet.Actor{User: l.User}, now).append(AuditRow{Action: "use", Record: linkRecord.String(), Key: hash[:8]})
	})
	return l, err
}

func errDeadLink() error {
	return fleet.Errorf(fleet.Unauthorised, "this link was used, has expired or never was; make another with vigia setup-link")
}

// Empty reports whether nobody has set the installation up yet.
func (a *Admin) Empty() (empty bool, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		k, _ := users.bucket(tx).Cursor().First()
		empty = k == nil
		return nil
	})
	return empty, err
}

var settingsTable = boltfile.NewTable(settingsBucket)

// MaxSetting is the longest setting, in bytes.
const MaxSetting = 1 << 20

// Setting is what was put under a name; NotFound if nothing was.
func (a *Admin) Setting(name string) (value []byte, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		raw := tx.Bucket([]byte(settingsBucket)).Get([]byte(name))
		if raw == nil {
			return fleet.Errorf(fleet.NotFound, "the setting %q is not set", name)
		}
		_, body, err := settingsTable.Unseal([]byte(name), raw)
		value = append([]byte(nil), body...)
		return err
	})
	return value, err
}

// PutSetting stores bytes under a name; none at all forget it. The audit says
// that it changed, never to what.
func (a *Admin) PutSetting(actor fleet.Actor, name string, value []byte) error {
	if name == "" || len(name) > 200 || len(value) > MaxSetting {
		return fleet.Errorf(fleet.Invalid, "a setting has a name of 1 to 200 bytes and at most %d bytes; %q has %d", MaxSetting, name, len(value))
	}
	return a.db.Update(func(tx *bbolt.Tx) error {
		b, key := tx.Bucket([]byte(settingsBucket)), []byte(name)
		action, err := "update", error(nil)
		if len(value) == 0 {
			action, err = "delete", b.Delete(key)
		} else {
			err = b.Put(key, settingsTable.Seal(key, 1, value))
		}
		if err != nil {
			return err
		}
		return newAuditor(tx, actor, fleet.At(a.now())).append(AuditRow{Action: action, Record: settingRecord.String(), Key: key})
	})
}
