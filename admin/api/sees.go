package api

import (
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// seesRecord reports whether the caller may read a record that a body names:
// one that it may not is as good as none.
func (c *call) seesRecord(kind fleet.RecordKind, id uint64) (bool, error) {
	records := c.api.o.Records
	sees := func(object auth.Object, within func(*fleet.Scope) bool, err error) (bool, error) {
		if err != nil {
			if fleet.KindOf(err) == fleet.NotFound {
				err = nil
			}
			return false, err
		}
		_, scope, err := c.may(object, auth.Read)
		return err == nil && within(&scope), err
	}
	switch kind {
	case fleet.CompanyRecord:
		v, err := records.Company(fleet.CompanyID(id))
		return sees(auth.Company, func(s *fleet.Scope) bool { return s.SeesCompany(v.ID) }, err)
	case fleet.CustomerRecord:
		v, err := records.Customer(fleet.CustomerID(id))
		return sees(auth.Customer, func(s *fleet.Scope) bool { return s.SeesOwner(v.Company, fleet.OwnerID(v.ID)) }, err)
	case fleet.DeviceRecord:
		v, err := records.Device(fleet.DeviceID(id))
		return sees(auth.Device, func(s *fleet.Scope) bool { return s.SeesDevice(v.ID, v.Company, v.Owner()) }, err)
	case fleet.FenceRecord:
		v, err := records.Fence(fleet.FenceID(id))
		return sees(auth.Fence, func(s *fleet.Scope) bool { return s.SeesOwner(v.Company, v.Owner) }, err)
	case fleet.RuleRecord:
		v, err := records.Rule(fleet.RuleID(id))
		return sees(auth.Rule, func(s *fleet.Scope) bool { return s.SeesOwner(v.Company, v.Owner) }, err)
	case fleet.UserRecord:
		v, err := records.User(fleet.UserID(id))
		return sees(auth.User, func(s *fleet.Scope) bool { return seesUser(s, &v) }, err)
	case fleet.NotificationRecord:
		v, err := records.Notification(fleet.NotificationID(id))
		return sees(auth.Notification, func(s *fleet.Scope) bool { return s.SeesOwner(v.Company, v.Owner) }, err)
	}
	reader := c.api.plain[kind]
	if reader.head == nil {
		return false, nil
	}
	h, err := reader.head(c, fleet.RecordID(id))
	return sees(reader.object, func(s *fleet.Scope) bool {
		s.Common = reader.common
		return s.SeesOwner(h.Company, h.Owner)
	}, err)
}

// plainReader reads whose a plain record is.
type plainReader struct {
	object auth.Object
	common bool
	head   func(*call, fleet.RecordID) (fleet.Head, error)
}
