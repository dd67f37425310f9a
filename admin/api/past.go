package api

import (
	"encoding/json"
	"net/http"
	"slices"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// PastChange is one thing that was done. It is exported because only exported
// structs can be embedded.
type PastChange struct {
	Number uint64       `json:"number" doc:"Of the audit's row"`
	At     fleet.Time   `json:"at"`
	User   fleet.UserID `json:"user,omitzero" doc:"Absent: the system"`
	By     string       `json:"by,omitempty" doc:"The user's name, unless it was deleted since" example:"Ana Rojas"`
	As     fleet.UserID `json:"signedInAs,omitzero" doc:"Who had signed in as the user"`
	Action string       `json:"action" example:"update"`
	Fields []pastField  `json:"fields" nullable:"false"`
}

type pastField struct {
	Name   string          `json:"name" example:"code"`
	Before json.RawMessage `json:"before,omitempty" doc:"Absent: was not set"`
	After  json.RawMessage `json:"after,omitempty"`
}

type onboarding struct {
	Steps []onboardingStep `json:"steps" nullable:"false" doc:"In their order"`
	Done  bool             `json:"done"`
}

type onboardingStep struct {
	Step string `json:"step" enum:"customer,plan,modules,admin,credential,devices"`
	Text string `json:"text" doc:"In the caller's language"`
	Done bool   `json:"done"`
}

// past adds how a customer came to be as it is, and what is still to do.
func (a *API) past() {
	op := operation{tag: "Customers", object: auth.Customer, action: auth.Update, method: http.MethodGet}
	op.id, op.path, op.summary = "getCustomerHistory", "/customers/{id}/history", "Read what was changed about a customer, newest first"
	op.doc = "For the company's administrators."
	register(a, op, func(c *call, in *struct {
		ByID
		Before uint64 `query:"before" doc:"Only rows with a smaller number"`
		Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	}) (*one[page[PastChange]], error) {
		if c.reach == auth.Inner {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + codeForbidden}
		}
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		rows, err := a.o.Records.Past(fleet.CustomerRecord, uint64(cu.ID), in.Before, in.Limit)
		return pageOf(fleet.Page[fleet.PastChange]{Items: rows}, showPast), err
	})

	op.id, op.path, op.summary = "getOnboarding", "/customers/{id}/onboarding", "Read what is still missing until a customer can work"
	op.doc = ""
	register(a, op, func(c *call, in *ByID) (*one[onboarding], error) {
		cu, err := c.customer(in.ID)
		if err != nil {
			return nil, err
		}
		out, err := a.onboard(c, &cu)
		return &one[onboarding]{out}, err
	})
}

func showPast(p *fleet.PastChange) PastChange {
	out := PastChange{Number: p.Number, At: p.At, User: p.Actor.User, By: p.By, As: p.Actor.By, Action: p.Action, Fields: []pastField{}}
	for _, f := range p.Fields {
		out.Fields = append(out.Fields, pastField{f.Name, json.RawMessage(f.Before), json.RawMessage(f.After)})
	}
	return out
}

// onboard is the steps from a customer's record to somebody who can sign in.
func (a *API) onboard(c *call, cu *fleet.Customer) (out onboarding, err error) {
	s, err := a.o.Records.Standing(cu.ID)
	if err != nil {
		return out, err
	}
	n, err := a.o.Records.Counts(cu.ID)
	if err != nil {
		return out, err
	}
	offered, err := a.o.Books.Plans.List(fleet.Query{Scope: fleet.Scope{Company: cu.Company}, Limit: 1000})
	if err != nil {
		return out, err
	}
	people, err := a.o.Records.Users(fleet.Query{
		Scope: fleet.Scope{Company: cu.Company, Customers: []fleet.CustomerID{cu.ID}}, Owner: fleet.Owner(cu.ID), Limit: 1000,
	})
	if err != nil {
		return out, err
	}
	choice := slices.ContainsFunc(offered.Items, func(p fleet.Plan) bool { return p.Offered(cu.Country, "") })
	admin, credential := false, false
	for i := range people.Items {
		u := &people.Items[i]
		if u.Role != fleet.CustomerAdmin || u.Disabled {
			continue
		}
		admin = true
		cred, err := a.o.People.Credential(u.ID)
		if err != nil {
			return out, err
		}
		credential = credential || cred.Hash != ""
	}
	out.Done = true
	for _, step := range []onboardingStep{
		{Step: "customer", Done: true}, {Step: "plan", Done: s.Plan() != nil || !choice}, {Step: "modules", Done: s.Modules() != 0},
		{Step: "admin", Done: admin}, {Step: "credential", Done: credential}, {Step: "devices", Done: n.Devices > 0},
	} {
		step.Text = say(c.lang, "onboard."+step.Step)
		out.Steps, out.Done = append(out.Steps, step), out.Done && step.Done
	}
	return out, nil
}
