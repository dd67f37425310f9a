package auth

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The limits of Tickets.
const (
	TicketLife = 30 * fleet.Second
	ticketMost = 4096
)

// Tickets are one-time passes for what cannot carry a header, such as a
// websocket opened from a page of another origin. They live in memory.
type Tickets struct {
	mu   sync.Mutex        // guards open
	open map[string]ticket // by hash
}

type ticket struct {
	who     Principal
	expires fleet.Time
}

// Issue makes a ticket for a caller. It fails with TooMany when too many are open.
func (t *Tickets) Issue(who Principal, now fleet.Time) (secret string, expires fleet.Time, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.open) >= ticketMost {
		for h, k := range t.open {
			if k.expires <= now {
				delete(t.open, h)
			}
		}
		if len(t.open) >= ticketMost {
			return "", 0, fleet.Errorf(fleet.TooMany, "too many open tickets; try again in %d s", TicketLife/fleet.Second)
		}
	}
	if t.open == nil {
		t.open = make(map[string]ticket)
	}
	secret, expires = NewSecret(), now+TicketLife
	t.open[string(Hash(secret))] = ticket{who: who, expires: expires}
	return secret, expires, nil
}

// Redeem uses a ticket up. It reports false for one that is unknown, used or
// expired.
func (t *Tickets) Redeem(secret string, now fleet.Time) (Principal, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := string(Hash(secret))
	k, ok := t.open[h]
	delete(t.open, h)
	return k.who, ok && k.expires > now
}
