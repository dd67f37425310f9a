package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/vigia-track/vigia/store/boltfile"
)

// Entries of the indexes whose keys lie all over do not go into their index at
// once: that would rewrite a page for nearly every device of a batch. A
// commit appends one row with all of its entries to the day's bucket pending,
// which queries read beside the index, and merge.go moves them in bulk.
//
// A row's body is, for each record, the length of its key (1 byte), the key,
// and 8 bytes for each lazy index of the table: who, or 0 for no entry.

const pendingBucket = "pending" // in a day: number -> sealed entries

// lazyIndexes are, by table, the indexes that are filled in bulk.
var lazyIndexes = map[string][]string{
	eventsTable.Name():     {deviceBucket, fenceBucket, ownerBucket},
	deliveriesTable.Name(): {ownerBucket},
}

// pendingTable seals the rows of a table's pending entries.
func pendingTable(t boltfile.Table) boltfile.Table {
	return boltfile.NewTable(t.Name() + "/" + pendingBucket)
}

// pendingBody is a row in the making.
type pendingBody struct {
	body    []byte
	entries int
}

// add appends the entries of one record, and keeps refs in the order of lazy.
func (p *pendingBody) add(key []byte, lazy []string, refs []indexRef) error {
	if len(key) > 255 {
		return fmt.Errorf("the key %x is longer than 255 bytes", key)
	}
	p.body = append(p.body, byte(len(key)))
	p.body = append(p.body, key...)
	for _, name := range lazy {
		id := uint64(0)
		if i := slices.IndexFunc(refs, func(r indexRef) bool { return r.index == name }); i >= 0 {
			id = refs[i].id
		}
		p.body = binary.BigEndian.AppendUint64(p.body, id)
	}
	p.entries++
	return nil
}

// pendingEntry is a record's key and who it concerns, 8 bytes for each lazy
// index. Both live as long as the transaction.
type pendingEntry struct{ key, ids []byte }

// id is the entry in the i-th lazy index, 0 for none.
func (e pendingEntry) id(i int) uint64 { return be64Of(e.ids[8*i:]) }

// eachPending calls each with the entries of one day that wait, in no order.
func (ds *days) eachPending(d day, each func(e pendingEntry)) error {
	b := ds.bucket(d, pendingBucket)
	if b == nil {
		return nil
	}
	c := b.Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		if err := ds.pendingRow(k, raw, each); err != nil {
			return err
		}
	}
	return nil
}

func (ds *days) pendingRow(k, raw []byte, each func(e pendingEntry)) error {
	t := pendingTable(ds.table)
	_, body, err := t.Unseal(k, raw)
	if err != nil {
		return err
	}
	ids := 8 * len(lazyIndexes[ds.table.Name()])
	for len(body) > 0 {
		n := 1 + int(body[0])
		if len(body) < n+ids || len(k) != 8 || n <= 16 {
			return &boltfile.DamageError{Table: t.Name(), Key: k, Reason: "an entry has another length"}
		}
		each(pendingEntry{key: body[1:n:n], ids: body[n : n+ids : n+ids]})
		body = body[n+ids:]
	}
	return nil
}

// pendingOf are the keys of a day's records that wait for an index, newest
// first, for each of some prefixes of that index.
func (ds *days) pendingOf(d day, index string, prefixes [][]byte) (keys [][][]byte, err error) {
	at := slices.Index(lazyIndexes[ds.table.Name()], index)
	if at < 0 {
		return nil, nil
	}
	who := make(map[uint64]int, len(prefixes))
	for i, p := range prefixes {
		who[be64Of(p)] = i
	}
	keys = make([][][]byte, len(prefixes))
	one := uint64(0) // the only one asked for: most rows need no look into the map
	if len(prefixes) == 1 {
		one = be64Of(prefixes[0])
	}
	err = ds.eachPending(d, func(e pendingEntry) {
		id := e.id(at)
		if one != 0 && id != one {
			return
		}
		if i, ok := who[id]; ok && id != 0 {
			keys[i] = append(keys[i], e.key)
		}
	})
	for _, list := range keys {
		slices.SortFunc(list, func(a, b []byte) int { return bytes.Compare(b, a) })
	}
	return keys, err
}

// countPending is how many records of the table wait.
func (ds *days) countPending() (n int, err error) {
	err = ds.eachDay(func(d day) error {
		return ds.eachPending(d, func(pendingEntry) { n++ })
	})
	return n, err
}

// eachDay calls each with the table's days, oldest first.
func (ds *days) eachDay(each func(day) error) error {
	c := ds.top.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		d, err := parseDay(ds.table, k)
		if err != nil {
			return err
		}
		if err := each(d); err != nil {
			return err
		}
	}
	return nil
}

// putPending appends a row.
func (ds *days) putPending(d day, p *pendingBody) error {
	b, err := ds.make(d, pendingBucket)
	if err != nil {
		return err
	}
	n, err := b.NextSequence()
	if err != nil {
		return err
	}
	key := be64(n)
	return b.Put(key, pendingTable(ds.table).Seal(key, 1, p.body))
}

// indexKeys is the number of entries that an index would have if nothing
// waited, and a test for one of them.
func (ds *days) indexKeys(d day, index string) (n int, has func(key []byte) bool, err error) {
	b := ds.bucket(d, index)
	indexed := func(key []byte) bool { return b != nil && b.Get(key) != nil }
	if b != nil {
		n = b.Stats().KeyN
	}
	at := slices.Index(lazyIndexes[ds.table.Name()], index)
	if at < 0 {
		return n, indexed, nil
	}
	waiting := map[string]bool{}
	err = ds.eachPending(d, func(e pendingEntry) {
		if id := e.id(at); id != 0 {
			waiting[string(ref(id, e.key))] = true
		}
	})
	for k := range waiting {
		if !indexed([]byte(k)) {
			n++
		}
	}
	return n, func(key []byte) bool { return waiting[string(key)] || indexed(key) }, err
}
