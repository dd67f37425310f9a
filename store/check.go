package store

import (
	"fmt"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/store/boltfile"
)

// Problem is something that Check found wrong.
type Problem struct {
	File  string // name within the data directory
	Where string // table and key, or ""
	What  string
}

// String is the problem in a line.
func (p Problem) String() string {
	if p.Where == "" {
		return p.File + ": " + p.What
	}
	return fmt.Sprintf("%s: %s: %s", p.File, p.Where, p.What)
}

func at(table string, key []byte) string { return fmt.Sprintf("%s %x", table, key) }

// check holds every row against its sum and its indexes, and every index entry
// against its row.
func (t *table[T]) check(tx *bbolt.Tx, found func(Problem)) {
	want := map[string]map[string]string{} // index -> key -> value
	for _, name := range t.indexes {
		want[name] = map[string]string{}
	}
	c := t.bucket(tx).Cursor()
	for k, raw := c.First(); k != nil; k, raw = c.Next() {
		v, err := boltfile.Decode[T](t.Table, k, raw)
		if err != nil {
			found(Problem{Where: at(t.Name(), k), What: err.Error()})
			continue
		}
		if string(t.key(&v)) != string(k) {
			found(Problem{Where: at(t.Name(), k), What: "the row holds another key"})
		}
		for _, e := range t.entries(&v) {
			value := ""
			if e.field != "" {
				value = string(k)
				if other, taken := want[e.index][string(e.key)]; taken {
					found(Problem{Where: at(e.index, e.key), What: fmt.Sprintf("not unique: %x and %x", other, k)})
				}
			}
			want[e.index][string(e.key)] = value
		}
	}
	for _, name := range t.indexes {
		b := tx.Bucket([]byte(name))
		c := b.Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			value, ok := want[name][string(k)]
			if !ok {
				found(Problem{Where: at(name, k), What: "the index names a row that is not so"})
			} else if value != string(v) {
				found(Problem{Where: at(name, k), What: fmt.Sprintf("the index says %x, the row is %x", v, value)})
			}
			delete(want[name], string(k))
		}
		for k := range want[name] {
			found(Problem{Where: at(name, []byte(k)), What: "the index lacks this entry"})
		}
	}
}
