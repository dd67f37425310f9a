package live

import (
	"crypto/rand"
	"encoding/binary"
	"errors"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ErrLagged says that a watcher fell so far behind that events it may see are
// no longer in the ring.
var ErrLagged = errors.New("live: too far behind; take a new snapshot and read the missed events from the store")

// ErrClosed says that the subscription or the hub was closed.
var ErrClosed = errors.New("live: closed")

// DefaultRing is how many recent events and departures a hub remembers.
const DefaultRing = 16384

// Cursor is a place in what a hub said. It means something to that hub only,
// until the process ends.
type Cursor struct {
	Boot uint64 // the hub's; 0 in the zero Cursor, which stands before everything
	Seq  uint64
}

// Profile says whose a device is.
type Profile struct {
	Device  fleet.DeviceID
	Company fleet.CompanyID
	Owner   fleet.OwnerID
	Silence fleet.Time   // that counts as being out of touch; 0: 10 minutes, negative: none does
	Stays   []fleet.Stay // at earlier owners, oldest first; the hub's from then on
}

// Hub fans out what was committed. Its methods may be called by any number of
// goroutines; those that report on one device must come in order.
type Hub struct {
	boot uint64

	mu      sync.Mutex // guards all below
	seq     uint64     // of the newest change
	index   map[fleet.DeviceID]uint32
	spots   [][]spot // in pages
	free    []uint32
	holders holders
	ring    ring
	alarmed map[fleet.DeviceID][]openAlarm
	stays   map[fleet.DeviceID][]fleet.Stay // of devices whose position may be of an earlier owner's time
	waiters int                             // watchers that wait for changed
	changed chan struct{}                   // closed and replaced at the next change if somebody waits
	open    int                             // subscriptions that are not closed
	closed  bool
}

// NewHub makes a hub that remembers a number of recent events; 0 means
// DefaultRing.
func NewHub(remember int) *Hub {
	if remember <= 0 {
		remember = DefaultRing
	}
	var b [8]byte
	rand.Read(b[:])
	h := &Hub{
		boot:    binary.BigEndian.Uint64(b[:]) | 1,
		index:   map[fleet.DeviceID]uint32{},
		alarmed: map[fleet.DeviceID][]openAlarm{},
		stays:   map[fleet.DeviceID][]fleet.Stay{},
		holders: holders{index: map[holder]uint32{}},
		ring:    ring{items: make([]item, remember)},
		changed: make(chan struct{}),
	}
	h.grow() // the anchor
	return h
}

// Place says whose devices are, before their positions come; or that they
// have changed hands: who saw them before and may not see them any more is
// told that they are gone.
func (h *Hub) Place(profiles []Profile) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, p := range profiles {
		if p.Silence == 0 {
			p.Silence = patience
		}
		to := holder{p.Company, p.Owner, p.Silence}
		n, known := h.index[p.Device]
		if !known {
			n = h.grow()
			h.index[p.Device] = n
			s := h.spot(n)
			*s = spot{device: p.Device, holder: h.holders.take(to), alarmed: len(h.alarmed[p.Device]) > 0}
			h.stay(s, p.Stays)
			continue
		}
		s := h.spot(n)
		from := *h.holder(s)
		same, shown := from.company == to.company && from.owner == to.owner, s.seq != 0
		if shown && !same {
			h.leave(s)
		}
		h.holders.drop(s.holder)
		if s.holder = h.holders.take(to); same {
			continue
		}
		if h.stay(s, p.Stays); shown {
			h.touch(n)
		}
	}
	h.tell()
}

// Remove forgets devices.
func (h *Hub) Remove(devices []fleet.DeviceID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, id := range devices {
		n, known := h.index[id]
		if !known {
			continue
		}
		s := h.spot(n)
		if s.seq != 0 {
			h.leave(s)
			h.unlink(n)
		}
		h.holders.drop(s.holder)
		delete(h.index, id)
		delete(h.alarmed, id)
		delete(h.stays, id)
		*s = spot{}
		h.free = append(h.free, n)
	}
	h.tell()
}

// Move takes newest positions over, one of each device at most. Those of
// devices that were never placed are dropped. What one message says beside
// where the device is and how it moves is not kept: DeviceTime, Verdict, Trust,
// Alarms, Attrs.
func (h *Hub) Move(positions []fleet.Position) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range positions {
		n, known := h.index[positions[i].Device]
		if !known {
			continue
		}
		s := h.spot(n)
		if s.seq != 0 && s.fix == positions[i].Fix && s.received == positions[i].Received {
			continue
		}
		s.move(&positions[i])
		if s.stayed {
			h.stay(s, h.stays[s.device])
		}
		h.touch(n)
	}
	h.tell()
}

// Publish takes committed events over, in order.
func (h *Hub) Publish(events []fleet.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range events {
		h.seq++
		h.ring.add(item{
			seq: h.seq, device: events[i].Device, company: events[i].Company, owner: events[i].Owner,
			event: &Event{Event: events[i]},
		})
	}
	h.tell()
}

// Raise takes entries of the attention list over as they were stored.
func (h *Hub) Raise(entries []fleet.Attention) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range entries {
		h.alarms(&entries[i])
		h.seq++
		h.ring.add(item{
			seq: h.seq, device: entries[i].Device, company: entries[i].Company, owner: entries[i].Owner,
			raised: &Attention{Attention: entries[i]},
		})
	}
	h.tell()
}

// stay notes who had the device before, for as long as its position is of
// that time. Needs the lock.
func (h *Hub) stay(s *spot, stays []fleet.Stay) {
	n := len(stays)
	if s.stayed = n > 0 && s.fix < stays[n-1].Until; s.stayed {
		h.stays[s.device] = stays
	} else {
		delete(h.stays, s.device)
	}
}

// sees reports whether a scope covers a device and its position: where it was
// while it belonged to somebody else is theirs. Needs the lock.
func (h *Hub) sees(scope *fleet.Scope, s *spot) bool {
	by := h.holder(s)
	return scope.SeesDevice(s.device, by.company, by.owner) && !h.hides(scope, s)
}

func (h *Hub) hides(scope *fleet.Scope, s *spot) bool {
	if !s.stayed {
		return false
	}
	by := h.holder(s)
	return !scope.SeesStay(by.company, by.owner, fleet.OwnerAmong(h.stays[s.device], s.fix, by.owner))
}

// holder is whose a spot's device is. Needs the lock.
func (h *Hub) holder(s *spot) *holder { return &h.holders.list[s.holder] }

// Order takes commands to devices over as they were stored.
func (h *Hub) Order(commands []fleet.Command) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for i := range commands {
		c := &commands[i]
		owner := fleet.OwnerID(c.Customer)
		if owner == 0 {
			owner = fleet.Owner(c.Company)
		}
		h.seq++
		h.ring.add(item{seq: h.seq, device: c.Device, company: c.Company, owner: owner, ordered: &Command{Command: *c}})
	}
	h.tell()
}

// Latest is a device's newest position, as far as Move keeps it, whoever had it then;
// ok is false if none is known.
func (h *Hub) Latest(device fleet.DeviceID) (p fleet.Position, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	n, known := h.index[device]
	if !known || h.spot(n).seq == 0 {
		return p, false
	}
	return h.spot(n).position(), true
}

// Watchers is the number of open subscriptions.
func (h *Hub) Watchers() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open
}

// Close ends every subscription with ErrClosed.
func (h *Hub) Close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	h.tell()
}

// leave notes that a device left the hands that hold it. Needs the lock.
func (h *Hub) leave(s *spot) {
	h.seq++
	by := h.holder(s)
	h.ring.add(item{seq: h.seq, device: s.device, company: by.company, owner: by.owner})
}

// tell wakes whoever waits for a change. Needs the lock.
func (h *Hub) tell() {
	if h.waiters > 0 {
		close(h.changed)
		h.changed = make(chan struct{})
		h.waiters = 0
	}
}
