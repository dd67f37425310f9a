package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// support adds tickets and who answers them. A customer's admin sees its
// customer's, a user only what it wrote itself.
func (a *API) support() {
	b := &a.o.Books
	crud(a, resource[fleet.SupportRoute]{
		one: "SupportRoute", many: "SupportRoutes", path: "/support-routes", object: auth.SupportRoute, book: b.SupportRoutes, companyOnly: true,
		a: "a support route", doc: "Who of the staff answers tickets of a category.",
		example: fleet.SupportRoute{Category: "Billing", User: 1},
		lay: func(c *call, _, v *fleet.SupportRoute) error {
			if v.User != 0 {
				return c.checkStaff("user", v.User)
			}
			if l, err := a.o.Books.Labels.Get(fleet.RecordID(v.Group)); v.Group != 0 && (err != nil || l.Of != fleet.OperatorLabel || l.Company != v.Company) {
				return errForeign("group")
			}
			return nil
		},
	})
	crud(a, resource[fleet.Ticket]{
		one: "Ticket", many: "Tickets", path: "/tickets", object: auth.Ticket, book: b.Tickets,
		a: "a ticket", doc: "Messages of customers to their company. Whoever is responsible for the category is told by mail and finds it in GET /me/tickets.",
		example: fleet.Ticket{Category: "Billing", Description: "The invoice of May is missing", Priority: "normal", Sort: "query", Phone: "+573001234567"},
		lay:     a.layTicket,
		sees:    seesTicket,
		ownList: true,
	})
	a.ticketList()
	a.answers()
	op := operation{tag: "Tickets", object: auth.Ticket, action: auth.Read, id: "listMyTickets", method: http.MethodGet, path: "/me/tickets"}
	op.summary, op.doc = "List the tickets that are yours to answer", "Those that are assigned to you, or to a group of yours and nobody yet. Oldest first. A page may be short and still have a next one."
	register(a, op, func(c *call, in *struct {
		After string `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
	}) (*one[page[fleet.Ticket]], error) {
		groups, err := a.o.Records.LabelsOf(fleet.UserRecord, uint64(c.user.ID))
		if err != nil {
			return nil, err
		}
		p, err := b.Tickets.List(fleet.Query{Scope: c.scope, After: in.After, Limit: in.Limit})
		mine := []fleet.Ticket{}
		for _, v := range p.Items {
			inGroup := v.Assignee == 0 && v.Group != 0 && slices.ContainsFunc(groups, func(l fleet.Label) bool { return fleet.LabelID(l.ID) == v.Group })
			if v.Assignee == c.user.ID || inGroup {
				mine = append(mine, v)
			}
		}
		return &one[page[fleet.Ticket]]{page[fleet.Ticket]{Items: mine, Next: p.Next}}, err
	})
}

// layTicket completes a ticket: who wrote it, who is to answer, and who added
// what to its thread, of which nothing that stands there changes.
func (a *API) layTicket(c *call, old, v *fleet.Ticket) error {
	staff := c.user.Customer == 0
	v.Author, v.AuthorName = c.user.ID, c.user.Name
	kept := []fleet.Answer(nil)
	if old == nil {
		if v.Status == "" || !staff {
			v.Status = fleet.OpenTicket
		}
	} else {
		v.Author, v.AuthorName, v.Group, kept = old.Author, old.AuthorName, old.Group, old.Thread
		if v.Status == "" {
			v.Status = old.Status
		}
		if len(v.Thread) < len(kept) {
			return fleet.FieldError("thread", "cannot be changed")
		}
	}
	for i := range v.Thread {
		if i < len(kept) {
			v.Thread[i] = kept[i]
			continue
		}
		v.Thread[i].By, v.Thread[i].Name, v.Thread[i].At = c.user.ID, c.user.Name, a.o.Now()
	}
	if staff && v.Assignee != 0 {
		return c.checkStaff("assignee", v.Assignee)
	}
	if old == nil {
		v.Assignee, v.Group = 0, 0
		return a.route(c, v)
	}
	return nil
}

// route gives a new ticket to whoever its category says, and tells them. A mail
// that cannot be sent holds nothing up: the ticket is in the person's list.
func (a *API) route(c *call, v *fleet.Ticket) error {
	q := fleet.Query{Scope: fleet.Scope{Company: v.Company}, Owner: fleet.Owner(v.Company), Search: v.Category, Limit: 1000}
	routes, err := a.o.Books.SupportRoutes.List(q)
	if err != nil {
		return err
	}
	for _, r := range routes.Items {
		if !strings.EqualFold(r.Category, v.Category) {
			continue
		}
		told := a.responsible(r.User, r.Group)
		if r.User != 0 && len(told) == 0 {
			continue
		}
		v.Assignee, v.Group = r.User, r.Group
		if v.Validate() == nil {
			for i := range told {
				a.post(c, &told[i], "letter.ticket", v.Category, "\n\n"+v.AuthorName+": "+v.Description)
			}
		}
	}
	return nil
}
