package roll

import "sync"

// Texts is how many of a record's texts have their beginnings in columns:
// sorting by a later one is right too, and slower.
const Texts = 4

// maxText is how many bytes of words are kept before the words beyond Texts
// are left out.
const maxText = 1 << 16

// Entry is what a roll knows of one record.
type Entry struct {
	Company, ID, Owner uint64
	Number             uint64   // something to sort by
	Status             uint8    // something to sort and narrow by; 0 is none
	Class              uint8    // something else to sort by
	Words              []string // folded; without NUL
}

// Roll is one kind of record. Its methods may be called from any goroutine.
// The zero Roll is empty.
type Roll struct {
	mu     sync.RWMutex // guards below
	shards map[uint64]*shard
	owned  map[uint64]int // records by owner
	count  int
}

// Put notes a record in place of what was noted under its company and ID.
func (r *Roll) Put(e *Entry) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.shards == nil {
		r.shards, r.owned = map[uint64]*shard{}, map[uint64]int{}
	}
	s := r.shards[e.Company]
	if s == nil {
		s = &shard{}
		r.shards[e.Company] = s
	}
	if was, there := s.put(e); there {
		r.leave(was)
	}
	r.owned[e.Owner]++
	r.count++
}

// Remove forgets a record.
func (r *Roll) Remove(company, id uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.shards[company]
	if s == nil {
		return
	}
	if was, there := s.remove(id); there {
		r.leave(was)
	}
	if len(*s) == 0 {
		delete(r.shards, company)
	}
}

func (r *Roll) leave(owner uint64) {
	r.count--
	if r.owned[owner]--; r.owned[owner] == 0 {
		delete(r.owned, owner)
	}
}

// Owned is how many records an owner has.
func (r *Roll) Owned(owner uint64) int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.owned[owner]
}

// Len is how many records there are.
func (r *Roll) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.count
}

// Bytes is how much memory the records take.
func (r *Roll) Bytes() (n int) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, s := range r.shards {
		for _, b := range *s {
			n += b.bytes()
		}
	}
	return n
}
