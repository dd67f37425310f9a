package roll

import (
	"bytes"
	"cmp"
	"slices"
)

// Sort is what a list is sorted by.
type Sort int

// The sorts that are no text of the record; 0 and above is the text with that
// number.
const (
	ByID Sort = -1 - iota
	ByNumber
	ByStatus
	ByClass
	ByCount // Pick.Count
)

// MaxKey is how many bytes of a text are sorted by.
const MaxKey = 96

// Key is a place in a sorted list: of a record that is, or was, there.
type Key struct {
	Number uint64 // a text's beginning, or the number or ID
	Text   []byte // a text's first MaxKey bytes; empty where a number is sorted by
	ID     uint64
}

// Pick is a question: which records come next.
type Pick struct {
	All     bool     // of all companies; else
	Company uint64   // of this one
	IDs     []uint64 // only these, rising; nil: any
	Owners  []uint64 // only of these, rising; nil: any
	Search  string   // folded; one of the texts contains it
	Status  uint8    // only with this status; 0: any

	Sort  Sort
	Count func(id uint64) int // what ByCount sorts by
	Down  bool                // the other way round
	After *Key                // beyond this place; nil: from the beginning
	Limit int                 // above 0
}

// Pick is up to Limit places of records that are asked for, in order.
func (r *Roll) Pick(p *Pick) []Key {
	r.mu.RLock()
	defer r.mu.RUnlock()
	w := sweep{p: p, search: []byte(p.Search), grams: grams(nil, p.Search)}
	if !p.All {
		w.shard(r.shards[p.Company])
	} else {
		for _, s := range r.shards {
			w.shard(s)
		}
	}
	slices.SortFunc(w.best, func(a, b Key) int { return w.compare(&a, &b) })
	for i := range w.best {
		w.best[i].Text = bytes.Clone(w.best[i].Text) // it lies in a shard's text
	}
	return w.best
}

// sweep finds the first places: a heap whose top is the last of them.
type sweep struct {
	p      *Pick
	search []byte
	grams  []uint32
	best   []Key
	column []uint64 // of numbers
}

// compare orders places as the list does.
func (w *sweep) compare(a, b *Key) int {
	c := cmp.Compare(a.Number, b.Number)
	if c == 0 {
		c = bytes.Compare(a.Text, b.Text)
	}
	if c == 0 {
		c = cmp.Compare(a.ID, b.ID)
	}
	if w.p.Down {
		return -c
	}
	return c
}

// shard goes through a company's records.
func (w *sweep) shard(s *shard) {
	p := w.p
	switch {
	case s == nil || p.Limit < 1:
	case p.IDs != nil:
		w.named(*s)
	case p.Down: // names often rise with age: begin where the first ones may be
		last := len(*s) - 1
		if p.Sort == ByID && p.After != nil {
			last = s.find(p.After.ID)
		}
		for ; last >= 0 && w.block((*s)[last]); last-- {
		}
	default:
		first := 0
		if p.Sort == ByID && p.After != nil {
			first = s.find(p.After.ID)
		}
		for ; first < len(*s) && w.block((*s)[first]); first++ {
		}
	}
}

// named goes through the records of Pick.IDs.
func (w *sweep) named(s shard) {
	for ids := w.p.IDs; len(ids) > 0; {
		s = s[s.find(ids[0]):]
		b, i := s[0], 0
		if ids[0] > b.id[len(b.id)-1] {
			ids = ids[1:] // between two blocks, or beyond the last
		}
		for last := b.id[len(b.id)-1]; len(ids) > 0 && ids[0] <= last; ids = ids[1:] {
			n, there := slices.BinarySearch(b.id[i:], ids[0])
			if i += n; there && (w.p.Owners == nil || has(w.p.Owners, b.owner[i])) {
				w.row(b, i, w.numbers(b)[i])
			}
		}
	}
}

// block takes what is asked for of a block; false: none of a later block of
// the sweep can be among the first.
func (w *sweep) block(b *block) bool {
	p := w.p
	if len(w.search) > 0 && !b.contains(w.search, w.grams) {
		return true
	}
	numbers := w.numbers(b)
	full, edge := w.edge()
	for i := range b.id {
		if p.Down {
			i = len(b.id) - 1 - i
		}
		if full && numbers[i] != edge && (numbers[i] > edge) != p.Down {
			if p.Sort == ByID {
				return false
			}
			continue
		}
		if p.Owners == nil || has(p.Owners, b.owner[i]) {
			w.row(b, i, numbers[i])
			full, edge = w.edge()
		}
	}
	return true
}

// edge is what the last of the first has, once they are as many as wanted.
func (w *sweep) edge() (full bool, number uint64) {
	if len(w.best) < w.p.Limit {
		return false, 0
	}
	return true, w.best[0].Number
}

// numbers are what is compared first, for each record of a block.
func (w *sweep) numbers(b *block) []uint64 {
	switch sort := w.p.Sort; {
	case sort == ByID:
		return b.id
	case sort == ByNumber:
		return b.number
	case sort >= 0 && sort < Texts:
		return b.begin[sort]
	}
	w.column = w.column[:0]
	for i, id := range b.id {
		switch w.p.Sort {
		case ByStatus:
			w.column = append(w.column, uint64(b.status[i]))
		case ByClass:
			w.column = append(w.column, uint64(b.class[i]))
		case ByCount:
			w.column = append(w.column, uint64(w.p.Count(id)))
		default:
			w.column = append(w.column, beginning(b.word(i, int(w.p.Sort))))
		}
	}
	return w.column
}

// row takes a record if it is asked for and among the first.
func (w *sweep) row(b *block, i int, number uint64) {
	p := w.p
	if p.Status != 0 && b.status[i] != p.Status {
		return
	}
	k := Key{Number: number, ID: b.id[i]}
	if p.Sort >= 0 {
		k.Text = b.word(i, int(p.Sort))
		k.Text = k.Text[:min(len(k.Text), MaxKey)]
	}
	full := len(w.best) == p.Limit
	switch {
	case full && w.compare(&k, &w.best[0]) > 0:
	case p.After != nil && w.compare(&k, p.After) <= 0:
	case len(w.search) > 0 && !bytes.Contains(b.words(i), w.search):
	case full:
		w.best[0] = k
		w.down(0)
	default:
		w.best = append(w.best, k)
		w.up(len(w.best) - 1)
	}
}

func has(ids []uint64, id uint64) bool {
	if len(ids) == 1 {
		return ids[0] == id
	}
	_, ok := slices.BinarySearch(ids, id)
	return ok
}

func (w *sweep) up(i int) {
	for i > 0 {
		above := (i - 1) / 2
		if w.compare(&w.best[i], &w.best[above]) <= 0 {
			return
		}
		w.best[i], w.best[above] = w.best[above], w.best[i]
		i = above
	}
}

func (w *sweep) down(i int) {
	for {
		big := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(w.best); child++ {
			if w.compare(&w.best[child], &w.best[big]) > 0 {
				big = child
			}
		}
		if big == i {
			return
		}
		w.best[i], w.best[big] = w.best[big], w.best[i]
		i = big
	}
}
