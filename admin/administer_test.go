package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestAdminister walks what a company's administrator does with customers and
// people, through the API alone.
func TestAdminister(t *testing.T) {
	w, a, staff := settled(t)
	user := a.tokens[fleet.CustomerUser]
	path := "/api/v1/customers/" + a.customer.String()
	t.Run("a customer opens with its present values, and keeps what is saved/S0-16/S1-20/S2-34", func(t *testing.T) {
		got := w.ok("GET", path, staff, "")
		if got.field("name") != "CanaryA customer" || got.field("code") != "CanaryA" || got.field("counts.devices") != "2" || got.field("access.reason") != "active" {
			t.Error(got.body)
		}
		form := `{"name":"Saved","code":"CanaryA","lang":"es","timezone":"America/Bogota","reseller":true,"version":%s}`
		w.ok("PUT", path, staff, fmt.Sprintf(form, got.field("version")))
		if got := w.ok("GET", path, staff, ""); got.field("name") != "Saved" {
			t.Error(got.body)
		}
		if got := w.do("PUT", path, staff, fmt.Sprintf(form, "1")); got.status != http.StatusConflict {
			t.Error("somebody else's older view:", got.status)
		}
	})
	t.Run("the list is paged, searched and counted on the server/S1-5/S2-2", func(t *testing.T) {
		seen, after := 0, ""
		for range 10 {
			list := w.ok("GET", "/api/v1/customers?limit=1&after="+after, staff, "")
			if list.field("items.0") != "" {
				seen++
			}
			if list.field("items.1") != "" {
				t.Fatal("more than was asked for:", list.body)
			}
			if after = list.field("next"); after == "<nil>" {
				break
			}
		}
		if seen != 2 {
			t.Errorf("%d customers in pages, want 2", seen)
		}
		if list := w.ok("GET", "/api/v1/customers?search=canarya+INN", staff, ""); list.field("items.0.id") != a.inner.String() || list.field("items.0.counts.devices") != "0" {
			t.Error(list.body)
		}
	})
	t.Run("staff manages devices and dashboards without signing in as the customer/S1-7/S1-2", func(t *testing.T) {
		d := w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"customer":%q,"name":"Van","uniqueId":"van1"}`, a.customer)).field("id")
		w.ok("POST", "/api/v1/assets", staff, fmt.Sprintf(`{"owner":%q,"name":"Van","type":"vehicle","devices":[{"device":%q,"from":"2026-01-01T00:00:00Z"}]}`, a.customer, d))
		w.ok("POST", "/api/v1/views", staff, fmt.Sprintf(`{"owner":%q,"name":"Board"}`, a.customer))
		if list := w.ok("GET", "/api/v1/views", user, ""); !strings.Contains(list.body, "Board") {
			t.Error(list.body)
		}
		w.ok("DELETE", "/api/v1/devices/"+d, staff, "")
	})
	t.Run("a person is edited: status, culture, role/S4-6/S4-11/S4-32", func(t *testing.T) {
		at := "/api/v1/users/" + a.users[fleet.Operator].String()
		body := `{"name":"Op","email":%q,"lang":%q,"timezone":"UTC","role":%q,"disabled":%t,"version":%d}`
		email := a.email(fleet.Operator)
		if got := w.ok("PUT", at, staff, fmt.Sprintf(body, email, "pt", "companyAdmin", false, 1)); got.field("lang") != "pt" || got.field("role") != "companyAdmin" {
			t.Error(got.body)
		}
		if got := w.ok("PUT", at, staff, fmt.Sprintf(body, email, "pt", "operator", true, 2)); got.field("status") != "disabled" {
			t.Error(got.body)
		}
	})
	t.Run("what should be looked at is flagged/S1-29/S2-68/S4-12", func(t *testing.T) {
		body := fmt.Sprintf(`{"customer":%q,"firstName":"Sol","email":"sol@example.com","lang":"es","timezone":"UTC"}`, a.customer)
		if got := w.ok("POST", "/api/v1/users", staff, body); got.field("flags") != "[unverified-email no-devices]" || got.field("assigned") != "0" {
			t.Error(got.body)
		}
		list := w.ok("GET", "/api/v1/users?search=sol@", staff, "")
		if list.field("items.0.flags.0") != "unverified-email" {
			t.Error(list.body)
		}
	})
	t.Run("a user's row counts its devices/S2-69", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/users/"+a.users[fleet.CustomerUser].String(), staff, ""); got.field("assigned") != "1" {
			t.Error(got.body)
		}
	})
	t.Run("a way to a password is chosen, by mail if none is named/S1-15/S1-16", func(t *testing.T) {
		body := fmt.Sprintf(`{"customer":%q,"firstName":"Rio","email":"rio@example.com","lang":"es","timezone":"UTC","activation":{"method":"%%s"}}`, a.customer)
		if got := w.do("POST", "/api/v1/users", staff, fmt.Sprintf(body, "pigeon")); got.status != 422 {
			t.Error(got.status, got.body)
		}
		if got := w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(body, "link")); got.field("activation.link") == "<nil>" || got.field("status") != "invited" {
			t.Error(got.body)
		}
	})
	t.Run("a customer's people stay within their functions/S2-128", func(t *testing.T) {
		for _, path := range []string{"/contacts", "/comments", "/plans", "/statements", "/audit", "/companies"} {
			if got := w.do("GET", "/api/v1"+path, user, ""); got.status != http.StatusForbidden {
				t.Error(path, got.status)
			}
		}
	})
	t.Run("the API is documented, and obeys the rules of the forms/S3-1/S3-2", func(t *testing.T) {
		if got := w.do("GET", "/api/openapi.json", "", ""); got.status != http.StatusOK || !strings.Contains(got.body, "createCustomer") {
			t.Error(got.status)
		}
		secret := w.ok("POST", "/api/v1/tokens", staff, `{"description":"provisioning"}`).field("secret")
		if got := w.do("POST", "/api/v1/customers", secret, `{"name":"","code":"P","country":"CO"}`); got.status != 422 || got.field("errors.0.field") != "name" {
			t.Error(got.status, got.body)
		}
		w.ok("POST", "/api/v1/customers", secret, `{"name":"Provisioned","code":"P","country":"CO"}`)
	})
}
