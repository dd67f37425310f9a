package store

import (
	"bytes"
	"crypto/sha256"
	"fmt"

	"github.com/fxamacker/cbor/v2"
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// AuditRow is who did what, when, to which record, and how the record's
// fields changed. Hash covers the row and the hash before it, so that a row
// that was changed or cut out later shows (Check).
type AuditRow struct {
	Number uint64      `cbor:"1,keyasint"`
	At     fleet.Time  `cbor:"2,keyasint"`
	Actor  fleet.Actor `cbor:"3,keyasint"`
	Action string      `cbor:"4,keyasint"` // create, update, delete
	Record string      `cbor:"5,keyasint"` // kind of record
	Key    []byte      `cbor:"6,keyasint"` // its ID, big endian; a setting's name
	Before Fields      `cbor:"7,keyasint,omitempty"`
	After  Fields      `cbor:"8,keyasint,omitempty"`
	Prev   []byte      `cbor:"9,keyasint"`
	Hash   []byte      `cbor:"10,keyasint,omitempty"`
}

// Fields are a record's fields by their number, each as CBOR; of an update only
// those that changed. Secrets and their hashes are never among them.
type Fields map[int]cbor.RawMessage

var auditTable = boltfile.NewTable(auditBucket)

// auditor appends the audit rows of one transaction.
type auditor struct {
	b      *bbolt.Bucket
	actor  fleet.Actor
	now    fleet.Time
	number uint64
	prev   []byte
	err    error // of reading the last row; the first append reports it
}

func newAuditor(tx *bbolt.Tx, actor fleet.Actor, now fleet.Time) *auditor {
	a := &auditor{b: tx.Bucket([]byte(auditBucket)), actor: actor, now: now}
	a.b.FillPercent = 0.9
	if k, raw := a.b.Cursor().Last(); k != nil {
		last, err := boltfile.Decode[AuditRow](auditTable, k, raw)
		a.number, a.prev, a.err = last.Number, last.Hash, err
	}
	return a
}

func (a *auditor) append(row AuditRow) error {
	if a.err != nil {
		return a.err
	}
	a.number++
	row.Number, row.At, row.Actor, row.Prev = a.number, a.now, a.actor, a.prev
	sum, err := row.sum()
	if err != nil {
		return err
	}
	row.Hash, a.prev = sum, sum
	if err := recall(a.b.Tx(), &row); err != nil {
		return err
	}
	return boltfile.Put(a.b, auditTable, be64(row.Number), &row)
}

// close reports what no append did.
func (a *auditor) close() error { return a.err }

// sum is the hash over the row without its own.
func (r AuditRow) sum() ([]byte, error) {
	r.Hash = nil
	b, err := boltfile.Marshal(&r)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(b)
	return sum[:], nil
}

// logChange notes how a record changed; nil stands for not there.
func logChange[T any](a *auditor, t *table[T], id uint64, old, v *T) error {
	before, err := fieldsOf(old)
	if err != nil {
		return err
	}
	after, err := fieldsOf(v)
	if err != nil {
		return err
	}
	return a.change(t.record.String(), id, before, after)
}

// change appends the row of a change; nil fields stand for not there.
func (a *auditor) change(record string, id uint64, before, after Fields) error {
	action := "update"
	switch {
	case before == nil:
		action = "create"
	case after == nil:
		action = "delete"
	default:
		for k := range before {
			if bytes.Equal(before[k], after[k]) {
				delete(before, k)
				delete(after, k)
			}
		}
	}
	return a.append(AuditRow{Action: action, Record: record, Key: be64(id), Before: before, After: after})
}

// fieldsOf takes a record apart, without its secrets.
func fieldsOf[T any](v *T) (Fields, error) {
	if v == nil {
		return nil, nil
	}
	return takeApart(public(v))
}

func takeApart(v any) (Fields, error) {
	b, err := boltfile.Marshal(v)
	if err != nil {
		return nil, err
	}
	var f Fields
	if err := boltfile.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("take apart for the audit: %w", err)
	}
	return f, nil
}

// public is a record without secrets.
func public(v any) any {
	switch r := v.(type) {
	case *fleet.Device:
		c := *r
		c.SecretHash = nil
		return &c
	case *fleet.Token:
		c := *r
		c.Hash = nil
		return &c
	case *fleet.Subscription:
		c := *r
		c.Auth, c.P256DH = nil, nil
		return &c
	}
	return v
}

// Audit lists up to limit rows with numbers above after, oldest first.
func (a *Admin) Audit(after uint64, limit int) (rows []AuditRow, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(auditBucket)).Cursor()
		for k, raw := c.Seek(be64(after + 1)); k != nil && len(rows) < limit; k, raw = c.Next() {
			row, err := boltfile.Decode[AuditRow](auditTable, k, raw)
			if err != nil {
				return err
			}
			rows = append(rows, row)
		}
		return nil
	})
	return rows, err
}
