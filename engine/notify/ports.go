package notify

import (
	"context"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Outbox is the deliveries that are not final, oldest due first.
type Outbox interface {
	// Due lists up to limit deliveries with Due <= now, oldest first.
	Due(now fleet.Time, limit int) ([]fleet.Delivery, error)
	// NextDue is when the next one falls due, 0 for none at all.
	NextDue() (fleet.Time, error)
	// Event is the event a delivery is about.
	Event(id fleet.EventID) (fleet.Event, error)
}

// Recorder makes outcomes permanent; the engine's committer does.
type Recorder interface {
	Record(ctx context.Context, outcomes []fleet.Outcome) error
}

// Directory knows the names and addresses that texts need, as they are now.
type Directory interface {
	User(id fleet.UserID) (fleet.User, error)
	Device(id fleet.DeviceID) (fleet.Device, error)
	Fence(id fleet.FenceID) (fleet.Fence, error)
	Subscriptions(id fleet.UserID) ([]fleet.Subscription, error)
	// DropSubscription forgets a browser whose push service says it is gone.
	DropSubscription(id fleet.SubscriptionID) error
}
