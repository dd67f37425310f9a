package mail

import (
	"sync"
	"time"
)

// maxKept is how many unused connections are kept.
const maxKept = 8

// pool keeps sessions between messages, the freshest on top. Those that lie
// unused too long are ended when the pool is next touched; servers end them by
// themselves anyway.
type pool struct {
	idle time.Duration
	now  func() time.Time

	mu     sync.Mutex // guards below
	kept   []*session // oldest first
	closed bool
}

// take is a kept session, nil if there is none.
func (p *pool) take() *session {
	p.mu.Lock()
	stale := p.staleLocked()
	var c *session
	if n := len(p.kept); n > 0 {
		c = p.kept[n-1]
		p.kept = p.kept[:n-1]
	}
	p.mu.Unlock()
	end(stale)
	return c
}

// leave gives a session back; one that is not sound, or worn out, is ended.
func (p *pool) leave(c *session, sound bool) {
	c.used++
	p.mu.Lock()
	stale := p.staleLocked()
	if sound && !p.closed && c.used < maxUses && len(p.kept) < maxKept {
		c.idle = p.now()
		p.kept = append(p.kept, c)
	} else {
		stale = append(stale, c)
	}
	p.mu.Unlock()
	end(stale)
}

func (p *pool) close() {
	p.mu.Lock()
	all := p.kept
	p.kept, p.closed = nil, true
	p.mu.Unlock()
	end(all)
}

func (p *pool) staleLocked() []*session {
	n := 0
	for n < len(p.kept) && p.now().Sub(p.kept[n].idle) > p.idle {
		n++
	}
	stale := append([]*session(nil), p.kept[:n]...)
	p.kept = p.kept[n:]
	return stale
}

// end says goodbye without waiting for an answer, and hangs up.
func end(sessions []*session) {
	for _, c := range sessions {
		_ = c.conn.SetDeadline(time.Now().Add(time.Second))
		_ = c.client.Text.PrintfLine("QUIT")
		_ = c.conn.Close()
	}
}
