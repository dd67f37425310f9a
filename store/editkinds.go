package store

import (
	"cmp"
	"reflect"
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// How each kind of record carries its identity.
var (
	companyIdent = ident[fleet.Company]{
		get: func(c *fleet.Company) uint64 { return uint64(c.ID) }, set: func(c *fleet.Company, id uint64) { c.ID = fleet.CompanyID(id) },
		version: func(c *fleet.Company) *uint64 { return &c.Version },
	}
	customerIdent = ident[fleet.Customer]{
		get: func(c *fleet.Customer) uint64 { return uint64(c.ID) }, set: func(c *fleet.Customer, id uint64) { c.ID = fleet.CustomerID(id) },
		version: func(c *fleet.Customer) *uint64 { return &c.Version }, created: func(c *fleet.Customer) *fleet.Time { return &c.Created },
	}
	deviceIdent = ident[fleet.Device]{
		get: func(d *fleet.Device) uint64 { return uint64(d.ID) }, set: func(d *fleet.Device, id uint64) { d.ID = fleet.DeviceID(id) },
		version: func(d *fleet.Device) *uint64 { return &d.Version }, created: func(d *fleet.Device) *fleet.Time { return &d.Created },
	}
	fenceIdent = ident[fleet.Fence]{
		get: func(f *fleet.Fence) uint64 { return uint64(f.ID) }, set: func(f *fleet.Fence, id uint64) { f.ID = fleet.FenceID(id) },
		version: func(f *fleet.Fence) *uint64 { return &f.Version }, created: func(f *fleet.Fence) *fleet.Time { return &f.Created },
	}
	noticeIdent = ident[fleet.Notification]{
		get: func(n *fleet.Notification) uint64 { return uint64(n.ID) }, set: func(n *fleet.Notification, id uint64) { n.ID = fleet.NotificationID(id) },
		version: func(n *fleet.Notification) *uint64 { return &n.Version }, created: func(n *fleet.Notification) *fleet.Time { return &n.Created },
	}
)

func (e *edit) putCompanies() error {
	for i := range e.set.Companies {
		c := &e.set.Companies[i]
		err := c.Validate()
		if err == nil {
			err = put(e, &companies, companyIdent, c, nil)
		}
		if err != nil {
			return place("companies", i, err)
		}
	}
	return nil
}

func (e *edit) putCustomers() error {
	for i := range e.set.Customers {
		c := &e.set.Customers[i]
		err := c.Validate()
		if err == nil {
			err = put(e, &customers, customerIdent, c, e.judgeCustomer)
		}
		if err != nil {
			return place("customers", i, err)
		}
	}
	return nil
}

func (e *edit) putDevices() error {
	for i := range e.set.Devices {
		d := &e.set.Devices[i]
		d.Labels = sorted(d.Labels)
		err := d.Validate()
		if err == nil {
			err = put(e, &devices, deviceIdent, d, func(old, v *fleet.Device) error {
				if old != nil && old.Company != v.Company {
					return fleet.FieldError("company", "a device stays with its company")
				}
				v.Stays = nil
				if old != nil {
					v.Stays = old.Stays
				}
				if old != nil && old.Owner() != v.Owner() {
					e.moved = append(e.moved, v.ID)
					stays := append(slices.Clip(old.Stays), fleet.Stay{Owner: old.Owner(), Until: e.set.At})
					v.Stays = stays[max(0, len(stays)-fleet.MaxStays):]
					if err := e.shedLabels(old, v); err != nil {
						return err
					}
				}
				if old == nil || old.Customer != v.Customer {
					e.grown.add(v.Customer, deviceQuota)
				}
				return nil
			})
		}
		if err != nil {
			return place("devices", i, err)
		}
	}
	return nil
}

func (e *edit) putAllFences() error {
	for i := range e.set.Fences {
		f := &e.set.Fences[i]
		f.Targets.Devices, f.Targets.Labels = sorted(f.Targets.Devices), sorted(f.Targets.Labels)
		err := f.Validate()
		if err == nil {
			err = put(e, &fences, fenceIdent, f, e.judge)
		}
		if err != nil {
			return place("fences", i, err)
		}
		e.putFences[f.ID] = true
	}
	return nil
}

// judge raises a fence's judge version where what it decides changed: shape,
// preset, targets, whose it is, whether it watches at all. Its name, its
// colour and which events it makes leave the state of its devices alone.
func (e *edit) judge(old, f *fleet.Fence) error {
	f.Judge, f.From = 1, e.from()
	if old == nil || old.Owner != f.Owner {
		e.grown.add(fleet.CustomerID(f.Owner), fenceQuota)
	}
	if old == nil {
		return nil
	}
	if old.Company != f.Company {
		return fleet.FieldError("company", "a fence stays with its company")
	}
	f.Judge, f.From = old.Judge, old.From
	if old.Preset != f.Preset || !reflect.DeepEqual(old.Custom, f.Custom) || old.Owner != f.Owner || old.Paused != f.Paused ||
		!sameTargets(old.Targets, f.Targets) || !reflect.DeepEqual(old.Shape, f.Shape) {
		f.Judge, f.From = old.Judge+1, e.from()
	}
	return nil
}

// from is since when what this change decides holds.
func (e *edit) from() fleet.Time {
	if e.set.Since {
		return 0
	}
	return e.set.At
}

func sameTargets(a, b fleet.Targets) bool {
	return a.All == b.All && a.Inner == b.Inner && slices.Equal(a.Devices, b.Devices) && slices.Equal(a.Labels, b.Labels)
}

func (e *edit) putAllNotices() error {
	for i := range e.set.Notifications {
		n := &e.set.Notifications[i]
		n.Devices, n.Fences, n.Recipients, n.Rules = sorted(n.Devices), sorted(n.Fences), sorted(n.Recipients), sorted(n.Rules)
		err := e.follow(n)
		if err == nil {
			err = n.Validate()
		}
		if err == nil {
			err = put(e, &notices, noticeIdent, n, func(old, v *fleet.Notification) error {
				if old != nil && old.Company != v.Company {
					return fleet.FieldError("company", "a notification stays with its company")
				}
				return nil
			})
		}
		if err != nil {
			return place("notifications", i, err)
		}
		e.putNotices[n.ID] = true
	}
	return nil
}

// sorted is a sorted copy with each once; nil stays nil.
func sorted[T cmp.Ordered](s []T) []T {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}
