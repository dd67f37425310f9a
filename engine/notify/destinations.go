package notify

import (
	"net/url"
	"sync"
	"time"
)

// maxDestinations bounds the breakers that a lane keeps: push endpoints come
// from browsers, so their hosts are not ours to choose.
const maxDestinations = 256

// destinations are the circuit breakers of a lane: one named "" for the
// installation's provider, one for each company's own, one a host for push. Ready to use when zero.
type destinations struct {
	mu     sync.Mutex // guards byName
	byName map[string]*breaker
}

// at is the breaker of a destination.
func (d *destinations) at(name string) *breaker {
	d.mu.Lock()
	defer d.mu.Unlock()
	if b, ok := d.byName[name]; ok {
		return b
	}
	if d.byName == nil {
		d.byName = make(map[string]*breaker)
	}
	for old, b := range d.byName { // the healthy ones lose nothing by going
		if len(d.byName) < maxDestinations {
			break
		}
		if old != "" && !b.isOpen() {
			delete(d.byName, old)
		}
	}
	b := &breaker{}
	if len(d.byName) < maxDestinations {
		d.byName[name] = b
	}
	return b
}

// reopens is when the first open breaker lets a try through, zero for never.
func (d *destinations) reopens(now time.Time) (first time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.byName {
		if at := b.reopens(); at.After(now) && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first
}

func (d *destinations) anyOpen() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, b := range d.byName {
		if b.isOpen() {
			return true
		}
	}
	return false
}

// host is the destination that a push endpoint belongs to.
func host(endpoint string) string {
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" {
		return "unknown"
	}
	return u.Host
}
