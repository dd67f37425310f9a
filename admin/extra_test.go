package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// person is a person's form; more goes before its end.
func person(login, role, more string) string {
	return fmt.Sprintf(`{"firstName":"Luz","email":"%s@example.com","username":%q,"lang":"pt","timezone":"UTC","role":%q%s}`, login, login, role, more)
}

func TestAdditionalFields(t *testing.T) {
	w, a, staff := settled(t)
	admin := a.tokens[fleet.CustomerAdmin]
	field := func(entity, more string) string {
		return w.ok("POST", "/api/v1/fields", staff, fmt.Sprintf(`{"entity":%q,"label":{"en":"F"}%s}`, entity, more)).field("id")
	}
	tier := field("customer", `,"type":"list","options":["Gold","Silver"]`)
	badge := field("operator", `,"type":"number","required":true`)
	blood := field("user", `,"type":"text"`)
	bought := field("device", `,"type":"date"`)
	customer := fmt.Sprintf(`,"customer":%q`, a.customer)

	t.Run("of clients/S4-17", func(t *testing.T) {
		made := w.ok("POST", "/api/v1/users", admin, person("luz", "customerUser", customer+fmt.Sprintf(`,"extra":{%q:"0+"}`, blood)))
		if made.field("extra."+blood) != "0+" {
			t.Error(made.body)
		}
		kept := w.ok("PUT", "/api/v1/users/"+made.field("id"), admin, person("luz", "customerUser", customer+`,"version":1`))
		if kept.field("extra."+blood) != "0+" {
			t.Error("an update that says nothing of it:", kept.body)
		}
	})
	t.Run("of operators, a set of their own/S4-29", func(t *testing.T) {
		for more, want := range map[string]string{
			"":                                      "extra." + badge,
			fmt.Sprintf(`,"extra":{%q:"x"}`, badge): "extra." + badge,
			fmt.Sprintf(`,"extra":{%q:"1",%q:"0+"}`, badge, blood): "extra",
		} {
			got := w.do("POST", "/api/v1/users", staff, person("ope", "operator", more))
			if got.status != 422 || got.field("errors.0.field") != want {
				t.Errorf("%q: %d %s", more, got.status, got.body)
			}
		}
		made := w.ok("POST", "/api/v1/users", staff, person("ope", "operator", fmt.Sprintf(`,"extra":{%q:"17"}`, badge)))
		if made.field("extra."+badge) != "17" {
			t.Error(made.body)
		}
	})
	t.Run("of customers, for the staff", func(t *testing.T) {
		body := `{"name":"X","code":"X","country":"CO","extra":{"` + tier + `":"%s"}%s}`
		if got := w.do("POST", "/api/v1/customers", staff, fmt.Sprintf(body, "Lead", "")); got.status != 422 {
			t.Error(got.status, got.body)
		}
		id := w.ok("POST", "/api/v1/customers", staff, fmt.Sprintf(body, "Gold", "")).field("id")
		if got := w.ok("GET", "/api/v1/customers/"+id, staff, ""); got.field("extra."+tier) != "Gold" {
			t.Error(got.body)
		}
		w.alter(a.customer, func(c *fleet.Customer) { c.Extra = fleet.Extra{tier: "Silver"} })
		if got := w.ok("GET", "/api/v1/customers/"+a.customer.String(), admin, ""); strings.Contains(got.body, "Silver") {
			t.Error("the customer reads what the staff notes:", got.body)
		}
		w.ok("DELETE", "/api/v1/fields/"+tier, staff, "")
		if got := w.ok("GET", "/api/v1/customers/"+id, staff, ""); got.field("extra") != "<nil>" {
			t.Error("of a removed field:", got.body)
		}
	})
	t.Run("of devices; customers read them only", func(t *testing.T) {
		path := "/api/v1/devices/" + a.device.String()
		body := `{"customer":%q,"name":"Truck","uniqueId":"CanaryA1","version":%d,"extra":{%q:%q}}`
		if got := w.ok("PUT", path, staff, fmt.Sprintf(body, a.customer, 1, bought, "2026-01-31")); got.field("extra."+bought) != "2026-01-31" {
			t.Error(got.body)
		}
		if got := w.do("PUT", path, admin, fmt.Sprintf(body, a.customer, 2, bought, "2026-02-01")); got.status != 422 || got.field("errors.0.field") != "extra" {
			t.Error(got.status, got.body)
		}
	})
}

func TestLocationsFillAddresses(t *testing.T) {
	w, a, staff := settled(t)
	office := w.ok("POST", "/api/v1/locations", staff, `{"name":"Office","country":"CO","state":"Cundinamarca","city":"Bogotá","address":"Carrera 7","zip":"110311","lat":4.61,"lon":-74.08}`).field("id")
	made := w.ok("POST", "/api/v1/users", staff, person("ope", "operator", ""))
	path := "/api/v1/users/" + made.field("id")
	if made.field("city") != "<nil>" {
		t.Error("with no location:", made.body)
	}
	t.Run("a location fills the address of a person/S4-13/S4-14", func(t *testing.T) {
		w.ok("PUT", path, staff, person("ope", "operator", fmt.Sprintf(`,"version":1,"location":%q`, office)))
		got := w.ok("GET", path, staff, "")
		for field, want := range map[string]string{"location": office, "city": "Bogotá", "address": "Carrera 7", "lat": "4.61"} {
			if got.field(field) != want {
				t.Errorf("%s is %q, want %q", field, got.field(field), want)
			}
		}
	})
	t.Run("which can be adjusted/S4-15/S4-16/S4-20", func(t *testing.T) {
		w.ok("PUT", path, staff, person("ope", "operator", fmt.Sprintf(`,"version":2,"location":%q,"city":"Bogotá","address":"Carrera 8","lat":4.7,"lon":-74.1`, office)))
		if got := w.ok("GET", path, staff, ""); got.field("address") != "Carrera 8" || got.field("zip") != "<nil>" || got.field("lon") != "-74.1" {
			t.Error(got.body)
		}
		if got := w.do("PUT", path, staff, person("ope", "operator", `,"version":3,"lat":4.7`)); got.status != 422 || got.field("errors.0.field") != "lat" {
			t.Error("half a place:", got.status, got.body)
		}
	})
	t.Run("of a customer too", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/customers", staff, fmt.Sprintf(`{"name":"L","code":"L","location":%q}`, office))
		if got.field("city") != "Bogotá" || got.field("country") != "CO" || got.field("timezone") != "America/Bogota" || got.field("lat") != "4.61" {
			t.Error(got.body)
		}
	})
	t.Run("it stays while it is named", func(t *testing.T) {
		got := w.do("DELETE", "/api/v1/locations/"+office, staff, "", "Accept-Language", "es")
		if got.status != http.StatusConflict || !strings.Contains(got.field("detail"), "necesitan: L") {
			t.Error(got.status, got.body)
		}
	})
	t.Run("another company's is none", func(t *testing.T) {
		b := w.settle("B")
		got := w.do("PUT", path, staff, person("ope", "operator", fmt.Sprintf(`,"version":3,"location":%q`, b.plain["/locations"])))
		if got.status != 422 || got.field("errors.0.field") != "location" {
			t.Error(got.status, got.body)
		}
	})
	_ = a
}

func TestViews(t *testing.T) {
	w, a, staff := settled(t)
	admin, user := a.tokens[fleet.CustomerAdmin], a.tokens[fleet.CustomerUser]
	body := func(name, more string) string {
		return fmt.Sprintf(`{"name":%q,"extent":[-74.3,4.4,-73.9,4.9],"layers":["devices","geofences"],"list":"cards","filter":{"state":"connected"}%s}`, name, more)
	}
	home := w.ok("POST", "/api/v1/views", staff, body("Home", fmt.Sprintf(`,"customers":[%q]`, a.customer))).field("id")
	other := w.ok("POST", "/api/v1/views", staff, body("Other", fmt.Sprintf(`,"customers":[%q]`, a.inner))).field("id")
	t.Run("they are made, changed and assigned/S1-30", func(t *testing.T) {
		got := w.ok("PUT", "/api/v1/views/"+home, staff, body("Home view", fmt.Sprintf(`,"version":1,"customers":[%q]`, a.customer)))
		if got.field("name") != "Home view" || got.field("filter.state") != "connected" || got.field("extent.0") != "-74.3" {
			t.Error(got.body)
		}
		for _, bad := range []string{`"extent":[-74,91,-73,92]`, `"layers":["moon"]`, `"list":"heap"`} {
			if got := w.do("POST", "/api/v1/views", staff, `{"name":"bad",`+bad+`}`); got.status != 422 {
				t.Error(bad, got.status, got.body)
			}
		}
	})
	t.Run("a list of customers is kept too", func(t *testing.T) {
		const list = `{"name":"Cold chain","screen":"customers","filter":{"tag":"cold","search":"cargo"},"sort":"-devices","columns":["name","devices"]}`
		if got := w.ok("POST", "/api/v1/views", staff, list); got.field("filter.tag") != "cold" || got.field("sort") != "-devices" || got.field("columns.1") != "devices" {
			t.Error(got.body)
		}
	})
	t.Run("the home of a customer's users/S1-21/S1-30", func(t *testing.T) {
		form := fmt.Sprintf(`{"name":"CanaryA customer","code":"CanaryA","lang":"es","timezone":"America/Bogota","reseller":true,"version":1,"landingView":%q}`, home)
		if got := w.ok("PUT", "/api/v1/customers/"+a.customer.String(), staff, form); got.field("landingView") != home {
			t.Error(got.body)
		}
		if got := w.ok("GET", "/api/v1/me", user, ""); got.field("home.id") != home || got.field("home.customers") != "<nil>" {
			t.Error(got.body)
		}
		if got := w.do("DELETE", "/api/v1/views/"+home, staff, ""); got.status != http.StatusConflict {
			t.Error("deleted while it is a home:", got.status, got.body)
		}
	})
	t.Run("people see their own and what is assigned to them", func(t *testing.T) {
		for _, token := range []string{admin, user} {
			list := w.ok("GET", "/api/v1/views", token, "")
			if !strings.Contains(list.body, home) || strings.Contains(list.body, other) {
				t.Error(list.body)
			}
			if got := w.do("GET", "/api/v1/views/"+other, token, ""); got.status != http.StatusNotFound {
				t.Error(got.status, got.body)
			}
		}
	})
}

func TestCompaniesAreMadeAndRemoved(t *testing.T) {
	w, a, staff := settled(t)
	platform := a.tokens[fleet.PlatformAdmin]
	id := w.ok("POST", "/api/v1/companies", platform, `{"name":"Guardia","lang":"es","timezone":"America/Bogota","customerKinds":["school"]}`).field("id")
	chief := w.ok("POST", "/api/v1/users", platform, person("chief", "companyAdmin", fmt.Sprintf(`,"company":%q`, id))).field("id")
	t.Run("an administrator of the organisation/S0-11", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/users/"+chief, platform, ""); got.field("company") != id {
			t.Error(got.body)
		}
	})
	t.Run("not while there are customers or devices", func(t *testing.T) {
		got := w.do("DELETE", "/api/v1/companies/"+a.company.String(), platform, "", "Accept-Language", "es")
		if got.status != http.StatusConflict || !strings.Contains(got.field("detail"), "clientes") {
			t.Error(got.status, got.body)
		}
		d := w.ok("POST", "/api/v1/devices", platform, fmt.Sprintf(`{"company":%q,"name":"Stock","uniqueId":"stock1"}`, id)).field("id")
		if got := w.do("DELETE", "/api/v1/companies/"+id, platform, ""); got.status != http.StatusConflict || !strings.Contains(got.body, "devices") {
			t.Error(got.status, got.body)
		}
		w.ok("DELETE", "/api/v1/devices/"+d, platform, "")
	})
	t.Run("others may not", func(t *testing.T) {
		for method, path := range map[string]string{"POST": "/api/v1/companies", "DELETE": "/api/v1/companies/" + a.company.String()} {
			if got := w.do(method, path, staff, `{"name":"Z","lang":"en","timezone":"UTC"}`); got.status != http.StatusForbidden {
				t.Error(method, got.status)
			}
		}
	})
	t.Run("its staff goes with it", func(t *testing.T) {
		w.ok("POST", "/api/v1/views", platform, fmt.Sprintf(`{"owner":%q,"name":"V"}`, id))
		w.ok("DELETE", "/api/v1/companies/"+id, platform, "")
		for _, path := range []string{"/companies/" + id, "/users/" + chief} {
			if got := w.do("GET", "/api/v1"+path, platform, ""); got.status != http.StatusNotFound {
				t.Error(path, got.status, got.body)
			}
		}
	})
}

func TestLabelsNarrowLists(t *testing.T) {
	w, a, staff := settled(t)
	tag := w.ok("POST", "/api/v1/labels", staff, fmt.Sprintf(`{"name":"Gold","sort":"tag","of":"customer","customers":[%q]}`, a.inner)).field("id")
	crew := w.ok("POST", "/api/v1/labels", staff, fmt.Sprintf(`{"name":"Night","sort":"group","of":"operator","users":[%q]}`, a.users[fleet.Operator])).field("id")
	t.Run("customers by tag/S2-108", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/customers?label="+tag, staff, "")
		if list.field("items.0.id") != a.inner.String() || list.field("items.1") != "" || list.field("items.0.groups.0.name") != "Gold" {
			t.Error(list.body)
		}
	})
	t.Run("people by group/S4-22/S4-31", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/users?label="+crew, staff, "")
		if list.field("items.0.id") != a.users[fleet.Operator].String() || list.field("items.1") != "" || list.field("items.0.groups.0.name") != "Night" {
			t.Error(list.body)
		}
	})
	t.Run("one that is not seen selects nothing", func(t *testing.T) {
		b := w.settle("B")
		if list := w.ok("GET", "/api/v1/users?label="+b.plain["/labels"], staff, ""); list.field("items.0") != "" {
			t.Error(list.body)
		}
	})
}
