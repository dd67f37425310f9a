package api

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type answerInput struct {
	Text   string `json:"text" maxLength:"2000" example:"It is on its way"`
	Status string `json:"status,omitempty" enum:"open,answered,closed" doc:"Staff may say what it is then; absent: answered after staff, open after the customer"`
}

// answers adds to a ticket's thread, from both sides, and tells the other one.
func (a *API) answers() {
	op := operation{
		tag: "Tickets", object: auth.Answer, action: auth.Create, id: "answerTicket", method: http.MethodPost, path: "/tickets/{id}/answers", status: http.StatusCreated,
		summary: "Answer in a ticket's thread", doc: "Staff and the customer take turns; the other side is told by mail. A customer's answer opens a closed ticket again.",
		example: answerInput{Text: "It is on its way"},
	}
	register(a, op, func(c *call, in *struct {
		ByID
		Body answerInput
	}) (*one[fleet.Ticket], error) {
		n, err := fleet.ParseID[ticketKey](in.ID)
		if err != nil || n == 0 {
			return nil, errNotFound()
		}
		v, err := a.o.Books.Tickets.Get(fleet.RecordID(n))
		if err == nil && (!c.scope.SeesOwner(v.Company, v.Owner) || !seesTicket(c, &v)) {
			err = errNotFound()
		}
		if err != nil {
			return nil, err
		}
		staff := c.user.Customer == 0
		if in.Body.Status != "" && !staff {
			return nil, fleet.FieldError("status", "only the company decides about this")
		}
		if len(v.Thread) >= fleet.MaxThread {
			return nil, fleet.FieldError("text", "has more than %d entries", fleet.MaxThread)
		}
		v.Thread = append(slices.Clip(v.Thread), fleet.Answer{Text: in.Body.Text, By: c.user.ID, Name: c.user.Name, At: a.o.Now()})
		switch {
		case in.Body.Status != "":
			v.Status = in.Body.Status
		case staff:
			v.Status = "answered"
		default:
			v.Status = fleet.OpenTicket
		}
		if v, err = a.o.Books.Tickets.Put(c.actor(), v); err != nil {
			return nil, err
		}
		a.tellAnswer(c, &v, staff)
		return &one[fleet.Ticket]{v}, nil
	})
}

// seesTicket: a user sees what it wrote itself, an administrator all of its
// customer's.
func seesTicket(c *call, v *fleet.Ticket) bool {
	return c.user.Role != fleet.CustomerUser || v.Author == c.user.ID
}

// tellAnswer mails an answer to the other side. A mail that cannot be sent
// holds nothing up.
func (a *API) tellAnswer(c *call, v *fleet.Ticket, staff bool) {
	text := "\n\n" + c.user.Name + ": " + v.Thread[len(v.Thread)-1].Text
	if !staff {
		for _, u := range a.responsible(v.Assignee, v.Group) {
			a.post(c, &u, "letter.answer", v.Category, text)
		}
		return
	}
	u, err := a.o.Records.User(v.Author)
	if err != nil || u.Disabled {
		return
	}
	if v.Email != "" {
		u.Email = v.Email
	}
	a.post(c, &u, "letter.answer", v.Category, text)
}

// responsible is who answers: a person, or else those of a group.
func (a *API) responsible(id fleet.UserID, group fleet.LabelID) (out []fleet.User) {
	ids := []fleet.UserID{id}
	if id == 0 && group != 0 {
		l, err := a.o.Books.Labels.Get(fleet.RecordID(group))
		if err != nil {
			return nil
		}
		ids = l.Users
	}
	for _, id := range ids[:min(len(ids), maxTold)] {
		if u, err := a.o.Records.User(id); err == nil && !u.Disabled {
			out = append(out, u)
		}
	}
	return out
}

// maxTold is how many of a group are told of one message.
const maxTold = 50

// post mails a person what happened in support; key names its texts.
func (a *API) post(c *call, u *fleet.User, key, topic, text string) {
	if a.o.Post == nil || u.Email == "" {
		return
	}
	letter := Letter{
		Company: u.Company,
		To:      u.Email, Name: u.Name, Lang: u.Lang, Label: say(u.Lang, "letter.ticket.label"),
		Subject: say(u.Lang, key+".subject") + ": " + topic, Text: say(u.Lang, key+".text") + text,
		URL: strings.TrimSuffix(a.o.PublicURL, "/") + "/",
	}
	if err := a.o.Post(c, letter); err != nil && !errors.Is(err, ErrNoMail) {
		a.o.Log.Warn("no mail about a ticket", "user", u.ID, "err", err)
	}
}

type ticketKey struct{}
