package store

import (
	"encoding/binary"
	"errors"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
	"github.com/vigia-track/vigia/store/roll"
)

// record numbers the kinds of record in keys and in the audit.
type record = fleet.RecordKind

const (
	companyRecord      = fleet.CompanyRecord
	customerRecord     = fleet.CustomerRecord
	deviceRecord       = fleet.DeviceRecord
	fenceRecord        = fleet.FenceRecord
	notificationRecord = fleet.NotificationRecord
	userRecord         = fleet.UserRecord
	tokenRecord        = fleet.TokenRecord
	subscriptionRecord = fleet.SubscriptionRecord
	linkRecord         = fleet.LinkRecord
	settingRecord      = fleet.SettingRecord
	ruleRecord         = fleet.RuleRecord
	credentialRecord   = fleet.CredentialRecord
)

// table is one kind of record: rows by ID, and its indexes, each a bucket of
// its own.
type table[T any] struct {
	boltfile.Table
	record  record
	indexes []string
	// key is a row's key: the ID, or for setup links the hash.
	key func(*T) []byte
	// entry is a row's place in the roll that its list is made of; nil for a
	// table that is not listed.
	entry func(*T) roll.Entry
	roll  func(*rolls) *roll.Roll
	// entries are the row's places in the indexes. It depends on the row alone.
	entries func(*T) []entry
}

// entry is a row's place in an index. A unique one holds the row's key as its
// value, and field names the input that is taken; others end with the row's key.
type entry struct {
	index string
	key   []byte
	field string // "" = not unique
}

func unique(index, field string, key []byte) entry {
	return entry{index: index, key: key, field: field}
}

// listed is a non-unique entry: who, then the row's ID.
func listed(index string, who, id uint64) entry {
	return entry{index: index, key: ref(who, be64(id))}
}

func (t *table[T]) bucket(tx *bbolt.Tx) *bbolt.Bucket { return tx.Bucket([]byte(t.Name())) }

// find is the row under key, nil if there is none.
func (t *table[T]) find(tx *bbolt.Tx, key []byte) (*T, error) {
	raw := t.bucket(tx).Get(key)
	if raw == nil {
		return nil, nil
	}
	v, err := boltfile.Decode[T](t.Table, key, raw)
	if err != nil {
		return nil, err
	}
	if string(t.key(&v)) != string(key) {
		return nil, &boltfile.DamageError{Table: t.Name(), Key: key, Reason: "the row holds another key"}
	}
	return &v, nil
}

// byID is the row with an ID; NotFound if there is none.
func (t *table[T]) byID(tx *bbolt.Tx, id uint64) (*T, error) {
	v, err := t.find(tx, be64(id))
	if err == nil && v == nil {
		err = t.missing(id)
	}
	return v, err
}

func (t *table[T]) missing(id uint64) error {
	return fleet.Errorf(fleet.NotFound, "there is no %s %s", t.record, fleet.UserID(id))
}

// named is the row that a unique index gives for a key, nil if there is none.
func (t *table[T]) named(tx *bbolt.Tx, index string, key []byte) (*T, error) {
	rowKey := tx.Bucket([]byte(index)).Get(key)
	if rowKey == nil {
		return nil, nil
	}
	v, err := t.find(tx, rowKey)
	if err == nil && (v == nil || !t.has(v, index, key)) {
		err = &boltfile.DamageError{Table: index, Key: key, Reason: "the index names a row that is not so"}
	}
	return v, err
}

func (t *table[T]) has(v *T, index string, key []byte) bool {
	for _, e := range t.entries(v) {
		if e.index == index && string(e.key) == string(key) {
			return true
		}
	}
	return false
}

// errTaken is in the chain of a Conflict over a unique value.
var errTaken = errors.New("taken")

// put stores v in place of old (nil: none) and keeps the indexes in step.
func (t *table[T]) put(tx *bbolt.Tx, old, v *T) error {
	key := t.key(v)
	if err := t.unlist(tx, old); err != nil {
		return err
	}
	for _, e := range t.entries(v) {
		b, value := tx.Bucket([]byte(e.index)), []byte{}
		if e.field != "" {
			if b.Get(e.key) != nil {
				return &fleet.Error{Kind: fleet.Conflict, Field: e.field, Message: "is taken by another " + t.record.String(), Err: errTaken}
			}
			value = key
		}
		if err := b.Put(e.key, value); err != nil {
			return err
		}
	}
	enrol(tx, t, old, v)
	return boltfile.Put(t.bucket(tx), t.Table, key, v)
}

// remove deletes a row and its places in the indexes.
func (t *table[T]) remove(tx *bbolt.Tx, old *T) error {
	if err := t.unlist(tx, old); err != nil {
		return err
	}
	enrol(tx, t, old, nil)
	return t.bucket(tx).Delete(t.key(old))
}

func (t *table[T]) unlist(tx *bbolt.Tx, old *T) error {
	if old == nil {
		return nil
	}
	for _, e := range t.entries(old) {
		if err := tx.Bucket([]byte(e.index)).Delete(e.key); err != nil {
			return err
		}
	}
	return nil
}

// idsUnder are the row IDs that a non-unique index lists under who, at most
// limit (0 = all).
func idsUnder(tx *bbolt.Tx, index string, who uint64, limit int) (ids []uint64) {
	prefix := be64(who)
	c := tx.Bucket([]byte(index)).Cursor()
	for k, _ := c.Seek(prefix); len(k) == 16 && string(k[:8]) == string(prefix); k, _ = c.Next() {
		if ids = append(ids, binary.BigEndian.Uint64(k[8:])); len(ids) == limit {
			break
		}
	}
	return ids
}
