package api

import (
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Secrets keeps what must be read again, sealed for a context.
type Secrets interface {
	Seal(context, secret string) string
	Open(context, sealed string) (string, error)
}

// shareContext binds a link's sealed secret to its company.
func shareContext(company fleet.CompanyID) string {
	return "vigia share link of company " + company.String()
}

// shareLinks adds what people do with share links; shared.go has what guests do.
func (a *API) shareLinks() {
	r := resource[fleet.ShareLink]{
		one: "ShareLink", many: "ShareLinks", path: "/share-links", object: auth.ShareLink, book: a.o.Books.ShareLinks,
		a:   "a share link",
		doc: "Temporary links with which anybody sees some devices, without a sign-in. The answer to their creation, and every list, has the URL to pass on. Change from and expires to give a link another time; a revoked one stays revoked.",
		example: fleet.ShareLink{
			Name: "Delivery of Friday", Devices: []fleet.DeviceID{9}, From: 1893484800000, Expires: 1893492000000,
			Live: true, Trail: 30, Names: true, MaxViews: 100,
		},
		lay: layShareLink, show: showShareLink,
	}
	crud(a, r)

	op := operation{
		tag: "ShareLinks", object: auth.ShareLink, action: auth.Update, method: http.MethodPost,
		id: "revokeShareLink", path: "/share-links/{id}/revoke", summary: "End a share link now",
		doc: "Whoever looks through it is shut out within a second. It does not come back.",
	}
	register(a, op, func(c *call, in *ByID) (*one[fleet.ShareLink], error) {
		n, err := fleet.ParseID[recordKey](in.ID)
		if err != nil || n == 0 {
			return nil, errNotFound()
		}
		l, err := a.o.Books.ShareLinks.Get(fleet.RecordID(n))
		if err == nil && !c.scope.SeesOwner(l.Company, l.Owner) {
			err = errNotFound()
		}
		if err != nil {
			return nil, err
		}
		l, err = a.o.Books.ShareLinks.Amend(c.actor(), l.ID, func(l *fleet.ShareLink) error {
			if l.Revoked == 0 {
				l.Revoked = a.o.Now()
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		showShareLink(c, &l)
		return &one[fleet.ShareLink]{l}, nil
	})

	a.shared()
}

// layShareLink keeps what is not the caller's to write, and makes the secret of
// a new link.
func layShareLink(c *call, old, v *fleet.ShareLink) (err error) {
	now := c.api.o.Now()
	if v.From == 0 {
		if v.From = now; old != nil {
			v.From = old.From
		}
	}
	if v.EndFence == 0 {
		v.EndOn = ""
	}
	if v.Devices, err = c.checkDevices("devices", v.Company, v.Owner, v.Devices); err != nil {
		return err
	}
	if v.EndFence != 0 {
		if _, err := c.checkFences("endFence", v.Company, []fleet.FenceID{v.EndFence}); err != nil {
			return errForeign("endFence")
		}
	}
	if v.Name == "" && len(v.Devices) > 0 {
		d, err := c.api.o.Records.Device(v.Devices[0])
		if err != nil {
			return err
		}
		v.Name = d.Name
	}
	pin := v.PIN
	v.PIN, v.URL, v.State, v.PINSet, v.DeviceNames = nil, "", "", false, nil
	if old == nil {
		if v.Expires <= now {
			return fleet.FieldError("expires", "is past")
		}
		secret := auth.NewSecret()
		v.TokenHash, v.By, v.Views, v.Viewed, v.Revoked, v.Ended = auth.Hash(secret), c.user.ID, 0, 0, 0, 0
		if v.URL = c.api.shareURL(secret); c.api.o.Secrets != nil {
			v.Sealed = c.api.o.Secrets.Seal(shareContext(v.Company), secret)
		}
	} else {
		if old.Revoked != 0 {
			return &fleet.Error{Kind: fleet.Conflict, Message: detailPrefix + "link-revoked"}
		}
		v.TokenHash, v.Sealed, v.PINHash, v.By = old.TokenHash, old.Sealed, old.PINHash, old.By
		v.Views, v.Viewed, v.Revoked, v.Ended, v.PINFailed, v.PINLocked = old.Views, old.Viewed, 0, old.Ended, old.PINFailed, old.PINLocked
		if v.From > v.Ended { // of the time before
			v.Ended = 0
		}
	}
	if pin != nil {
		v.PINHash, v.PINFailed, v.PINLocked = "", 0, 0
		if *pin != "" {
			v.PINHash, err = auth.HashPassword(c, *pin)
		}
	}
	return err
}

// showShareLink adds what is known of a link beside its record.
func showShareLink(c *call, l *fleet.ShareLink) {
	if c.api.o.Secrets != nil && l.URL == "" {
		if secret, err := c.api.o.Secrets.Open(shareContext(l.Company), l.Sealed); err == nil {
			l.URL = c.api.shareURL(secret)
		}
	}
	now := c.api.o.Now()
	if at, err := c.api.arrival(l, now); err == nil && at != 0 {
		l.Ended = at
	}
	l.State, l.PINSet = l.StateAt(now), l.PINHash != ""
	for _, id := range l.Devices {
		d, err := c.api.o.Records.Device(id)
		if err != nil {
			d.Name = ""
		}
		l.DeviceNames = append(l.DeviceNames, d.Name)
	}
}

func (a *API) shareURL(secret string) string {
	return strings.TrimSuffix(a.o.PublicURL, "/") + "/s/" + secret
}
