package api

import (
	"cmp"
	"errors"
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type setupInput struct {
	Token   string `json:"token" maxLength:"100" doc:"Of the one-time link: /setup?token=…" example:"spV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Company struct {
		Name     string     `json:"name" example:"Vigía Seguridad"`
		Lang     fleet.Lang `json:"lang" enum:"en,es,pt,fr" example:"es"`
		Timezone string     `json:"timezone" doc:"IANA name" example:"America/Bogota"`
	} `json:"company"`
	Name  string `json:"name" doc:"Yours" example:"Ana Rojas"`
	Email string `json:"email" doc:"Yours" example:"ana@example.com"`

	Several bool `json:"severalCompanies,omitempty" doc:"The installation serves several companies: you become its platform administrator, who adds companies and invites the administrators of each, this one's too"`

	Password string `json:"password,omitempty" maxLength:"512" doc:"Yours; absent: you sign in by links until you set one" example:"correct horse battery"`
}

// signedIn carries a new session: as a cookie for browsers and as a bearer
// token for programs.
type signedIn struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
	Body      struct {
		User    user       `json:"user"`
		Token   string     `json:"token" doc:"For programs: Authorization: Bearer TOKEN. Browsers have it as a cookie" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
		Expires fleet.Time `json:"expires"`
	}
}

type signedOut struct {
	SetCookie http.Cookie `header:"Set-Cookie"`
}

func (a *API) session() {
	op := operation{tag: "Session", object: auth.Session, action: auth.Create, method: http.MethodPost, status: http.StatusCreated}

	op.id, op.path, op.summary = "setUp", "/setup", "Set an empty installation up"
	op.doc = "The link's token makes the first company and its admin, or the installation's, and signs the admin in. It works once."
	register(a, op, a.setUp)

	op.id, op.path, op.summary = "signIn", "/login", "Sign in"
	op.doc = "By user name and password, with a code where the user has a second factor (401 with the problem second-factor asks for it), or by a one-time link. Ten wrong attempts lock the user for a quarter of an hour."
	op.example = loginInput{Username: "ana@example.com", Password: "correct horse battery"}
	register(a, op, a.signIn)

	op.id, op.path, op.summary, op.action = "signOut", "/logout", "Sign out", auth.Delete
	op.doc, op.status, op.example = "Revokes what this request showed.", http.StatusNoContent, nil
	register(a, op, func(c *call, _ *struct{}) (*signedOut, error) {
		if err := a.o.People.RevokeToken(c.actor(), c.caller.Who.Token.ID); err != nil {
			return nil, err
		}
		return &signedOut{SetCookie: *auth.SessionCookie("", c.caller.HTTPS)}, nil
	})
}

func (a *API) setUp(c *call, in *struct{ Body setupInput }) (*signedIn, error) {
	empty, err := a.o.People.Empty()
	if err != nil {
		return nil, err
	}
	if !empty {
		return nil, &fleet.Error{Kind: fleet.Conflict, Message: detailPrefix + "set-up"}
	}
	co := fleet.Company{Name: in.Body.Company.Name, Lang: in.Body.Company.Lang, Timezone: in.Body.Company.Timezone}
	u := fleet.User{
		Company: 1, Name: in.Body.Name, Email: in.Body.Email, Lang: co.Lang, Timezone: co.Timezone, Role: fleet.CompanyAdmin,
	}
	if in.Body.Several {
		u.Role, u.Company = fleet.PlatformAdmin, 0
	}
	if err := co.Validate(); err != nil {
		return nil, within("company", err)
	}
	if err := u.Validate(); err != nil {
		return nil, err
	}
	if in.Body.Password != "" {
		if err := fleet.DefaultPolicy().Check(in.Body.Password); err != nil {
			return nil, err
		}
	}
	link, err := a.useLink(c, in.Body.Token, auth.IsSetup) // last: a mistyped form must not use it up
	if err != nil {
		return nil, err
	}
	set, err := a.apply(c, fleet.ChangeSet{Actor: c.actor(), Companies: []fleet.Company{co}})
	if err != nil { // a full disk, for one: the link is good for another try
		return nil, errors.Join(err, a.o.People.PutSetupLink(link))
	}
	if !in.Body.Several {
		u.Company = set.Companies[0].ID
	}
	if u, err = a.o.People.PutUser(c.actor(), u); err != nil {
		return nil, err
	}
	if in.Body.Password != "" {
		if err := a.setPassword(c, &u, in.Body.Password, "set password", 0); err != nil {
			return nil, err
		}
	}
	return a.open(c, u, fleet.Token{})
}

// within puts the field of an error below another.
func within(outer string, err error) error {
	if e, ok := err.(*fleet.Error); ok && e.Field != "" {
		c := *e
		c.Field = outer + "." + e.Field
		return &c
	}
	return err
}

func (a *API) useLink(c *call, secret string, fits func(string) bool) (fleet.SetupLink, error) {
	now := a.o.Now()
	if wait := a.o.Throttle.Wait(c.caller.Addr, now); wait > 0 {
		return fleet.SetupLink{}, TooMany(c.lang, wait)
	}
	if !fits(secret) {
		a.o.Throttle.Fail(c.caller.Addr, now)
		return fleet.SetupLink{}, errLink(nil)
	}
	link, err := a.o.People.UseSetupLink(auth.Hash(secret), now)
	if err != nil {
		a.o.Throttle.Fail(c.caller.Addr, now)
		return link, errLink(err)
	}
	return link, nil
}

func errLink(err error) error {
	if err != nil {
		if k := fleet.KindOf(err); k != fleet.Unauthorised && k != fleet.NotFound {
			return err
		}
	}
	return &fleet.Error{Kind: fleet.Unauthorised, Message: detailPrefix + "link", Err: err}
}

// open starts a session: t says with what, and who acts in the user's name.
func (a *API) open(c *call, u fleet.User, t fleet.Token) (*signedIn, error) {
	secret, now := auth.NewSecret(), a.o.Now()
	actor := c.actor()
	actor.User, actor.By = u.ID, t.Actor
	t.Hash, t.User, t.Description, t.Created = auth.Hash(secret), u.ID, "Session", now
	t.Expires = cmp.Or(t.Expires, now+fleet.Time(auth.SessionLife.Milliseconds()))
	t.App = cmp.Or(t.App, fleet.Web)
	t.Agent, t.Addr = c.caller.Agent, actor.Addr
	t, err := a.o.People.PutToken(actor, t)
	if err != nil {
		return nil, err
	}
	out := &signedIn{SetCookie: *auth.SessionCookie(secret, c.caller.HTTPS)}
	out.Body.User, out.Body.Token, out.Body.Expires = showUser(&u), secret, t.Expires
	a.o.Log.Info("signed in", "user", u.ID, "addr", c.caller.Addr)
	return out, nil
}
