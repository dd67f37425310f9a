package main

import (
	"cmp"
	"strings"
	"time"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// platformLink makes a one-time address for a platform administrator: whoever
// may ask this server over its socket owns the machine, and with it every
// company on it. Nobody is raised to it: the mail address is new, and becomes
// that of a person without a company, who sets a password by the link; or it
// is a platform administrator's already, whom the link signs in.
func (n *node) platformLink(email, name string, valid time.Duration) (string, error) {
	if empty, err := n.admin.Empty(); err != nil || empty {
		if err != nil {
			return "", err
		}
		return "", fleet.Errorf(fleet.Conflict, "nobody has set this installation up yet: open the link that 'vigia setup-link' prints, and choose there that it serves several companies")
	}
	if email == "" {
		return "", fleet.Errorf(fleet.Invalid, "name the platform administrator with --email")
	}
	u, err := n.admin.UserByLogin(strings.ToLower(email))
	switch {
	case isKind(err, fleet.NotFound):
		if u, err = n.putPlatformAdmin(email, name); err != nil {
			return "", err
		}
	case err != nil:
		return "", err
	case u.Role != fleet.PlatformAdmin:
		return "", fleet.Errorf(fleet.Conflict, "%s is a user of the role %s, and stays it; name another mail address", email, u.Role)
	case u.Disabled:
		return "", fleet.Errorf(fleet.Conflict, "%s is switched off; another platform administrator can switch it on", email)
	}
	cred, err := n.admin.Credential(u.ID)
	if err != nil {
		return "", err
	}
	if cred.Hash != "" {
		secret, err := auth.NewLoginLink(n.admin, u.ID, n.now(), valid)
		return n.url() + "/login?token=" + secret, err
	}
	secret, err := auth.NewActivationLink(n.admin, u.ID, n.now(), valid)
	return n.url() + "/activate?token=" + secret, err
}

// putPlatformAdmin makes a platform administrator who reads and writes times as
// the first company does.
func (n *node) putPlatformAdmin(email, name string) (fleet.User, error) {
	u := fleet.User{Name: cmp.Or(name, email), Email: email, Lang: fleet.English, Timezone: "UTC", Role: fleet.PlatformAdmin}
	page, err := n.admin.Companies(fleet.Query{Scope: fleet.Scope{Installation: true}, Limit: 1})
	if err != nil {
		return u, err
	}
	if len(page.Items) > 0 {
		u.Lang, u.Timezone = page.Items[0].Lang, page.Items[0].Timezone
	}
	return n.admin.PutUser(fleet.Actor{}, u)
}
