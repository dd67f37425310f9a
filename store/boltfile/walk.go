package boltfile

import (
	"bytes"
	"fmt"

	"go.etcd.io/bbolt"
)

// Walk goes through every key of every bucket, forwards and by looking each
// one up, and calls report where the order or the lookup fails. It reads every
// page that a reader could, in the caller's goroutine, where a fault on a
// damaged page can be caught: bbolt's own check runs in a goroutine of its own,
// and a damaged page there ends the process. What passes here it can read.
func Walk(tx *bbolt.Tx, report func(error)) {
	err := tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
		walk(string(name), b, report)
		return nil
	})
	if err != nil {
		report(err)
	}
}

func walk(name string, b *bbolt.Bucket, report func(error)) {
	var last []byte
	first := true
	look := b.Cursor()
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if !first && bytes.Compare(last, k) >= 0 {
			report(fmt.Errorf("bucket %s: key %x stands behind %x", name, k, last))
			return
		}
		if found, _ := look.Seek(k); !bytes.Equal(found, k) {
			report(fmt.Errorf("bucket %s: key %x is not found where it stands", name, k))
			return
		}
		first, last = false, bytes.Clone(k)
		if v == nil {
			if inner := b.Bucket(k); inner != nil {
				walk(name+"/"+string(k), inner, report)
			}
		}
	}
}
