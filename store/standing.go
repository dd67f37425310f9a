package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Account is a user with what decides about its access, all of one moment;
// NotFound if there is no such user.
func (a *Admin) Account(id fleet.UserID) (acc fleet.Account, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		u, err := users.byID(tx, uint64(id))
		if err != nil {
			return err
		}
		acc.User = *u
		acc.Standing, err = standingOf(tx, u.Company, u.Customer)
		return err
	})
	return acc, err
}

// Standing is what decides about a customer's service; NotFound if there is
// no such customer.
func (a *Admin) Standing(id fleet.CustomerID) (s fleet.Standing, err error) {
	err = a.db.View(func(tx *bbolt.Tx) error {
		c, err := customers.byID(tx, uint64(id))
		if err != nil {
			return err
		}
		s, err = standingOf(tx, c.Company, id)
		return err
	})
	return s, err
}

func standingOf(tx *bbolt.Tx, company fleet.CompanyID, id fleet.CustomerID) (s fleet.Standing, err error) {
	if company != 0 {
		co, err := companies.byID(tx, uint64(company))
		if err != nil {
			return s, err
		}
		s.Company = *co
	}
	for id != 0 && len(s.Chain) <= MaxDepth {
		c, err := customers.byID(tx, uint64(id))
		if err != nil {
			return s, err
		}
		var plan fleet.Plan
		if c.Plan != 0 {
			p, err := planOf(tx, c.Plan)
			if err != nil {
				return s, err
			}
			if p != nil {
				plan = *p
			}
		}
		s.Chain, s.Plans = append(s.Chain, *c), append(s.Plans, plan)
		id = c.Parent
	}
	return s, nil
}

// Counts counts what a customer itself has, without its inner customers.
func (a *Admin) Counts(id fleet.CustomerID) (n fleet.Counts, err error) {
	count := func(q quota) int { return quotaRoll[q](&a.db.rolls).Owned(uint64(id)) }
	return fleet.Counts{Devices: count(deviceQuota), Users: count(userQuota), Inner: count(innerQuota), Fences: count(fenceQuota)}, nil
}
