package api

import (
	"net/http"
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
		lay:     func(c *call, _, v *fleet.SupportRoute) error { return c.checkStaff("user", v.User) },
	})
	crud(a, resource[fleet.Ticket]{
		one: "Ticket", many: "Tickets", path: "/tickets", object: auth.Ticket, book: b.Tickets,
		a: "a ticket", doc: "Messages of customers to their company. Whoever is responsible for the category is told by mail and finds it in GET /me/tickets.",
		example: fleet.Ticket{Category: "Billing", Description: "The invoice of May is missing", Priority: "normal", Sort: "query", Phone: "+573001234567"},
		lay:     a.layTicket,
		sees:    func(c *call, v *fleet.Ticket) bool { return c.user.Role != fleet.CustomerUser || v.Author == c.user.ID },
	})
	op := operation{tag: "Tickets", object: auth.Ticket, action: auth.Read, id: "listMyTickets", method: http.MethodGet, path: "/me/tickets"}
	op.summary, op.doc = "List the tickets that are yours to answer", "Oldest first."
	register(a, op, func(c *call, in *struct {
		After string `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
	}) (*one[page[fleet.Ticket]], error) {
		q := fleet.Query{Scope: c.scope, Search: c.user.ID.String(), After: in.After, Limit: in.Limit}
		p, err := b.Tickets.List(q)
		mine := []fleet.Ticket{}
		for _, v := range p.Items {
			if v.Assignee == c.user.ID {
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
		v.Author, v.AuthorName, kept = old.Author, old.AuthorName, old.Thread
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
		v.Assignee = 0
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
		u, err := a.o.Records.User(r.User)
		if err != nil || u.Disabled {
			continue
		}
		v.Assignee = u.ID
		if a.o.Post != nil && v.Validate() == nil {
			letter := Letter{
				To: u.Email, Name: u.Name, Lang: u.Lang, Label: say(u.Lang, "letter.ticket.label"),
				Subject: say(u.Lang, "letter.ticket.subject") + ": " + v.Category,
				Text:    say(u.Lang, "letter.ticket.text") + "\n\n" + v.AuthorName + ": " + v.Description,
				URL:     strings.TrimSuffix(a.o.PublicURL, "/") + "/",
			}
			if err := a.o.Post(c, letter); err != nil {
				a.o.Log.Warn("no mail about a ticket", "user", u.ID, "err", err)
			}
		}
	}
	return nil
}
