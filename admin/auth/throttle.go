package auth

import (
	"net/netip"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The limits of a Throttle.
const (
	throttleBurst = 20               // failures that an address has free
	throttleEvery = 3 * fleet.Second // and one more in this time
	throttleMost  = 8192             // addresses kept; the table starts over beyond
)

// Throttle slows down addresses that show wrong secrets. It keeps at most
// throttleMost addresses; under an attack from more than that it forgets, which
// 256-bit secrets can afford.
type Throttle struct {
	mu   sync.Mutex                // guards seen
	seen map[netip.Addr]fleet.Time // when an address's failures will be forgiven
}

// Wait is how long an address has to wait before it may try again; 0 = not at all.
func (t *Throttle) Wait(addr netip.Addr, now fleet.Time) fleet.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	debt := t.seen[network(addr)] - now
	return max(0, debt-throttleBurst*throttleEvery)
}

// Fail counts a wrong secret against an address.
func (t *Throttle) Fail(addr netip.Addr, now fleet.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.seen == nil || len(t.seen) >= throttleMost {
		t.dropPaidLocked(now)
	}
	key := network(addr)
	t.seen[key] = min(max(t.seen[key], now)+throttleEvery, now+2*throttleBurst*throttleEvery)
}

func (t *Throttle) dropPaidLocked(now fleet.Time) {
	for a, until := range t.seen {
		if until <= now {
			delete(t.seen, a)
		}
	}
	if t.seen == nil || len(t.seen) >= throttleMost {
		t.seen = make(map[netip.Addr]fleet.Time)
	}
}

// network is the address that a customer of an Internet provider holds: one of
// IPv4, a /64 of IPv6.
func network(a netip.Addr) netip.Addr {
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return a
}

// Len is the number of addresses kept.
func (t *Throttle) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.seen)
}
