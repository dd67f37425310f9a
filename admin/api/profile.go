package api

import (
	"net/http"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// profile adds what people change about themselves. A program's token may not:
// these need a session that a person opened.
func (a *API) profile() {
	op := operation{tag: "Profile", object: auth.Me, action: auth.Update, method: http.MethodPost}

	op.id, op.path, op.summary = "changePassword", "/me/password", "Change your password"
	op.doc = "Your other sessions end; tokens for programs stay. Who has none yet and signed in by a link sets the first one, without a current."
	type passwords struct {
		Current string `json:"current,omitempty" maxLength:"512"`
		New     string `json:"new" maxLength:"512"`
		Code    string `json:"code,omitempty" maxLength:"32" doc:"Of your second factor, if you have one"`
	}
	op.example = passwords{Current: "correct horse battery", New: "a staple is no horse"}
	register(a, op, func(c *call, in *struct{ Body passwords }) (*struct{}, error) {
		cred, err := a.o.People.Credential(c.user.ID)
		if err != nil {
			return nil, err
		}
		if own := c.caller.Who.Token; cred.Hash != "" || own.App == "" || own.Actor != 0 {
			if err := a.confirm(c, c.user.Login(), in.Body.Current, in.Body.Code); err != nil {
				return nil, err
			}
		}
		return nil, a.setPassword(c, c.user, in.Body.New, "change password", c.caller.Who.Token.ID)
	})

	type preferences struct {
		Quiet *quietHours `json:"quiet,omitempty" doc:"When you want no notice, by your own clock; SOS and other critical alarms come all the same, the others at the end. Absent: as it is; no intervals: never quiet"`
	}
	op.id, op.path, op.summary, op.method, op.status = "updatePreferences", "/me/preferences", "Change what you want to be told", http.MethodPut, 0
	op.doc, op.example = "", preferences{Quiet: &quietHours{Weekly: []interval{{Days: []string{"mon", "tue", "wed", "thu", "fri"}, From: "22:00", To: "06:30"}}}}
	register(a, op, func(c *call, in *struct{ Body preferences }) (*one[user], error) {
		u, err := a.o.Records.User(c.user.ID)
		if err == nil && in.Body.Quiet != nil {
			u.Quiet, err = in.Body.Quiet.read()
		}
		if err == nil {
			err = u.Validate()
		}
		if err == nil {
			u, err = a.o.People.PutUser(c.actor(), u)
		}
		if err != nil {
			return nil, err
		}
		return &one[user]{c.showPerson(&u)}, nil
	})
	op.method, op.doc = http.MethodPost, "A new key for an authenticator app (RFC 6238). It counts once a code of it was shown."

	type shared struct {
		Key     string `json:"key" doc:"For typing" example:"JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"`
		Address string `json:"address" doc:"For a QR code: otpauth://…"`
	}
	op.id, op.path, op.summary, op.status = "startSecondFactor", "/me/second-factor", "Begin with a second factor", http.StatusCreated
	op.doc = "A new key for an authenticator app (RFC 6238). It counts once a code of it was shown."
	type proof struct {
		Password string `json:"password" maxLength:"512"`
		Code     string `json:"code,omitempty" maxLength:"32" doc:"Of the second factor that you have, if you replace one"`
	}
	op.example = proof{Password: "correct horse battery"}
	register(a, op, func(c *call, in *struct{ Body proof }) (*one[shared], error) {
		if err := a.confirm(c, c.user.Login(), in.Body.Password, in.Body.Code); err != nil {
			return nil, err
		}
		defer a.turns.Take(c.user.ID)()
		cred, err := a.o.People.Credential(c.user.ID)
		if err != nil {
			return nil, err
		}
		cred.TOTP, cred.TOTPOn, cred.TOTPStep, cred.Recovery = auth.NewTOTP(), false, 0, nil
		if err := a.o.People.PutCredential(c.actor(), "second factor begun", cred); err != nil {
			return nil, err
		}
		return &one[shared]{shared{auth.TOTPText(cred.TOTP), auth.TOTPAddress(cred.TOTP, "Vigia", c.user.Login())}}, nil
	})

	type confirmed struct {
		Recovery []string `json:"recovery" nullable:"false" doc:"One-time codes for when the device is lost; shown this once"`
	}
	type codeOnly struct {
		Code string `json:"code" maxLength:"32" example:"492039"`
	}
	op.id, op.path, op.summary, op.doc = "confirmSecondFactor", "/me/second-factor/confirm", "Switch the second factor on", ""
	op.example = codeOnly{Code: "492039"}
	register(a, op, func(c *call, in *struct{ Body codeOnly }) (*one[confirmed], error) {
		if c.caller.Who.Token.App == "" {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "person"}
		}
		defer a.turns.Take(c.user.ID)()
		cred, err := a.o.People.Credential(c.user.ID)
		if err != nil {
			return nil, err
		}
		step, ok := auth.CheckTOTP(cred.TOTP, in.Body.Code, a.o.Now(), cred.TOTPStep)
		if len(cred.TOTP) == 0 || cred.TOTPOn || !ok {
			a.o.Throttle.Fail(c.caller.Addr, a.o.Now())
			return nil, fleet.FieldError("code", "is not the code of the new key")
		}
		codes, hashes := auth.NewRecovery()
		cred.TOTPOn, cred.TOTPStep, cred.Recovery = true, step, hashes
		return &one[confirmed]{confirmed{codes}}, a.o.People.PutCredential(c.actor(), "second factor on", cred)
	})

	op.id, op.path, op.summary, op.status = "endSecondFactor", "/me/second-factor/end", "Switch the second factor off", 0
	op.example = proof{Password: "correct horse battery", Code: "492039"}
	register(a, op, func(c *call, in *struct{ Body proof }) (*struct{}, error) {
		if err := a.confirm(c, c.user.Login(), in.Body.Password, in.Body.Code); err != nil {
			return nil, err
		}
		return nil, a.dropSecond(c, c.user.ID)
	})

	op.object, op.action, op.example = auth.User, auth.Update, nil
	op.id, op.path, op.summary = "resetSecondFactor", "/users/{id}/second-factor/end", "Switch a person's second factor off"
	op.doc = "For somebody who lost the device and the recovery codes. The person's sessions end."
	register(a, op, func(c *call, in *ByID) (*struct{}, error) {
		u, err := c.person(in.ID)
		if err != nil {
			return nil, err
		}
		if !auth.MayGrant(c.user.Role, u.Role) {
			return nil, &fleet.Error{Kind: fleet.Forbidden, Message: detailPrefix + "role"}
		}
		if err := a.dropSecond(c, u.ID); err != nil {
			return nil, err
		}
		return nil, a.endSessions(c.actor(), u.ID, 0)
	})
}

func (a *API) dropSecond(c *call, user fleet.UserID) error {
	defer a.turns.Take(user)()
	cred, err := a.o.People.Credential(user)
	if err != nil {
		return err
	}
	cred.TOTP, cred.TOTPOn, cred.TOTPStep, cred.Recovery = nil, false, 0, nil
	return a.o.People.PutCredential(c.actor(), "second factor off", cred)
}
