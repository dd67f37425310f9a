package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type session struct {
	ID      fleet.TokenID `json:"id"`
	App     fleet.App     `json:"app" enum:"web,ios,android"`
	Agent   string        `json:"agent,omitempty" doc:"What the browser called itself"`
	Addr    string        `json:"addr,omitempty" doc:"From where it was opened"`
	Strong  bool          `json:"strong,omitempty" doc:"Opened with a second factor"`
	By      fleet.UserID  `json:"by,omitzero" doc:"Who signed in as you"`
	Created fleet.Time    `json:"created"`
	Expires fleet.Time    `json:"expires"`
	Current bool          `json:"current" doc:"The one of this request"`
}

func (a *API) sessions() {
	op := operation{tag: "Profile", object: auth.Session, action: auth.Read, method: http.MethodGet}
	op.id, op.path, op.summary = "listSessions", "/me/sessions", "List your sessions"
	register(a, op, func(c *call, _ *struct{}) (*one[page[session]], error) {
		open, err := a.openTokens(c.user.ID, true)
		return pageOf(fleet.Page[fleet.Token]{Items: open}, func(t *fleet.Token) session {
			return session{
				ID: t.ID, App: t.App, Agent: t.Agent, Addr: t.Addr, Strong: t.Strong, By: t.Actor,
				Created: t.Created, Expires: t.Expires, Current: c.caller.Who.Token.ID == t.ID,
			}
		}), err
	})

	op.id, op.method, op.path, op.action = "endSession", http.MethodDelete, "/me/sessions/{id}", auth.Delete
	op.summary, op.doc = "End one of your sessions", "It ends at once, on open streams too."
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		open, err := a.openTokens(c.user.ID, true)
		if err != nil {
			return nil, err
		}
		if c.caller.Who.Token.Device != 0 {
			open = nil // others of the user are not its to end
		}
		for i := range open {
			if open[i].ID.String() == in.ID {
				return nil, a.o.People.RevokeToken(c.actor(), open[i].ID)
			}
		}
		return nil, errNotFound()
	})

	op = operation{
		tag: "Users", object: auth.User, action: auth.Update, method: http.MethodPost,
		id: "endUserSessions", path: "/users/{id}/sessions/end", summary: "End all sessions of a person",
	}
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		if !auth.MayGrant(c.user.Role, u.Role) {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		return nil, a.endSessions(c.actor(), u.ID, 0)
	})

	op = operation{
		tag: "Users", object: auth.SignInAs, action: auth.Create, method: http.MethodPost, status: http.StatusCreated,
		id: "signInAs", path: "/users/{id}/sign-in-as", summary: "Sign in as a person",
		doc: "Opens a session in that person's name, which says so on every page. The audit names both.",
	}
	register(a, op, func(c *call, in *ByID) (*signedIn, error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		who := c.caller.Who
		if who.Token.App == "" || who.Token.Actor != 0 {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "person"}
		}
		if u.ID == c.user.ID || !auth.MayGrant(c.user.Role, u.Role) || u.Role == c.user.Role {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		if err := a.letIn(c, &u, who.Token.App); err != nil {
			return nil, err
		}
		if err := a.o.People.Note(c.actor(), "sign in as", fleet.UserRecord, uint64(u.ID)); err != nil {
			return nil, err
		}
		return a.open(c, u, fleet.Token{App: who.Token.App, Actor: c.user.ID, Strong: who.Token.Strong})
	})
}
