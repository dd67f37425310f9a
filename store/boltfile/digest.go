package boltfile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"

	"go.etcd.io/bbolt"
)

// Digest is a SHA-256 over every bucket, key and value, whatever the pages look
// like: two files that hold the same have the same digest.
func (d *DB) Digest() (sum string, err error) {
	h := sha256.New()
	err = d.View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(name []byte, b *bbolt.Bucket) error {
			chunk(h, 'b', name)
			return digest(h, b)
		})
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func digest(h hash.Hash, b *bbolt.Bucket) error {
	err := b.ForEach(func(k, v []byte) error {
		if v == nil {
			chunk(h, 'b', k)
			return digest(h, b.Bucket(k))
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
