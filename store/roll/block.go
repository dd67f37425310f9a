package roll

import (
	"bytes"
	"slices"
)

// blockRows is how many records a block holds at most: few enough to be
// rewritten by each change, and enough that a search goes through their texts
// at the speed of memory.
const blockRows = 256

// block is some records of a company whose IDs lie side by side, in columns,
// rising by ID.
type block struct {
	id, owner, number []uint64
	begin             [Texts][]uint64 // of each word its beginning
	status, class     []uint8
	end               []uint32 // of each record's words in text
	text              []byte   // the words of all, divided by NUL, each record's ended by one
	filter            *filter  // nil while there are few records
	stale             int      // records that the filter holds and the block does not
}

// shard is a company's records: blocks, rising by ID, none of them empty.
type shard []*block

// find is the block in which an ID is, or would be.
func (s shard) find(id uint64) int {
	at, there := slices.BinarySearchFunc(s, id, func(b *block, id uint64) int {
		switch {
		case b.id[0] < id:
			return -1
		case b.id[0] > id:
			return 1
		}
		return 0
	})
	if !there {
		at = max(0, at-1)
	}
	return at
}

// put notes an entry and returns whose it was before.
func (s *shard) put(e *Entry) (was uint64, there bool) {
	at := 0
	if len(*s) == 0 {
		*s = shard{{}}
	} else {
		at = s.find(e.ID)
	}
	b := (*s)[at]
	i, there := slices.BinarySearch(b.id, e.ID)
	if there {
		was = b.owner[i]
		b.remove(i)
	} else if len(b.id) == blockRows {
		next := &block{}
		if i < blockRows { // new ones mostly come last, and leave full blocks behind
			next = b.split(blockRows / 2)
		}
		*s = slices.Insert(*s, at+1, next)
		if i >= len(b.id) {
			b, i = next, i-len(b.id)
		}
	}
	b.insert(i, e)
	return was, there
}

func (s *shard) remove(id uint64) (was uint64, there bool) {
	if len(*s) == 0 {
		return 0, false
	}
	at := s.find(id)
	b := (*s)[at]
	i, there := slices.BinarySearch(b.id, id)
	if !there {
		return 0, false
	}
	was = b.owner[i]
	if b.remove(i); len(b.id) == 0 {
		*s = slices.Delete(*s, at, at+1)
	}
	return was, true
}

// start is where a record's words begin.
func (b *block) start(i int) int {
	if i == 0 {
		return 0
	}
	return int(b.end[i-1])
}

func (b *block) insert(i int, e *Entry) {
	b.id = slices.Insert(b.id, i, e.ID)
	b.owner = slices.Insert(b.owner, i, e.Owner)
	b.number = slices.Insert(b.number, i, e.Number)
	b.status = slices.Insert(b.status, i, e.Status)
	b.class = slices.Insert(b.class, i, e.Class)
	var words []byte
	for n, w := range e.Words {
		words = append(append(words, w...), 0)
		if n == Texts-1 && len(words) > maxText {
			break
		}
	}
	for n := range Texts {
		first := uint64(0)
		if n < len(e.Words) {
			first = beginning(e.Words[n])
		}
		b.begin[n] = slices.Insert(b.begin[n], i, first)
	}
	at := b.start(i)
	b.text = slices.Insert(b.text, at, words...)
	b.end = slices.Insert(b.end, i, uint32(at))
	for n := i; n < len(b.end); n++ {
		b.end[n] += uint32(len(words))
	}
	if b.filter != nil {
		b.filter.add(words)
	} else if len(b.id) >= blockRows/2 {
		b.refilter()
	}
}

// refilter makes the filter anew.
func (b *block) refilter() {
	b.filter, b.stale = &filter{}, 0
	b.filter.add(b.text)
}

// contains reports whether a text may be in some record's words.
func (b *block) contains(text []byte, grams []uint32) bool {
	return (b.filter == nil || b.filter.may(grams)) && bytes.Contains(b.text, text)
}

func (b *block) remove(i int) {
	from, to := b.start(i), int(b.end[i])
	b.text = slices.Delete(b.text, from, to)
	for n := i; n < len(b.end); n++ {
		b.end[n] -= uint32(to - from)
	}
	b.id = slices.Delete(b.id, i, i+1)
	b.owner = slices.Delete(b.owner, i, i+1)
	b.number = slices.Delete(b.number, i, i+1)
	b.status = slices.Delete(b.status, i, i+1)
	b.class = slices.Delete(b.class, i, i+1)
	b.end = slices.Delete(b.end, i, i+1)
	for n := range b.begin {
		b.begin[n] = slices.Delete(b.begin[n], i, i+1)
	}
	if b.stale++; b.filter != nil && b.stale > blockRows/4 {
		b.refilter()
	}
}

// split moves the records from i on to a new block.
func (b *block) split(i int) *block {
	at := b.start(i)
	next := &block{
		id: slices.Clone(b.id[i:]), owner: slices.Clone(b.owner[i:]), number: slices.Clone(b.number[i:]),
		status: slices.Clone(b.status[i:]), class: slices.Clone(b.class[i:]), end: slices.Clone(b.end[i:]), text: bytes.Clone(b.text[at:]),
	}
	for n := range next.end {
		next.end[n] -= uint32(at)
	}
	for n := range b.begin {
		next.begin[n] = slices.Clone(b.begin[n][i:])
		b.begin[n] = b.begin[n][:i]
	}
	b.filter, b.stale = nil, 0
	b.id, b.owner, b.number, b.status, b.class, b.end, b.text = b.id[:i], b.owner[:i], b.number[:i], b.status[:i], b.class[:i], b.end[:i], b.text[:at]
	return next
}

// bytes is how much memory the block takes.
func (b *block) bytes() (n int) {
	n = 8*(cap(b.id)+cap(b.owner)+cap(b.number)) + cap(b.status) + cap(b.class) + 4*cap(b.end) + cap(b.text)
	for i := range b.begin {
		n += 8 * cap(b.begin[i])
	}
	if b.filter != nil {
		n += filterBits / 8
	}
	return n
}

func (b *block) words(i int) []byte { return b.text[b.start(i):b.end[i]] }

// word is one of a record's words.
func (b *block) word(i, n int) []byte {
	rest := b.words(i)
	for ; n > 0; n-- {
		at := bytes.IndexByte(rest, 0)
		if at < 0 {
			return nil
		}
		rest = rest[at+1:]
	}
	if at := bytes.IndexByte(rest, 0); at >= 0 {
		rest = rest[:at]
	}
	return rest
}
