package mqttsub

import "sync"

// room bounds the bytes of the publications that wait, for a broker may send
// packets of any size up to the limit. One that is longer than all of it finds
// room while nothing else waits.
type room struct {
	most  int
	freed chan struct{} // one slot: bytes were given back

	mu   sync.Mutex // guards held
	held int
}

func newRoom(most int) *room { return &room{most: most, freed: make(chan struct{}, 1)} }

// try takes n bytes if they are free.
func (r *room) try(n int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.held > 0 && r.held+n > r.most {
		return false
	}
	r.held += n
	return true
}

// take waits for n bytes; false if quit came first.
func (r *room) take(n int, quit <-chan struct{}) bool {
	for !r.try(n) {
		select {
		case <-r.freed:
		case <-quit:
			return false
		}
	}
	r.tell() // there may be room for another
	return true
}

// give returns bytes.
func (r *room) give(n int) {
	r.mu.Lock()
	r.held -= n
	r.mu.Unlock()
	r.tell()
}

func (r *room) tell() {
	select {
	case r.freed <- struct{}{}:
	default:
	}
}
