package store

import (
	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// judgeCustomer holds a customer against its company, its plan, and what it
// was before.
func (e *edit) judgeCustomer(old, v *fleet.Customer) error {
	co, err := companies.find(e.tx, be64(uint64(v.Company)))
	if err != nil || co == nil {
		return err // checkCustomer says it
	}
	if old == nil {
		if err := e.judgeNew(v); err != nil {
			return err
		}
		if v.Parent != 0 {
			e.grown.add(v.Parent, innerQuota)
		}
	} else {
		if old.Company != v.Company {
			return fleet.FieldError("company", "a customer stays with its company")
		}
		if old.Parent != v.Parent {
			e.grown.add(v.Parent, deviceQuota, userQuota, innerQuota, fenceQuota, ruleQuota)
			if err := e.later(v.ID); err != nil { // its devices have other owners above them now
				return err
			}
		}
	}
	if err := e.judgePlan(old, v); err != nil {
		return err
	}
	return e.judgeKind(co, v)
}

// judgeNew holds what only a new customer has to meet.
func (e *edit) judgeNew(v *fleet.Customer) error {
	if v.Internal {
		return fleet.FieldError("internalSystem", "is switched on by editing a customer that exists")
	}
	if v.Plan == 0 && v.Parent == 0 {
		offered, err := offersPlans(e.tx, v.Company)
		if err == nil && offered {
			err = fleet.FieldError("plan", "is required")
		}
		return err
	}
	return nil
}

// offersPlans reports whether a company has a plan that can be given.
func offersPlans(tx *bbolt.Tx, company fleet.CompanyID) (bool, error) {
	prefix := plainKey(fleet.PlanRecord, uint64(company))
	c := tx.Bucket([]byte(plainByCompany)).Cursor()
	for k, _ := c.Seek(prefix); len(k) >= 18 && string(k[:9]) == string(prefix); k, _ = c.Next() {
		p, err := planOf(tx, fleet.RecordID(be64Of(k[len(k)-8:])))
		if err != nil || p != nil && !p.Closed {
			return p != nil, err
		}
	}
	return false, nil
}

// planOf is a plan, nil if there is none.
func planOf(tx *bbolt.Tx, id fleet.RecordID) (*fleet.Plan, error) {
	p := &fleet.Plan{}
	there, err := findPlain(tx, uint64(id), p)
	if !there {
		return nil, err
	}
	return p, err
}

// judgePlan keeps a locked plan where it is, and gives nobody one that is not
// the company's or not offered any more.
func (e *edit) judgePlan(old, v *fleet.Customer) error {
	if old != nil && old.Plan == v.Plan {
		return nil
	}
	if old != nil && old.Plan != 0 {
		p, err := planOf(e.tx, old.Plan)
		if err != nil {
			return err
		}
		if p != nil && p.Locked {
			return &fleet.Error{Kind: fleet.Conflict, Field: "plan", Message: "This plan cannot be changed once assigned"}
		}
	}
	if v.Plan == 0 {
		return nil
	}
	p, err := planOf(e.tx, v.Plan)
	switch {
	case err != nil:
		return err
	case p == nil || p.Company != v.Company:
		return fleet.FieldError("plan", "there is no %s %s here", fleet.PlanRecord, v.Plan)
	case p.Closed:
		return fleet.FieldError("plan", "this plan is no longer offered")
	}
	return nil
}

// judgeKind wants a kind that the company has, and one internal system at most
// for each reseller and for the company itself.
func (e *edit) judgeKind(co *fleet.Company, v *fleet.Customer) error {
	if !knownKind(co, v.Kind) {
		return fleet.FieldError("kind", "%q is no kind of customer here", v.Kind)
	}
	if !v.Internal {
		return nil
	}
	if v.Parent != 0 {
		above, err := customers.find(e.tx, be64(uint64(v.Parent)))
		if err != nil {
			return err
		}
		if above == nil || !above.Reseller {
			return fleet.FieldError("internalSystem", "only the company and its resellers have an internal system")
		}
	}
	key := internalKey(v)
	if other := e.tx.Bucket([]byte(customerInternal)).Get(key); other != nil && string(other) != string(be64(uint64(v.ID))) {
		return &fleet.Error{Kind: fleet.Conflict, Field: "internalSystem", Message: "the reseller has an internal system already", Err: errTaken}
	}
	return nil
}

func knownKind(co *fleet.Company, kind string) bool {
	if kind == "" {
		return true
	}
	for _, k := range append(fleet.CustomerKinds(), co.Kinds...) {
		if k == kind {
			return true
		}
	}
	return false
}

// internalKey is for whom a customer is the internal system: the reseller
// above it, else the company.
func internalKey(c *fleet.Customer) []byte {
	if c.Parent != 0 {
		return be64(uint64(c.Parent))
	}
	return be64(uint64(c.Company))
}

// tagKey is the beginning of what lists a company's customers under a tag.
func tagKey(company fleet.CompanyID, tag string) []byte {
	return append(ref(uint64(company), []byte(fold(tag))), 0)
}

// planInUse refuses to delete a plan that customers have.
func planInUse(tx *bbolt.Tx, id uint64) error {
	if n := len(idsUnder(tx, customerByPlan, id, 0)); n > 0 {
		return (&fleet.InUse{What: "plan", By: "customers", Count: n}).Conflict()
	}
	return nil
}
