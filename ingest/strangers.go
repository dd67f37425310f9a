package ingest

import (
	"hash/maphash"
	"net/netip"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// strangers bounds how often the Registry is told of senders that nobody has
// adopted: strangerBurst at once and one a second for each address, so that a
// flood costs little and hides few others.
type strangers struct {
	seed maphash.Seed

	mu      sync.Mutex // guards buckets
	buckets [1024]bucket
}

// bucket holds what the addresses of one hash may still tell.
type bucket struct {
	left int32
	last fleet.Time
}

const (
	strangerBurst = 40
	strangerFrame = 1 << 10 // bytes of a frame that are passed on
)

func newStrangers() *strangers {
	s := &strangers{seed: maphash.MakeSeed()}
	for i := range s.buckets {
		s.buckets[i].left = strangerBurst
	}
	return s
}

// tell copies the frame. Identities that no tracker could have are not told.
func (in *intake) tell(c *caller, frame []byte) {
	if c.uid == "" || len(c.uid) > fleet.MaxUniqueID || !in.strangers.may(c.from.Addr(), c.s.Now) {
		return
	}
	addr := c.via
	if c.from.IsValid() {
		addr = c.from.String()
	}
	in.Registry.Unknown(Stranger{
		UniqueID: strings.Clone(c.uid), Protocol: c.ID, Addr: addr,
		Frame: append([]byte(nil), frame[:min(len(frame), strangerFrame)]...), At: c.s.Now,
	})
}

func (s *strangers) may(from netip.Addr, now fleet.Time) bool {
	h := maphash.Comparable(s.seed, from)
	s.mu.Lock()
	defer s.mu.Unlock()
	b := &s.buckets[h%uint64(len(s.buckets))]
	if gained := (now - b.last) / fleet.Second; gained > 0 {
		b.left = int32(min(fleet.Time(b.left)+gained, strangerBurst))
		b.last = now
	}
	if b.left <= 0 {
		return false
	}
	b.left--
	return true
}
