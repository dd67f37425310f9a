package store

import (
	"iter"
	"slices"

	"go.etcd.io/bbolt"
)

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

// rowsAfter are the IDs of a table's rows beyond one.
func rowsAfter(b *bbolt.Bucket, after uint64) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		c := b.Cursor()
		for k, _ := c.Seek(be64(after + 1)); len(k) == 8 && yield(be64Of(k)); k, _ = c.Next() {
		}
	}
}
