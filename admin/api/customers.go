package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// customerList is a list of customers.
type customerList struct {
	Search string `query:"search" maxLength:"120" doc:"Part of a name, code, tax number, reference, account name or mail address, in any case"`
	Owner  string `query:"owner" doc:"Only those directly below this customer or, with a company, below none"`
	Tag    string `query:"tag" maxLength:"120" doc:"Only those that carry this tag"`
	Label  string `query:"label" doc:"Only those that this label lists"`
	Status string `query:"status" enum:"active,trial,suspended" doc:"trial: on trial, whether it has ended or not"`
	Sort   string `query:"sort" enum:"name,-name,code,-code,kind,-kind,reference,-reference,accountName,-accountName,taxId,-taxId,email,-email,status,-status,trialEnds,-trialEnds,devices,-devices,users,-users,created,-created" doc:"What to sort by, - before it: the other way round; absent: the oldest first"`
	After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

func (a *API) customers() {
	op := operation{tag: "Customers", object: auth.Customer}

	op.id, op.method, op.path, op.action = "listCustomers", http.MethodGet, "/customers", auth.Read
	op.summary = "List customers"
	register(a, op, func(c *call, in *customerList) (*one[page[customer]], error) {
		l := list{Search: in.Search, Owner: in.Owner, After: in.After, Limit: in.Limit}
		q, err := l.ordered(c, in.Sort, in.Status)
		if err != nil {
			return nil, err
		}
		q.Tag = in.Tag
		if ok, err := c.label(in.Label, &q); err != nil || !ok {
			return &one[page[customer]]{page[customer]{Items: []customer{}}}, err
		}
		p, err := a.o.Records.Customers(q)
		if err != nil {
			return nil, err
		}
		return c.showCustomers(p)
	})

	op.id, op.path, op.summary = "getCustomer", "/customers/{id}", "Read a customer"
	register(a, op, func(c *call, in *ByID) (*one[customer], error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		out, err := c.showCustomer(&cu)
		if budget := out.budget; err == nil && budget > 0 && a.o.SMSUsed != nil {
			used, err := a.o.SMSUsed(&cu)
			if err != nil {
				return nil, err
			}
			out.Used, out.Stopped = &used, used >= budget
		}
		return &one[customer]{out}, err
	})

	op.id, op.method, op.path, op.action = "createCustomer", http.MethodPost, "/customers", auth.Create
	op.summary, op.status = "Add a customer", http.StatusCreated
	op.doc = "With its first administrator, if one is named: both are made, or none. A reseller's admin adds inner customers."
	op.example = customerInput{
		Name: "Transportes Andinos", Code: "TA-01", Country: "CO", Lang: fleet.Spanish, Timezone: "America/Bogota",
		Profile: fleet.Profile{Kind: fleet.Legal, TaxID: "900123456-1", Reference: "ERP 10442", City: "Bogotá"},
		Admin:   &primaryInput{Username: "andinos", Email: "andinos@example.com", First: "Ana", Last: "Rojas"},
	}
	register(a, op, func(c *call, in *struct{ Body customerInput }) (*one[customerMade], error) {
		var cu fleet.Customer
		if err := in.Body.apply(c, &cu); err != nil {
			return nil, err
		}
		cu.Version = 0
		return a.makeCustomer(c, cu, in.Body.Admin)
	})

	op.id, op.method, op.path, op.action = "updateCustomer", http.MethodPut, "/customers/{id}", auth.Update
	op.summary, op.status, op.doc = "Change a customer", 0, "A reseller's admin may change its inner customers, but not what they get and pay for."
	op.example = customerInput{Name: "Transportes Andinos", Code: "TA-01", Country: "CO", Version: 1}
	register(a, op, func(c *call, in *struct {
		ByID
		Body customerInput
	}) (*one[customer], error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		if in.Body.Admin != nil {
			return nil, fleet.FieldError("admin", "cannot be changed")
		}
		if err := in.Body.apply(c, &cu); err != nil {
			return nil, err
		}
		set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Customers: []fleet.Customer{cu}})
		if err != nil {
			return nil, err
		}
		out, err := c.showCustomer(&set.Customers[0])
		return &one[customer]{out}, err
	})
	a.customerRemoval()
	a.countries()
}

// countries adds the list from which forms choose.
func (a *API) countries() {
	op := operation{
		tag: "Customers", object: auth.Lookup, action: auth.Read, id: "listCountries", method: http.MethodGet, path: "/countries",
		summary: "List countries, with what follows from them unless a customer says otherwise",
	}
	register(a, op, func(*call, *struct{}) (*one[page[fleet.Country]], error) {
		return &one[page[fleet.Country]]{page[fleet.Country]{Items: fleet.Countries()}}, nil
	})
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
