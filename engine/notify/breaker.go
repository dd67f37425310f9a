package notify

import (
	"sync"
	"time"
)

// A breaker opens when a destination fails as a whole several times in a row,
// stays open for a while that doubles up to 30 s, then lets one try through;
// its success closes the breaker. Nothing is lost meanwhile: what is due waits
// in the outbox without using up its attempts.
type breaker struct {
	mu       sync.Mutex // guards all below
	failures int        // in a row
	open     time.Duration
	until    time.Time // zero: closed
	probing  bool      // the one try of a half-open breaker is under way
}

const (
	breakAfter = 5
	firstOpen  = 2 * time.Second
	longOpen   = 30 * time.Second
)

// allow reports whether a try may start now; each yes is owed one report.
func (b *breaker) allow(now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return true
	case b.probing || now.Before(b.until):
		return false
	}
	b.probing = true
	return true
}

// reopens is when an open breaker lets a try through, zero for a closed one
// and for one whose try is under way.
func (b *breaker) reopens() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.probing {
		return time.Time{}
	}
	return b.until
}

// isOpen reports whether the destination counts as down.
func (b *breaker) isOpen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.until.IsZero()
}

// answered reports a try that the provider answered, well or badly.
func (b *breaker) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures, b.open, b.until, b.probing = 0, 0, time.Time{}, false
}

// failed reports a try on which the destination was down. It returns true if
// this opened the breaker.
func (b *breaker) failed(now time.Time, wish time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.failures++
	first := b.until.IsZero()
	probe := b.probing
	b.probing = false
	if first && b.failures < breakAfter && wish == 0 {
		return false
	}
	if first || probe {
		b.open = min(max(2*b.open, firstOpen, wish), longOpen)
		b.until = now.Add(b.open)
	}
	return first
}

// abandoned reports a try that was called off by us.
func (b *breaker) abandoned() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.probing = false
}
