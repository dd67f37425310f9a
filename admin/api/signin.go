package api

import (
	"cmp"
	"errors"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

type loginInput struct {
	Token    string    `json:"token,omitempty" maxLength:"100" doc:"Of a one-time link: /login?token=…; instead of name and password"`
	Username string    `json:"username,omitempty" maxLength:"254" doc:"Or the mail address" example:"ana@example.com"`
	Password string    `json:"password,omitempty" maxLength:"512" example:"correct horse battery"`
	Code     string    `json:"code,omitempty" maxLength:"32" doc:"Of the authenticator app, or a recovery code, where the user has a second factor" example:"492039"`
	App      fleet.App `json:"app,omitempty" enum:"web,ios,android" doc:"What is signed in with; absent: web"`
}

// signIn opens a session by a one-time link, or by name and password.
func (a *API) signIn(c *call, in *struct{ Body loginInput }) (*signedIn, error) {
	app := cmp.Or(in.Body.App, fleet.Web)
	if in.Body.Token != "" {
		link, err := a.useLink(c, in.Body.Token, auth.IsLogin)
		if err != nil {
			return nil, err
		}
		u, err := a.o.Records.User(link.User)
		if err != nil || u.Disabled {
			return nil, errLink(err)
		}
		if err := a.letIn(c, &u, app); err != nil {
			return nil, err
		}
		return a.open(c, u, fleet.Token{App: app})
	}
	u, strong, err := a.prove(c, in.Body.Username, in.Body.Password, in.Body.Code)
	if err != nil {
		return nil, err
	}
	if err := a.letIn(c, &u, app); err != nil {
		return nil, err
	}
	return a.open(c, u, fleet.Token{App: app, Strong: strong})
}

// errWrong is the one answer to all that is wrong with a name, a password or a
// code before the password was right: it tells nobody which names exist.
func errWrong() error {
	return &fleet.Error{Kind: fleet.Unauthorised, Message: detailPrefix + "wrong-password"}
}

// errCode asks for the second factor, or another one.
func errCode() error {
	return &fleet.Error{Kind: fleet.Unauthorised, Field: "code", Message: detailPrefix + codeSecond}
}

// prove finds who signs in with a name and password, and whether a second
// factor was shown. What fails is counted against the address and the user, and
// written into the audit.
func (a *API) prove(c *call, name, password, code string) (u fleet.User, strong bool, err error) {
	now := a.o.Now()
	if wait := a.o.Throttle.Wait(c.caller.Addr, now); wait > 0 {
		return u, false, TooMany(c.lang, wait)
	}
	u, err = a.o.People.UserByLogin(name)
	if err != nil {
		if fleet.KindOf(err) != fleet.NotFound {
			return u, false, err
		}
		if _, err := auth.CheckPassword(c, "", password); err != nil { // take as long as for a name that exists
			return u, false, err
		}
		a.o.Throttle.Fail(c.caller.Addr, now)
		return u, false, errors.Join(errWrong(), a.o.People.Note(c.actor(), "sign in refused", fleet.UserRecord, 0))
	}
	strong, err = a.check(c, &u, password, code)
	return u, strong, err
}

// check holds a password and a code against what is kept of a user.
func (a *API) check(c *call, u *fleet.User, password, code string) (strong bool, err error) {
	defer a.turns.Take(u.ID)()
	now := a.o.Now()
	cred, err := a.o.People.Credential(u.ID)
	if err != nil {
		return false, err
	}
	actor := c.actor()
	actor.User = u.ID
	fail := func(why error) (bool, error) {
		a.o.Throttle.Fail(c.caller.Addr, now)
		action := "sign in refused"
		if cred.Failed++; cred.Failed >= auth.MaxFailures {
			cred.Failed, cred.Locked, action = 0, now+auth.LockedFor, "locked"
		}
		if err := a.o.People.PutCredential(actor, action, cred); err != nil {
			return false, err
		}
		return false, why
	}
	right, err := auth.CheckPassword(c, cred.Hash, password)
	switch {
	case err != nil:
		return false, err
	case cred.Locked > now:
		a.o.Throttle.Fail(c.caller.Addr, now)
		return false, errWrong()
	case !right:
		return fail(errWrong())
	case cred.TOTPOn && strings.TrimSpace(code) == "":
		return false, errCode()
	case cred.TOTPOn && !second(&cred, code, now):
		return fail(errCode())
	}
	action := ""
	if cred.Failed != 0 || cred.TOTPOn || auth.Outdated(cred.Hash) {
		cred.Failed, cred.Locked = 0, 0
		if auth.Outdated(cred.Hash) {
			if cred.Hash, err = auth.HashPassword(c, password); err != nil {
				return false, err
			}
		}
		err = a.o.People.PutCredential(actor, action, cred)
	}
	return cred.TOTPOn, err
}

// second takes a code of the app or a recovery code, each once.
func second(cred *fleet.Credential, code string, now fleet.Time) bool {
	if step, ok := auth.CheckTOTP(cred.TOTP, code, now, cred.TOTPStep); ok {
		cred.TOTPStep = step
		return true
	}
	h := string(auth.Hash(strings.ToLower(strings.TrimSpace(code))))
	at := slices.IndexFunc(cred.Recovery, func(k []byte) bool { return string(k) == h })
	if at < 0 {
		return false
	}
	cred.Recovery = slices.Delete(slices.Clone(cred.Recovery), at, at+1)
	return true
}

// letIn refuses people who have shown who they are, but may not come in.
func (a *API) letIn(c *call, u *fleet.User, app fleet.App) error {
	acc, err := a.o.Records.Account(u.ID)
	if err != nil {
		return err
	}
	if why := auth.Barred(&acc, app, a.o.Now()); why != nil {
		actor := c.actor()
		actor.User = u.ID
		return errors.Join(
			&fleet.Error{Kind: fleet.Forbidden, Message: why.Error()},
			a.o.People.Note(actor, "sign in barred", fleet.UserRecord, uint64(u.ID)))
	}
	return nil
}

// confirm asks the caller for its own password again, before something that
// cannot be undone. A wrong one counts like one at the door.
func (a *API) confirm(c *call, username, password, code string) error {
	if c.caller.Who == nil || c.caller.Who.Token.App == "" {
		return &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "person"}
	}
	if wait := a.o.Throttle.Wait(c.caller.Addr, a.o.Now()); wait > 0 {
		return TooMany(c.lang, wait)
	}
	u := c.user
	if by := c.caller.Who.Token.Actor; by != 0 { // who signed in as somebody shows its own password
		who, err := a.o.Records.User(by)
		if err != nil {
			return err
		}
		u = &who
	}
	if name := strings.ToLower(strings.TrimSpace(username)); name != u.Login() && name != strings.ToLower(u.Email) {
		a.o.Throttle.Fail(c.caller.Addr, a.o.Now())
		return errors.Join(&fleet.Error{Kind: fleet.Forbidden, Field: "password", Message: detailPrefix + "wrong-password"},
			a.o.People.Note(c.actor(), "confirmation refused", fleet.UserRecord, uint64(u.ID)))
	}
	if _, err := a.check(c, u, password, code); err != nil {
		if e, ok := errors.AsType[*fleet.Error](err); ok && e.Kind == fleet.Unauthorised {
			field := cmp.Or(e.Field, "password")
			return &fleet.Error{Kind: fleet.Forbidden, Field: field, Message: e.Message} // 401 would end the session
		}
		return err
	}
	return nil
}
