package api

import (
	"context"
	"errors"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Letter is a mail that the administration itself writes: an invitation, a new
// link. Alerts go through the outbox instead.
type Letter struct {
	Company fleet.CompanyID // whose mail server sends it, if it has one; 0: the installation's
	To      string
	Name    string
	Lang    fleet.Lang
	Subject string
	Text    string
	Label   string // of the link
	URL     string
}

// Post sends a letter and returns once a mail server took it over.
type Post func(ctx context.Context, l Letter) error

// How a new user comes to a password.
const (
	byEmail    = "email"    // a link is mailed
	byLink     = "link"     // a link is shown to whoever makes the user
	byPassword = "password" // it is set now
)

// The lives of links.
const (
	activationLife = 7 * fleet.Day
	resetLife      = fleet.Hour
)

type activation struct {
	Method  string     `json:"method" enum:"email,link,password" doc:"What was done: link instead of email where no mail can be sent"`
	Link    string     `json:"link,omitempty" doc:"With link: shown this once; whoever opens it sets the password"`
	Expires fleet.Time `json:"expires,omitzero"`
	Why     string     `json:"why,omitempty" doc:"Why it is not the method that was asked for, in the caller's language"`
}

// activate gives a user a way to a password. It ends links that were given
// before. A mail that cannot be sent leaves the link, and says why.
func (a *API) activate(c *call, u *fleet.User, method string) (activation, error) {
	if err := a.o.People.DropLinks(u.ID); err != nil {
		return activation{}, err
	}
	out := activation{Method: method, Expires: a.o.Now() + activationLife}
	switch {
	case method == byEmail && u.Email == "":
		out.Method, out.Why = byLink, say(c.lang, detailPrefix+"no-address")
	case method == byEmail && a.o.Post == nil:
		out.Method, out.Why = byLink, say(c.lang, detailPrefix+"no-mail")
	case method == byEmail && a.o.PublicURL == "": // a link to where, a mail could not say
		out.Method, out.Why = byLink, say(c.lang, detailPrefix+"no-url")
	}
	secret := auth.NewActivation()
	link := fleet.SetupLink{Hash: auth.Hash(secret), User: u.ID, Expires: out.Expires}
	address := strings.TrimSuffix(a.o.PublicURL, "/") + "/activate?token=" + secret
	if out.Method == byEmail {
		link.Mailed = u.Email
		if err := a.o.People.PutSetupLink(link); err != nil {
			return out, err
		}
		err := a.o.Post(c, Letter{
			Company: u.Company,
			To:      u.Email, Name: u.Name, Lang: u.Lang, URL: address,
			Subject: say(u.Lang, "letter.activation.subject"), Label: say(u.Lang, "letter.activation.label"),
			Text: strings.NewReplacer("{name}", u.Name, "{login}", u.Login()).Replace(say(u.Lang, "letter.activation.text")),
		})
		if err == nil {
			return out, nil
		}
		why := "no-mail"
		if !errors.Is(err, ErrNoMail) {
			why = "mail-failed"
			a.o.Log.Warn("an invitation could not be mailed; its link is shown instead", "user", u.ID, "err", err)
		}
		out.Method, out.Why, link.Mailed = byLink, say(c.lang, detailPrefix+why), ""
		if err := a.o.People.DropLinks(u.ID); err != nil {
			return out, err
		}
	}
	out.Link = address
	return out, a.o.People.PutSetupLink(link)
}

// setPassword checks a password against the policy of a user's company, keeps
// it, and ends all sessions but the one that is named.
func (a *API) setPassword(c *call, u *fleet.User, password, action string, except fleet.TokenID) error {
	policy, err := a.policy(u.Company)
	if err != nil {
		return err
	}
	if err := policy.Check(password); err != nil {
		return err
	}
	if p := strings.ToLower(password); p == u.Login() || p == strings.ToLower(u.Email) {
		return fleet.FieldError("password", "is the user name")
	}
	hash, err := auth.HashPassword(c, password)
	if err != nil {
		return err
	}
	defer a.turns.Take(u.ID)()
	cred, err := a.o.People.Credential(u.ID)
	if err != nil {
		return err
	}
	cred.Hash, cred.Changed, cred.Failed, cred.Locked = hash, a.o.Now(), 0, 0
	actor := c.actor()
	if actor.User == 0 {
		actor.User = u.ID
	}
	if err := a.o.People.PutCredential(actor, action, cred); err != nil {
		return err
	}
	return a.endSessions(actor, u.ID, except)
}

// policy is a company's, the default one for the installation's staff.
func (a *API) policy(company fleet.CompanyID) (fleet.PasswordPolicy, error) {
	if company == 0 {
		return fleet.DefaultPolicy(), nil
	}
	co, err := a.o.Records.Company(company)
	return co.Policy.Effective(), err
}

// endSessions revokes a user's sessions but one; tokens for programs stay.
func (a *API) endSessions(actor fleet.Actor, user fleet.UserID, except fleet.TokenID) error {
	all, err := a.o.People.Tokens(user)
	if err != nil {
		return err
	}
	for _, t := range all {
		if t.App == "" || t.Revoked != 0 || t.ID == except {
			continue
		}
		if err := a.o.People.RevokeToken(actor, t.ID); err != nil {
			return err
		}
	}
	return nil
}
