package store

import (
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

func (e *edit) dropNotices() error {
	for i, id := range e.set.RemovedNotifications {
		n, err := notices.byID(e.tx, uint64(id))
		if err == nil {
			err = drop(e, &notices, uint64(id), n)
		}
		if err != nil {
			return place("removedNotifications", i, err)
		}
	}
	return nil
}

func (e *edit) dropFences() error {
	for i, id := range e.set.RemovedFences {
		if err := e.dropFence(id); err != nil {
			return place("removedFences", i, err)
		}
	}
	return nil
}

// dropFence deletes a fence; rules and notifications forget it.
func (e *edit) dropFence(id fleet.FenceID) error {
	f, err := fences.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	if err := drop(e, &fences, uint64(id), f); err != nil {
		return err
	}
	for _, r := range idsUnder(e.tx, ruleByFence, uint64(id), 0) {
		err := e.amendRule(fleet.RuleID(r), func(r *fleet.Rule) { r.Fences = without(r.Fences, id) })
		if err != nil {
			return err
		}
	}
	for _, n := range idsUnder(e.tx, noticeByFence, uint64(id), 0) {
		err := e.amendNotice(fleet.NotificationID(n), func(n *fleet.Notification) { n.Fences = without(n.Fences, id) })
		if err != nil {
			return err
		}
	}
	return nil
}

func (e *edit) dropDevices() error {
	if err := e.checkErased(); err != nil {
		return err
	}
	for i, id := range e.set.RemovedDevices {
		d, err := devices.byID(e.tx, uint64(id))
		if err == nil {
			err = drop(e, &devices, uint64(id), d)
		}
		if err == nil {
			err = e.untie(id, func(fleet.OwnerID) bool { return false })
		}
		if err == nil && slices.Contains(e.set.Erased, id) {
			err = e.erase(id)
		}
		if err != nil {
			return place("removedDevices", i, err)
		}
	}
	return nil
}

// dropCustomers deletes customers that have neither devices nor inner customers
// left, with their people, fences, rules and notifications.
func (e *edit) dropCustomers() error {
	left := slices.Clone(e.set.RemovedCustomers)
	for len(left) > 0 {
		// Inner ones first: take any that none of the others stands below.
		at := slices.IndexFunc(left, func(id fleet.CustomerID) bool {
			return len(idsUnder(e.tx, customerByParent, uint64(id), 1)) == 0
		})
		at = max(at, 0)
		if err := e.dropCustomer(left[at]); err != nil {
			return place("removedCustomers", slices.Index(e.set.RemovedCustomers, left[at]), err)
		}
		left = slices.Delete(left, at, at+1)
	}
	return nil
}

func (e *edit) dropCustomer(id fleet.CustomerID) error {
	c, err := customers.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	if n := len(idsUnder(e.tx, deviceByOwner, uint64(id), 0)); n > 0 {
		return (&fleet.InUse{What: "customer", By: "devices", Count: n}).Conflict()
	}
	if n := len(idsUnder(e.tx, customerByParent, uint64(id), 0)); n > 0 {
		return (&fleet.InUse{What: "customer", By: "customers", Count: n}).Conflict()
	}
	if err := e.dropBelongings(uint64(id)); err != nil {
		return err
	}
	if err := e.closeUsage(c); err != nil {
		return err
	}
	return drop(e, &customers, uint64(id), c)
}

// dropCompanies deletes companies that have neither customers nor devices left,
// with their staff and all that they set up.
func (e *edit) dropCompanies() error {
	for i, id := range e.set.RemovedCompanies {
		if err := e.dropCompany(id); err != nil {
			return place("removedCompanies", i, err)
		}
	}
	return nil
}

func (e *edit) dropCompany(id fleet.CompanyID) error {
	c, err := companies.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	if n := len(idsUnder(e.tx, customerByCompany, uint64(id), 0)); n > 0 {
		return (&fleet.InUse{What: "company", By: "customers", Count: n}).Conflict()
	}
	if n := len(idsUnder(e.tx, deviceByCompany, uint64(id), 0)); n > 0 {
		return (&fleet.InUse{What: "company", By: "devices", Count: n}).Conflict()
	}
	if err := e.dropBelongings(uint64(id)); err != nil {
		return err
	}
	return drop(e, &companies, uint64(id), c)
}

// dropBelongings deletes what a customer or company owns, but for devices and
// customers: its plain records, notifications, rules, fences and people.
func (e *edit) dropBelongings(id uint64) error {
	for _, n := range idsUnder(e.tx, noticeByOwner, id, 0) {
		if err := e.dropDrawnNotice(fleet.NotificationID(n)); err != nil {
			return err
		}
	}
	for _, r := range idsUnder(e.tx, ruleByOwner, id, 0) {
		if err := e.dropDrawnRule(fleet.RuleID(r)); err != nil {
			return err
		}
	}
	for _, f := range idsUnder(e.tx, fenceByOwner, id, 0) {
		if err := e.dropFence(fleet.FenceID(f)); err != nil {
			return err
		}
		e.set.RemovedFences = append(e.set.RemovedFences, fleet.FenceID(f))
		e.set.Fences = slices.DeleteFunc(e.set.Fences, func(v fleet.Fence) bool { return v.ID == fleet.FenceID(f) })
	}
	for _, u := range idsUnder(e.tx, userByOwner, id, 0) {
		if err := e.dropUser(fleet.UserID(u)); err != nil {
			return err
		}
	}
	if err := e.dropLabels(id); err != nil {
		return err
	}
	return dropOwned(e.tx, e.log, id) // last: what went may have named some of it
}

// dropLabels takes the labels of somebody who goes off what carries and names
// them: devices, fences and rules of those above.
func (e *edit) dropLabels(owner uint64) error {
	for _, n := range labelsOf(e.tx, owner) {
		label := fleet.LabelID(n)
		for _, id := range idsUnder(e.tx, deviceByLabel, n, 0) {
			if err := e.amendDevice(id, func(d *fleet.Device) { d.Labels = without(d.Labels, label) }); err != nil {
				return err
			}
		}
		for _, id := range idsUnder(e.tx, fenceByLabel, n, 0) {
			if err := e.amendFence(fleet.FenceID(id), func(f *fleet.Fence) { f.Targets.Labels = without(f.Targets.Labels, label) }); err != nil {
				return err
			}
		}
		for _, id := range idsUnder(e.tx, ruleByLabel, n, 0) {
			if err := e.amendRule(fleet.RuleID(id), func(r *fleet.Rule) { r.Targets.Labels = without(r.Targets.Labels, label) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// labelsOf are the labels of an owner.
func labelsOf(tx *bbolt.Tx, owner uint64) (ids []uint64) {
	prefix := plainKey(fleet.LabelRecord, owner)
	c := tx.Bucket([]byte(plainByOwner)).Cursor()
	for k, _ := c.Seek(prefix); len(k) >= 18 && string(k[:9]) == string(prefix); k, _ = c.Next() {
		ids = append(ids, be64Of(k[len(k)-8:]))
	}
	return ids
}

// amendDevice changes a device that the change draws along and adds it to the
// set.
func (e *edit) amendDevice(id uint64, how func(*fleet.Device)) error {
	d, err := devices.byID(e.tx, id)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(e.set.Devices, func(v fleet.Device) bool { return uint64(v.ID) == id })
	old := *d
	how(d)
	if at < 0 {
		d.Version++
		e.set.Devices = append(e.set.Devices, *d)
	} else {
		e.set.Devices[at] = *d
	}
	return store(e, &devices, id, &old, d)
}

// dropDrawnNotice deletes a notification that the caller did not name.
func (e *edit) dropDrawnNotice(id fleet.NotificationID) error {
	n, err := notices.byID(e.tx, uint64(id))
	if err != nil {
		return err
	}
	e.set.RemovedNotifications = append(e.set.RemovedNotifications, id)
	e.set.Notifications = slices.DeleteFunc(e.set.Notifications, func(v fleet.Notification) bool { return v.ID == id })
	return drop(e, &notices, uint64(id), n)
}

// dropUser deletes a user of a deleted customer. Notifications forget the
// person; one that nobody else gets goes.
func (e *edit) dropUser(id fleet.UserID) error {
	for _, nid := range idsUnder(e.tx, noticeByUser, uint64(id), 0) {
		n, err := notices.byID(e.tx, nid)
		if err != nil {
			return err
		}
		if len(n.Recipients) == 1 && len(n.Emails)+len(n.Phones) == 0 {
			err = e.dropDrawnNotice(n.ID)
		} else {
			err = e.amendNotice(n.ID, func(n *fleet.Notification) { n.Recipients = without(n.Recipients, id) })
		}
		if err != nil {
			return err
		}
	}
	return removeUser(e.tx, e.log, id)
}

func without[T comparable](s []T, v T) []T {
	return slices.DeleteFunc(slices.Clone(s), func(x T) bool { return x == v })
}
