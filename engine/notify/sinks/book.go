package sinks

import (
	"slices"
	"sync"
	"time"
)

// maxKept is how many messages a sink keeps whole, maxKeys how many keys it
// counts; beyond that the oldest messages go, and new keys are only added up.
const (
	maxKept = 2000
	maxKeys = 1 << 20
)

// Message is one accepted message.
type Message struct {
	At      time.Time
	Key     string // the idempotency key
	To      string // address, number or subscription's path
	Subject string // mail, push title
	Text    string // plain text, SMS body, push body
	URL     string // push: where a click leads
	Raw     []byte // mail: as it came; push: the payload
}

// Fault is a scripted failure. The zero Fault is none.
type Fault struct {
	Code       int    // SMTP or HTTP status to answer with
	Words      string // beside it
	RetryAfter string // HTTP header
	Stage      string // SMTP: "mail", "rcpt" or "data" (the default)
	Drop       bool   // accept the message, then hang up without an answer
	Hang       bool   // say nothing until the sink closes or the client goes
}

// Script decides about the n-th message that a sink is offered, n from 1. It is
// called by several goroutines, one at a time.
type Script func(n int) Fault

// Repeat is a message whose key was accepted before.
type Repeat struct {
	Key        string
	Before, At time.Time // when it came the time before, and now
}

// book is what a sink keeps. The zero book is ready.
type book struct {
	mu       sync.Mutex // guards below
	script   Script
	offered  int
	accepted int
	kept     []Message
	byKey    map[string]int
	last     map[string]time.Time // when a counted key came last
	repeats  []Repeat
	uncount  int           // messages whose key was not counted any more
	changed  chan struct{} // closed at the next message; nil: nobody waits
}

// Script sets what to do with messages offered from now on; nil accepts all.
func (b *book) Script(s Script) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.script, b.offered = s, 0
}

func (b *book) offer() Fault {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.offered++
	if b.script == nil {
		return Fault{}
	}
	return b.script(b.offered)
}

func (b *book) accept(m Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.accepted++
	if b.byKey == nil {
		b.byKey, b.last = make(map[string]int), make(map[string]time.Time)
	}
	if n, ok := b.byKey[m.Key]; ok || len(b.byKey) < maxKeys {
		if n > 0 && len(b.repeats) < maxKept {
			b.repeats = append(b.repeats, Repeat{Key: m.Key, Before: b.last[m.Key], At: m.At})
		}
		b.byKey[m.Key], b.last[m.Key] = n+1, m.At
	} else {
		b.uncount++
	}
	if len(b.kept) == maxKept {
		b.kept = append(b.kept[:0], b.kept[maxKept/2:]...)
	}
	b.kept = append(b.kept, m)
	if b.changed != nil {
		close(b.changed)
		b.changed = nil
	}
}

// Messages are the newest accepted messages, oldest first.
func (b *book) Messages() []Message {
	b.mu.Lock()
	defer b.mu.Unlock()
	return append([]Message(nil), b.kept...)
}

// Accepted is how many messages were accepted, repeated ones included.
func (b *book) Accepted() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.accepted
}

// Offered is how many messages were offered since the script was set.
func (b *book) Offered() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.offered
}

// ByKey is how often each idempotency key was accepted.
func (b *book) ByKey() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make(map[string]int, len(b.byKey))
	for k, n := range b.byKey {
		out[k] = n
	}
	return out
}

// Repeats are the first 2,000 messages whose key had come before.
func (b *book) Repeats() []Repeat {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.repeats)
}

// Changed is closed when the next message is accepted.
func (b *book) Changed() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.changed == nil {
		b.changed = make(chan struct{})
	}
	return b.changed
}
