package store

import (
	"bytes"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// checkPlainRecords wants every plain record to be whole, to name only what it
// may, and to stand in the indexes exactly as it says.
func checkPlainRecords(tx *bbolt.Tx, f *finder) {
	want := map[string]int{}
	c := tx.Bucket([]byte(plainBucket)).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		v := newPlain(fleet.RecordKind(k[0]))
		if v == nil || len(k) != 9 {
			f.add(at(plainBucket, k), "no such kind of record")
			continue
		}
		if err := boltfile.DecodeInto(plainTable, k, raw, v); err != nil {
			f.add(at(plainBucket, k), "%v", err)
			continue
		}
		if !bytes.Equal(k, plainKey(v.Kind(), uint64(v.Header().ID))) {
			f.add(at(plainBucket, k), "the row holds another key")
		}
		f.refer(plainBucket, k, checkPlain(tx, v))
		seen := map[string]bool{}
		for _, e := range plainEntries(v) {
			if id := e.bucket + "\x00" + string(e.key); !seen[id] {
				seen[id] = true
				want[e.bucket]++
			}
			if got := tx.Bucket([]byte(e.bucket)).Get(e.key); got == nil {
				f.add(at(e.bucket, e.key), "the index lacks this entry")
			} else if !bytes.Equal(got, e.value) {
				f.add(at(e.bucket, e.key), "the index says %x, the row %x", got, e.value)
			}
		}
	}
	for _, name := range plainBuckets()[1:] {
		if have := countRows(tx, name); have != want[name] {
			f.add(name, "%d entries, the rows make %d", have, want[name])
		}
	}
}
