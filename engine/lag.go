package engine

import (
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// lag remembers when inputs became durable, so that the age of the oldest
// whose facts are not can be told. It keeps one mark a millisecond at most.
type lag struct {
	mu    sync.Mutex // guards all below
	marks [4096]mark // a ring
	from  int
	n     int
}

type mark struct {
	seq fleet.Seq
	at  fleet.Time
}

// durable notes that everything up to seq is durable now, and drops the marks
// up to complete. When the ring is full all the same, newer marks join the
// newest: the lag is then told too large.
func (l *lag) durable(seq, complete fleet.Seq, now fleet.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropLocked(complete)
	if l.n > 0 {
		if last := &l.marks[(l.from+l.n-1)%len(l.marks)]; last.at == now || l.n == len(l.marks) {
			last.seq = seq
			return
		}
	}
	l.marks[(l.from+l.n)%len(l.marks)] = mark{seq, now}
	l.n++
}

// behind is the age of the oldest mark beyond complete.
func (l *lag) behind(complete fleet.Seq, now fleet.Time) fleet.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropLocked(complete)
	if l.n == 0 {
		return 0
	}
	return max(0, now-l.marks[l.from].at)
}

// dropLocked forgets the marks up to complete.
func (l *lag) dropLocked(complete fleet.Seq) {
	for l.n > 0 && l.marks[l.from].seq <= complete {
		l.from = (l.from + 1) % len(l.marks)
		l.n--
	}
}

// Backlog is how long the oldest durable input has waited for its facts to be
// on disk too; 0 if none waits.
func (e *Engine) Backlog() time.Duration {
	complete := e.Complete()
	return time.Duration(e.lag.behind(complete, e.o.Now())) * time.Millisecond
}
