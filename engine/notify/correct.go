package notify

import (
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// correctAgain is when to look again whether a notice that was under way when
// its event was retracted has gone out.
const correctAgain = 10 * time.Second

// corrected is the event that a correction is about; zero for other events and
// where it is gone. A correction is worth sending only to who was told: one
// whose first notice never went out is suppressed, and one whose first notice
// is under way waits for how that ends.
func (l *lane) corrected(row *fleet.Delivery, event *fleet.Event) (about fleet.Event, v *verdict, err error) {
	if event.Kind != fleet.Correction {
		return about, nil, nil
	}
	first := fleet.DeliveryKey{Event: event.About, Recipient: row.Key.Recipient, Channel: row.Key.Channel}
	state, err := l.stateOf(first)
	if err != nil {
		return about, nil, fmt.Errorf("delivery %s, which is to be corrected: %w", first, err)
	}
	switch {
	case state != 0 && !state.Final():
		return about, &verdict{state: fleet.Queued, due: fleet.At(l.d.o.Now().Add(correctAgain))}, nil
	case !state.Told():
		return about, suppressed("the notice that it corrects never went out"), nil
	}
	about, err = l.d.o.Outbox.Event(event.About)
	if err != nil && fleet.KindOf(err) != fleet.NotFound {
		return about, nil, fmt.Errorf("event %s, which is to be corrected: %w", event.About, err)
	}
	return about, nil, nil
}

// stateOf is how a delivery stands, 0 if there is none.
func (l *lane) stateOf(key fleet.DeliveryKey) (fleet.DeliveryState, error) {
	q := fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Event: key.Event, Limit: 1000}
	for {
		page, err := l.d.o.Outbox.Deliveries(q)
		if err != nil {
			return 0, err
		}
		for i := range page.Items {
			if page.Items[i].Key == key {
				return page.Items[i].State, nil
			}
		}
		if q.After = page.Next; q.After == "" {
			return 0, nil
		}
	}
}
