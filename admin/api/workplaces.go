package api

import (
	"net/http"
	"strings"
	"sync"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// workplace is a company that somebody may work in.
type workplace struct {
	Company company               `json:"company"`
	As      string                `json:"as" enum:"home,all,view,work" doc:"home: your own. all: as the platform's administrator. view, work: tied, see /associations"`
	May     map[string]auth.Reach `json:"may" doc:"What you may do there: object.action, and how far"`
}

// workplaces adds the choice of whose things somebody works on.
func (a *API) workplaces() {
	op := operation{
		tag: "Session", object: auth.Me, action: auth.Read, id: "listWorkplaces", method: http.MethodGet, path: "/workplaces",
		summary: "List the companies that you may work in",
		doc:     "Your own first, then those that you are tied to; to the platform's administrator all. Name one in the header Vigia-Company; see docs/api.md.",
	}
	type input struct {
		Search string `query:"search" maxLength:"120" doc:"Part of a name, in any case"`
		After  string `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit  int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
	}
	register(a, op, func(c *call, in *input) (*one[page[workplace]], error) {
		if c.user.Role == fleet.PlatformAdmin {
			all, err := a.o.Records.Companies(fleet.Query{Scope: fleet.Scope{Installation: true}, Search: in.Search, After: in.After, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			may := c.mayWhere(c.caller.Who)
			return pageOf(all, func(co *fleet.Company) workplace { return workplace{c.showCompany(co), "all", may} }), nil
		}
		out := page[workplace]{Items: []workplace{}}
		add := func(id fleet.CompanyID, as string, may map[string]auth.Reach) error {
			co, err := a.o.Records.Company(id)
			if fleet.KindOf(err) == fleet.NotFound {
				return nil // deleted since
			}
			if err == nil && strings.Contains(strings.ToLower(co.Name), strings.ToLower(strings.TrimSpace(in.Search))) {
				out.Items = append(out.Items, workplace{c.showCompany(&co), as, may})
			}
			return err
		}
		if err := add(c.user.Company, "home", c.mayWhere(c.caller.Who)); err != nil || c.user.Customer != 0 {
			return &one[page[workplace]]{out}, err
		}
		ties, err := a.o.Records.AssociationsOf(fleet.UserRecord, uint64(c.user.ID))
		for i := range ties {
			there := *c.caller.Who
			if co, err := a.o.Records.Company(ties[i].Company); err == nil {
				there.Visit(co.ID, ties[i].Mode, co.Offers())
				if err := add(co.ID, string(ties[i].Mode), c.mayWhere(&there)); err != nil {
					return nil, err
				}
			}
		}
		return &one[page[workplace]]{out}, err
	})
}

// mayWhere is what a caller may do. What only an installation of one company
// allows is left out where there are more.
func (c *call) mayWhere(who *auth.Principal) map[string]auth.Reach {
	alone := sync.OnceValue(func() bool {
		scope, err := auth.Sole.Scope(&who.User, c.api.o.Records)
		return err == nil && scope.Installation
	})
	resells := sync.OnceValue(func() bool { // see [call.resells]
		own, err := c.api.o.Records.Customer(who.User.Customer)
		return err == nil && own.Reseller
	})
	may := make(map[string]auth.Reach)
	for _, r := range c.api.o.Table {
		if r.Role != who.User.Role || who.ModuleOff(r.Object, r.Object == auth.Position) != "" {
			continue
		}
		reach := c.api.o.Table.For(who, r.Object, r.Action)
		if reach == auth.Sole && !alone() || reach == auth.Nothing {
			continue
		}
		if reach == auth.Inner && r.Object == auth.Customer && r.Action != auth.Read && !resells() {
			continue
		}
		may[string(r.Object)+"."+string(r.Action)] = reach
	}
	return may
}
