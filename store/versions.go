package store

import (
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

var (
	versionsTable = boltfile.NewTable(versionsBucket)
	gravesTable   = boltfile.NewTable(gravesBucket)
)

// The schemas of a version's value.
const (
	tombstone byte = 0 // the record is gone; no body
	standing  byte = 1 // the body is the record
)

const versionKeySize = 1 + 8 + 8

func versionKey(r record, id uint64, change fleet.ChangeID) []byte {
	k := append(make([]byte, 0, versionKeySize), byte(r))
	k = binary.BigEndian.AppendUint64(k, id)
	return binary.BigEndian.AppendUint64(k, uint64(change))
}

func graveKey(r record, id uint64) []byte { return append([]byte{byte(r)}, be64(id)...) }

// putVersion keeps how a record stands after a change; nil: it is gone.
func putVersion[T any](tx *bbolt.Tx, t *table[T], id uint64, change fleet.ChangeID, v *T) error {
	key, schema, body := versionKey(t.record, id, change), tombstone, []byte(nil)
	if v != nil {
		var err error
		if body, err = boltfile.Marshal(v); err != nil {
			return err
		}
		schema = standing
	}
	return tx.Bucket([]byte(versionsBucket)).Put(key, versionsTable.Seal(key, schema, body))
}

// grave is the last state of a deleted record.
type grave[T any] struct {
	At     fleet.Time `cbor:"1,keyasint"` // when it was deleted
	Record T          `cbor:"2,keyasint"`
}

// bury keeps the last state of a deleted record, for texts about old events.
func bury[T any](tx *bbolt.Tx, t *table[T], id uint64, v *T, now fleet.Time) error {
	g := grave[T]{At: now, Record: *v}
	return boltfile.Put(tx.Bucket([]byte(gravesBucket)), gravesTable, graveKey(t.record, id), &g)
}

func buried(tx *bbolt.Tx, r record, id uint64) bool {
	return tx.Bucket([]byte(gravesBucket)).Get(graveKey(r, id)) != nil
}

// anyOf is a row, standing or deleted.
func anyOf[T any](a *Admin, t *table[T], id uint64) (v T, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		if p, err := t.find(tx, be64(id)); err != nil {
			return err
		} else if p != nil {
			v = *p
			return nil
		}
		key := graveKey(t.record, id)
		raw := tx.Bucket([]byte(gravesBucket)).Get(key)
		if raw == nil {
			return t.missing(id)
		}
		g, err := boltfile.Decode[grave[T]](gravesTable, key, raw)
		v = g.Record
		return err
	})
	return v, err
}

// World is every record as it stood after a change, as one change set.
func (a *Admin) World(upto fleet.ChangeID) (*fleet.ChangeSet, error) {
	set := &fleet.ChangeSet{ID: upto}
	err := a.db.View(func(tx *bbolt.Tx) error {
		if err := reachable(tx, upto); err != nil {
			return err
		}
		if upto != 0 {
			last, err := change(tx, upto)
			if err != nil {
				return err
			}
			set.At = last.At
		}
		c := tx.Bucket([]byte(versionsBucket)).Cursor()
		var key, raw []byte // of the last version that holds, of the record in hand
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if len(k) != versionKeySize {
				return &boltfile.DamageError{Table: versionsBucket, Key: k, Reason: "the key is not of 17 bytes"}
			}
			if key != nil && string(key[:9]) != string(k[:9]) {
				if err := stand(set, key, raw); err != nil {
					return err
				}
				key = nil
			}
			if fleet.ChangeID(binary.BigEndian.Uint64(k[9:])) <= upto {
				key, raw = k, v
			}
		}
		if key == nil {
			return nil
		}
		return stand(set, key, raw)
	})
	if err != nil {
		return nil, fmt.Errorf("world after change %d: %w", upto, err)
	}
	return set, nil
}

// stand adds the record of a version to the world, unless it is a tombstone.
func stand(set *fleet.ChangeSet, key, raw []byte) error {
	schema, _, err := versionsTable.Unseal(key, raw)
	if err != nil || schema == tombstone {
		return err
	}
	switch record(key[0]) {
	case companyRecord:
		return addVersion(&set.Companies, key, raw)
	case customerRecord:
		return addVersion(&set.Customers, key, raw)
	case deviceRecord:
		return addVersion(&set.Devices, key, raw)
	case fenceRecord:
		return addVersion(&set.Fences, key, raw)
	case notificationRecord:
		return addVersion(&set.Notifications, key, raw)
	case ruleRecord:
		return addVersion(&set.Rules, key, raw)
	}
	return &boltfile.DamageError{Table: versionsBucket, Key: key, Reason: "no such kind of record"}
}

func addVersion[T any](to *[]T, key, raw []byte) error {
	v, err := boltfile.Decode[T](versionsTable, key, raw)
	if err == nil {
		*to = append(*to, v)
	}
	return err
}
