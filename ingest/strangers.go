package ingest

import (
	"hash/maphash"
	"net/netip"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// strangers tells the Registry of senders that nobody has adopted, at most
// strangerBurst at once and one a second for each address, so that a flood
// costs little and hides few others.
type strangers struct {
	reg  Registry
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

func newStrangers(reg Registry) *strangers {
	s := &strangers{reg: reg, seed: maphash.MakeSeed()}
	for i := range s.buckets {
		s.buckets[i].left = strangerBurst
	}
	return s
}

// tell copies the frame. Identities that no tracker could have are not told.
func (s *strangers) tell(uid string, p fleet.Protocol, from netip.AddrPort, frame []byte, now fleet.Time) {
	if uid == "" || len(uid) > fleet.MaxUniqueID || !s.may(from.Addr(), now) {
		return
	}
	s.reg.Unknown(Stranger{
		UniqueID: uid, Protocol: p, Addr: from.String(),
		Frame: append([]byte(nil), frame[:min(len(frame), strangerFrame)]...), At: now,
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
