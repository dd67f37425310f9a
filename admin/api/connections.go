package api

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Connections runs the customers' own brokers. It follows what the book of
// connections it comes with is told.
type Connections interface {
	// Status is how a connection stands; texts are keys or English. False: it
	// does not run.
	Status(id fleet.RecordID) (fleet.ConnectionStatus, bool)
	// Resync has a connection that runs begin anew.
	Resync(id fleet.RecordID)
}

// ConnectionContext binds a connection's sealed password to its company.
func ConnectionContext(company fleet.CompanyID) string {
	return "vigia connection of company " + company.String()
}

// connections adds the customers' own brokers and their templates.
func (a *API) connections() {
	crud(a, resource[fleet.ConnectionTemplate]{
		one: "ConnectionTemplate", many: "ConnectionTemplates", path: "/connection-templates", object: auth.Template,
		book: a.o.Books.ConnectionTemplates, companyOnly: true,
		a: "a connection template", doc: "What new connections take over where they say nothing themselves.",
		example: fleet.ConnectionTemplate{Name: "Our usual broker", Default: true, Broker: fleet.Broker{
			URL: "ssl://broker.example.com:8883", Topics: []string{"fleet/+/+/position"}, Format: "vigiajson", DeviceLevel: 3, SubLevel: 2,
		}},
	})
	crud(a, resource[fleet.Connection]{
		one: "Connection", many: "Connections", path: "/connections", object: auth.Connection, book: a.o.Books.Connections,
		a: "a connection",
		doc: "Customers' own MQTT brokers, whose devices are found and watched. A connection goes from disabled over connecting, discovering and synchronising to monitoring; " +
			"in error it goes on trying. Deleting it leaves its devices, with sourceRemoved.",
		example: fleet.Connection{
			Head: fleet.Head{Owner: 7}, Name: "Fleet broker", Enabled: true, AutoProvision: true,
			Broker: fleet.Broker{URL: "ssl://broker.example.com:8883", User: "vigia", Topics: []string{"fleet/+/+/position"}, DeviceLevel: 3, SubLevel: 2},
		},
		lay: layConnection, show: showConnection,
	})

	op := operation{
		tag: "Connections", object: auth.Connection, action: auth.Update, method: http.MethodPost,
		id: "syncConnection", path: "/connections/{id}/sync", summary: "Discover and synchronise again",
		doc: "It connects anew, so that the broker sends what it retains. 409 while the connection is disabled.",
	}
	register(a, op, func(c *call, in *ByID) (*one[fleet.Connection], error) {
		n, err := fleet.ParseID[recordKey](in.ID)
		if err != nil || n == 0 {
			return nil, errNotFound()
		}
		v, err := a.o.Books.Connections.Get(fleet.RecordID(n))
		if err == nil && !c.scope.SeesOwner(v.Company, v.Owner) {
			err = errNotFound()
		}
		if err != nil {
			return nil, err
		}
		if !v.Enabled || a.o.Connections == nil {
			return nil, &fleet.Error{Kind: fleet.Conflict, Message: detailPrefix + "connection-disabled"}
		}
		if err := a.o.People.Note(c.actor(), "synchronise", fleet.ConnectionRecord, uint64(v.ID)); err != nil {
			return nil, err
		}
		a.o.Connections.Resync(v.ID)
		showConnection(c, &v)
		return &one[fleet.Connection]{v}, nil
	})
}

// layConnection completes a new connection from its template, and keeps what
// is not the caller's to write.
func layConnection(c *call, old, v *fleet.Connection) error {
	if uint64(v.Owner) == uint64(v.Company) {
		return fleet.FieldError("owner", "is required")
	}
	password := v.Password
	v.Password, v.OwnerName, v.PasswordSet, v.Status = nil, "", false, nil
	v.Sealed, v.Synced, v.SubAccounts = "", 0, nil
	if old == nil {
		if err := c.fromTemplate(v); err != nil {
			return err
		}
	} else {
		if v.AutoProvision != old.AutoProvision {
			return fleet.FieldError("autoProvision", "is chosen on creation and cannot be changed")
		}
		v.Synced, v.SubAccounts = old.Synced, old.SubAccounts
		if v.ClientID == "" {
			v.ClientID = old.ClientID
		}
		if v.URL == old.URL && v.User == old.User {
			v.Sealed = old.Sealed
		}
	}
	v.Complete()
	if v.ClientID == "" {
		random := make([]byte, 8)
		_, _ = rand.Read(random) // never fails
		v.ClientID = "vigia-" + hex.EncodeToString(random)
	}
	if password == nil {
		return nil
	}
	v.Sealed = ""
	if *password != "" {
		if c.api.o.Secrets == nil {
			return fleet.FieldError("password", "cannot be kept here")
		}
		v.Sealed = c.api.o.Secrets.Seal(ConnectionContext(v.Company), *password)
	}
	return nil
}

func (c *call) fromTemplate(v *fleet.Connection) error {
	var t fleet.ConnectionTemplate
	var err error
	if v.Template != 0 {
		t, err = c.api.o.Books.ConnectionTemplates.Get(v.Template)
		if err == nil && t.Company != v.Company {
			err = errNotFound()
		}
		if err != nil {
			return foreign("template", err)
		}
	} else if t, err = c.api.o.Books.ConnectionTemplates.Named(v.Company, fleet.DefaultTemplate()); fleet.KindOf(err) == fleet.NotFound {
		return nil
	} else if err != nil {
		return err
	}
	v.Template = t.ID
	v.Fill(&t.Broker)
	return nil
}

// showConnection adds how a connection stands.
func showConnection(c *call, v *fleet.Connection) {
	v.PasswordSet = v.Sealed != ""
	if cu, err := c.api.o.Records.Customer(fleet.CustomerID(v.Owner)); err == nil {
		v.OwnerName = cu.Name
	}
	for i := range v.SubAccounts {
		s := &v.SubAccounts[i]
		s.Pending = c.api.pending(s.Customer)
	}
	st, running := fleet.ConnectionStatus{State: fleet.ConnectionConnecting}, false
	if c.api.o.Connections != nil {
		if now, ok := c.api.o.Connections.Status(v.ID); ok {
			st, running = now, true
		}
	}
	if !v.Enabled {
		st.State = fleet.ConnectionDisabled
		if running {
			st.LastError, st.ErrorDetail = "", ""
		}
	}
	if st.LastError != "" {
		st.LastError = say(c.lang, st.LastError)
	}
	for i := range st.Refusals {
		st.Refusals[i].Reason = say(c.lang, st.Refusals[i].Reason)
	}
	if st.Sample != nil && st.Sample.Error != "" {
		s := *st.Sample
		s.Error = say(c.lang, strings.TrimSpace(s.Error))
		st.Sample = &s
	}
	v.Status = &st
}

// pending reports whether a customer has no administrator who could sign in.
func (a *API) pending(customer fleet.CustomerID) bool {
	q := fleet.Query{Scope: fleet.Scope{Installation: true}, Owner: fleet.Owner(customer), Limit: 200}
	p, err := a.o.Records.Users(q)
	if err != nil {
		return false
	}
	for i := range p.Items {
		if u := &p.Items[i]; u.Customer == customer && u.Role == fleet.CustomerAdmin && !u.Disabled {
			return false
		}
	}
	return true
}
