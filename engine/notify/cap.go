package notify

import (
	"fmt"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// crowded is how many people a cap remembers before it looks for those that it
// may forget.
const crowded = 4096

// A hourly cap counts what a channel's people got within the last hour, across
// all their devices and notifications. It is a guard against floods, and begins
// anew with each start.
type hourly struct {
	most int // < 0: any number

	mu   sync.Mutex // guards sent
	sent map[fleet.UserID][]time.Time
}

func newHourly(most int) *hourly { return &hourly{most: most, sent: map[fleet.UserID][]time.Time{}} }

// take counts one more message to a person, if it is within the cap.
func (h *hourly) take(who fleet.UserID, now time.Time) bool {
	if h.most < 0 {
		return true
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.sent) >= crowded {
		for id, times := range h.sent {
			if len(times) == 0 || now.Sub(times[len(times)-1]) >= time.Hour {
				delete(h.sent, id)
			}
		}
	}
	times := h.sent[who]
	old := 0
	for old < len(times) && now.Sub(times[old]) >= time.Hour {
		old++
	}
	times = append(times[:0], times[old:]...)
	ok := len(times) < h.most
	if ok {
		times = append(times, now)
	}
	h.sent[who] = times
	return ok
}

// limited says whether the limits across devices hold a delivery back. What
// has been tried before has passed them.
func (l *lane) limited(row *fleet.Delivery, event *fleet.Event) (*verdict, error) {
	if event.Kind == fleet.Correction || event.Kind == fleet.Alarm && event.Alarms&fleet.CriticalAlarms != 0 ||
		len(row.Attempts) > 0 || len(row.Done) > 0 {
		return nil, nil
	}
	if v, err := l.overspent(row); v != nil || err != nil {
		return v, err
	}
	if !l.cap.take(row.Key.Recipient, l.d.o.Now()) {
		l.d.budgets.release(l.ch, row)
		return suppressed(fmt.Sprintf("too many: the recipient has had %d by %s within an hour", l.cap.most, l.ch)), nil
	}
	return nil, nil
}
