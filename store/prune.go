package store

import (
	"context"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// pruneBatch is how many rows one transaction of a Prune looks at.
const pruneBatch = 5000

// Prune forgets change sets below upto that are older than before, with the
// versions of records that only they needed, and the last states of records
// deleted before gravesBefore. Upto must be at or below the last change that
// the oldest snapshot kept has seen: World and Load answer for it and later
// ones only. It works in small transactions; one cut short is finished by the
// next.
func (a *Admin) Prune(ctx context.Context, upto fleet.ChangeID, before, gravesBefore fleet.Time) error {
	cut, err := a.pruneCut(upto, before)
	if err != nil {
		return err
	}
	if cut > 0 {
		old := func(k, raw []byte) (bool, error) { return be64Of(k) < uint64(cut), nil }
		if err := a.pruneVersions(ctx, cut); err != nil {
			return err
		}
		if err := a.pruneRows(ctx, changesBucket, 8, old); err != nil {
			return err
		}
	}
	return a.pruneRows(ctx, gravesBucket, 9, func(k, raw []byte) (bool, error) {
		g, err := boltfile.Decode[grave[struct{}]](gravesTable, k, raw)
		return g.At < gravesBefore, err
	})
}

// pruneCut finds the newest change that may stay as the oldest one, and writes
// down that nothing before it can be told any more.
func (a *Admin) pruneCut(upto fleet.ChangeID, before fleet.Time) (cut fleet.ChangeID, err error) {
	err = a.db.Update(func(tx *bbolt.Tx) error {
		pruned, err := boltfile.Counter(tx, prunedKey)
		if err != nil {
			return err
		}
		cut = fleet.ChangeID(pruned)
		c := tx.Bucket([]byte(changesBucket)).Cursor()
		for k, _ := c.Seek(be64(pruned)); k != nil && fleet.ChangeID(be64Of(k)) <= upto; k, _ = c.Next() {
			set, err := change(tx, fleet.ChangeID(be64Of(k)))
			if err != nil {
				return err
			}
			if set.At >= before {
				break
			}
			cut = set.ID
		}
		return boltfile.SetCounter(tx, prunedKey, uint64(cut))
	})
	return cut, err
}

// pruneVersions deletes what stood before the version that holds at cut, and
// that version too if it is a tombstone.
func (a *Admin) pruneVersions(ctx context.Context, cut fleet.ChangeID) error {
	for next := []byte{0}; next != nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := a.db.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(versionsBucket))
			c := b.Cursor()
			var dead [][]byte
			var held []byte // the newest version at or below cut, of the record in hand
			var gone bool   // it is a tombstone
			scanned := 0
			k, raw := c.Seek(next)
			for ; k != nil; k, raw = c.Next() {
				if len(k) != versionKeySize {
					return &boltfile.DamageError{Table: versionsBucket, Key: k, Reason: "the key is not of 17 bytes"}
				}
				same := held != nil && string(held[:9]) == string(k[:9])
				if !same {
					if gone {
						dead = append(dead, held)
					}
					held, gone = nil, false
					if scanned >= pruneBatch {
						break // at the border of two records
					}
				}
				scanned++
				if fleet.ChangeID(be64Of(k[9:])) > cut {
					continue
				}
				if same {
					dead = append(dead, held)
				}
				schema, _, err := versionsTable.Unseal(k, raw)
				if err != nil {
					return err
				}
				held, gone = k, schema == tombstone
			}
			if k == nil && gone {
				dead = append(dead, held)
			}
			next = append([]byte(nil), k...)
			if k == nil {
				next = nil
			}
			return deleteAll(b, dead)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// pruneRows deletes the rows of a bucket that are old.
func (a *Admin) pruneRows(ctx context.Context, bucket string, keySize int, old func(k, raw []byte) (bool, error)) error {
	for next := []byte{}; next != nil; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := a.db.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket([]byte(bucket))
			c := b.Cursor()
			var dead [][]byte
			k, raw := c.Seek(next)
			for n := 0; k != nil && n < pruneBatch; n++ {
				if len(k) != keySize {
					return &boltfile.DamageError{Table: bucket, Key: k, Reason: "the key has another length"}
				}
				is, err := old(k, raw)
				if err != nil {
					return err
				}
				if is {
					dead = append(dead, k)
				}
				k, raw = c.Next()
			}
			next = append([]byte(nil), k...)
			if k == nil {
				next = nil
			}
			return deleteAll(b, dead)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteAll deletes keys that were read from the bucket itself.
func deleteAll(b *bbolt.Bucket, keys [][]byte) error {
	own := make([][]byte, len(keys))
	for i, k := range keys {
		own[i] = append([]byte(nil), k...) // a deletion may move what k lies in
	}
	for _, k := range own {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
