package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type me struct {
	User    user                  `json:"user"`
	Company *company              `json:"company,omitempty"`
	By      *user                 `json:"by,omitempty" doc:"Who signed in as you"`
	Token   Token                 `json:"token" doc:"What this request showed"`
	Modules []fleet.Module        `json:"modules" nullable:"false" doc:"What you may use"`
	Access  access                `json:"access" doc:"Whether your customer's service will be cut soon"`
	Home    *fleet.View           `json:"home,omitempty" doc:"What you see first; absent: your role's page"`
	Only    bool                  `json:"positioningOnly,omitempty" doc:"Your customer has devices, and none that says more than where it is: begin on the map"`
	May     map[string]auth.Reach `json:"may" doc:"What your role allows: object.action, and how far"`
}

func (a *API) me() {
	op := operation{
		tag: "Session", object: auth.Me, action: auth.Read, id: "getMe", method: http.MethodGet, path: "/me",
		summary: "Read who you are and what you may do",
	}
	register(a, op, func(c *call, _ *struct{}) (*one[me], error) {
		out := me{User: c.showPerson(c.user), Token: c.showToken(&c.caller.Who.Token), May: c.mayWhere(c.caller.Who)}
		acc, err := a.o.Records.Account(c.user.ID)
		if err != nil {
			return nil, err
		}
		out.Modules = acc.Modules().List()
		out.Access = showAccess(c.lang, acc.Access(c.caller.Who.Token.App, a.o.Now()))
		if c.user.Customer != 0 {
			if out.Only, err = a.o.Records.OnlyPositioning(c.user.Customer); err != nil {
				return nil, err
			}
		}
		if out.Home, err = a.homeView(c.user); err != nil {
			return nil, err
		}
		if by := c.caller.Who.Token.Actor; by != 0 {
			u, err := a.o.Records.User(by)
			if err != nil {
				return nil, err
			}
			shown := showUser(&u)
			out.By = &shown
		}
		if c.user.Company != 0 {
			co, err := a.o.Records.Company(c.user.Company)
			if err != nil {
				return nil, err
			}
			shown := c.showCompany(&co)
			out.Company = &shown
		}
		return &one[me]{out}, nil
	})
}
