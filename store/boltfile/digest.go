package boltfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"

	"go.etcd.io/bbolt"
)

// Digest is a SHA-256 over every bucket, key and value, whatever the pages look
// like: two files that hold the same have the same digest.
//
// Buckets within others that bear one of the names in without are left out.
func (d *DB) Digest(without ...string) (sum string, err error) {
	h := sha256.New()
	err = d.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			chunk(h, 'b', name)
			return digest(h, b, without)
		})
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func digest(h hash.Hash, b *bbolt.Bucket, without []string) error {
	err := b.ForEach(func(k, v []byte) error {
		if v == nil && slices.Contains(without, string(k)) {
			return nil
		}
		if v == nil {
			chunk(h, 'b', k)
			return digest(h, b.Bucket(k), without)
		}
		chunk(h, 'k', k)
		chunk(h, 'v', v)
		return nil
	})
	h.Write([]byte{'e'})
	return err
}

func chunk(h hash.Hash, kind byte, b []byte) {
	h.Write(binary.BigEndian.AppendUint64([]byte{kind}, uint64(len(b))))
	h.Write(b)
}
