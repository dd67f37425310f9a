package history

import (
	"encoding/binary"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// attrSets keeps the attributes of a block's fixes once each: keys, pairs of
// key and value, and sets of pairs. Keys and values stay the CBOR that the
// journal has.
type attrSets struct {
	of    []int64 // for each fix: 0, or its set's number from 1
	keys  table
	pairs table // key number, then the value
	sets  table // pair numbers
	whole table // whole maps as the journal has them, numbered as sets
	some  bool

	pair, set []byte
}

// table numbers byte strings in the order in which they first come.
type table struct {
	ids  map[string]int
	list []string
}

func (t *table) id(b []byte) int {
	if id, ok := t.ids[string(b)]; ok {
		return id
	}
	if t.ids == nil {
		t.ids = map[string]int{}
	}
	s := string(b)
	t.ids[s] = len(t.list)
	t.list = append(t.list, s)
	return len(t.list) - 1
}

func (t *table) reset() {
	if len(t.list) > 0 {
		clear(t.ids)
		t.list = t.list[:0]
	}
}

func (a *attrSets) empty() bool { return !a.some }

func (a *attrSets) reset() {
	a.of, a.some = a.of[:0], false
	a.keys.reset()
	a.pairs.reset()
	a.sets.reset()
	a.whole.reset()
}

// add takes the next fix's attributes, nil for none.
func (a *attrSets) add(raw []byte) error {
	if raw == nil {
		a.of = append(a.of, 0)
		return nil
	}
	a.some = true
	known := len(a.whole.list)
	id := a.whole.id(raw)
	a.of = append(a.of, int64(id)+1)
	if id < known {
		return nil
	}
	a.set = a.set[:0]
	n := 0
	err := journal.EachAttr(raw, func(key, value []byte) {
		a.pair = binary.AppendUvarint(a.pair[:0], uint64(a.keys.id(key)))
		a.pair = append(a.pair, value...)
		a.set = binary.AppendUvarint(a.set, uint64(a.pairs.id(a.pair)))
		n++
	})
	if err != nil {
		return err
	}
	// One map has one form, so a new map is a new set.
	a.sets.list = append(a.sets.list, string(binary.AppendUvarint(nil, uint64(n)))+string(a.set))
	return nil
}

// append writes the section.
func (a *attrSets) append(b []byte, c *ints) []byte {
	b = c.append(b, a.of, 0, 1)
	for _, t := range [...]*table{&a.keys, &a.pairs} {
		b = binary.AppendUvarint(b, uint64(len(t.list)))
		for _, s := range t.list {
			b = binary.AppendUvarint(b, uint64(len(s)))
			b = append(b, s...)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(a.sets.list)))
	for _, s := range a.sets.list {
		b = append(b, s...)
	}
	return b
}

// readAttrs reads the section and gives each fix its attributes; fixes with
// the same set share it.
func (u *unpacker) readAttrs(p []byte, out []fleet.Position) (rest []byte, err error) {
	if u.opt, p, err = readInts(p, u.opt, len(out)); err != nil {
		return nil, err
	}
	of := slices.Clone(u.opt)
	var keys, pairs [][]byte
	if keys, p, err = readTable(p); err != nil {
		return nil, err
	}
	if pairs, p, err = readTable(p); err != nil {
		return nil, err
	}
	attrs := make([]fleet.Attr, len(pairs)) // decoded once, so that sets share texts
	for i, pair := range pairs {
		key, k := binary.Uvarint(pair)
		if k <= 0 || key >= uint64(len(keys)) {
			return nil, errBlock
		}
		if attrs[i], err = u.dec.Attr(keys[key], pair[k:]); err != nil {
			return nil, err
		}
	}
	if p, err = u.readSets(p, attrs); err != nil {
		return nil, err
	}
	for i, set := range of {
		if set < 0 || set > int64(len(u.sets)) {
			return nil, errBlock
		}
		if set > 0 {
			out[i].Attrs = u.sets[set-1]
		}
	}
	return p, nil
}

// readSets reads the sets of pairs.
func (u *unpacker) readSets(p []byte, attrs []fleet.Attr) (rest []byte, err error) {
	count, p, err := readCount(p)
	if err != nil {
		return nil, err
	}
	u.sets = u.sets[:0]
	for range count {
		var n int
		if n, p, err = readCount(p); err != nil {
			return nil, err
		}
		set := make(fleet.Attrs, 0, n)
		for range n {
			pair, k := binary.Uvarint(p)
			if k <= 0 || pair >= uint64(len(attrs)) {
				return nil, errBlock
			}
			p = p[k:]
			if len(set) > 0 && set[len(set)-1].Key >= attrs[pair].Key {
				return nil, errBlock
			}
			set = append(set, attrs[pair])
		}
		u.sets = append(u.sets, set)
	}
	return p, nil
}

// readCount reads how many things follow; each takes a byte at least.
func readCount(p []byte) (n int, rest []byte, err error) {
	v, k := binary.Uvarint(p)
	if k <= 0 || v > uint64(len(p)-k) {
		return 0, nil, errBlock
	}
	return int(v), p[k:], nil
}

func readTable(p []byte) (list [][]byte, rest []byte, err error) {
	n, p, err := readCount(p)
	if err != nil {
		return nil, nil, err
	}
	for range n {
		var size int
		if size, p, err = readCount(p); err != nil {
			return nil, nil, err
		}
		list, p = append(list, p[:size:size]), p[size:]
	}
	return list, p, nil
}
