package auth

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// What a person may get wrong before waiting.
const (
	MaxFailures = 10                // wrong passwords or codes in a row
	LockedFor   = 15 * fleet.Minute // after that many
)

// Turns lets one attempt at a time decide about a user, so that two cannot both
// be the last that is allowed, or use one code twice. The zero Turns is ready.
type Turns struct {
	locks [64]sync.Mutex
}

// Take waits for a user's turn and returns what ends it. It is held while a
// password is checked, by people who sign in as the same 64th of users.
func (t *Turns) Take(user fleet.UserID) (end func()) {
	m := &t.locks[(uint64(user)*0x9E3779B97F4A7C15)>>58]
	m.Lock()
	return m.Unlock
}
