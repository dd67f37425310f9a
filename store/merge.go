package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/store/boltfile"
)

const (
	// mergeAt is how many records wait before their entries are merged. More
	// make a merge cheaper an entry and a query slower. While a merge is under
	// way, about as many again may come.
	mergeAt = 65_536
	// mergeSlices is into how many parts a merge is cut for each mergeAt
	// entries: a commit takes one at least.
	mergeSlices = 64
)

// A merge takes what waited when it began into the indexes, in their order, a
// slice with each commit, so that none takes long. Rows of pending go once all
// of their entries are in. It is safe to begin a merge again: an entry that is
// in already stays one.
type merge struct {
	parts []mergePart
	next  int // parts[:next] are in
}

// mergePart is one index of one day, or the day's rows to be removed.
type mergePart struct {
	table boltfile.Table
	day   day
	index string // "" = remove the rows of pending below upto
	keys  []mergeKey
	upto  uint64
}

type mergeKey struct {
	id  uint64
	key []byte
}

// lazy is what waits for a merge and how far that is, as of the last commit.
type lazy struct {
	known   bool // waiting holds; otherwise it is counted anew
	waiting int  // records; while a merge is under way, at most that many
	merge   *merge
}

// advance moves entries into the indexes, if enough wait or a merge is under
// way, and says how things stand if the transaction succeeds. added is how
// many records the transaction has put.
func (l lazy) advance(w *factWriter, mergeAt, added int) (lazy, error) {
	if !l.known {
		l = lazy{known: true}
		for _, ds := range []*days{w.events, w.deliveries} {
			n, err := ds.countPending()
			if err != nil {
				return l, err
			}
			l.waiting += n
		}
	} else {
		l.waiting += added
	}
	if l.merge == nil {
		if l.waiting < mergeAt {
			return l, nil
		}
		l.merge = &merge{}
		for _, ds := range []*days{w.events, w.deliveries} {
			if err := l.merge.gather(ds, max(1, mergeAt/mergeSlices)); err != nil {
				return l, err
			}
		}
	}
	m := *l.merge // what was taken stays so if the transaction fails
	room := max(1, mergeAt/mergeSlices, 4*added)
	for room > 0 && m.next < len(m.parts) {
		ds := w.events
		if m.parts[m.next].table == deliveriesTable {
			ds = w.deliveries
		}
		n, err := m.parts[m.next].take(ds)
		if err != nil {
			return l, err
		}
		room -= n
		m.next++
	}
	l.merge = &m
	if m.next == len(m.parts) {
		l = lazy{} // count what came meanwhile
	}
	return l, nil
}

// gather cuts what waits in a table into parts of at most size entries.
func (m *merge) gather(ds *days, size int) error {
	return ds.eachDay(func(d day) error {
		b := ds.bucket(d, pendingBucket)
		if b == nil {
			return nil
		}
		indexes := lazyIndexes[ds.table.Name()]
		keys := make([][]mergeKey, len(indexes))
		err := ds.eachPending(d, func(e pendingEntry) {
			key := bytes.Clone(e.key)
			for i := range indexes {
				if id := e.id(i); id != 0 {
					keys[i] = append(keys[i], mergeKey{id, key})
				}
			}
		})
		if err != nil {
			return err
		}
		for i, index := range indexes {
			slices.SortFunc(keys[i], func(a, b mergeKey) int {
				if c := cmp.Compare(a.id, b.id); c != 0 {
					return c
				}
				return bytes.Compare(a.key, b.key)
			})
			for part := range slices.Chunk(keys[i], size) {
				m.parts = append(m.parts, mergePart{table: ds.table, day: d, index: index, keys: part})
			}
		}
		if last, _ := b.Cursor().Last(); last != nil {
			m.parts = append(m.parts, mergePart{table: ds.table, day: d, upto: be64Of(last)})
		}
		return nil
	})
}

// take puts a part in place and says how much that was.
func (p *mergePart) take(ds *days) (n int, err error) {
	if p.index == "" {
		return p.remove(ds.bucket(p.day, pendingBucket))
	}
	b, err := ds.make(p.day, p.index)
	if err != nil {
		return 0, err
	}
	var row []byte // bbolt copies it
	for i := range p.keys {
		k := &p.keys[i]
		row = append(binary.BigEndian.AppendUint64(row[:0], k.id), k.key...)
		if err := b.Put(row, []byte{}); err != nil {
			return i, err
		}
	}
	return len(p.keys), nil
}

// remove drops the rows whose entries are all in.
func (p *mergePart) remove(b *bbolt.Bucket) (n int, err error) {
	var dead [][]byte
	c := b.Cursor()
	for k, _ := c.First(); k != nil && be64Of(k) <= p.upto; k, _ = c.Next() {
		dead = append(dead, k)
	}
	return len(dead), deleteAll(b, dead)
}
