package store

import (
	"bytes"
	"reflect"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// maxAuditScan is how many rows one page looks at.
const maxAuditScan = 5000

// AuditPage is a page of the rows that the scope sees: those about records of
// its company, and what its people did that was about none. next is the Before
// of the following page, 0 at the end; a page may be short and still have one,
// for the work is bounded.
func (a *Admin) AuditPage(q fleet.AuditQuery) (out []fleet.AuditEntry, next uint64, err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = 50
	}
	limit = min(limit, 200)
	err = a.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(auditBucket)).Cursor()
		k, raw := c.Last()
		if q.Before != 0 {
			if k, raw = c.Seek(be64(q.Before)); k == nil {
				k, raw = c.Last()
			} else {
				k, raw = c.Prev()
			}
		}
		for scanned := 0; k != nil; k, raw = c.Prev() {
			if len(out) == limit || scanned == maxAuditScan {
				next = be64Of(k) + 1
				return nil
			}
			scanned++
			row, err := boltfile.Decode[AuditRow](auditTable, k, raw)
			if err != nil {
				return err
			}
			if row.At < q.From {
				return nil
			}
			if !wantedRow(&q, &row) {
				continue
			}
			if sees, err := seesRow(tx, &q.Scope, &row); err != nil {
				return err
			} else if !sees {
				continue
			}
			entry, err := showRow(tx, &row)
			if err != nil {
				return err
			}
			out = append(out, entry)
		}
		return nil
	})
	return out, next, err
}

func wantedRow(q *fleet.AuditQuery, row *AuditRow) bool {
	return (q.To == 0 || row.At < q.To) && (q.Actor == 0 || row.Actor.User == q.Actor || row.Actor.By == q.Actor) &&
		(q.Kind == 0 || row.Record == q.Kind.String()) && (q.Record == 0 || bytes.Equal(row.Key, be64(q.Record))) &&
		(q.Action == "" || row.Action == q.Action) && (!q.Failed || fleet.RefusedAction(row.Action))
}

// seesRow reports whether a row is about the scope's company.
func seesRow(tx *bbolt.Tx, s *fleet.Scope, row *AuditRow) (bool, error) {
	if s.Installation {
		return true, nil
	}
	if s.Company == 0 {
		return false, nil
	}
	company, known, err := companyOfRow(tx, row)
	if err != nil || known {
		return company == s.Company, err
	}
	if row.Actor.User == 0 {
		return false, nil
	}
	u, err := users.find(tx, be64(uint64(row.Actor.User)))
	return u != nil && u.Company == s.Company, err
}

// companyOfRow is the company that the record of a row belongs or belonged to.
func companyOfRow(tx *bbolt.Tx, row *AuditRow) (fleet.CompanyID, bool, error) {
	kind := fleet.KindNamed(row.Record)
	if kind == 0 || len(row.Key) != 8 {
		return 0, false, nil
	}
	id := be64Of(row.Key)
	switch kind {
	case fleet.CompanyRecord:
		return fleet.CompanyID(id), true, nil
	case fleet.RuleRecord:
		if r, err := rules.find(tx, row.Key); err != nil || r != nil {
			if err != nil {
				return 0, false, err
			}
			return r.Company, true, nil
		}
	case fleet.CredentialRecord:
		kind = fleet.UserRecord
	case fleet.TokenRecord:
		if t, err := tokens.find(tx, row.Key); err != nil || t != nil {
			if err != nil {
				return 0, false, err
			}
			kind, id = fleet.UserRecord, uint64(t.User)
		}
	}
	company, _, there, err := ownerOf(tx, kind, id)
	if err != nil || there {
		return company, there, err
	}
	for _, side := range []Fields{row.Before, row.After} {
		if raw := side[2]; raw != nil { // the company, of all records that have one
			if err := boltfile.Unmarshal(raw, &company); err == nil && company != 0 {
				return company, true, nil
			}
		}
	}
	return 0, false, nil
}

// typeOf is how a kind's fields are named.
func typeOf(kind fleet.RecordKind) reflect.Type {
	switch kind {
	case fleet.CompanyRecord:
		return reflect.TypeFor[fleet.Company]()
	case fleet.CustomerRecord:
		return reflect.TypeFor[fleet.Customer]()
	case fleet.DeviceRecord:
		return reflect.TypeFor[fleet.Device]()
	case fleet.FenceRecord:
		return reflect.TypeFor[fleet.Fence]()
	case fleet.NotificationRecord:
		return reflect.TypeFor[fleet.Notification]()
	case fleet.RuleRecord:
		return reflect.TypeFor[fleet.Rule]()
	case fleet.UserRecord:
		return reflect.TypeFor[fleet.User]()
	case fleet.TokenRecord:
		return reflect.TypeFor[fleet.Token]()
	}
	if v := newPlain(kind); v != nil {
		return reflect.TypeOf(v).Elem()
	}
	return nil
}

// showRow words a row.
func showRow(tx *bbolt.Tx, row *AuditRow) (fleet.AuditEntry, error) {
	out := fleet.AuditEntry{Record: row.Record}
	out.Number, out.At, out.Actor, out.Action = row.Number, row.At, row.Actor, row.Action
	if len(row.Key) == 8 {
		out.ID = be64Of(row.Key)
	}
	if u, err := users.find(tx, be64(uint64(row.Actor.User))); err == nil && u != nil {
		out.By = u.Name
	}
	t := typeOf(fleet.KindNamed(row.Record))
	if t == nil {
		return out, nil
	}
	fields, err := pastFields(t, row.Before, row.After)
	if err != nil { // a row of a version that knew other fields: who, what and when still stand
		return out, nil
	}
	out.Fields = fields
	out.Name = nameOf(tx, fleet.KindNamed(row.Record), out.ID, fields)
	return out, nil
}

// nameOf is what a record is called now, or was in the row.
func nameOf(tx *bbolt.Tx, kind fleet.RecordKind, id uint64, fields []fleet.PastField) string {
	switch kind {
	case fleet.CustomerRecord:
		if v, err := customers.find(tx, be64(id)); err == nil && v != nil {
			return v.Name
		}
	case fleet.DeviceRecord:
		if v, err := devices.find(tx, be64(id)); err == nil && v != nil {
			return v.Name
		}
	case fleet.UserRecord:
		if v, err := users.find(tx, be64(id)); err == nil && v != nil {
			return v.Name
		}
	}
	for _, f := range fields {
		if text := f.After + f.Before; f.Name == "name" && (f.After == "" || f.Before == "") {
			return strings.Trim(text, `"`)
		}
	}
	return ""
}

// VerifyAudit follows the chain of hashes on from the rows that were verified
// before, at most limit rows.
func (a *Admin) VerifyAudit(limit int) (fleet.Chain, error) {
	a.chain.Lock()
	defer a.chain.Unlock()
	out := fleet.Chain{Verified: a.chain.number, Broken: a.chain.broken}
	err := a.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(auditBucket)).Cursor()
		if k, _ := c.Last(); k != nil {
			out.Newest = be64Of(k)
		}
		if a.chain.broken != 0 {
			return nil
		}
		k, raw := c.Seek(be64(a.chain.number + 1))
		for n := 0; k != nil && n < limit; n++ {
			row, err := boltfile.Decode[AuditRow](auditTable, k, raw)
			var sum []byte
			if err == nil {
				sum, err = row.sum()
			}
			if err != nil || !bytes.Equal(sum, row.Hash) || row.Number != a.chain.number+1 || !bytes.Equal(row.Prev, a.chain.hash) {
				a.chain.broken = a.chain.number + 1
				break
			}
			a.chain.number, a.chain.hash = row.Number, row.Hash
			k, raw = c.Next()
		}
		return nil
	})
	out.Verified, out.Broken = a.chain.number, a.chain.broken
	return out, err
}
