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
