package auth

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The limits of Confirmations.
const (
	ConfirmationLife = 2 * fleet.Minute
	confirmationMost = 1024
)

// Confirmations are one-time proofs that somebody has shown its credentials
// again and was asked twice before something that cannot be undone. They live
// in memory. The zero value is ready.
type Confirmations struct {
	mu   sync.Mutex              // guards open
	open map[string]confirmation // by hash
}

type confirmation struct {
	session fleet.TokenID
	about   uint64
	expires fleet.Time
}

// Issue makes a confirmation for one session, about one record. It fails with
// TooMany when too many are open.
func (k *Confirmations) Issue(session fleet.TokenID, about uint64, now fleet.Time) (secret string, expires fleet.Time, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for h, v := range k.open {
		if v.expires <= now {
			delete(k.open, h)
		}
	}
	if len(k.open) >= confirmationMost {
		return "", 0, fleet.Errorf(fleet.TooMany, "too many open confirmations; try again in %d s", ConfirmationLife/fleet.Second)
	}
	if k.open == nil {
		k.open = make(map[string]confirmation)
	}
	secret, expires = NewSecret(), now+ConfirmationLife
	k.open[string(Hash(secret))] = confirmation{session: session, about: about, expires: expires}
	return secret, expires, nil
}

// Redeem uses a confirmation up, also where it was for something else. It
// reports whether it was for this session and record, and in time.
func (k *Confirmations) Redeem(secret string, session fleet.TokenID, about uint64, now fleet.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	h := string(Hash(secret))
	v, ok := k.open[h]
	delete(k.open, h)
	return ok && v.session == session && v.about == about && v.expires > now
}
