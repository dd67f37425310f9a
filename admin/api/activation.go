package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type activationInput struct {
	Method   string `json:"method,omitempty" enum:"email,link,password" doc:"A link by mail, a link that you pass on, or a password now; absent: email"`
	Password string `json:"password,omitempty" maxLength:"512" doc:"With password"`
}

func (a *API) activation() {
	op := operation{
		tag: "Session", object: auth.Session, action: auth.Create, method: http.MethodPost, status: http.StatusCreated,
		id: "activate", path: "/activate", summary: "Set the first, or a new, password",
		doc: "The token of the link works once; it signs the user in.",
	}
	type input struct {
		Token    string `json:"token" maxLength:"100" doc:"Of the link: /activate?token=…" example:"apV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
		Password string `json:"password" maxLength:"512" example:"correct horse battery"`
	}
	op.example = input{Token: "apV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE", Password: "correct horse battery"}
	register(a, op, func(c *call, in *struct{ Body input }) (*signedIn, error) {
		link, u, err := a.peek(c, in.Body.Token)
		if err != nil {
			return nil, err
		}
		policy, err := a.policy(u.Company)
		if err == nil {
			err = policy.Check(in.Body.Password) // before the link is used up
		}
		if err != nil {
			return nil, err
		}
		if link, err = a.useLink(c, in.Body.Token, auth.IsActivation); err != nil {
			return nil, err
		}
		if err := a.setPassword(c, &u, in.Body.Password, "activate", 0); err != nil {
			return nil, err
		}
		if link.Mailed != "" {
			if err := a.verified(c, u.ID, link.Mailed); err != nil {
				return nil, err
			}
		}
		cred, err := a.o.People.Credential(u.ID)
		if err != nil {
			return nil, err
		}
		if cred.TOTPOn { // a link is no second factor
			return nil, errCode()
		}
		if err := a.letIn(c, &u, fleet.Web); err != nil {
			return nil, err
		}
		return a.open(c, u, fleet.Token{})
	})

	op.id, op.path, op.summary, op.status = "checkPassword", "/password-rules", "Read the rules for passwords", http.StatusOK
	op.doc = "Each rule with a pattern, so that a form can colour it as it is met, and whether the password that was sent along meets it. Nothing is kept."
	type ask struct {
		Token    string `json:"token,omitempty" maxLength:"100" doc:"Of an activation link: its user's company has a policy"`
		Password string `json:"password,omitempty" maxLength:"512"`
	}
	type rules struct {
		Rules []fleet.PasswordRule `json:"rules" nullable:"false"`
		OK    bool                 `json:"ok" doc:"The password meets them all"`
	}
	op.example = ask{Password: "correct horse battery"}
	register(a, op, func(c *call, in *struct{ Body ask }) (*one[rules], error) {
		company := fleet.CompanyID(0)
		if c.caller.Who != nil {
			company = c.caller.Who.User.Company
		}
		if in.Body.Token != "" {
			_, u, err := a.peek(c, in.Body.Token)
			if err != nil {
				return nil, err
			}
			company = u.Company
		}
		policy, err := a.policy(company)
		return &one[rules]{rules{policy.Rules(in.Body.Password), policy.Check(in.Body.Password) == nil}}, err
	})

	op = operation{
		tag: "Users", object: auth.User, action: auth.Update, method: http.MethodPost, status: http.StatusCreated,
		id: "activateUser", path: "/users/{id}/activation", summary: "Send or show a link to a password, or set one",
		doc:     "Links that were given before end. With the method password the user's sessions end too.",
		example: activationInput{Method: byLink},
	}
	register(a, op, func(c *call, in *struct {
		ByID
		Body activationInput
	}) (*one[activation], error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		if !auth.MayGrant(c.user.Role, u.Role) {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		out, err := a.startActivation(c, &u, &in.Body)
		return &one[activation]{out}, err
	})
}

// startActivation does what was asked for, by mail if nothing was.
func (a *API) startActivation(c *call, u *fleet.User, in *activationInput) (activation, error) {
	switch in.Method {
	case byPassword:
		return activation{Method: byPassword}, a.setPassword(c, u, in.Password, "set password", 0)
	case byLink:
		return a.activate(c, u, byLink)
	}
	return a.activate(c, u, byEmail)
}

// peek reads an activation link and its user without using it.
func (a *API) peek(c *call, secret string) (fleet.SetupLink, fleet.User, error) {
	now := a.o.Now()
	if wait := a.o.Throttle.Wait(c.caller.Addr, now); wait > 0 {
		return fleet.SetupLink{}, fleet.User{}, TooMany(c.lang, wait)
	}
	link, err := a.o.People.Link(auth.Hash(secret), now)
	if err != nil || !auth.IsActivation(secret) {
		a.o.Throttle.Fail(c.caller.Addr, now)
		return link, fleet.User{}, errLink(err)
	}
	u, err := a.o.Records.User(link.User)
	if err != nil || u.Disabled {
		return link, u, errLink(err)
	}
	return link, u, nil
}

func (a *API) verified(c *call, user fleet.UserID, address string) error {
	defer a.turns.Take(user)()
	cred, err := a.o.People.Credential(user)
	if err != nil {
		return err
	}
	cred.Verified = address
	return a.o.People.PutCredential(c.actor(), "", cred)
}
