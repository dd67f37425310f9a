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
		open, err := a.openTokens(c.user.ID, false)
		return pageOf(fleet.Page[fleet.Token]{Items: open}, c.showToken), err
	})

	op.id, op.method, op.action, op.status = "createToken", http.MethodPost, auth.Create, http.StatusCreated
	op.summary, op.doc = "Make a token", "It may do what you may. The answer shows its secret once: use it as `Authorization: Bearer SECRET`."
	op.example = tokenInput{Description: "Nightly export", Days: 365, Scopes: []string{"read"}}
	register(a, op, func(c *call, in *struct{ Body tokenInput }) (*one[tokenShown], error) {
		return a.makeToken(c, c.user, &in.Body)
	})

	op.id, op.method, op.path, op.action = "revokeToken", http.MethodDelete, "/tokens/{id}", auth.Delete
	op.summary, op.doc, op.status, op.example = "Revoke a token", "It ends at once, on open streams too.", 0, nil
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		return nil, a.dropToken(c, c.user, in.ID)
	})
	a.integrationTokens()
}

// integrationTokens adds what administrators do with the tokens that a person
// of their staff answers for.
func (a *API) integrationTokens() {
	op := operation{tag: "Tokens", object: auth.UserToken, method: http.MethodGet, path: "/users/{id}/tokens", action: auth.Read}
	op.id, op.summary = "listUserTokens", "List the tokens that a person answers for"
	register(a, op, func(c *call, in *ByID) (*one[page[Token]], error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		open, err := a.openTokens(u.ID, false)
		return pageOf(fleet.Page[fleet.Token]{Items: open}, c.showToken), err
	})

	op.id, op.method, op.action, op.status = "createUserToken", http.MethodPost, auth.Create, http.StatusCreated
	op.summary, op.doc = "Make a token that a person answers for", "It may do what that person may, who must have a lesser role than you. The answer shows its secret once."
	op.example = tokenInput{Description: "Nightly export", Days: 365, Scopes: []string{"read"}}
	type input struct {
		ByID
		Body tokenInput
	}
	register(a, op, func(c *call, in *input) (*one[tokenShown], error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		if u.ID != c.user.ID && (!auth.MayGrant(c.user.Role, u.Role) || u.Role == c.user.Role) {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		return a.makeToken(c, &u, &in.Body)
	})

	op.id, op.method, op.path, op.action = "revokeUserToken", http.MethodDelete, "/users/{id}/tokens/{token}", auth.Delete
	op.summary, op.doc, op.status, op.example = "Revoke a token that a person answers for", "It ends at once, on open streams too.", 0, nil
	type which struct {
		ByID
		Token string `path:"token"`
	}
	register(a, op, func(c *call, in *which) (*struct{}, error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		return nil, a.dropToken(c, &u, in.Token)
	})
}

// makeToken makes a token in a person's name. A session makes it, or a token
// without limits: what one may not do, it cannot hand on.
func (a *API) makeToken(c *call, u *fleet.User, in *tokenInput) (*one[tokenShown], error) {
	open, err := a.openTokens(u.ID, false)
	if err != nil {
		return nil, err
	}
	if len(open) >= maxTokens {
		return nil, fleet.Errorf(fleet.Conflict, "you have %d tokens; revoke one first", maxTokens)
	}
	if err := a.o.Table.ValidScopes(in.Scopes); err != nil {
		return nil, err
	}
	if by := c.caller.Who.Token; by.Actor != 0 || by.Scopes != nil {
		return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "person"}
	}
	t := fleet.Token{User: u.ID, Description: in.Description, Created: a.o.Now(), Scopes: in.Scopes}
	if in.Days > 0 {
		t.Expires = t.Created + fleet.Time(in.Days)*fleet.Day
	}
	secret := auth.NewSecret()
	t.Hash = auth.Hash(secret)
	if t, err = a.o.People.PutToken(c.actor(), t); err != nil {
		return nil, err
	}
	return &one[tokenShown]{tokenShown{Token: c.showToken(&t), Secret: secret}}, nil
}

// dropToken revokes one of a person's tokens.
func (a *API) dropToken(c *call, u *fleet.User, id string) error {
	open, err := a.openTokens(u.ID, false)
	if err != nil {
		return err
	}
	for i := range open {
		if open[i].ID.String() == id {
			return a.o.People.RevokeToken(c.actor(), open[i].ID)
		}
	}
	return errNotFound()
}

func (c *call) showToken(t *fleet.Token) Token {
	return Token{
		ID: t.ID, Description: t.Description, Scopes: t.Scopes, Created: t.Created, Expires: t.Expires,
		Current: c.caller.Who != nil && c.caller.Who.Token.ID == t.ID,
	}
}

// openTokens are a person's tokens for programs, or its sessions, that still
// work.
func (a *API) openTokens(user fleet.UserID, sessions bool) ([]fleet.Token, error) {
	all, err := a.o.People.Tokens(user)
	open, now := all[:0:0], a.o.Now()
	for _, t := range all {
		if (t.App != "") == sessions && t.Revoked == 0 && (t.Expires == 0 || t.Expires > now) {
			open = append(open, t)
		}
	}
	return open, err
}
