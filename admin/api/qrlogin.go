package api

import (
	"cmp"
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// qrSessionLife is how long an app stays signed in by a QR code.
const qrSessionLife = 7 * fleet.Day

// qrScopes is what such a session may do, and nothing that is its user's own.
var qrScopes = []string{
	"device.read", "position.read", "event.read", "stream.read", "alarm.read", "fence.read", "marker.read", "me.read", "session.delete",
}

type qrInput struct {
	Device fleet.DeviceID `json:"device" doc:"Of a customer"`
	Mode   string         `json:"mode" enum:"guard,sos" example:"guard"`
}

type qrMade struct {
	ID      fleet.RecordID `json:"id"`
	URL     string         `json:"url" doc:"The text of the QR code; shown this once" example:"https://vigia.example.com/qr#pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	Expires fleet.Time     `json:"expires" doc:"After two minutes"`
}

type qrDevice struct {
	ID       fleet.DeviceID `json:"id"`
	Name     string         `json:"name" example:"Truck 12"`
	UniqueID string         `json:"uniqueId" example:"990000862471854"`
	Plate    string         `json:"plate,omitempty"`
}

type qrExchange struct {
	Token string    `json:"token" maxLength:"100" doc:"What stands behind the # of the code" example:"pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"`
	App   fleet.App `json:"app,omitempty" enum:"web,ios,android" doc:"What is signed in; absent: web"`
}

// qrLogins adds QR sign-in.
func (a *API) qrLogins() {
	crud(a, resource[fleet.QRLogin]{
		one: "QRLogin", many: "QRLogins", path: "/qr-logins", object: auth.QRLogin, book: a.o.Books.QRLogins, readOnly: true,
		a: "a QR sign-in", doc: "QR codes that were made, and whether they were used.",
	})
	op := operation{tag: "QRLogins", object: auth.QRLogin, action: auth.Read, method: http.MethodGet}
	op.id, op.path, op.summary = "listQRDevices", "/customers/{id}/qr-devices", "List the devices of a customer that an app can enter as"
	register(a, op, func(c *call, in *struct {
		ByID
		After string `query:"after" maxLength:"512" doc:"The next of the page before"`
		Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100"`
	}) (*one[page[qrDevice]], error) {
		n, err := fleet.ParseID[recordKey](in.ID)
		if err != nil || n == 0 {
			return nil, errNotFound()
		}
		cu, err := a.o.Records.Customer(fleet.CustomerID(n))
		if err == nil && !c.scope.SeesOwner(cu.Company, fleet.Owner(cu.ID)) {
			err = errNotFound()
		}
		if err != nil {
			return nil, err
		}
		p, err := a.o.Records.Devices(fleet.Query{Scope: c.scope, Owner: fleet.Owner(cu.ID), After: in.After, Limit: in.Limit})
		if err != nil {
			return nil, err
		}
		out := page[qrDevice]{Items: []qrDevice{}, Next: p.Next}
		for i := range p.Items {
			if d := &p.Items[i]; !d.Disabled {
				out.Items = append(out.Items, qrDevice{d.ID, d.Name, d.UniqueID, d.Plate})
			}
		}
		return &one[page[qrDevice]]{out}, nil
	})

	op.id, op.method, op.path, op.action, op.status = "createQRLogin", http.MethodPost, "/qr-logins", auth.Create, http.StatusCreated
	op.summary = "Make a QR code that signs an app in as a device"
	op.doc = "The page draws the code from the URL. It is good once, for two minutes, for this device alone."
	op.example = qrInput{Device: 9, Mode: "guard"}
	register(a, op, a.createQR)

	op.id, op.path, op.action, op.status = "revokeQRLogin", "/qr-logins/{id}/revoke", auth.Update, 0
	op.summary, op.doc, op.example = "Revoke a QR code, and the session that it opened", "", nil
	register(a, op, a.revokeQR)

	op = operation{
		tag: "Session", object: auth.Session, action: auth.Create, method: http.MethodPost, status: http.StatusCreated,
		id: "signInByQR", path: "/login/qr", summary: "Sign an app in by a QR code",
		doc:     "The session is in the name of the customer's primary user, but reads the one device alone, changes nothing, and ends after a week, or with the code's revocation.",
		example: qrExchange{Token: "pV0v9f3H1yQd0mJr2m7b0eXcQx8o2rWn7n2u1k5tJbE"},
	}
	register(a, op, a.signInByQR)
}

func (a *API) createQR(c *call, in *struct{ Body qrInput }) (*one[qrMade], error) {
	d, err := a.o.Records.Device(in.Body.Device)
	if err != nil {
		return nil, foreign("device", err)
	}
	if !c.scope.SeesDevice(d.ID, d.Company, d.Owner()) || d.Customer == 0 || d.Disabled {
		return nil, errForeign("device")
	}
	u, err := a.qrUser(d.Customer)
	if err != nil {
		return nil, err
	}
	secret := auth.NewSecret()
	q, err := a.o.Books.QRLogins.Put(c.actor(), fleet.QRLogin{
		Head: fleet.Head{Company: d.Company, Owner: d.Owner()}, Device: d.ID, Mode: in.Body.Mode,
		TokenHash: auth.Hash(secret), Expires: a.o.Now() + fleet.QRLife, User: u, By: c.user.ID,
	})
	url := strings.TrimSuffix(a.o.PublicURL, "/") + "/qr#" + secret
	return &one[qrMade]{qrMade{ID: q.ID, URL: url, Expires: q.Expires}}, err
}

// qrUser is in whose name apps sign in: the customer's primary user, else an
// administrator of it.
func (a *API) qrUser(customer fleet.CustomerID) (fleet.UserID, error) {
	found := fleet.UserID(0)
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Owner: fleet.Owner(customer), Limit: 1000}
	for {
		p, err := a.o.Records.Users(q)
		if err != nil {
			return 0, err
		}
		for i := range p.Items {
			switch u := &p.Items[i]; {
			case u.Disabled || u.Customer != customer:
			case u.Primary:
				return u.ID, nil
			case u.Role == fleet.CustomerAdmin && found == 0:
				found = u.ID
			}
		}
		if q.After = p.Next; q.After == "" {
			break
		}
	}
	if found == 0 {
		return 0, &fleet.Error{Kind: fleet.Conflict, Message: detailPrefix + "qr-user"}
	}
	return found, nil
}

func (a *API) revokeQR(c *call, in *ByID) (*one[fleet.QRLogin], error) {
	n, err := fleet.ParseID[recordKey](in.ID)
	if err != nil || n == 0 {
		return nil, errNotFound()
	}
	q, err := a.o.Books.QRLogins.Get(fleet.RecordID(n))
	if err == nil && !c.scope.SeesOwner(q.Company, q.Owner) {
		err = errNotFound()
	}
	if err != nil {
		return nil, err
	}
	q, err = a.o.Books.QRLogins.Amend(c.actor(), q.ID, func(q *fleet.QRLogin) error {
		q.Revoked = cmp.Or(q.Revoked, a.o.Now())
		return nil
	})
	if err == nil && q.Session != 0 {
		if err = a.o.People.RevokeToken(c.actor(), q.Session); fleet.KindOf(err) == fleet.NotFound {
			err = nil // signed out long ago
		}
	}
	return &one[fleet.QRLogin]{q}, err
}

func errQR() error {
	return &fleet.Error{Kind: fleet.Unauthorised, Message: detailPrefix + "qr"}
}

func (a *API) signInByQR(c *call, in *struct{ Body qrExchange }) (*signedIn, error) {
	now, app := a.o.Now(), cmp.Or(in.Body.App, fleet.Web)
	if wait := a.o.Throttle.Wait(c.caller.Addr, now); wait > 0 {
		return nil, TooMany(c.lang, wait)
	}
	hash := auth.Hash(in.Body.Token)
	q, err := a.o.Books.QRLogins.Named(0, fleet.QRToken(hash))
	if err != nil && fleet.KindOf(err) != fleet.NotFound {
		return nil, err
	}
	if err != nil || q.Used != 0 || q.Revoked != 0 || q.Expires <= now {
		a.o.Throttle.Fail(c.caller.Addr, now)
		return nil, errQR()
	}
	defer a.turns.Take(fleet.UserID(q.ID))() // a revocation finds the session
	u, err := a.o.Records.User(q.User)
	if err != nil {
		return nil, err
	}
	if err := a.letIn(c, &u, app); err != nil {
		return nil, err
	}
	actor := c.actor()
	actor.User = u.ID
	if _, err := a.o.Books.QRLogins.Amend(actor, q.ID, func(q *fleet.QRLogin) error {
		if q.Used != 0 || q.Revoked != 0 {
			return errQR()
		}
		q.Used = now
		return nil
	}); err != nil {
		return nil, err
	}
	out, err := a.open(c, u, fleet.Token{App: app, Scopes: qrScopes, Device: q.Device, Mode: q.Mode, Expires: now + qrSessionLife})
	if err != nil {
		return nil, err
	}
	t, err := a.o.People.TokenByHash(auth.Hash(out.Body.Token))
	if err != nil {
		return nil, err
	}
	revoked := false
	_, err = a.o.Books.QRLogins.Amend(actor, q.ID, func(q *fleet.QRLogin) error {
		q.Session, revoked = t.ID, q.Revoked != 0
		return nil
	})
	if err == nil && revoked {
		err = cmp.Or(a.o.People.RevokeToken(actor, t.ID), errQR())
	}
	if err != nil {
		return nil, err
	}
	out.Body.User.Role, out.Body.User.Devices = fleet.CustomerUser, []fleet.DeviceID{q.Device}
	return out, nil
}
