package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/boltfile"
)

// identitiesPage is how many devices are copied out of one read transaction.
const identitiesPage = 2048

// Identities calls each with every device, disabled ones too, by ID, until it
// fails. Each may take its time: it is called outside of any transaction.
func (a *Admin) Identities(each func(uniqueID string, d fleet.Device) error) error {
	for after := uint64(0); ; {
		var page []fleet.Device
		err := a.db.View(func(tx *bbolt.Tx) error {
			c := devices.bucket(tx).Cursor()
			for k, raw := c.Seek(be64(after + 1)); k != nil && len(page) < identitiesPage; k, raw = c.Next() {
				d, err := boltfile.Decode[fleet.Device](devices.Table, k, raw)
				if err != nil {
					return err
				}
				page = append(page, d)
			}
			return nil
		})
		if err != nil || len(page) == 0 {
			return err
		}
		for i := range page {
			if err := each(page[i].UniqueID, page[i]); err != nil {
				return err
			}
		}
		after = uint64(page[len(page)-1].ID)
	}
}

// Directory answers the notifier: people as they are, devices and fences also
// after they were deleted, so that texts about old events still have names.
type Directory struct{ a *Admin }

// Directory is the notifier's view of the records.
func (a *Admin) Directory() Directory { return Directory{a} }

// User is a user as it is now; NotFound once deleted.
func (d Directory) User(id fleet.UserID) (fleet.User, error) { return d.a.User(id) }

// Device is a device, as it is or as it was when deleted.
func (d Directory) Device(id fleet.DeviceID) (fleet.Device, error) { return d.a.DeviceAny(id) }

// Fence is a fence, as it is or as it was when deleted.
func (d Directory) Fence(id fleet.FenceID) (fleet.Fence, error) { return d.a.FenceAny(id) }

// Customer is a customer as it is now, with no larger budget of SMS than its
// plan has; NotFound once deleted.
func (d Directory) Customer(id fleet.CustomerID) (fleet.Customer, error) {
	s, err := d.a.Standing(id)
	if err != nil {
		return fleet.Customer{}, err
	}
	c := s.Chain[0]
	c.SMSBudget = s.SMSBudget()
	return c, nil
}

// Company is a company as it is now.
func (d Directory) Company(id fleet.CompanyID) (fleet.Company, error) { return d.a.Company(id) }

// Notification is a notification as it is now; NotFound once deleted.
func (d Directory) Notification(id fleet.NotificationID) (fleet.Notification, error) {
	return d.a.Notification(id)
}

// Subscriptions are a user's browsers.
func (d Directory) Subscriptions(id fleet.UserID) ([]fleet.Subscription, error) {
	return d.a.Subscriptions(id)
}

// DropSubscription forgets a browser whose push service says it is gone.
func (d Directory) DropSubscription(id fleet.SubscriptionID) error { return d.a.DropSubscription(id) }

// DeviceAny is a device, as it is or as it was when deleted.
func (a *Admin) DeviceAny(id fleet.DeviceID) (fleet.Device, error) {
	return anyOf(a, &devices, uint64(id))
}

// FenceAny is a fence, as it is or as it was when deleted.
func (a *Admin) FenceAny(id fleet.FenceID) (fleet.Fence, error) { return anyOf(a, &fences, uint64(id)) }

// UserAny is a user, as it is or as it was when deleted: for names in logs, not
// for sending.
func (a *Admin) UserAny(id fleet.UserID) (fleet.User, error) { return anyOf(a, &users, uint64(id)) }
