package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// settled is a world with one tenant, and its company's admin.
func settled(t testing.TB) (*world, *tenant, string) {
	w := newWorld(t)
	a := w.settle("A")
	return w, a, a.tokens[fleet.CompanyAdmin]
}

// form is every field that a customer has, as the form sends it.
const form = `{"name":"Andinos","code":"AND","country":"VE","kind":"legal","lang":"pt","timezone":"America/Caracas",
	"taxId":"J-30123456-7","reference":"ERP 10442","accountName":"Transportes Andinos C.A.","state":"Mérida","city":"Tovar",
	"address":"Av. 4","addressReference":"Beside the market","zip":"5143","email":"office@example.com","website":"https://example.com",
	"landline":"+582742345678","mobile":"+584141234567","fax":"+582742345679","employee":true,"commands":true,"notes":"Call at noon",
	"tags":["gold","south"],"cutOffDay":31,"paidThrough":"2026-01-31","defaultUserRole":"customerAdmin","web":false,"ios":false,
	"android":false,"smsOn":false,"emailOn":false,"monitoring":false,"smsBudget":20}`

func TestCustomerKeepsEveryFieldOfTheForm(t *testing.T) {
	w, _, staff := settled(t)
	id := w.ok("POST", "/api/v1/customers", staff, form).field("id")
	got := w.ok("GET", "/api/v1/customers/"+id, staff, "")
	for _, c := range []struct{ ids, field, want string }{
		{"S0-4", "name", "Andinos"}, {"S0-5", "code", "AND"}, {"S0-6+S2-15", "country", "VE"}, {"S0-7", "defaultUserRole", "customerAdmin"},
		{"S2-6", "taxId", "J-30123456-7"}, {"S2-7", "accountName", "Transportes Andinos C.A."}, {"S2-8+S1-1", "kind", "legal"},
		{"S2-9", "lang", "pt"}, {"S2-10", "cutOffDay", "31"}, {"S2-13", "ios", "false"}, {"S2-14", "android", "false"},
		{"S2-16", "state", "Mérida"}, {"S2-17", "city", "Tovar"}, {"S2-18", "address", "Av. 4"}, {"S2-19", "addressReference", "Beside the market"},
		{"S2-20", "email", "office@example.com"}, {"S2-21", "website", "https://example.com"}, {"S2-22", "landline", "+582742345678"},
		{"S2-23", "mobile", "+584141234567"}, {"S2-24", "fax", "+582742345679"}, {"S2-25", "employee", "true"}, {"S2-26", "commands", "true"},
		{"S2-30", "monitoring", "false"}, {"S3-5", "name", "Andinos"}, {"S3-7+S3-16", "reference", "ERP 10442"}, {"S3-9", "notes", "Call at noon"},
		{"S2-108", "tags.1", "south"}, {"S1-10", "landingView", "<nil>"},
	} {
		t.Run(c.ids+" "+c.field, func(t *testing.T) {
			if have := got.field(c.field); have != c.want {
				t.Errorf("%s is %q, want %q", c.field, have, c.want)
			}
		})
	}
	t.Run("it stands in the list/S0-8/S2-3", func(t *testing.T) {
		if list := w.ok("GET", "/api/v1/customers?search=30123456", staff, ""); list.field("items.0.id") != id {
			t.Error(list.body)
		}
	})
	t.Run("it can be found by its tag/S2-108", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/customers?tag=GOLD", staff, "")
		if list.field("items.0.id") != id || list.field("items.1") != "" {
			t.Error(list.body)
		}
		if none := w.ok("GET", "/api/v1/customers?tag=gol", staff, ""); none.field("items.0") != "" {
			t.Error(none.body)
		}
	})
	t.Run("an edit replaces them/S0-17/S0-18/S3-11", func(t *testing.T) {
		body := strings.NewReplacer(`"Andinos"`, `"Llanos"`, `"AND"`, `"LLA"`, `"VE"`, `"CO"`, `{"name"`, `{"version":1,"name"`).Replace(form)
		changed := w.ok("PUT", "/api/v1/customers/"+id, staff, body)
		if changed.field("name") != "Llanos" || changed.field("code") != "LLA" || changed.field("country") != "CO" || changed.field("version") != "2" {
			t.Error(changed.body)
		}
	})
}

func TestCustomerFormRefuses(t *testing.T) {
	w, a, staff := settled(t)
	for _, c := range []struct {
		name, from, to, field string
		status                int
	}{
		{"no name/S0-4/S1-9", `"name":"Andinos"`, `"name":" "`, "name", 422},
		{"no code/S0-5/S1-9", `"code":"AND"`, `"code":""`, "code", 422},
		{"a name that is taken/S3-5", `"name":"Andinos"`, `"name":"canarya CUSTOMER"`, "name", 409},
		{"a code that is taken/S0-5", `"code":"AND"`, `"code":"canarya"`, "code", 409},
		{"a country that is none/S2-15", `"VE"`, `"ZZ"`, "country", 422},
		{"a kind that is none/S2-8", `"legal"`, `"alien"`, "kind", 422},
		{"a malformed address/S2-20", `office@example.com`, `office@@example`, "email", 422},
		{"a day beyond the month/S2-10", `"cutOffDay":31`, `"cutOffDay":32`, "cutOffDay", 422},
		{"a date that is none", `2026-01-31`, `2026-02-31`, "paidThrough", 422},
		{"an address that is none/S2-21", `https://example.com`, `javascript:alert(1)`, "website", 422},
		{"a number that is none/S2-22", `+582742345678`, `555-nope`, "landline", 422},
		{"a tag twice", `"south"`, `"GOLD"`, "tags", 422},
		{"an internal system on creation/S3-21", `"employee"`, `"internalSystem":true,"employee"`, "internalSystem", 422},
		{"staff's role for its users/S0-7", `"customerAdmin"`, `"operator"`, "defaultUserRole", 422},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := w.do("POST", "/api/v1/customers", staff, strings.Replace(form, c.from, c.to, 1))
			if got.status != c.status || got.field("errors.0.field") != c.field {
				t.Errorf("%d %s", got.status, got.body)
			}
		})
	}
	t.Run("its own kinds/S2-8", func(t *testing.T) {
		w.ok("PUT", "/api/v1/companies/"+a.company.String(), staff, `{"name":"CanaryA","lang":"en","timezone":"UTC","version":1,"customerKinds":["natural","school"]}`)
		w.ok("POST", "/api/v1/customers", staff, strings.Replace(form, `"legal"`, `"school"`, 1))
	})
	t.Run("its own rules for passwords/S4-8", func(t *testing.T) {
		at := "/api/v1/companies/" + a.company.String()
		had := w.ok("GET", at, staff, "")
		if had.field("passwordPolicy.minLength") != "12" || had.field("lockout.failures") != "10" {
			t.Error(had.body)
		}
		w.ok("PUT", at, staff, `{"name":"CanaryA","lang":"en","timezone":"UTC","version":`+had.field("version")+`,"passwordPolicy":{"minLength":14,"digit":true}}`)
		got := w.ok("POST", "/api/v1/password-rules", staff, `{"password":"fourteen letters"}`)
		if got.field("rules.0.n") != "14" || got.field("rules.1.code") != "digit" || got.field("ok") != "false" {
			t.Error(got.body)
		}
		kept := w.ok("PUT", at, staff, `{"name":"CanaryA","lang":"en","timezone":"UTC","version":`+w.ok("GET", at, staff, "").field("version")+`}`)
		if kept.field("passwordPolicy.digit") != "true" {
			t.Error("a change that does not name the rules lost them: " + kept.body)
		}
		if weak := w.do("PUT", at, staff, `{"name":"CanaryA","lang":"en","timezone":"UTC","version":`+kept.field("version")+`,"passwordPolicy":{"minLength":4}}`); weak.status != 422 {
			t.Error(weak.body)
		}
	})
	t.Run("defaults of the country/S3-8", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/customers", staff, `{"name":"Sao","code":"SAO","country":"BR"}`)
		if got.field("lang") != "pt" || got.field("timezone") != "America/Sao_Paulo" {
			t.Error(got.body)
		}
		if list := w.ok("GET", "/api/v1/countries", staff, ""); !strings.Contains(list.body, `{"code":"VE","lang":"es","timezone":"America/Caracas","phonePrefix":"+58"}`) {
			t.Error(list.body[:300])
		}
	})
}

func TestCustomerTree(t *testing.T) {
	w, a, staff := settled(t)
	t.Run("inner customers have a path/S1-4", func(t *testing.T) {
		inner := w.ok("GET", "/api/v1/customers/"+a.inner.String(), staff, "")
		if inner.field("path.0.id") != a.customer.String() || inner.field("parent") != a.customer.String() {
			t.Error(inner.body)
		}
		below := w.ok("GET", "/api/v1/customers?owner="+a.customer.String(), staff, "")
		if below.field("items.0.id") != a.inner.String() || below.field("items.1") != "" {
			t.Error(below.body)
		}
	})
	t.Run("counts/S2-1/S1-3", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/customers/"+a.customer.String(), staff, "")
		if got.field("counts.devices") != "2" || got.field("counts.users") != "2" || got.field("counts.geofences") != "1" || got.field("counts.innerCustomers") != "1" {
			t.Error(got.body)
		}
	})
	t.Run("a reseller's admin manages those below/S0-1", func(t *testing.T) {
		admin := a.tokens[fleet.CustomerAdmin]
		made := w.ok("POST", "/api/v1/customers", admin, `{"name":"Below","code":"B1","country":"CO"}`)
		if made.field("parent") != a.customer.String() {
			t.Error(made.body)
		}
		got := w.do("PUT", "/api/v1/customers/"+a.customer.String(), admin, `{"name":"Own","code":"O","country":"CO","version":1}`)
		if got.status != http.StatusForbidden {
			t.Error("its own record:", got.status, got.body)
		}
		got = w.do("POST", "/api/v1/customers", admin, `{"name":"Free","code":"F","country":"CO","internalSystem":true}`)
		if got.status != http.StatusUnprocessableEntity {
			t.Error("what only the company decides:", got.status, got.body)
		}
	})
	t.Run("others may not/S0-1/S1-6", func(t *testing.T) {
		for _, role := range []fleet.Role{fleet.Operator, fleet.CustomerUser} {
			if got := w.do("POST", "/api/v1/customers", a.tokens[role], form); got.status != http.StatusForbidden {
				t.Error(role, got.status)
			}
		}
	})
}

func TestPrimaryAdministrator(t *testing.T) {
	w, _, staff := settled(t)
	with := func(admin string) string { return strings.Replace(form, `{"name"`, `{"admin":`+admin+`,"name"`, 1) }
	t.Run("a name that is taken makes neither/S2-11", func(t *testing.T) {
		got := w.do("POST", "/api/v1/customers", staff, with(`{"email":"canarya.0@example.com","firstName":"Ana"}`))
		if got.status != http.StatusConflict || got.field("errors.0.field") != "admin.email" {
			t.Error(got.status, got.body)
		}
		got = w.do("POST", "/api/v1/customers", staff, with(`{"email":"new@example.com","firstName":"Ana","password":"short"}`))
		if got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != "admin.password" {
			t.Error(got.status, got.body)
		}
		if list := w.ok("GET", "/api/v1/customers?search=Andinos", staff, ""); list.field("items.0") != "" {
			t.Error(list.body)
		}
	})
	made := w.ok("POST", "/api/v1/customers", staff, with(`{"username":"Andinos","email":"ana@example.com","firstName":"Ana","lastName":"Rojas","password":"a staple is no horse"}`))
	id := made.field("admin.id")
	t.Run("it signs in by user name and password/S2-11/S2-12/S0-12", func(t *testing.T) {
		w.ok("PUT", "/api/v1/customers/"+made.field("id"), staff, strings.NewReplacer(`"web":false`, `"web":true`, `{"name"`, `{"version":1,"name"`).Replace(form))
		in := w.ok("POST", "/api/v1/login", "", `{"username":"andinos","password":"a staple is no horse"}`)
		if in.field("user.primary") != "true" || in.field("user.role") != "customerAdmin" || in.field("user.customer") != made.field("id") {
			t.Error(in.body)
		}
		if strings.Contains(made.body, "a staple") {
			t.Error("the password is shown")
		}
	})
	t.Run("the last one stays/S3-26", func(t *testing.T) {
		if got := w.do("DELETE", "/api/v1/users/"+id, staff, ""); got.status != http.StatusConflict {
			t.Error("deleted:", got.status, got.body)
		}
		lesser := fmt.Sprintf(`{"customer":%q,"firstName":"Ana","email":"ana@example.com","username":"andinos","lang":"es","timezone":"UTC","role":"customerUser","version":1}`, made.field("id"))
		if got := w.do("PUT", "/api/v1/users/"+id, staff, lesser); got.status != http.StatusConflict {
			t.Error("demoted:", got.status, got.body)
		}
	})
	t.Run("a new user has the customer's default role/S0-7/S1-26", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(`{"customer":%q,"firstName":"Luz","email":"luz@example.com","lang":"es","timezone":"UTC"}`, made.field("id")))
		if got.field("role") != "customerAdmin" {
			t.Error(got.body)
		}
		w.ok("DELETE", "/api/v1/users/"+id, staff, "") // there is another one now
	})
	t.Run("without a password an invitation goes out/S3-29/S0-13", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/customers", staff, `{"name":"Sur","code":"SUR","country":"CO","admin":{"email":"sur@example.com","firstName":"Sol"}}`)
		if got.field("activation.method") != "link" || !strings.Contains(got.field("activation.link"), "/activate?token=") {
			t.Error("no mail server is set up, so the link is shown:", got.body)
		}
	})
}
