package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin/stream"
	"github.com/vigia-track/vigia/engine/fleet"
)

// alter changes a customer, past the API.
func (w *world) alter(id fleet.CustomerID, change func(*fleet.Customer)) {
	w.t.Helper()
	c, err := w.admin.Customer(id)
	if err != nil {
		w.t.Fatal(err)
	}
	change(&c)
	w.apply(fleet.ChangeSet{Customers: []fleet.Customer{c}})
}

func TestCustomerAccess(t *testing.T) {
	w, a, staff := settled(t)
	login := fmt.Sprintf(`{"username":%q,"password":%q}`, a.email(fleet.CustomerUser), known)
	for _, c := range []struct {
		name, text, reason string
		change             func(*fleet.Customer)
	}{
		{"web status/S2-31", "Access by web is switched off for this customer.", "customer-web-off", func(c *fleet.Customer) { c.NoWeb = true }},
		{"trial ended/S3-25", "The trial has ended. Ask your company.", "trial-ended", func(c *fleet.Customer) { c.TrialEnds = 1 }},
		{"suspended, with the reason", "Service suspended: unpaid since May", "suspended", func(c *fleet.Customer) { c.Suspended, c.Reason = true, "unpaid since May" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			user := w.token(a.users[fleet.CustomerUser])
			open := w.watch(user, everything)
			w.alter(a.customer, c.change)
			if got := w.do("POST", "/api/v1/login", "", login); got.status != http.StatusForbidden || got.field("detail") != c.text {
				t.Errorf("at sign-in: %d %s", got.status, got.body)
			}
			if got := w.do("GET", "/api/v1/devices", user, ""); got.status != http.StatusUnauthorized || got.field("detail") != c.text {
				t.Errorf("in an open session: %d %s", got.status, got.body)
			}
			if code := open.closed(); code != stream.CloseSignedOut {
				t.Errorf("an open stream was closed with %d", code)
			}
			if got := w.ok("GET", "/api/v1/customers/"+a.customer.String(), staff, ""); got.field("access.reason") != c.reason || got.field("access.text") != c.text {
				t.Errorf("in the panel: %s", got.body)
			}
			w.drive(a.spare, 4.3, -74) // ingest goes on
			w.alter(a.customer, func(c *fleet.Customer) { c.Service = fleet.Service{Reseller: true} })
			w.ok("POST", "/api/v1/login", "", login)
		})
	}
	t.Run("the reason comes in the caller's language", func(t *testing.T) {
		w.alter(a.customer, func(c *fleet.Customer) { c.Suspended, c.Reason = true, "mora" })
		if got := w.do("POST", "/api/v1/login", "", login, "Accept-Language", "es"); got.field("detail") != "Servicio suspendido: mora" {
			t.Error(got.body)
		}
	})
}

func TestModules(t *testing.T) {
	w, a, staff := settled(t)
	admin, customer := a.tokens[fleet.CustomerAdmin], "/api/v1/customers/"+a.customer.String()
	base := `{"name":"CanaryA customer","code":"CanaryA","lang":"es","timezone":"America/Bogota","reseller":true,"version":%d,"modules":[%s]}`
	t.Run("ticks are kept/S0-9/S0-10/S0-19", func(t *testing.T) {
		w.ok("PUT", customer, staff, fmt.Sprintf(base, 1, `"map","history","support"`))
		if got := w.ok("GET", customer, staff, ""); got.field("modules") != "[map history support]" {
			t.Error(got.field("modules"))
		}
	})
	t.Run("what is not ticked is gone at once/S0-20", func(t *testing.T) {
		for _, path := range []string{"/fences", "/rules", "/notifications", "/markers"} {
			got := w.do("GET", "/api/v1"+path, admin, "")
			if got.status != http.StatusForbidden || !strings.Contains(got.body, "#module-off") {
				t.Error(path, got.status, got.body)
			}
		}
		w.ok("GET", "/api/v1/fences", staff, "")
		w.ok("GET", "/api/v1/positions", admin, "")
		if me := w.ok("GET", "/api/v1/me", admin, ""); strings.Contains(me.body, `"fence.read"`) || me.field("modules") != "[map history support]" {
			t.Error("the menu:", me.body)
		}
		open := w.watch(admin, everything)
		w.ok("PUT", customer, staff, fmt.Sprintf(base, 2, `"geofences"`))
		if code := open.closed(); code != stream.CloseSignedOut {
			t.Error("an open stream was closed with", code)
		}
	})
	t.Run("a user has no more than its customer/S0-22", func(t *testing.T) {
		made := w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(`{"customer":%q,"firstName":"M","email":"m@example.com","lang":"en","timezone":"UTC","role":"customerAdmin","modules":[]}`, a.customer))
		if made.field("modules") != "[]" {
			t.Error(made.body)
		}
		got := w.do("POST", "/api/v1/users", staff, fmt.Sprintf(`{"customer":%q,"firstName":"M","email":"n@example.com","lang":"en","timezone":"UTC","modules":["map"]}`, a.customer))
		if got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != "modules[0]" {
			t.Error(got.status, got.body)
		}
	})
	t.Run("the tool lists, names, describes and switches/S0-26", func(t *testing.T) {
		path := "/api/v1/companies/" + a.company.String() + "/modules"
		if list := w.do("GET", path, staff, "", "Accept-Language", "fr"); list.field("items.2.name") != "Zones géographiques" {
			t.Error(list.body)
		}
		w.ok("PUT", path+"/geofences", staff, `{"name":"Zones","description":"Ours","on":false}`)
		if list := w.ok("GET", path, staff, ""); list.field("items.2.name") != "Zones" || list.field("items.2.description") != "Ours" || list.field("items.2.on") != "false" {
			t.Error(list.body)
		}
		for _, token := range []string{admin, staff} {
			if got := w.do("GET", "/api/v1/fences", token, ""); got.status != http.StatusForbidden {
				t.Error(got.status, got.body)
			}
		}
		if got := w.do("PUT", path+"/dance", staff, `{"on":true}`); got.status != http.StatusNotFound {
			t.Error(got.status, got.body)
		}
	})
	t.Run("programs need the module of theirs", func(t *testing.T) {
		secret := w.ok("POST", "/api/v1/tokens", admin, `{"description":"p"}`).field("secret")
		if got := w.do("GET", "/api/v1/devices", secret, ""); got.status != http.StatusForbidden || !strings.Contains(got.body, "#module-off") {
			t.Error(got.status, got.body)
		}
	})
}

func TestPlans(t *testing.T) {
	w, a, staff := settled(t)
	plan := func(body string) string { return w.ok("POST", "/api/v1/plans", staff, body).field("id") }
	small := plan(`{"name":"Small","regions":["CO"],"connections":["mqtt"],"modules":["map","geofences"],"limits":{"devices":1,"users":1,"geofences":1,"rules":1,"innerCustomers":1},"trialDays":30,"lockedOnceAssigned":true,"prices":{"currency":"USD","base":1000,"device":250,"sms":5}}`)
	large := plan(`{"name":"Large","modules":["map","history","geofences","alerts"],"limits":{"devices":100}}`)
	body := func(name, more string) string {
		return fmt.Sprintf(`{"name":%q,"code":%q,"country":"CO"%s}`, name, name, more)
	}
	t.Run("where there are plans, one is required/S3-6", func(t *testing.T) {
		if got := w.do("POST", "/api/v1/customers", staff, body("P0", "")); got.status != 422 || got.field("errors.0.field") != "plan" {
			t.Error(got.status, got.body)
		}
	})
	t.Run("the list is filtered by region and connection/S3-13", func(t *testing.T) {
		for query, want := range map[string]string{
			"country=CO&connection=mqtt": "Large Small", "country=VE": "Large", "connection=tcp": "Large", "": "Large Small",
		} {
			list := w.ok("GET", "/api/v1/plans/offered?"+query, staff, "")
			if got := strings.ReplaceAll(list.field("items.0.name")+" "+list.field("items.1.name"), " <nil>", ""); strings.TrimSpace(got) != want {
				t.Errorf("%s offers %q, want %q", query, got, want)
			}
		}
	})
	t.Run("it gives modules, limits and prices/S3-12/S3-14", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/plans/"+small, staff, "")
		if got.field("limits.devices") != "1" || got.field("prices.device") != "250" {
			t.Error(got.body)
		}
	})
	id := w.ok("POST", "/api/v1/customers", staff, body("P1", fmt.Sprintf(`,"plan":%q,"trial":true`, small))).field("id")
	t.Run("a customer sees what its plan has/S3-12", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/customers/"+id, staff, ""); got.field("modules") != "[map geofences]" {
			t.Error(got.body)
		}
		got := w.do("PUT", "/api/v1/customers/"+id, staff, body("P1", fmt.Sprintf(`,"version":1,"plan":%q,"modules":["alerts"]`, small)))
		if got.status != 422 || got.field("errors.0.field") != "modules[0]" {
			t.Error("more than the plan:", got.status, got.body)
		}
	})
	t.Run("a trial has an end, and converts/S3-10/S3-25", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/customers/"+id, staff, "")
		if got.field("trial") != "true" || got.field("trialEnds") == "<nil>" {
			t.Error(got.body)
		}
		none := w.do("POST", "/api/v1/customers", staff, body("P2", fmt.Sprintf(`,"plan":%q,"trial":true`, large)))
		if none.status != 422 || none.field("errors.0.field") != "trial" {
			t.Error(none.status, none.body)
		}
		if got := w.ok("PUT", "/api/v1/customers/"+id, staff, body("P1", fmt.Sprintf(`,"version":1,"plan":%q,"trial":false`, small))); got.field("trial") != "false" {
			t.Error(got.body)
		}
	})
	t.Run("a locked plan stays/S3-15", func(t *testing.T) {
		for _, other := range []string{large, ""} {
			more := `,"version":2`
			if other != "" {
				more += fmt.Sprintf(`,"plan":%q`, other)
			}
			got := w.do("PUT", "/api/v1/customers/"+id, staff, body("P1", more), "Accept-Language", "fr")
			if got.status != http.StatusConflict || got.field("errors.0.message") != "Ce type de produit ne peut plus être modifié une fois attribué" {
				t.Error(got.status, got.body)
			}
		}
		if got := w.do("DELETE", "/api/v1/plans/"+small, staff, ""); got.status != http.StatusConflict || !strings.Contains(got.body, "customers that depend on it: 1") {
			t.Error("deleted while assigned:", got.status, got.body)
		}
	})
	t.Run("its limits hold for all below/S3-12", func(t *testing.T) {
		inner := w.ok("POST", "/api/v1/customers", staff, body("P1a", fmt.Sprintf(`,"parent":%q`, id))).field("id")
		for _, c := range []struct{ path, first, second, want string }{
			{"/customers", "", body("P1b", fmt.Sprintf(`,"parent":%q`, inner)), "allows 1 inner customers"},
			{"/devices", fmt.Sprintf(`{"customer":%q,"name":"d","uniqueId":"lim1"}`, inner), fmt.Sprintf(`{"customer":%q,"name":"d","uniqueId":"lim2"}`, id), "allows 1 devices"},
			{"/users", fmt.Sprintf(`{"customer":%q,"name":"u","email":"u1@example.com","lang":"en","timezone":"UTC"}`, id),
				fmt.Sprintf(`{"customer":%q,"name":"u","email":"u2@example.com","lang":"en","timezone":"UTC"}`, inner), "allows 1 users"},
			{"/fences", fmt.Sprintf(`{"owner":%q,"name":"f1","shape":%s}`, inner, square), fmt.Sprintf(`{"owner":%q,"name":"f2","shape":%s}`, inner, square), "allows 1 geofences"},
		} {
			if c.first != "" {
				w.ok("POST", "/api/v1"+c.path, staff, c.first)
			}
			if got := w.do("POST", "/api/v1"+c.path, staff, c.second); got.status != http.StatusConflict || !strings.Contains(got.body, c.want) {
				t.Errorf("%s: %d %s", c.path, got.status, got.body)
			}
		}
		moved := fmt.Sprintf(`{"customer":%q,"name":"m","uniqueId":"CanaryA2","version":1}`, id)
		if got := w.do("PUT", "/api/v1/devices/"+a.spare.String(), staff, moved); got.status != http.StatusConflict {
			t.Error("a device is moved in:", got.status, got.body)
		}
	})
	t.Run("another company's plan is none", func(t *testing.T) {
		b := w.settle("B")
		got := w.do("POST", "/api/v1/customers", staff, body("P9", fmt.Sprintf(`,"plan":%q`, b.plain["/plans"])))
		if got.status != 422 || got.field("errors.0.field") != "plan" {
			t.Error(got.status, got.body)
		}
	})
}

func TestInternalSystem(t *testing.T) {
	w, a, staff := settled(t)
	edit := func(name, more string) string {
		return fmt.Sprintf(`{"parent":%q,"name":%q,"code":%q,"country":"CO"%s}`, a.customer, name, name, more)
	}
	one := w.ok("POST", "/api/v1/customers", staff, edit("I1", "")).field("id")
	two := w.ok("POST", "/api/v1/customers", staff, edit("I2", "")).field("id")
	t.Run("by editing one that exists/S3-19/S3-21", func(t *testing.T) {
		if got := w.ok("PUT", "/api/v1/customers/"+one, staff, edit("I1", `,"version":1,"internalSystem":true`)); got.field("internalSystem") != "true" {
			t.Error(got.body)
		}
	})
	t.Run("a second one is refused/S3-24", func(t *testing.T) {
		got := w.do("PUT", "/api/v1/customers/"+two, staff, edit("I2", `,"version":1,"internalSystem":true`))
		if got.status != http.StatusConflict || got.field("errors.0.message") != "the reseller has an internal system already" {
			t.Error(got.status, got.body)
		}
	})
}

// TestOnlyResellersAreOfferedCustomers: a page that asks /me shows no button
// that would be refused.
func TestOnlyResellersAreOfferedCustomers(t *testing.T) {
	w, a, staff := settled(t)
	admin, customer := a.tokens[fleet.CustomerAdmin], "/api/v1/customers/"+a.customer.String()
	for version, reseller := range []bool{true, false} {
		w.ok("PUT", customer, staff, fmt.Sprintf(`{"name":"CanaryA customer","code":"CanaryA","lang":"es","timezone":"America/Bogota","reseller":%t,"version":%d}`, reseller, version+1))
		me := w.ok("GET", "/api/v1/me", admin, "")
		for _, may := range []string{`"customer.create"`, `"customer.update"`, `"customer.delete"`} {
			if strings.Contains(me.body, may) != reseller {
				t.Errorf("reseller %t: %s in %s", reseller, may, me.body)
			}
		}
		if !strings.Contains(me.body, `"customer.read"`) {
			t.Errorf("reseller %t: its own record is hidden", reseller)
		}
	}
}
