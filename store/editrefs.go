package store

import (
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// MaxDepth is how deep customers may stand below their company.
const MaxDepth = 5

// checkReferences holds every record that the set put against what it names.
func (e *edit) checkReferences() error {
	for i := range e.set.Customers {
		if err := e.checkCustomer(&e.set.Customers[i]); err != nil {
			return place("customers", i, err)
		}
	}
	for i := range e.set.Devices {
		if err := e.checkDevice(&e.set.Devices[i]); err != nil {
			return place("devices", i, err)
		}
	}
	if err := e.untieMoved(); err != nil {
		return err
	}
	if err := e.lead(); err != nil {
		return err
	}
	if err := e.uncross(); err != nil {
		return err
	}
	for i := range e.set.Fences {
		if err := e.checkFence(&e.set.Fences[i]); err != nil {
			return place("fences", i, err)
		}
	}
	for i := range e.set.Rules {
		if err := e.checkRule(&e.set.Rules[i]); err != nil {
			return place("rules", i, err)
		}
	}
	for i := range e.set.Notifications {
		if err := e.checkNotice(&e.set.Notifications[i]); err != nil {
			return place("notifications", i, err)
		}
	}
	return nil
}

func (e *edit) checkCustomer(c *fleet.Customer) error {
	if now, err := customers.find(e.tx, be64(uint64(c.ID))); err != nil || now == nil {
		return err // deleted by the same set
	}
	if err := e.checkCompany(c.Company); err != nil {
		return err
	}
	above, err := owners(e.tx, fleet.Owner(c.ID), c.Company)
	if err != nil {
		return err
	}
	if err := checkParameter(e.tx, "location", c.Company, fleet.LocationRecord, c.Location); err != nil {
		return err
	}
	if err := checkParameter(e.tx, "landingView", c.Company, fleet.ViewRecord, c.View); err != nil {
		return err
	}
	deepest, err := depthBelow(e.tx, c.ID)
	if err != nil {
		return err
	}
	if depth := len(above) - 1 + deepest; depth > MaxDepth {
		return fleet.FieldError("parent", "customers stand at most %d deep below their company, here it would be %d", MaxDepth, depth)
	}
	return nil
}

// checkParameter wants a plain record that the company set up; 0 is none.
func checkParameter(tx *bbolt.Tx, field string, company fleet.CompanyID, kind fleet.RecordKind, id fleet.RecordID) error {
	if id == 0 {
		return nil
	}
	v := newPlain(kind)
	there, err := findPlain(tx, uint64(id), v)
	if err == nil && (!there || v.Header().Company != company) {
		err = fleet.FieldError(field, "there is no %s %s here", kind, id)
	}
	return err
}

func (e *edit) checkCompany(id fleet.CompanyID) error {
	c, err := companies.find(e.tx, be64(uint64(id)))
	if err == nil && c == nil {
		err = fleet.FieldError("company", "there is no company %s", id)
	}
	return err
}

func (e *edit) checkDevice(d *fleet.Device) error {
	if err := e.checkCompany(d.Company); err != nil {
		return err
	}
	if _, err := owners(e.tx, d.Owner(), d.Company); err != nil {
		return err
	}
	if err := e.checkType(d); err != nil {
		return err
	}
	return e.checkLabels("labels", d.Labels, d.Company, d.Owner())
}

// checkLabels wants labels of devices whose owners stand above or below the
// owner of what names them.
func (e *edit) checkLabels(field string, labels []fleet.LabelID, company fleet.CompanyID, owner fleet.OwnerID) error {
	if len(labels) == 0 {
		return nil
	}
	above, err := owners(e.tx, owner, company)
	if err != nil {
		return err
	}
	h := &fleet.Head{Company: company, Owner: owner}
	for _, id := range labels {
		var l fleet.Label
		there, err := findPlain(e.tx, uint64(id), &l)
		if err != nil {
			return err
		}
		ok := there && l.Of == fleet.DeviceLabel
		if ok {
			ok, err = mayRefer(e.tx, h, above, &fleet.Ref{Kind: fleet.LabelRecord, ID: uint64(id)})
		}
		if err != nil {
			return err
		}
		if !ok {
			return fleet.FieldError(field, "there is no label %s here", id)
		}
	}
	return nil
}

// shedLabels takes off a device that changes hands what it carried and its new
// owner does not know.
func (e *edit) shedLabels(old, d *fleet.Device) error {
	above, err := owners(e.tx, d.Owner(), d.Company)
	if err != nil {
		return err
	}
	fit, err := e.fitting(d, old.Labels, above)
	if err != nil {
		return err
	}
	d.Labels, err = keep(d.Labels, func(id fleet.LabelID) (bool, error) { // new ones are judged by checkLabels
		return !slices.Contains(old.Labels, id) || slices.Contains(fit, id), nil
	})
	return err
}

// fitting are those labels that a device may carry, its owner and whoever
// stands above being known.
func (e *edit) fitting(d *fleet.Device, labels []fleet.LabelID, above []fleet.OwnerID) ([]fleet.LabelID, error) {
	h := &fleet.Head{Company: d.Company, Owner: d.Owner()}
	return keep(labels, func(id fleet.LabelID) (bool, error) {
		return mayRefer(e.tx, h, above, &fleet.Ref{Kind: fleet.LabelRecord, ID: uint64(id)})
	})
}

func (e *edit) checkFence(f *fleet.Fence) error {
	if _, err := owners(e.tx, f.Owner, f.Company); err != nil {
		return err
	}
	if err := e.checkOwned("targets.devices", f.Targets.Devices, f.Owner); err != nil {
		return err
	}
	return e.checkLabels("targets.labels", f.Targets.Labels, f.Company, f.Owner)
}

// checkOwned refuses devices that are not the owner's or its inner customers'.
func (e *edit) checkOwned(field string, ids []fleet.DeviceID, owner fleet.OwnerID) error {
	for _, id := range ids {
		d, err := devices.find(e.tx, be64(uint64(id)))
		if err != nil {
			return err
		}
		if d != nil {
			above, err := owners(e.tx, d.Owner(), d.Company)
			if err != nil {
				return err
			}
			if slices.Contains(above, owner) {
				continue
			}
		}
		return fleet.FieldError(field, "there is no device %s here", id)
	}
	return nil
}

func (e *edit) checkNotice(n *fleet.Notification) error {
	above, err := owners(e.tx, n.Owner, n.Company)
	if err != nil {
		return err
	}
	if err := e.checkOwned("devices", n.Devices, n.Owner); err != nil {
		return err
	}
	if _, err := e.planOf(n); err != nil {
		return err
	}
	for _, id := range n.Rules {
		if ok, err := e.mayHear(n, above, id); err != nil {
			return err
		} else if !ok {
			return fleet.FieldError("rules", "there is no rule %s here", id)
		}
	}
	for _, id := range n.Fences {
		if ok, err := e.mayName(n.Owner, n.Company, above, id); err != nil {
			return err
		} else if !ok {
			return fleet.FieldError("fences", "there is no fence %s here", id)
		}
	}
	for _, id := range n.Recipients {
		if ok, err := e.mayTell(n, above, id); err != nil {
			return err
		} else if !ok {
			return fleet.FieldError("recipients", "there is no user %s here", id)
		}
	}
	return nil
}

// mayName reports whether a notification or rule may be about a fence: one that
// its owner, somebody above it or somebody below it drew.
func (e *edit) mayName(owner fleet.OwnerID, company fleet.CompanyID, above []fleet.OwnerID, id fleet.FenceID) (bool, error) {
	f, err := fences.find(e.tx, be64(uint64(id)))
	if err != nil || f == nil || f.Company != company {
		return false, err
	}
	return e.related(f.Owner, f.Company, owner, above)
}

// mayTell reports whether a notification may go to a user: staff of the company
// or installation, or somebody of a customer above or below its owner.
func (e *edit) mayTell(n *fleet.Notification, above []fleet.OwnerID, id fleet.UserID) (bool, error) {
	u, err := users.find(e.tx, be64(uint64(id)))
	if err != nil || u == nil {
		return false, err
	}
	if u.Role == fleet.PlatformAdmin {
		return true, nil
	}
	if u.Company != n.Company {
		return false, nil
	}
	return e.related(userOwner(u), u.Company, n.Owner, above)
}

// related reports whether one of two owners stands above the other, or both
// are one.
func (e *edit) related(a fleet.OwnerID, company fleet.CompanyID, b fleet.OwnerID, aboveB []fleet.OwnerID) (bool, error) {
	if slices.Contains(aboveB, a) {
		return true, nil
	}
	aboveA, err := owners(e.tx, a, company)
	return err == nil && slices.Contains(aboveA, b), err
}

// owners are an owner and all that stand above it, up to the company. It
// refuses owners that do not exist, are another company's, or form a circle.
func owners(tx *bbolt.Tx, owner fleet.OwnerID, company fleet.CompanyID) ([]fleet.OwnerID, error) {
	var out []fleet.OwnerID
	for owner != fleet.OwnerID(company) {
		c, err := customers.find(tx, be64(uint64(owner)))
		if err != nil {
			return nil, err
		}
		if c == nil || c.Company != company {
			field := "owner"
			if len(out) > 0 {
				field = "parent"
			}
			return nil, fleet.FieldError(field, "there is no customer %s in the company", owner)
		}
		if slices.Contains(out, owner) {
			return nil, fleet.FieldError("parent", "a customer cannot stand below itself")
		}
		out = append(out, owner)
		if owner = fleet.OwnerID(c.Parent); owner == 0 {
			owner = fleet.OwnerID(company)
		}
	}
	if c, err := companies.find(tx, be64(uint64(company))); err != nil || c == nil {
		if err == nil {
			err = fleet.FieldError("company", "there is no company %s", company)
		}
		return nil, err
	}
	return append(out, fleet.OwnerID(company)), nil
}

// innerCustomers are a customer and all below it.
func innerCustomers(tx *bbolt.Tx, id fleet.CustomerID) ([]fleet.CustomerID, error) {
	out, seen := []fleet.CustomerID{id}, map[fleet.CustomerID]bool{id: true}
	for i := 0; i < len(out); i++ {
		for _, v := range idsUnder(tx, customerByParent, uint64(out[i]), 0) {
			inner := fleet.CustomerID(v)
			if seen[inner] {
				return nil, fleet.FieldError("parent", "a customer cannot stand below itself")
			}
			out, seen[inner] = append(out, inner), true
		}
	}
	return out, nil
}

// depthBelow is how many levels stand below a customer.
func depthBelow(tx *bbolt.Tx, id fleet.CustomerID) (depth int, err error) {
	level := []uint64{uint64(id)}
	for depth = -1; len(level) > 0; depth++ {
		if depth > MaxDepth {
			return depth, nil
		}
		var next []uint64
		for _, c := range level {
			next = append(next, idsUnder(tx, customerByParent, c, 0)...)
		}
		level = next
	}
	return depth, nil
}
