package api

import (
	"errors"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// The checks below hold for IDs in bodies what the paths hold for their own:
// one outside of the caller's scope is answered like one that does not exist.

// errForeign is what a reference outside of the caller's scope looks like.
func errForeign(field string) error {
	return fleet.FieldError(field, "does not exist, or is not yours to use")
}

// foreign turns "not found" into errForeign and lets other failures through.
func foreign(field string, err error) error {
	if fleet.KindOf(err) == fleet.NotFound {
		return errForeign(field)
	}
	return err
}

// home is whom a new thing belongs to if the body does not say: the caller's
// customer, else the caller's company.
func (c *call) home() fleet.OwnerID {
	if c.user.Customer != 0 {
		return fleet.OwnerID(c.user.Customer)
	}
	return fleet.OwnerID(c.user.Company)
}

// owner resolves a customer or company in the scope of this call. 0 is home.
func (c *call) owner(field string, id fleet.OwnerID) (fleet.CompanyID, fleet.OwnerID, error) {
	if id == 0 {
		id = c.home()
	}
	company := fleet.CompanyID(id)
	switch cu, err := c.api.o.Records.Customer(fleet.CustomerID(id)); {
	case err == nil:
		company = cu.Company
	case fleet.KindOf(err) != fleet.NotFound:
		return 0, 0, err
	default:
		if _, err := c.api.o.Records.Company(company); err != nil {
			return 0, 0, foreign(field, err)
		}
	}
	if !c.scope.SeesOwner(company, id) {
		return 0, 0, errForeign(field)
	}
	return company, id, nil
}

// place resolves the company and customer of a device or user: the customer
// says it all; without one it is the caller's company, or the one named.
func (c *call) place(company fleet.CompanyID, customer fleet.CustomerID) (fleet.CompanyID, fleet.CustomerID, error) {
	if customer == 0 && company == 0 {
		company, customer = c.user.Company, c.user.Customer
	}
	if customer != 0 {
		at, _, err := c.owner("customer", fleet.OwnerID(customer))
		if err == nil && company != 0 && company != at {
			err = errForeign("company")
		}
		return at, customer, err
	}
	at, _, err := c.owner("company", fleet.OwnerID(company))
	return at, 0, err
}

// below reports which customers stand below an owner, itself included; nil and
// true for a company, whose customers all do.
func (c *call) below(company fleet.CompanyID, owner fleet.OwnerID) (customers []fleet.CustomerID, all bool, err error) {
	if owner == fleet.OwnerID(company) {
		return nil, true, nil
	}
	inner, err := c.api.o.Records.InnerCustomers(fleet.CustomerID(owner))
	return append(inner, fleet.CustomerID(owner)), false, err
}

// checkDevices wants devices that the caller sees and that belong to the owner
// or below it. It returns them sorted, each once.
func (c *call) checkDevices(field string, company fleet.CompanyID, owner fleet.OwnerID, ids []fleet.DeviceID) ([]fleet.DeviceID, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	_, scope, err := c.may(auth.Device, auth.Read)
	if err != nil {
		return nil, err
	}
	customers, all, err := c.below(company, owner)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		d, err := c.api.o.Records.Device(id)
		if err != nil {
			return nil, foreign(index(field, i), err)
		}
		if !scope.SeesDevice(d.ID, d.Company, d.Owner()) || d.Company != company || !all && !slices.Contains(customers, d.Customer) {
			return nil, errForeign(index(field, i))
		}
	}
	return sorted(ids), nil
}

// checkFences wants fences that the caller sees, of the same company.
func (c *call) checkFences(field string, company fleet.CompanyID, ids []fleet.FenceID) ([]fleet.FenceID, error) {
	_, scope, err := c.may(auth.Fence, auth.Read)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		f, err := c.api.o.Records.Fence(id)
		if err != nil {
			return nil, foreign(index(field, i), err)
		}
		if f.Company != company || !scope.SeesOwner(f.Company, f.Owner) {
			return nil, errForeign(index(field, i))
		}
	}
	return sorted(ids), nil
}

// checkUsers wants people that the caller sees, of the same company.
func (c *call) checkUsers(field string, company fleet.CompanyID, ids []fleet.UserID) ([]fleet.UserID, error) {
	_, scope, err := c.may(auth.User, auth.Read)
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		u, err := c.api.o.Records.User(id)
		if err != nil {
			return nil, foreign(index(field, i), err)
		}
		if u.Company != company || !seesUser(&scope, &u) {
			return nil, errForeign(index(field, i))
		}
	}
	return sorted(ids), nil
}

// checkReach wants everybody to have what a channel needs: a phone for SMS, a
// mail address for mail.
func (c *call) checkReach(field string, channels []fleet.Channel, people []fleet.UserID) error {
	for i, id := range people {
		u, err := c.api.o.Records.User(id)
		if err != nil {
			return foreign(index(field, i), err)
		}
		if slices.Contains(channels, fleet.SMS) && u.Phone == "" {
			return fleet.FieldError(index(field, i), "has no phone number")
		}
		if slices.Contains(channels, fleet.Email) && u.Email == "" {
			return fleet.FieldError(index(field, i), "has no mail address")
		}
	}
	return nil
}

// checkLabels wants labels that the caller sees.
func (c *call) checkLabels(field string, ids []fleet.LabelID) error {
	for i, id := range ids {
		if ok, err := c.seesRecord(fleet.LabelRecord, uint64(id)); err != nil {
			return err
		} else if !ok {
			return errForeign(index(field, i))
		}
	}
	return nil
}

// apply changes records. Errors name a field of a record of the set; of a set
// with one record only the field itself means something to the caller.
func (a *API) apply(c *call, set fleet.ChangeSet) (*fleet.ChangeSet, error) {
	out, err := a.o.Applier.Apply(c, set)
	if e, ok := errors.AsType[*fleet.Error](err); ok {
		if list, field, found := strings.Cut(e.Field, "[0]."); found && !strings.ContainsAny(list, ".[") && len(set.Fences) <= 1 {
			mended := *e
			if mended.Field = field; list == "admins" {
				mended.Field = "admin." + field
			}
			err = &mended
		}
	}
	if e, ok := errors.AsType[*fleet.Error](err); ok && strings.HasSuffix(e.Field, "[0]") && !strings.Contains(e.Field, ".") && len(set.Fences) <= 1 { // the one record as a whole
		mended := *e
		mended.Field = ""
		err = &mended
	}
	return out, err
}

func index(field string, i int) string { return field + "[" + itoa(i) + "]" }

func sorted[T ~uint64](ids []T) []T {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}
