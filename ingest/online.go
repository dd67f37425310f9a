package ingest

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// online finds the session of a device: the one that was identified last.
type online struct {
	mu sync.Mutex // guards by
	by map[fleet.DeviceID]waker
}

// waker has a session look at Orders. It must not block.
type waker interface{ wake() }

func newOnline() *online { return &online{by: map[fleet.DeviceID]waker{}} }

// move notes that a session speaks for another device than before; 0 is none.
func (o *online) move(from, to fleet.DeviceID, w waker) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.by[from] == w {
		delete(o.by, from)
	}
	if to != 0 {
		o.by[to] = w
	}
}

func (o *online) wake(d fleet.DeviceID) {
	o.mu.Lock()
	w := o.by[d]
	o.mu.Unlock()
	if w != nil {
		w.wake()
	}
}
