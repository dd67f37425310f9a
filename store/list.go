package store

import (
	"iter"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// listing is how one kind of record is listed: by ID, which is by age.
type listing[T any] struct {
	table *table[T]
	// byOwner and byCompany are the indexes that narrow a list; "" = none.
	byOwner, byCompany string
	// direct are the only IDs that a scope can see, where it says so itself.
	direct func(*fleet.Scope) (ids []uint64, ok bool)
	// narrow may know a shorter way to what a query asks for; nil: it does not.
	narrow func(*bbolt.Tx, *fleet.Query, uint64) iter.Seq[uint64]
	also   func(*fleet.Query, *T) bool // nil: true
	sees   func(*fleet.Scope, *T) bool
	owner  func(*T) fleet.OwnerID
	text   func(*T) []string // what a search looks into
}

// list is a page of records that the scope sees. A page may be short, even
// empty, and still have a next one: the work for one page is bounded.
func list[T any](a *Admin, l *listing[T], q fleet.Query) (page fleet.Page[T], err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	var after uint64
	if q.After != "" {
		id, err := fleet.ParseID[T](q.After)
		if err != nil {
			return page, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
		}
		after = uint64(id)
	}
	search := fold(strings.TrimSpace(q.Search))
	page.Items = []T{}
	err = a.db.View(func(tx *bbolt.Tx) error {
		scanned, last := 0, uint64(0)
		for id := range l.candidates(tx, &q, after) {
			if len(page.Items) == limit || scanned == maxScan {
				page.Next = fleet.ID[T](last).String()
				return nil
			}
			scanned, last = scanned+1, id
			v, err := l.table.find(tx, be64(id))
			if err != nil {
				return err
			}
			if v != nil && l.wanted(&q, search, v) {
				page.Items = append(page.Items, *v)
			}
		}
		return nil
	})
	return page, err
}

func (l *listing[T]) wanted(q *fleet.Query, search string, v *T) bool {
	if !l.sees(&q.Scope, v) || q.Owner != 0 && l.owner(v) != q.Owner || l.also != nil && !l.also(q, v) {
		return false
	}
	return search == "" || slices.ContainsFunc(l.text(v), func(s string) bool { return strings.Contains(fold(s), search) })
}

// candidates are the IDs above after that may be wanted, rising.
func (l *listing[T]) candidates(tx *bbolt.Tx, q *fleet.Query, after uint64) iter.Seq[uint64] {
	if l.direct != nil {
		if ids, ok := l.direct(&q.Scope); ok {
			return above(sorted(ids), after)
		}
	}
	if l.narrow != nil {
		if ids := l.narrow(tx, q, after); ids != nil {
			return ids
		}
	}
	s := &q.Scope
	switch {
	case q.Owner != 0 && l.byOwner != "":
		return merged(tx, l.byOwner, []uint64{uint64(q.Owner)}, after)
	case s.Installation || l.byCompany == "":
		return rowsAfter(l.table.bucket(tx), after)
	case s.Customers != nil && len(s.Customers) <= maxMerge && l.byOwner != "":
		return merged(tx, l.byOwner, plain(s.Customers), after)
	}
	return merged(tx, l.byCompany, []uint64{uint64(s.Company)}, after)
}

func plain[K any](ids []fleet.ID[K]) []uint64 {
	out := make([]uint64, len(ids))
	for i, id := range ids {
		out[i] = uint64(id)
	}
	return sorted(out)
}

func rowsAfter(b *bbolt.Bucket, after uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		c := b.Cursor()
		for k, _ := c.Seek(be64(after + 1)); len(k) == 8 && yield(be64Of(k)); k, _ = c.Next() {
		}
	}
}

// merged goes through what an index lists under several, by ID.
func merged(tx *bbolt.Tx, index string, whos []uint64, after uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		type head struct {
			c  *bbolt.Cursor
			id uint64
		}
		var heads []head
		set := func(h head, k []byte, who uint64) (head, bool) {
			if len(k) != 16 || be64Of(k) != who {
				return h, false
			}
			h.id = be64Of(k[8:])
			return h, true
		}
		owner := []uint64{}
		for _, who := range whos {
			c := tx.Bucket([]byte(index)).Cursor()
			k, _ := c.Seek(ref(who, be64(after+1)))
			if h, ok := set(head{c: c}, k, who); ok {
				heads, owner = append(heads, h), append(owner, who)
			}
		}
		for len(heads) > 0 {
			at := 0
			for i := range heads {
				if heads[i].id < heads[at].id {
					at = i
				}
			}
			if !yield(heads[at].id) {
				return
			}
			k, _ := heads[at].c.Next()
			if h, ok := set(heads[at], k, owner[at]); ok {
				heads[at] = h
			} else {
				heads, owner = slices.Delete(heads, at, at+1), slices.Delete(owner, at, at+1)
			}
		}
	}
}
