package notify

import (
	"crypto/sha256"
	"encoding/binary"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Retry is how often and how long a delivery is tried.
type Retry struct {
	Base        time.Duration // ceiling of the first pause; doubles from try to try
	Cap         time.Duration // ceiling of the ceilings, while the delivery is young
	MaxAttempts int           // then it is a dead letter; counts while the row keeps all its attempts
	MaxAge      time.Duration // since it was created; then it is a dead letter
	Seed        uint64        // of the jitter
}

// DefaultRetry tries at once, then within 2 s, 4 s, 8 s … 8 min, and for a
// delivery older than 48 minutes within a sixth of its age: some 60 tries in
// the 24 hours after which it gives up. A provider that comes back after an
// hour has everything at most 10 minutes later.
func DefaultRetry() Retry {
	return Retry{Base: 2 * time.Second, Cap: 8 * time.Minute, MaxAttempts: 100, MaxAge: 24 * time.Hour}
}

// leastPause keeps full jitter from trying again at once.
const leastPause = 100 * time.Millisecond

// Pause is how long to wait after the n-th failed try (n from 1) of a delivery
// of some age: anything up to the ceiling ("full jitter"), drawn from a hash
// over seed, key, n and age, so that it is the same on any machine at any time.
// The age is among them because a log of attempts may be cut, so that n stands
// still: the draw must not.
func (r Retry) Pause(key fleet.DeliveryKey, n int, age time.Duration) time.Duration {
	ceiling := max(r.Cap, age/6)
	if n = max(n, 1); n < 32 {
		ceiling = min(ceiling, r.Base<<(n-1))
	}
	h := sha256.New()
	var b [24]byte
	binary.BigEndian.PutUint64(b[:8], r.Seed)
	binary.BigEndian.PutUint64(b[8:], uint64(n))
	binary.BigEndian.PutUint64(b[16:], uint64(age.Milliseconds()))
	h.Write(b[:])
	h.Write([]byte(key.String()))
	draw := binary.BigEndian.Uint64(h.Sum(nil)) >> 11 // 53 bits
	pause := time.Duration(float64(ceiling) * (float64(draw) / (1 << 53)))
	return max(pause, min(leastPause, ceiling))
}

// exhausted says why a delivery that has been tried n times is not tried
// again, "" if it is.
func (r Retry) exhausted(n int, age time.Duration) string {
	switch {
	case n >= r.MaxAttempts:
		return "gave up after " + plural(n, "attempt")
	case age >= r.MaxAge:
		return "gave up after " + r.MaxAge.String()
	}
	return ""
}
