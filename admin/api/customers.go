package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type customer struct {
	ID       fleet.CustomerID `json:"id"`
	Company  fleet.CompanyID  `json:"company"`
	Parent   fleet.CustomerID `json:"parent,omitzero" doc:"The customer that it stands below; absent: directly below the company"`
	Name     string           `json:"name" example:"Transportes Andinos"`
	Code     string           `json:"code" example:"TA-01"`
	Country  string           `json:"country,omitempty" doc:"ISO 3166-1, two letters" example:"CO"`
	Lang     fleet.Lang       `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string           `json:"timezone" example:"America/Bogota"`
	SMS      int              `json:"smsBudget,omitempty" doc:"SMS parts that its notices may take in a calendar month; absent: any number"`
	Used     *int             `json:"smsUsed,omitempty" doc:"Of smsBudget, this month by its clock; only where one customer is read"`
	Stopped  bool             `json:"smsStopped,omitempty" doc:"The budget is used up: its SMS are suppressed until the month ends, but for critical alarms"`
	Version  uint64           `json:"version"`
	Created  fleet.Time       `json:"created"`
}

func showCustomer(c *fleet.Customer) customer {
	return customer{
		ID: c.ID, Company: c.Company, Parent: c.Parent, Name: c.Name, Code: c.Code, Country: c.Country,
		Lang: c.Lang, Timezone: c.Timezone, SMS: c.SMSBudget, Version: c.Version, Created: c.Created,
	}
}

type customerInput struct {
	Company  fleet.CompanyID  `json:"company,omitzero" doc:"Absent: your own"`
	Parent   fleet.CustomerID `json:"parent,omitzero" doc:"Absent: directly below the company"`
	Name     string           `json:"name" doc:"Unique in the company" example:"Transportes Andinos"`
	Code     string           `json:"code" doc:"Unique in the company" example:"TA-01"`
	Country  string           `json:"country,omitempty" example:"CO"`
	Lang     fleet.Lang       `json:"lang" enum:"en,es,pt,fr" example:"es"`
	Timezone string           `json:"timezone" doc:"IANA name" example:"America/Bogota"`
	SMS      int              `json:"smsBudget,omitempty" minimum:"0" maximum:"10000000" doc:"SMS parts that its notices may take in a calendar month by its clock; absent: any number. SOS and other critical alarms go out all the same. Staff sets it: what others send is left aside"`
	Version  uint64           `json:"version,omitempty" doc:"On update: the version that you saw"`
}

// apply lays the input over a customer, new or stored.
func (in *customerInput) apply(c *call, cu *fleet.Customer) error {
	company := in.Company
	if company == 0 {
		company = c.user.Company
	}
	if cu.ID != 0 {
		if in.Company != 0 && in.Company != cu.Company {
			return fleet.FieldError("company", "cannot be changed")
		}
		company = cu.Company
	}
	if !c.scope.SeesCompany(company) {
		return errForeign("company")
	}
	if in.Parent != 0 {
		at, _, err := c.owner("parent", fleet.OwnerID(in.Parent))
		if err != nil {
			return err
		}
		if at != company || in.Parent == cu.ID || fleet.CompanyID(in.Parent) == company {
			return errForeign("parent")
		}
	}
	cu.Company, cu.Parent, cu.Name, cu.Code, cu.Country = company, in.Parent, in.Name, in.Code, in.Country
	cu.Lang, cu.Timezone, cu.Version = in.Lang, in.Timezone, in.Version
	if c.user.Customer == 0 {
		cu.SMSBudget = in.SMS
	}
	return cu.Validate()
}

func (a *API) customers() {
	op := operation{tag: "Customers", object: auth.Customer}

	op.id, op.method, op.path, op.action = "listCustomers", http.MethodGet, "/customers", auth.Read
	op.summary = "List customers"
	register(a, op, func(c *call, in *list) (*one[page[customer]], error) {
		q, err := in.query(c)
		if err != nil {
			return nil, err
		}
		p, err := a.o.Records.Customers(q)
		return pageOf(p, showCustomer), err
	})

	op.id, op.path, op.summary = "getCustomer", "/customers/{id}", "Read a customer"
	register(a, op, func(c *call, in *ByID) (*one[customer], error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		v := showCustomer(&cu)
		if cu.SMSBudget > 0 && a.o.SMSUsed != nil {
			used, err := a.o.SMSUsed(&cu)
			if err != nil {
				return nil, err
			}
			v.Used, v.Stopped = &used, used >= cu.SMSBudget
		}
		return &one[customer]{v}, nil
	})

	op.id, op.method, op.path, op.action = "createCustomer", http.MethodPost, "/customers", auth.Create
	op.summary, op.status = "Add a customer", http.StatusCreated
	op.example = customerInput{Name: "Transportes Andinos", Code: "TA-01", Country: "CO", Lang: fleet.Spanish, Timezone: "America/Bogota"}
	register(a, op, func(c *call, in *struct{ Body customerInput }) (*one[customer], error) {
		var cu fleet.Customer
		if err := in.Body.apply(c, &cu); err != nil {
			return nil, err
		}
		cu.Version = 0
		return a.putCustomer(c, cu)
	})

	op.id, op.method, op.path, op.action = "updateCustomer", http.MethodPut, "/customers/{id}", auth.Update
	op.summary, op.status = "Change a customer", 0
	register(a, op, func(c *call, in *struct {
		ByID
		Body customerInput
	}) (*one[customer], error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		if err := in.Body.apply(c, &cu); err != nil {
			return nil, err
		}
		return a.putCustomer(c, cu)
	})

	op.id, op.method, op.action, op.summary = "deleteCustomer", http.MethodDelete, auth.Delete, "Remove a customer"
	op.doc, op.example = "Refused with 409 while it has devices or inner customers.", nil
	register(a, op, func(c *call, in *removal) (*struct{}, error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(cu.Version, in.Version); err != nil {
			return nil, err
		}
		_, err = a.apply(c, fleet.ChangeSet{Actor: c.actor(), RemovedCustomers: []fleet.CustomerID{cu.ID}})
		return nil, err
	})
}

func (a *API) putCustomer(c *call, cu fleet.Customer) (*one[customer], error) {
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Customers: []fleet.Customer{cu}})
	if err != nil {
		return nil, err
	}
	return &one[customer]{showCustomer(&set.Customers[0])}, nil
}

func (c *call) customer(id string) (fleet.Customer, error) {
	n, err := fleet.ParseID[customerKey](id)
	if err != nil || n == 0 {
		return fleet.Customer{}, errNotFound()
	}
	cu, err := c.api.o.Records.Customer(fleet.CustomerID(n))
	if err == nil && !c.scope.SeesOwner(cu.Company, fleet.OwnerID(cu.ID)) {
		err = errNotFound()
	}
	return cu, err
}

type customerKey struct{}
