package store

import (
	"encoding/binary"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// auditByRecord finds the audit's rows of one customer or company: kind, ID,
// number -> nothing. Other kinds are not listed.
const auditByRecord = "audit/record"

// recalled are the kinds whose past is listed, and how their fields are named.
var recalled = map[string]reflect.Type{
	fleet.CustomerRecord.String(): reflect.TypeFor[fleet.Customer](),
	fleet.CompanyRecord.String():  reflect.TypeFor[fleet.Company](),
}

// recall lists a row under its record, if the past of that kind is listed.
func recall(tx *bbolt.Tx, row *AuditRow) error {
	if recalled[row.Record] == nil || len(row.Key) != 8 {
		return nil
	}
	return tx.Bucket([]byte(auditByRecord)).Put(pastKey(row.Record, row.Key, row.Number), []byte{})
}

func pastKey(record string, id []byte, number uint64) []byte {
	return binary.BigEndian.AppendUint64(append(append([]byte(record), 0), id...), number)
}

// Past is what was done to a customer or a company, the newest first: rows with
// numbers below before (0 = all), at most limit.
func (a *Admin) Past(kind fleet.RecordKind, id uint64, before uint64, limit int) (out []fleet.PastChange, err error) {
	if before == 0 {
		before = 1 << 63
	}
	err = a.db.View(func(tx *bbolt.Tx) error {
		prefix := pastKey(kind.String(), be64(id), 0)
		prefix = prefix[:len(prefix)-8]
		c := tx.Bucket([]byte(auditByRecord)).Cursor()
		k, _ := c.Seek(pastKey(kind.String(), be64(id), before))
		if k == nil {
			k, _ = c.Last()
		} else {
			k, _ = c.Prev()
		}
		for ; len(k) == len(prefix)+8 && string(k[:len(prefix)]) == string(prefix) && len(out) < limit; k, _ = c.Prev() {
			number := k[len(prefix):]
			row, err := boltfile.Decode[AuditRow](auditTable, number, tx.Bucket([]byte(auditBucket)).Get(number))
			if err != nil {
				return err
			}
			change := fleet.PastChange{Number: row.Number, At: row.At, Actor: row.Actor, Action: row.Action}
			if u, err := users.find(tx, be64(uint64(row.Actor.User))); err == nil && u != nil {
				change.By = u.Name
			}
			if change.Fields, err = pastFields(recalled[row.Record], row.Before, row.After); err != nil {
				return err
			}
			out = append(out, change)
		}
		return nil
	})
	return out, err
}

// pastFields words the fields of a row by the names that the type's JSON has.
func pastFields(t reflect.Type, before, after Fields) (out []fleet.PastField, err error) {
	was, err := asJSON(t, before)
	if err != nil {
		return nil, err
	}
	is, err := asJSON(t, after)
	if err != nil {
		return nil, err
	}
	for _, f := range reflect.VisibleFields(t) {
		number, _ := strconv.Atoi(strings.SplitN(f.Tag.Get("cbor"), ",", 2)[0])
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		_, left := before[number]
		_, came := after[number]
		if len(f.Index) > 1 && t.Field(f.Index[0]).Tag.Get("cbor") != "" {
			continue // of a struct with numbers of its own
		}
		if number == 0 || name == "-" || name == "" || name == "version" || !left && !came {
			continue
		}
		field := fleet.PastField{Name: name}
		if left {
			field.Before = string(was[name])
		}
		if came {
			field.After = string(is[name])
		}
		out = append(out, field)
	}
	return out, nil
}

func asJSON(t reflect.Type, f Fields) (out map[string]json.RawMessage, err error) {
	v := reflect.New(t).Interface()
	b, err := boltfile.Marshal(f)
	if err == nil {
		err = boltfile.Unmarshal(b, v)
	}
	if err == nil {
		b, err = json.Marshal(v)
	}
	if err == nil {
		err = json.Unmarshal(b, &out)
	}
	return out, err
}
