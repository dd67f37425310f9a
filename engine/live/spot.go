package live

import "github.com/vigia-track/vigia/engine/fleet"

// A spot is one device: its newest position, whose it is, and its place in the
// list of devices by their last change, oldest first. spots[0] is the anchor:
// its next is the oldest, its prev the newest.
type spot struct {
	fix        fleet.Position // without Attrs
	company    fleet.CompanyID
	owner      fleet.OwnerID
	silence    fleet.Time // that counts as being out of touch; negative: none does
	x, y       uint32     // its place, as Project gives it
	seq        uint64     // of the last change; 0: no position yet, not in the list
	prev, next uint32
	alarmed    bool // has entries in the hub's alarmed
	stayed     bool // has an entry in the hub's stays
}

// grow gives the number of an unused spot. Needs the lock.
func (h *Hub) grow() uint32 {
	if last := len(h.free) - 1; last >= 0 {
		n := h.free[last]
		h.free = h.free[:last]
		return n
	}
	h.spots = append(h.spots, spot{})
	return uint32(len(h.spots) - 1)
}

// touch makes a spot the newest of all. Needs the lock.
func (h *Hub) touch(n uint32) {
	s := &h.spots[n]
	if s.seq != 0 {
		h.unlink(n)
	}
	h.seq++
	s.seq = h.seq
	last := h.spots[0].prev
	s.prev, s.next = last, 0
	h.spots[last].next = n
	h.spots[0].prev = n
}

// unlink takes a spot out of the list. Needs the lock.
func (h *Hub) unlink(n uint32) {
	s := &h.spots[n]
	h.spots[s.prev].next = s.next
	h.spots[s.next].prev = s.prev
}

// A ring remembers the newest items, in order of their seq.
type ring struct {
	items []item
	next  int    // where the next one goes
	n     int    // how many are there
	lost  uint64 // seq of the newest that was overwritten
}

// An item is an event, an entry of the attention list, a command, or (without one) a device's departure from the hands
// that held it.
type item struct {
	seq     uint64
	device  fleet.DeviceID
	company fleet.CompanyID
	owner   fleet.OwnerID
	event   *Event
	raised  *Attention
	ordered *Command
}

func (r *ring) add(it item) {
	if r.n == len(r.items) {
		r.lost = r.items[r.next].seq
	} else {
		r.n++
	}
	r.items[r.next] = it
	r.next = (r.next + 1) % len(r.items)
}

// at is the i-th item from the oldest.
func (r *ring) at(i int) *item {
	return &r.items[(r.next-r.n+i+len(r.items))%len(r.items)]
}

// after is the number of the first item with a seq beyond the given one.
func (r *ring) after(seq uint64) int {
	low, high := 0, r.n
	for low < high {
		if mid := (low + high) / 2; r.at(mid).seq > seq {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
