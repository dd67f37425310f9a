package live

import "github.com/vigia-track/vigia/engine/fleet"

// A spot is one device: what a map shows of its newest position, whose it is,
// and its place in the list of devices by their last change, oldest first. The
// spot numbered 0 is the anchor: its next is the oldest, its prev the newest.
// There is one for each device, so it holds no more than that: 96 bytes.
type spot struct {
	device     fleet.DeviceID
	fix        fleet.Time
	received   fleet.Time
	odometer   float64 // metres
	place      fleet.Place
	x, y       uint32 // the place, as Project gives it
	seq        uint64 // of the last change; 0: no position yet, not in the list
	prev, next uint32
	has        fleet.Fields
	altitude   float32 // metres
	speed      float32 // km/h
	course     float32 // degrees
	accuracy   float32 // metres
	hdop       float32
	holder     uint32 // whose it is: a number of the hub's holders
	satellites uint8
	protocol   fleet.Protocol
	alarmed    bool // has entries in the hub's alarmed
	stayed     bool // has an entry in the hub's stays
}

// move takes a position over.
func (s *spot) move(p *fleet.Position) {
	s.fix, s.received, s.odometer, s.place = p.Fix, p.Received, p.Odometer, p.Place
	s.x, s.y = Project(p.Place.LonDegrees(), p.Place.LatDegrees())
	s.has, s.altitude, s.speed, s.course = p.Has, p.Altitude, p.Speed, p.Course
	s.accuracy, s.hdop, s.satellites, s.protocol = p.Accuracy, p.HDOP, p.Satellites, p.Protocol
}

// position is what move took over.
func (s *spot) position() fleet.Position {
	return fleet.Position{
		Device: s.device, Fix: s.fix, Received: s.received, Odometer: s.odometer, Place: s.place,
		Has: s.has, Altitude: s.altitude, Speed: s.speed, Course: s.course,
		Accuracy: s.accuracy, HDOP: s.hdop, Satellites: s.satellites, Protocol: s.protocol,
	}
}

// spotBits is for 1024 spots a page: growing copies none, and leaves little
// room unused.
const spotBits = 10

func (h *Hub) spot(n uint32) *spot { return &h.spots[n>>spotBits][n&(1<<spotBits-1)] }

// len is one more than the highest number of a spot. Needs the lock.
func (h *Hub) len() int {
	last := len(h.spots) - 1
	return last<<spotBits + len(h.spots[last])
}

// grow gives the number of an unused spot. Needs the lock.
func (h *Hub) grow() uint32 {
	if last := len(h.free) - 1; last >= 0 {
		n := h.free[last]
		h.free = h.free[:last]
		return n
	}
	if p := len(h.spots) - 1; p < 0 || len(h.spots[p]) == 1<<spotBits {
		h.spots = append(h.spots, make([]spot, 0, 1<<spotBits))
	}
	p := &h.spots[len(h.spots)-1]
	*p = append(*p, spot{})
	return uint32(h.len() - 1)
}

// A holder is whose a device is, and the silence of it that counts as being
// out of touch, negative for none. Devices of one customer share theirs.
type holder struct {
	company fleet.CompanyID
	owner   fleet.OwnerID
	silence fleet.Time
}

// holders are those of all devices, by number.
type holders struct {
	list  []holder
	uses  []uint32 // spots that name it; 0: the number is free
	index map[holder]uint32
	free  []uint32
}

// take gives the number of a holder for one more spot.
func (h *holders) take(who holder) uint32 {
	n, known := h.index[who]
	if !known {
		if last := len(h.free) - 1; last >= 0 {
			n, h.free = h.free[last], h.free[:last]
		} else {
			n = uint32(len(h.list))
			h.list, h.uses = append(h.list, holder{}), append(h.uses, 0)
		}
		h.list[n], h.index[who] = who, n
	}
	h.uses[n]++
	return n
}

// drop takes a spot's holder away from it.
func (h *holders) drop(n uint32) {
	if h.uses[n]--; h.uses[n] == 0 {
		delete(h.index, h.list[n])
		h.free = append(h.free, n)
	}
}

// touch makes a spot the newest of all. Needs the lock.
func (h *Hub) touch(n uint32) {
	s := h.spot(n)
	if s.seq != 0 {
		h.unlink(n)
	}
	h.seq++
	s.seq = h.seq
	last := h.spot(0).prev
	s.prev, s.next = last, 0
	h.spot(last).next = n
	h.spot(0).prev = n
}

// unlink takes a spot out of the list. Needs the lock.
func (h *Hub) unlink(n uint32) {
	s := h.spot(n)
	h.spot(s.prev).next = s.next
	h.spot(s.next).prev = s.prev
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
