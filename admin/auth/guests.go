package auth

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The limits of Guests.
const (
	GuestLife = fleet.Day // a page that is open longer opens its link again
	guestMost = 16384
)

// Guests are the open views of share links: which secret belongs to which
// link. They live in memory; after a restart a page opens its link again.
// Whether a link still holds is asked at each use.
type Guests struct {
	mu   sync.Mutex       // guards open
	open map[string]guest // by hash
}

type guest struct {
	link    fleet.RecordID
	expires fleet.Time
}

// Open makes the secret of a new view. It fails with TooMany when too many are
// open.
func (g *Guests) Open(link fleet.RecordID, now fleet.Time) (secret string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.open) >= guestMost {
		for h, k := range g.open {
			if k.expires <= now {
				delete(g.open, h)
			}
		}
		if len(g.open) >= guestMost {
			return "", fleet.Errorf(fleet.TooMany, "too many guests; try again later")
		}
	}
	if g.open == nil {
		g.open = make(map[string]guest)
	}
	secret = NewSecret()
	g.open[string(Hash(secret))] = guest{link: link, expires: now + GuestLife}
	return secret, nil
}

// Find is the link that a secret opened; false for one that is unknown or old.
func (g *Guests) Find(secret string, now fleet.Time) (fleet.RecordID, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	k, ok := g.open[string(Hash(secret))]
	return k.link, ok && k.expires > now
}
