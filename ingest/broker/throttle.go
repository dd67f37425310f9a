package broker

import (
	"hash/maphash"
	"net/netip"
	"sync"
	"time"
)

// throttle bounds how often one address may guess one device's password:
// guessBurst at once, then one every guessPause. Its memory is fixed; who
// shares a cell shares its guesses.
type throttle struct {
	seed maphash.Seed

	mu    sync.Mutex // guards cells
	cells [4096]cell
}

type cell struct {
	used int // guesses
	last time.Time
}

const (
	guessBurst = 10
	guessPause = 10 * time.Second
)

func newThrottle() *throttle { return &throttle{seed: maphash.MakeSeed()} }

func (t *throttle) cellLocked(from netip.Addr, uid string, now time.Time) *cell {
	type who struct {
		from netip.Addr
		uid  string
	}
	c := &t.cells[maphash.Comparable(t.seed, who{from, uid})%uint64(len(t.cells))]
	if back := int(now.Sub(c.last) / guessPause); back > 0 {
		c.used, c.last = max(0, c.used-back), now
	}
	return c
}

func (t *throttle) may(from netip.Addr, uid string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cellLocked(from, uid, now).used < guessBurst
}

func (t *throttle) failed(from netip.Addr, uid string, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.cellLocked(from, uid, now).used++
}
