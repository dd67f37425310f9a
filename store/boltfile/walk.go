package boltfile

import (
	"bytes"
	"encoding/hex"
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
		if len(k) > bbolt.MaxKeySize {
			report(fmt.Errorf("bucket %s: a key claims %d bytes", name, len(k)))
			return
		}
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

// Check is bbolt's own check, to be run where [Walk] has found nothing. It
// words keys by their beginning: a damaged page may claim one of gigabytes.
func Check(tx *bbolt.Tx) <-chan error { return tx.Check(bbolt.WithKVStringer(brief{})) }

// brief writes the beginning of keys and values in hexadecimal.
type brief struct{}

const briefly = 32 // bytes

func (brief) KeyToString(key []byte) string { return hex.EncodeToString(key[:min(len(key), briefly)]) }

func (b brief) ValueToString(value []byte) string { return b.KeyToString(value) }
