package store

import (
	"bytes"
	"iter"
	"slices"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/roll"
)

// Company is the company with an ID; NotFound if there is none.
func (a *Admin) Company(id fleet.CompanyID) (fleet.Company, error) {
	return one(a, &companies, uint64(id))
}

// Customer is the customer with an ID; NotFound if there is none.
func (a *Admin) Customer(id fleet.CustomerID) (fleet.Customer, error) {
	return one(a, &customers, uint64(id))
}

// Device is the device with an ID; NotFound if there is none.
func (a *Admin) Device(id fleet.DeviceID) (fleet.Device, error) { return one(a, &devices, uint64(id)) }

// Fence is the fence with an ID; NotFound if there is none.
func (a *Admin) Fence(id fleet.FenceID) (fleet.Fence, error) { return one(a, &fences, uint64(id)) }

// Rule is the rule with an ID; NotFound if there is none.
func (a *Admin) Rule(id fleet.RuleID) (fleet.Rule, error) { return one(a, &rules, uint64(id)) }

// Notification is the notification with an ID; NotFound if there is none.
func (a *Admin) Notification(id fleet.NotificationID) (fleet.Notification, error) {
	return one(a, &notices, uint64(id))
}

// User is the user with an ID; NotFound if there is none.
func (a *Admin) User(id fleet.UserID) (fleet.User, error) { return one(a, &users, uint64(id)) }

// DeviceByUniqueID is the device that sends an identity; NotFound if none does.
func (a *Admin) DeviceByUniqueID(uid string) (d fleet.Device, err error) {
	return byName(a, &devices, deviceByUniqueID, []byte(uid), "there is no device %q", uid)
}

// byName reads a row by a unique index.
func byName[T any](a *Admin, t *table[T], index string, key []byte, format string, args ...any) (v T, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		p, err := t.named(tx, index, key)
		if err == nil && p == nil {
			err = fleet.Errorf(fleet.NotFound, format, args...)
		}
		if err == nil {
			v = *p
		}
		return err
	})
	return v, err
}

// InnerCustomers is the customer and all that stand below it; NotFound if
// there is no such customer.
func (a *Admin) InnerCustomers(id fleet.CustomerID) (ids []fleet.CustomerID, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		if _, err := customers.byID(tx, uint64(id)); err != nil {
			return err
		}
		ids, err = innerCustomers(tx, id)
		return err
	})
	return ids, err
}

// What lists are sorted by: words of the kind's entry in its roll, or numbers.
var (
	customerSorts = map[string]roll.Sort{
		"name": 0, "code": 1, "reference": 2, "accountName": 3, "taxId": 4, "email": 5,
		"kind": roll.ByClass, "status": roll.ByStatus, "trialEnds": roll.ByNumber, "devices": roll.ByCount, "users": roll.ByCount,
	}
	deviceSorts = map[string]roll.Sort{
		"name": 0, "uniqueId": 1, "plate": 2, "model": 3, "phone": 4, "type": roll.ByNumber, "status": roll.ByStatus,
	}
	userSorts = map[string]roll.Sort{
		"name": 0, "username": 1, "email": 2, "phone": 3, "role": roll.ByClass, "status": roll.ByStatus,
	}
	nameSorts   = map[string]roll.Sort{"name": 0, "status": roll.ByStatus}
	noticeSorts = map[string]roll.Sort{"description": 0, "status": roll.ByStatus}
)

// countOf is how many things of a sort a customer has itself.
func (a *Admin) countOf(what string, customer uint64) int {
	if what == "users" {
		return a.db.rolls.users.Owned(customer)
	}
	return a.db.rolls.devices.Owned(customer)
}

// Companies is a page of the companies that the scope sees.
func (a *Admin) Companies(q fleet.Query) (fleet.Page[fleet.Company], error) {
	return list(a, &listing[fleet.Company]{
		table: &companies, sorts: map[string]roll.Sort{"name": 0},
		direct: func(s *fleet.Scope) ([]uint64, bool) { return []uint64{uint64(s.Company)}, !s.Installation },
		sees:   func(s *fleet.Scope, c *fleet.Company) bool { return s.SeesCompany(c.ID) },
		owner:  func(c *fleet.Company) fleet.OwnerID { return fleet.Owner(c.ID) },
		text:   func(c *fleet.Company) []string { return []string{c.Name} },
	}, q)
}

// Customers is a page of the customers that the scope sees; Query.Owner asks
// for those directly below a customer or, with the company, below none, and
// Query.Tag for those that carry a tag.
func (a *Admin) Customers(q fleet.Query) (fleet.Page[fleet.Customer], error) {
	members, err := a.members(q.Label)
	if err != nil {
		return fleet.Page[fleet.Customer]{}, err
	}
	return list(a, &listing[fleet.Customer]{
		table: &customers, sorts: customerSorts, count: a.countOf,
		narrow: func(tx *bbolt.Tx, q *fleet.Query, after uint64) iter.Seq[uint64] {
			if q.Label != 0 {
				return above(members, after)
			}
			return narrowCustomers(tx, q, after)
		},
		direct: func(s *fleet.Scope) ([]uint64, bool) {
			return plain(s.Customers), !s.Installation && s.Customers != nil
		},
		sees: func(s *fleet.Scope, c *fleet.Customer) bool { return s.SeesOwner(c.Company, fleet.Owner(c.ID)) },
		owner: func(c *fleet.Customer) fleet.OwnerID {
			if c.Parent == 0 {
				return fleet.Owner(c.Company)
			}
			return fleet.Owner(c.Parent)
		},
		also: func(q *fleet.Query, c *fleet.Customer) bool {
			if q.Label != 0 && !slices.Contains(members, uint64(c.ID)) {
				return false
			}
			return q.Tag == "" || slices.ContainsFunc(c.Tags, func(t string) bool { return fold(t) == fold(q.Tag) })
		},
		text: func(c *fleet.Customer) []string {
			return []string{c.Name, c.Code, c.TaxID, c.Reference, c.Account, c.Email}
		},
	}, q)
}

// narrowCustomers finds customers by a tag, or those below another one, by
// their indexes.
func narrowCustomers(tx *bbolt.Tx, q *fleet.Query, after uint64) iter.Seq[uint64] {
	switch {
	case q.Tag != "" && q.Scope.Company != 0:
		return func(yield func(uint64) bool) {
			prefix := tagKey(q.Scope.Company, q.Tag)
			c := tx.Bucket([]byte(customerByTag)).Cursor()
			for k, _ := c.Seek(append(slices.Clone(prefix), be64(after+1)...)); len(k) == len(prefix)+8 && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
				if !yield(be64Of(k[len(prefix):])) {
					return
				}
			}
		}
	case q.Owner != 0:
		if c, err := customers.find(tx, be64(uint64(q.Owner))); err == nil && c != nil {
			return merged(tx, customerByParent, []uint64{uint64(q.Owner)}, after)
		}
	}
	return nil
}

// Devices is a page of the devices that the scope sees.
func (a *Admin) Devices(q fleet.Query) (fleet.Page[fleet.Device], error) {
	return list(a, &listing[fleet.Device]{
		table: &devices, byOwner: deviceByOwner, sorts: deviceSorts,
		direct: func(s *fleet.Scope) ([]uint64, bool) { return plain(s.Devices), !s.Installation && s.Devices != nil },
		sees:   func(s *fleet.Scope, d *fleet.Device) bool { return s.SeesDevice(d.ID, d.Company, d.Owner()) },
		owner:  (*fleet.Device).Owner,
		narrow: func(tx *bbolt.Tx, q *fleet.Query, after uint64) iter.Seq[uint64] {
			if q.Label == 0 {
				return nil
			}
			return merged(tx, deviceByLabel, []uint64{uint64(q.Label)}, after)
		},
		also: func(q *fleet.Query, d *fleet.Device) bool { return q.Label == 0 || slices.Contains(d.Labels, q.Label) },
		text: func(d *fleet.Device) []string {
			return []string{d.Name, d.UniqueID, d.Plate, d.Phone, d.Model}
		},
	}, q)
}

// Fences is a page of the fences that the scope sees.
func (a *Admin) Fences(q fleet.Query) (fleet.Page[fleet.Fence], error) {
	return list(a, &listing[fleet.Fence]{
		table: &fences, byOwner: fenceByOwner, sorts: nameSorts,
		sees:  func(s *fleet.Scope, f *fleet.Fence) bool { return s.SeesOwner(f.Company, f.Owner) },
		owner: func(f *fleet.Fence) fleet.OwnerID { return f.Owner },
		text:  func(f *fleet.Fence) []string { return []string{f.Name} },
	}, q)
}

// Rules is a page of the rules that the scope sees.
func (a *Admin) Rules(q fleet.Query) (fleet.Page[fleet.Rule], error) {
	return list(a, &listing[fleet.Rule]{
		table: &rules, byOwner: ruleByOwner, sorts: nameSorts,
		sees:  func(s *fleet.Scope, r *fleet.Rule) bool { return s.SeesOwner(r.Company, r.Owner) },
		owner: func(r *fleet.Rule) fleet.OwnerID { return r.Owner },
		text:  func(r *fleet.Rule) []string { return []string{r.Name} },
	}, q)
}

// Notifications is a page of the notifications that the scope sees.
func (a *Admin) Notifications(q fleet.Query) (fleet.Page[fleet.Notification], error) {
	return list(a, &listing[fleet.Notification]{
		table: &notices, byOwner: noticeByOwner, sorts: noticeSorts,
		sees:  func(s *fleet.Scope, n *fleet.Notification) bool { return s.SeesOwner(n.Company, n.Owner) },
		owner: func(n *fleet.Notification) fleet.OwnerID { return n.Owner },
		text:  func(n *fleet.Notification) []string { return []string{n.Description} },
	}, q)
}

// Users is a page of the users that the scope sees; Query.Owner asks for a
// customer's people or, with the company, its staff.
func (a *Admin) Users(q fleet.Query) (fleet.Page[fleet.User], error) {
	members, err := a.members(q.Label)
	if err != nil {
		return fleet.Page[fleet.User]{}, err
	}
	return list(a, &listing[fleet.User]{
		table: &users, byOwner: userByOwner, sorts: userSorts,
		sees:  func(s *fleet.Scope, u *fleet.User) bool { return s.SeesOwner(u.Company, userOwner(u)) },
		owner: userOwner,
		narrow: func(_ *bbolt.Tx, q *fleet.Query, after uint64) iter.Seq[uint64] {
			if q.Label == 0 {
				return nil
			}
			return above(members, after)
		},
		also: func(q *fleet.Query, u *fleet.User) bool {
			return q.Label == 0 || slices.Contains(members, uint64(u.ID))
		},
		text: func(u *fleet.User) []string { return []string{u.Name, u.Email, u.Phone, u.Username} },
	}, q)
}

// members are the customers and people that a label lists, rising; none for a
// label that is not there.
func (a *Admin) members(label fleet.LabelID) ([]uint64, error) {
	if label == 0 {
		return nil, nil
	}
	l, err := a.Labels().Get(fleet.RecordID(label))
	if fleet.KindOf(err) == fleet.NotFound {
		return nil, nil
	}
	return sorted(append(plain(l.Customers), plain(l.Users)...)), err
}

// above are those IDs of a rising list that are beyond one.
func above(ids []uint64, after uint64) iter.Seq[uint64] {
	at, found := slices.BinarySearch(ids, after)
	if found {
		at++
	}
	return slices.Values(ids[at:])
}
