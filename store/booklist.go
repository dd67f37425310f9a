package store

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// List is a page of the records that the scope sees, by their first word
// within their company or owner. A page may be short, even empty, and still
// have a next one: the work for one page is bounded.
func (b *Book[T]) List(q fleet.Query) (page fleet.Page[T], err error) {
	limit := q.Limit
	if limit <= 0 {
		limit = defaultLimit
	}
	limit = min(limit, maxLimit)
	page.Items = []T{}
	kind := b.kind()
	if q.About.ID != 0 {
		return b.about(q, limit)
	}
	bucket, prefix := plainByCompany, plainKey(kind, uint64(q.Scope.Company))
	switch {
	case q.Owner != 0:
		bucket, prefix = plainByOwner, plainKey(kind, uint64(q.Owner))
	case q.Scope.Installation:
		prefix = []byte{byte(kind)}
	}
	seek := prefix
	if q.After != "" {
		after, err := base64.RawURLEncoding.DecodeString(q.After)
		if err != nil || !strings.HasPrefix(string(after), string(prefix)) {
			return page, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
		}
		seek = append(after, 0)
	}
	search := fold(strings.TrimSpace(q.Search))
	err = b.a.db.View(func(tx *bbolt.Tx) error {
		scanned := 0
		var last []byte
		c := tx.Bucket([]byte(bucket)).Cursor()
		for k, _ := c.Seek(seek); len(k) >= 18 && strings.HasPrefix(string(k), string(prefix)); k, _ = c.Next() {
			if len(page.Items) == limit || scanned == maxScan {
				page.Next = base64.RawURLEncoding.EncodeToString(last)
				return nil
			}
			scanned, last = scanned+1, k
			var v T
			r := b.of(&v)
			there, err := findPlain(tx, be64Of(k[len(k)-8:]), r)
			if err != nil {
				return err
			}
			if h := r.Header(); there && q.Scope.SeesOwner(h.Company, h.Owner) && matches(search, r.Words()) {
				page.Items = append(page.Items, v)
			}
		}
		return nil
	})
	return page, err
}

// about is a page of the records that name another one, by age.
func (b *Book[T]) about(q fleet.Query, limit int) (page fleet.Page[T], err error) {
	page.Items = []T{}
	after := uint64(0)
	if q.After != "" {
		id, err := fleet.ParseID[plainAge](q.After)
		if err != nil {
			return page, fleet.FieldError("after", "%q is no cursor that a page gave; begin with the first page", q.After)
		}
		after = uint64(id)
	}
	search := fold(strings.TrimSpace(q.Search))
	err = b.a.db.View(func(tx *bbolt.Tx) error {
		scanned, last := 0, uint64(0)
		prefix := append(plainKey(q.About.Kind, q.About.ID), byte(b.kind()))
		c := tx.Bucket([]byte(plainRefs)).Cursor()
		for k, _ := c.Seek(append(bytes.Clone(prefix), be64(after+1)...)); len(k) >= 18 && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			id := be64Of(k[10:18])
			if id == last { // named in several fields
				continue
			}
			if len(page.Items) == limit || scanned == maxScan {
				page.Next = fleet.RecordID(last).String()
				return nil
			}
			scanned, last = scanned+1, id
			var v T
			r := b.of(&v)
			there, err := findPlain(tx, id, r)
			if err != nil {
				return err
			}
			if h := r.Header(); there && q.Scope.SeesOwner(h.Company, h.Owner) && (q.Owner == 0 || h.Owner == q.Owner) && matches(search, r.Words()) {
				page.Items = append(page.Items, v)
			}
		}
		return nil
	})
	return page, err
}

// plainAge is the cursor of lists by age.
type plainAge struct{}

// matches reports whether a folded text stands in one of the words.
func matches(search string, words []string) bool {
	return search == "" || slices.ContainsFunc(words, func(s string) bool { return strings.Contains(fold(s), search) })
}
