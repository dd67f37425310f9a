package fence

import (
	"sync"
	"sync/atomic"
)

// region is a hash table of leaves by their square. Readers take no lock: a
// table only ever gains leaves, and one that is full is replaced by a copy of
// twice the size. A reader that misses the newest leaf goes on to add it, and
// is handed the one that is there.
type region struct {
	table  atomic.Pointer[table]
	adding sync.Mutex
	leaves int // in the table; guarded by adding
}

type table struct {
	shift uint8 // of the hash, to a slot
	slots []atomic.Pointer[leaf]
}

const firstSlots = 8 // a power of two

func newRegion(slots int) *region {
	r := new(region)
	r.table.Store(newTable(slots))
	return r
}

func newTable(slots int) *table {
	t := &table{shift: 64, slots: make([]atomic.Pointer[leaf], slots)}
	for n := slots; n > 1; n /= 2 {
		t.shift--
	}
	return t
}

// slot is where to begin to look for the tile of a column and a row.
func (t *table) slot(column, row uint32) int {
	return int((uint64(column)<<32 | uint64(row)) * 0x9e3779b97f4a7c15 >> t.shift)
}

func (r *region) find(column, row uint32) *leaf { return r.table.Load().find(column, row) }

func (t *table) find(column, row uint32) *leaf {
	for i := t.slot(column, row); ; i++ {
		l := t.slots[i&(len(t.slots)-1)].Load()
		if l == nil || l.square.x>>tileBits == column && l.square.y>>tileBits == row {
			return l
		}
	}
}

// add puts a leaf into the table, and gives the one of its square that is
// there.
func (r *region) add(l *leaf) *leaf {
	r.adding.Lock()
	defer r.adding.Unlock()
	t := r.table.Load()
	if there := t.find(l.square.x>>tileBits, l.square.y>>tileBits); there != nil {
		return there
	}
	if r.leaves++; 2*r.leaves > len(t.slots) {
		bigger := newTable(2 * len(t.slots))
		for i := range t.slots {
			if have := t.slots[i].Load(); have != nil {
				bigger.put(have)
			}
		}
		bigger.put(l)
		r.table.Store(bigger)
		return l
	}
	t.put(l)
	return l
}

func (t *table) put(l *leaf) {
	i := t.slot(l.square.x>>tileBits, l.square.y>>tileBits)
	for t.slots[i&(len(t.slots)-1)].Load() != nil {
		i++
	}
	t.slots[i&(len(t.slots)-1)].Store(l)
}

// without is the region less what changes reach; leaves that are gone count.
func (r *region) without(changed []reach, gone *int) *region {
	r.adding.Lock()
	defer r.adding.Unlock()
	t := r.table.Load()
	out := newRegion(len(t.slots))
	for i := range t.slots {
		if l := t.slots[i].Load(); l != nil {
			if l = l.without(changed, gone); l != nil {
				out.table.Load().put(l)
				out.leaves++
			}
		}
	}
	return out
}
