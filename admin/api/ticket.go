package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type ticketShown struct {
	Ticket  string     `json:"ticket" doc:"Opens one stream: GET /api/v1/stream?ticket=…" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Expires fleet.Time `json:"expires"`
}

// stream adds the operation that makes tickets for the live stream.
func (a *API) stream() {
	op := operation{
		tag: "Stream", object: auth.Stream, action: auth.Read, id: "createStreamTicket", method: http.MethodPost,
		path: "/stream/tickets", summary: "Make a one-time ticket for the live stream", status: http.StatusCreated,
		doc: "For clients that cannot send a header with a websocket's handshake. Good once, for 30 seconds. The stream itself is described in docs/api.md.",
	}
	register(a, op, func(c *call, _ *struct{}) (*one[ticketShown], error) {
		secret, expires, err := a.o.Tickets.Issue(*c.caller.Who, a.o.Now())
		return &one[ticketShown]{ticketShown{Ticket: secret, Expires: expires}}, err
	})
}
