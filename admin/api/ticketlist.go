package api

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// ticketQuery is a list with the filters of a support desk.
type ticketQuery struct {
	Search   string `query:"search" maxLength:"120" doc:"Part of the topic, the text or the author's name, in any case"`
	Owner    string `query:"owner" doc:"Only what belongs to this customer or company"`
	Status   string `query:"status" enum:"open,answered,closed,waiting" doc:"waiting: open or answered"`
	Priority string `query:"priority" enum:"low,normal,high,urgent"`
	Category string `query:"category" maxLength:"120" doc:"Only of this topic, in any case" example:"Billing"`
	Assignee string `query:"assignee" maxLength:"40" doc:"Only those that this person answers"`
	Sort     string `query:"sort" enum:"created,-created,priority" doc:"priority: the most urgent first, and of those the oldest; absent: created"`
	After    string `query:"after" maxLength:"512" doc:"The next of the page before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"At most so many"`
}

var urgency = []string{"urgent", "high", "normal", "low"}

// key orders tickets as the query wants it, without two alike: it is the cursor too.
func (in *ticketQuery) key(v *fleet.Ticket) string {
	at := int64(v.Created)
	rank := 0
	switch in.Sort {
	case "-created":
		at = math.MaxInt64 - at
	case "priority":
		rank = slices.Index(urgency, v.Priority)
	}
	return fmt.Sprintf("%d-%019d-%s", rank, at, v.ID)
}

func (in *ticketQuery) wants(v *fleet.Ticket, assignee fleet.UserID) bool {
	status := cmp.Or(v.Status, fleet.OpenTicket)
	return (in.Status == "" || in.Status == status || in.Status == "waiting" && status != "closed") &&
		(in.Priority == "" || in.Priority == v.Priority) &&
		(in.Category == "" || strings.EqualFold(in.Category, v.Category)) &&
		(assignee == 0 || assignee == v.Assignee)
}

// ticketList adds the list of a support desk. It looks at every ticket in sight
// and keeps a page of them.
func (a *API) ticketList() {
	op := operation{tag: "Tickets", object: auth.Ticket, action: auth.Read, id: "listTickets", method: http.MethodGet, path: "/tickets"}
	op.summary, op.doc = "List tickets", "Messages of customers to their company. A customer's admin sees its customer's, a user only its own."
	register(a, op, func(c *call, in *ticketQuery) (*one[page[fleet.Ticket]], error) {
		q, err := (&list{Search: in.Search, Owner: in.Owner}).query(c)
		if err != nil {
			return nil, err
		}
		var assignee fleet.UserID
		if in.Assignee != "" {
			id, err := fleet.ParseID[ownerKey](in.Assignee)
			if err != nil || id == 0 {
				return nil, fleet.FieldError("assignee", "%v", idError(in.Assignee))
			}
			assignee = fleet.UserID(id)
		}
		kept := []fleet.Ticket{}
		prune := func() {
			slices.SortFunc(kept, func(x, y fleet.Ticket) int { return strings.Compare(in.key(&x), in.key(&y)) })
			kept = kept[:min(len(kept), in.Limit+1)]
		}
		err = everything(a.o.Books.Tickets.List, q, func(v *fleet.Ticket) error {
			if seesTicket(c, v) && in.wants(v, assignee) && (in.After == "" || in.key(v) > in.After) {
				if kept = append(kept, *v); len(kept) > 4*in.Limit {
					prune()
				}
			}
			return nil
		})
		prune()
		out := &one[page[fleet.Ticket]]{page[fleet.Ticket]{Items: kept}}
		if len(kept) > in.Limit {
			out.Body.Items = kept[:in.Limit]
			out.Body.Next = in.key(&kept[in.Limit-1])
		}
		return out, err
	})
}
