package store

import (
	"bytes"
	"context"
	"encoding/hex"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// Attention is one entry of the attention list; NotFound if there is none.
func (f *Facts) Attention(id fleet.EventID) (v fleet.Attention, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		raw := tx.Bucket([]byte(attentionsTable.Name())).Get(id[:])
		if raw == nil {
			return fleet.Errorf(fleet.NotFound, "there is no alarm %s", id)
		}
		v, err = boltfile.Decode[fleet.Attention](attentionsTable, id[:], raw)
		return err
	})
	return v, err
}

// Attend changes one entry: change gets it as it is, within the one write
// transaction, so that of two people one comes first. An error of change
// leaves it alone. Change must not call back into Facts.
func (f *Facts) Attend(ctx context.Context, id fleet.EventID, change func(*fleet.Attention) error) (v fleet.Attention, err error) {
	if err := ctx.Err(); err != nil {
		return v, err
	}
	f.writing.Lock()
	defer f.writing.Unlock()
	err = f.db.Update(func(tx *bbolt.Tx) error {
		a := newAttentions(tx, nil, nil)
		if a.rows.Get(id[:]) == nil {
			return fleet.Errorf(fleet.NotFound, "there is no alarm %s", id)
		}
		old, err := a.get(id)
		if err != nil {
			return err
		}
		v = *old
		v.Log, v.Events = slices.Clone(old.Log), slices.Clone(old.Events)
		if err := change(&v); err != nil {
			return err
		}
		if v.Version == old.Version {
			return nil
		}
		return a.put(old, &v)
	})
	if err == nil {
		f.seen([]fleet.Attention{v})
	}
	return v, err
}

// attentionScan bounds the entries that one page looks at.
const attentionScan = 20_000

// Attentions is a page of the attention list. A page may be short, even empty,
// and still have a next one.
func (f *Facts) Attentions(q fleet.AttentionQuery) (page fleet.Page[fleet.Attention], err error) {
	who := uint64(q.Scope.Company)
	switch {
	case q.Device != 0:
		who = uint64(q.Device)
	case q.Owner != 0:
		who = uint64(q.Owner)
	case len(q.Scope.Customers) == 1:
		who = uint64(q.Scope.Customers[0])
	}
	from := be64(who)
	if q.After != "" {
		b, err := hex.DecodeString(q.After)
		if err != nil || len(b) != whomKeySize-8 {
			return page, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
		}
		from = append(from, b...)
	}
	limit := q.Limit
	if limit <= 0 || limit > 1000 {
		limit = 100
	}
	err = f.db.View(func(tx *bbolt.Tx) error {
		rows := tx.Bucket([]byte(attentionsTable.Name()))
		c := tx.Bucket([]byte(attentionsByWhom)).Cursor()
		k, _ := c.Seek(from)
		if q.After != "" && bytes.Equal(k, from) {
			k, _ = c.Next()
		}
		var last []byte
		for seen := 0; len(k) == whomKeySize && bytes.HasPrefix(k, from[:8]); k, _ = c.Next() {
			if len(page.Items) == limit || seen == attentionScan {
				page.Next = hex.EncodeToString(last)
				return nil
			}
			seen++
			last = append(last[:0], k[8:]...)
			id := k[whomKeySize-16:]
			raw := rows.Get(id)
			if raw == nil {
				return &boltfile.DamageError{Table: attentionsTable.Name(), Key: bytes.Clone(id), Reason: "an index names it and it is not there"}
			}
			v, err := boltfile.Decode[fleet.Attention](attentionsTable, id, raw)
			if err != nil {
				return err
			}
			if wantedAttention(&q, &v) {
				page.Items = append(page.Items, v)
			}
		}
		return nil
	})
	return page, err
}

func wantedAttention(q *fleet.AttentionQuery, v *fleet.Attention) bool {
	return q.Scope.SeesDevice(v.Device, v.Company, v.Owner) && (q.Device == 0 || q.Device == v.Device) &&
		(q.Owner == 0 || q.Owner == v.Owner) && (q.Assignee == 0 || q.Assignee == v.Assignee) &&
		(q.Kind == 0 || q.Kind == v.Topic.Kind) && (!q.Nobody || v.Assignee == 0) && (len(q.States) == 0 || slices.Contains(q.States, v.State()))
}

// sweepAttentions forgets entries that were closed before a time.
func (f *Facts) sweepAttentions(ctx context.Context, before fleet.Time) error {
	const most = 1000 // in one transaction
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		f.writing.Lock()
		err := f.db.Update(func(tx *bbolt.Tx) error {
			a := newAttentions(tx, nil, nil)
			var old []fleet.Attention
			c := a.rows.Cursor()
			for k, raw := c.First(); k != nil && len(old) < most; k, raw = c.Next() {
				v, err := boltfile.Decode[fleet.Attention](attentionsTable, k, raw)
				if err != nil {
					return err
				}
				if v.Closed != 0 && v.Closed < before {
					old = append(old, v)
				}
			}
			for i := range old {
				if err := a.unlist(&old[i]); err != nil {
					return err
				}
				if err := a.rows.Delete(old[i].ID[:]); err != nil {
					return err
				}
			}
			more = len(old) == most
			return nil
		})
		f.writing.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}
