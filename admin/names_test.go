package admin_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Names are looked up for what the caller sees; the rest is left out, be it
// another company's, unknown or no ID at all.
func TestNames(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	ask := func(tn *tenant, role fleet.Role, q string, args ...any) string {
		return w.ok("GET", "/api/v1/names?"+fmt.Sprintf(q, args...), tn.tokens[role], "").body
	}
	got := ask(a, fleet.CompanyAdmin, "devices=%s,%s,%s,no-id&fences=%s&users=%s", a.device, b.device, nobody, a.fence, b.users[fleet.CompanyAdmin])
	if strings.Count(got, `"id"`) != 2 || !strings.Contains(got, a.device.String()) || !strings.Contains(got, a.fence.String()) {
		t.Errorf("its own device and fence: %s", got)
	}
	if got := ask(a, fleet.CustomerUser, "devices=%s&users=%s", a.device, a.users[fleet.CompanyAdmin]); strings.Count(got, `"id"`) != 1 {
		t.Errorf("a sub-user's device, and a user that it does not see: %s", got)
	}
}

// TestSearch finds what the caller's lists show, by what people know of it.
func TestSearch(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff := a.tokens[fleet.CompanyAdmin]
	device := w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"name":"Camión blanco","uniqueId":"866104029999999","plate":"XYZ-987","customer":%q}`, a.customer)).field("id")
	w.ok("POST", "/api/v1/devices", b.tokens[fleet.CompanyAdmin], `{"name":"Camión blanco","uniqueId":"866104028888888","plate":"XYZ-987"}`)
	for _, q := range []string{"xyz-987", "6104029999", "cami%C3%B3n+BLANCO"} {
		got := w.ok("GET", "/api/v1/search?q="+q, staff, "")
		if got.field("items.0.id") != device || got.field("items.0.kind") != "device" || got.field("items.0.customer") != a.customer.String() || got.field("items.1") != "" {
			t.Errorf("%s: %s", q, got.body)
		}
	}
	for _, q := range []string{"canarya", "canarya%40example.com"} {
		for _, role := range []fleet.Role{fleet.CompanyAdmin, fleet.Operator, fleet.CustomerAdmin, fleet.CustomerUser} {
			if got := w.ok("GET", "/api/v1/search?q="+q, a.tokens[role], ""); strings.Contains(got.body, b.company.String()) || strings.Contains(got.body, "CanaryB") {
				t.Errorf("%s finds of others: %s", role, got.body)
			}
		}
	}
	if got := w.ok("GET", "/api/v1/search?q=xyz", a.tokens[fleet.CustomerUser], ""); got.field("items.0") != "" {
		t.Error("a device that is not assigned:", got.body)
	}
	if got := w.ok("GET", "/api/v1/search?q=canarya&limit=1", staff, ""); got.field("items.4") != "" || !strings.Contains(got.body, `"kind":"customer"`) {
		t.Error("one of each:", got.body)
	}
	if got := w.ok("GET", "/api/v1/search?q=+", staff, ""); got.field("items.0") != "" {
		t.Error("of nothing:", got.body)
	}
}
