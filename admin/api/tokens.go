package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Token is a token as its owner sees it.
type Token struct {
	ID          fleet.TokenID `json:"id"`
	Description string        `json:"description" example:"Nightly export"`
	Scopes      []string      `json:"scopes,omitempty" doc:"What it is limited to; absent: all that you may"`
	Created     fleet.Time    `json:"created"`
	Expires     fleet.Time    `json:"expires,omitzero" doc:"Absent: never"`
	Current     bool          `json:"current" doc:"The one of this request"`
}

type tokenInput struct {
	Description string `json:"description" minLength:"1" maxLength:"120" doc:"What it is for" example:"Nightly export"`
	Days        int    `json:"days,omitempty" minimum:"0" maximum:"3660" doc:"Expires after so many days; absent: never" example:"365"`

	Scopes []string `json:"scopes,omitempty" maxItems:"50" doc:"What it is limited to: read for all that is read, an object such as device, or object.action such as fence.create; absent: all that you may" example:"[\"read\"]"`
}

type tokenShown struct {
	Token
	Secret string `json:"secret" doc:"Shown this once; only its SHA-256 is kept" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
}

// maxTokens bounds the tokens that one user may hold.
const maxTokens = 100

func (a *API) tokens() {
	op := operation{tag: "Tokens", object: auth.Token}

	op.id, op.method, op.path, op.action = "listTokens", http.MethodGet, "/tokens", auth.Read
	op.summary = "List your tokens"
	register(a, op, func(c *call, _ *struct{}) (*one[page[Token]], error) {
		open, err := a.openTokens(c, false)
		return pageOf(fleet.Page[fleet.Token]{Items: open}, c.showToken), err
	})

	op.id, op.method, op.action, op.status = "createToken", http.MethodPost, auth.Create, http.StatusCreated
	op.summary, op.doc = "Make a token", "It may do what you may. The answer shows its secret once: use it as `Authorization: Bearer SECRET`."
	op.example = tokenInput{Description: "Nightly export", Days: 365, Scopes: []string{"read"}}
	register(a, op, func(c *call, in *struct{ Body tokenInput }) (*one[tokenShown], error) {
		open, err := a.openTokens(c, false)
		if err != nil {
			return nil, err
		}
		if len(open) >= maxTokens {
			return nil, fleet.Errorf(fleet.Conflict, "you have %d tokens; revoke one first", maxTokens)
		}
		if err := a.o.Table.ValidScopes(in.Body.Scopes); err != nil {
			return nil, err
		}
		if by := c.caller.Who.Token; by.Actor != 0 || by.Scopes != nil {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "person"}
		}
		t := fleet.Token{User: c.user.ID, Description: in.Body.Description, Created: a.o.Now(), Scopes: in.Body.Scopes}
		if in.Body.Days > 0 {
			t.Expires = t.Created + fleet.Time(in.Body.Days)*fleet.Day
		}
		secret := auth.NewSecret()
		t.Hash = auth.Hash(secret)
		if t, err = a.o.People.PutToken(c.actor(), t); err != nil {
			return nil, err
		}
		return &one[tokenShown]{tokenShown{Token: c.showToken(&t), Secret: secret}}, nil
	})

	op.id, op.method, op.path, op.action = "revokeToken", http.MethodDelete, "/tokens/{id}", auth.Delete
	op.summary, op.doc, op.status, op.example = "Revoke a token", "It ends at once, on open streams too.", 0, nil
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		open, err := a.openTokens(c, false)
		if err != nil {
			return nil, err
		}
		for i := range open {
			if open[i].ID.String() == in.ID {
				return nil, a.o.People.RevokeToken(c.actor(), open[i].ID)
			}
		}
		return nil, errNotFound()
	})
}

func (c *call) showToken(t *fleet.Token) Token {
	return Token{
		ID: t.ID, Description: t.Description, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires,
		Current: c.caller.Who != nil && c.caller.Who.Token.ID == t.ID,
	}
}

// openTokens are the caller's tokens for programs, or its sessions, that still
// work.
func (a *API) openTokens(c *call, sessions bool) ([]fleet.Token, error) {
	all, err := a.o.People.Tokens(c.user.ID)
	open, now := all[:0:0], a.o.Now()
	for _, t := range all {
		if (t.App != "") == sessions && t.Revoked == 0 && (t.Expires == 0 || t.Expires > now) {
			open = append(open, t)
		}
	}
	return open, err
}
