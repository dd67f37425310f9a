package notify

import (
	"context"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Outbox is the deliveries that are not final. It is asked a channel at a
// time, so that the queue of one provider never hides that of another.
type Outbox interface {
	// Due lists up to limit deliveries of a channel with Due <= now, oldest
	// due first; those that are in flight are among them.
	Due(ch fleet.Channel, now fleet.Time, limit int) ([]fleet.Delivery, error)
	// NextDue is when the channel's first delivery with Due > now falls due,
	// 0 for none.
	NextDue(ch fleet.Channel, now fleet.Time) (fleet.Time, error)
	// Event is the event a delivery is about, with its flags as they are now.
	Event(id fleet.EventID) (fleet.Event, error)
	// Deliveries is a page of the delivery log, newest event first. A page may
	// be short, even empty, and still have a next one.
	Deliveries(q fleet.DeliveryQuery) (fleet.Page[fleet.Delivery], error)
}

// Recorder makes outcomes permanent; the engine's committer does. They are
// durable, and no longer in Outbox.Due as they were, when Record returns nil.
type Recorder interface {
	Record(ctx context.Context, outcomes []fleet.Outcome) error
}

// Directory knows the names and addresses that texts need, as they are now.
// What does not exist is an error of kind fleet.NotFound.
type Directory interface {
	User(id fleet.UserID) (fleet.User, error)
	Device(id fleet.DeviceID) (fleet.Device, error)
	Fence(id fleet.FenceID) (fleet.Fence, error)
	Customer(id fleet.CustomerID) (fleet.Customer, error)
	Company(id fleet.CompanyID) (fleet.Company, error)
	Notification(id fleet.NotificationID) (fleet.Notification, error)
	Subscriptions(id fleet.UserID) ([]fleet.Subscription, error)
	// DropSubscription forgets a browser whose push service says it is gone.
	DropSubscription(id fleet.SubscriptionID) error
}
