package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// subUser is a sub-user's form; more goes before its end.
func subUser(tn *tenant, name, more string) string {
	return fmt.Sprintf(`{"customer":%q,"firstName":%q,"lastName":"Rojas","email":"%s@example.com","username":%q,"lang":"fr","timezone":"UTC","role":"customerUser"%s}`,
		tn.customer, name, name, name, more)
}

func TestSubUsers(t *testing.T) {
	w, a, staff := settled(t)
	admin := a.tokens[fleet.CustomerAdmin]
	set := `,"commands":true,"activation":{"method":"password","password":"a staple is no horse"}`
	made := w.ok("POST", "/api/v1/users", admin, subUser(a, "luz", set))
	id := made.field("id")
	path := "/api/v1/users/" + id
	signIn := func() answer {
		return w.do("POST", "/api/v1/login", "", `{"username":"luz","password":"a staple is no horse"}`)
	}
	for _, c := range []struct{ ids, field, want string }{
		{"S2-58", "firstName", "luz"}, {"S2-59", "lastName", "Rojas"}, {"S2-60", "email", "luz@example.com"}, {"S2-61", "lang", "fr"},
		{"S2-63", "username", "luz"}, {"S2-65", "commands", "true"}, {"S2-69 none is assigned yet", "devices", "[]"},
	} {
		t.Run(c.ids+" "+c.field, func(t *testing.T) {
			if got := w.ok("GET", path, admin, "").field(c.field); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("without assigned devices it sees none/S2-68/S2-55", func(t *testing.T) {
		in := signIn()
		if in.status != http.StatusCreated {
			t.Fatal(in.status, in.body)
		}
		if got := w.ok("GET", "/api/v1/devices", in.field("token"), ""); got.field("items.0") != "" {
			t.Error(got.body)
		}
	})
	t.Run("assigned, it sees those and only those/S2-70/S2-71/S2-72", func(t *testing.T) {
		got := w.ok("PUT", path, admin, subUser(a, "luz", fmt.Sprintf(`,"version":1,"devices":[%q]`, a.spare)))
		if got.field("devices.0") != a.spare.String() || got.field("devices.1") != "" {
			t.Error(got.body)
		}
		list := w.ok("GET", "/api/v1/devices", signIn().field("token"), "")
		if list.field("items.0.id") != a.spare.String() || list.field("items.1") != "" {
			t.Error(list.body)
		}
	})
	t.Run("it reads the tabs and its device, and changes nothing/S2-73/S2-74", func(t *testing.T) {
		token := signIn().field("token")
		for _, ok := range []string{"/customers/" + a.customer.String(), "/devices/" + a.spare.String(), "/fences", "/markers", "/notifications"} {
			w.ok("GET", "/api/v1"+ok, token, "")
		}
		for _, write := range []string{"PUT /devices/" + a.spare.String(), "DELETE /devices/" + a.spare.String(), "POST /devices", "POST /fences"} {
			method, at, _ := strings.Cut(write, " ")
			if got := w.do(method, "/api/v1"+at, token, ""); got.status != http.StatusForbidden {
				t.Error(write, got.status, got.body)
			}
		}
	})
	t.Run("the status switch ends it/S2-62", func(t *testing.T) {
		token := signIn().field("token")
		w.ok("PUT", path, admin, subUser(a, "luz", `,"version":2,"disabled":true`))
		if got := w.do("GET", "/api/v1/me", token, ""); got.status != http.StatusUnauthorized {
			t.Error("an open session goes on:", got.status)
		}
		if got := signIn(); got.status != http.StatusForbidden {
			t.Error("it signs in:", got.status, got.body)
		}
	})
	t.Run("the customer's users are one list/S0-21/S1-12/S2-54", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/users?owner="+a.customer.String(), staff, "")
		if !strings.Contains(list.body, id) || strings.Contains(list.body, a.email(fleet.Operator)) {
			t.Error(list.body)
		}
	})
	t.Run("administrators of the scope may, others may not/S1-13/S1-28/S3-27", func(t *testing.T) {
		for _, role := range []fleet.Role{fleet.Operator, fleet.CustomerUser} {
			if got := w.do("POST", "/api/v1/users", a.tokens[role], subUser(a, "no", "")); got.status != http.StatusForbidden {
				t.Error(role, got.status, got.body)
			}
			if got := w.do("DELETE", path, a.tokens[role], ""); got.status != http.StatusForbidden {
				t.Error(role, got.status, got.body)
			}
		}
	})
	t.Run("they are deleted after a simple confirmation/S2-56/S1-26", func(t *testing.T) {
		w.ok("DELETE", path, admin, "")
		if got := w.do("GET", path, admin, ""); got.status != http.StatusNotFound {
			t.Error(got.status, got.body)
		}
	})
	t.Run("staff: an administrator of the organisation/S0-11", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/users", staff, `{"firstName":"Eva","email":"eva@example.com","lang":"es","timezone":"UTC","role":"companyAdmin"}`)
		if got.field("role") != "companyAdmin" || got.field("customer") != "<nil>" {
			t.Error(got.body)
		}
	})
	t.Run("the platform says which company a customer belongs to/S2-5", func(t *testing.T) {
		body := fmt.Sprintf(`{"company":%q,"name":"Chosen","code":"CH","country":"CO"}`, a.company)
		if got := w.ok("POST", "/api/v1/customers", a.tokens[fleet.PlatformAdmin], body); got.field("company") != a.company.String() {
			t.Error(got.body)
		}
	})
}

// TestUserWithoutPlace: who has a customer's role and names no customer is told
// so, and not that the person does not exist.
func TestUserWithoutPlace(t *testing.T) {
	w, a, staff := settled(t)
	id := w.ok("POST", "/api/v1/users", staff, subUser(a, "luz", "")).field("id")
	body := fmt.Sprintf(`{"version":1,"firstName":"Luz","email":"luz@example.com","username":"luz","lang":"fr","timezone":"UTC","role":"customerUser","devices":[%q]}`, a.spare)
	for method, path := range map[string]string{"PUT": "/api/v1/users/" + id, "POST": "/api/v1/users"} {
		got := w.do(method, path, staff, body)
		if got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != "customer" {
			t.Errorf("%s without a customer: %d %s", method, got.status, got.body)
		}
	}
}
