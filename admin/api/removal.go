package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type removalInput struct {
	Username string `json:"username" maxLength:"254" doc:"Your own" example:"ana@example.com"`
	Password string `json:"password" maxLength:"512" doc:"Your own" example:"correct horse battery"`
	Code     string `json:"code,omitempty" maxLength:"32" doc:"Of your second factor, if you have one"`
}

// removalAsked is the second question before a customer is deleted.
type removalAsked struct {
	Question     string       `json:"question" doc:"To be asked once more, in the caller's language"`
	Notice       string       `json:"notice" doc:"What deletion means, in the caller's language"`
	Counts       fleet.Counts `json:"counts" doc:"What goes with it"`
	Confirmation string       `json:"confirmation" doc:"Send it as the header Confirmation of the DELETE, once, within two minutes" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Expires      fleet.Time   `json:"expires"`
}

// customerRemoval adds the two steps by which a customer is deleted.
func (a *API) customerRemoval() {
	op := operation{tag: "Customers", object: auth.Customer, action: auth.Delete}

	op.id, op.method, op.path, op.status = "prepareCustomerRemoval", http.MethodPost, "/customers/{id}/removal", http.StatusCreated
	op.summary = "Show your own credentials before a customer is deleted"
	op.doc = "Gives the second question and the confirmation that the deletion needs. Refused with 409 while the customer has devices or inner customers, with 403 and the field password for wrong credentials, which count like those at sign-in. A program's token may not."
	op.example = removalInput{Username: "ana@example.com", Password: "correct horse battery"}
	register(a, op, func(c *call, in *struct {
		ByID
		Body removalInput
	}) (*one[removalAsked], error) {
		cu, err := c.removable(in.ID)
		if err != nil {
			return nil, err
		}
		n, err := a.emptied(cu.ID)
		if err != nil {
			return nil, err
		}
		if err := a.confirm(c, in.Body.Username, in.Body.Password, in.Body.Code); err != nil {
			return nil, err
		}
		secret, expires, err := a.removals.Issue(c.caller.Who.Token.ID, uint64(cu.ID), a.o.Now())
		return &one[removalAsked]{removalAsked{
			Question: say(c.lang, "ask.delete-customer"), Notice: say(c.lang, "ask.delete-notice"),
			Counts: n, Confirmation: secret, Expires: expires,
		}}, err
	})

	op.id, op.method, op.path, op.status = "deleteCustomer", http.MethodDelete, "/customers/{id}", 0
	op.summary, op.example = "Remove a customer", nil
	op.doc = "With its users, fences, rules and notifications; it cannot be undone. Needs the confirmation of POST /customers/{id}/removal. Refused with 409 while it has devices or inner customers."
	register(a, op, func(c *call, in *struct {
		ByID
		Version      uint64 `query:"version" doc:"Refuse with 409 if it has another version by now; 0 or absent: delete any"`
		Confirmation string `header:"Confirmation" maxLength:"100" doc:"Of POST /customers/{id}/removal"`
	}) (*struct{}, error) {
		cu, err := c.removable(in.ID)
		if err != nil {
			return nil, err
		}
		if err := sameVersion(cu.Version, in.Version); err != nil {
			return nil, err
		}
		if _, err := a.emptied(cu.ID); err != nil { // so that the confirmation is not used up; the store looks again
			return nil, err
		}
		if !a.removals.Redeem(in.Confirmation, c.caller.Who.Token.ID, uint64(cu.ID), a.o.Now()) {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "confirmation"}
		}
		_, err = a.apply(c, fleet.ChangeSet{Actor: c.actor(), RemovedCustomers: []fleet.CustomerID{cu.ID}})
		return nil, err
	})
}

// emptied refuses a customer that has devices or inner customers.
func (a *API) emptied(id fleet.CustomerID) (fleet.Counts, error) {
	n, err := a.o.Records.Counts(id)
	switch {
	case err != nil:
	case n.Devices > 0:
		err = (&fleet.InUse{What: "customer", By: "devices", Count: n.Devices}).Conflict()
	case n.Inner > 0:
		err = (&fleet.InUse{What: "customer", By: "customers", Count: n.Inner}).Conflict()
	}
	return n, err
}

// removable is a customer that the caller may delete.
func (c *call) removable(id string) (fleet.Customer, error) {
	cu, err := c.customer(id)
	if err == nil {
		err = c.resells(cu.ID)
	}
	return cu, err
}
