package store

import (
	"encoding/binary"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// memoriesPage is how many memories are copied out of one read transaction.
const memoriesPage = 4096

func putMemories(tx *bbolt.Tx, memories []fleet.Memory) error {
	b := tx.Bucket([]byte(memoriesTable.Name()))
	for i := range memories {
		m := &memories[i]
		key := memoryKey(m.Device, m.Rule)
		var err error
		if len(m.Value) == 0 {
			err = b.Delete(key)
		} else {
			err = b.Put(key, memoriesTable.Seal(key, 1, m.Value))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// EachMemory calls each with every memory, by device and rule, until it fails.
// Each may take its time: it is called outside of any transaction. A memory
// that changes meanwhile is seen as it was or as it is.
func (f *Facts) EachMemory(each func(fleet.Memory) error) error {
	var after []byte
	for {
		page, err := f.memories(after)
		if err != nil || len(page) == 0 {
			return err
		}
		for _, m := range page {
			if err := each(m); err != nil {
				return err
			}
		}
		last := page[len(page)-1]
		after = memoryKey(last.Device, last.Rule)
	}
}

func (f *Facts) memories(after []byte) (page []fleet.Memory, err error) {
	err = f.db.View(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(memoriesTable.Name())).Cursor()
		k, raw := c.Seek(after)
		if after != nil && string(k) == string(after) {
			k, raw = c.Next()
		}
		for ; k != nil && len(page) < memoriesPage; k, raw = c.Next() {
			m, err := decodeMemory(k, raw)
			if err != nil {
				return err
			}
			page = append(page, m)
		}
		return nil
	})
	return page, err
}

func decodeMemory(key, raw []byte) (m fleet.Memory, err error) {
	_, value, err := memoriesTable.Unseal(key, raw)
	if err != nil {
		return m, err
	}
	if len(key) != 16 {
		return m, &boltfile.DamageError{Table: memoriesTable.Name(), Key: key, Reason: "the key is not of 16 bytes"}
	}
	return fleet.Memory{
		Device: fleet.DeviceID(binary.BigEndian.Uint64(key)),
		Rule:   fleet.NotificationID(binary.BigEndian.Uint64(key[8:])),
		Value:  append([]byte(nil), value...),
	}, nil
}
