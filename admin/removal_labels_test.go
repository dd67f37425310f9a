package admin_test

import (
	"fmt"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestRemovedCustomersLabels: labels of a customer that goes are taken off the
// devices and geofences of those above it, and keep nobody from deleting it.
func TestRemovedCustomersLabels(t *testing.T) {
	w, a, staff := settled(t)
	sub := w.ok("POST", "/api/v1/customers", staff, fmt.Sprintf(`{"name":"Sub","code":"S1","country":"CO","parent":%q}`, a.customer)).field("id")
	label := w.ok("POST", "/api/v1/labels", staff, fmt.Sprintf(`{"name":"Sub's","of":"device","sort":"group","owner":%q}`, sub)).field("id")
	device := w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"name":"x","uniqueId":"x1","customer":%q,"labels":[%q]}`, a.customer, label)).field("id")
	fence := w.ok("POST", "/api/v1/fences", staff, fmt.Sprintf(`{"owner":%q,"name":"x","shape":{"type":"Point","coordinates":[-74,4],"radius":100},"targets":{"labels":[%q],"devices":[%q]}}`, a.customer, label, device)).field("id")
	asked := w.ok("POST", "/api/v1/customers/"+sub+"/removal", staff, fmt.Sprintf(`{"username":%q,"password":%q}`, a.email(fleet.CompanyAdmin), known))
	if got := w.do("DELETE", "/api/v1/customers/"+sub, staff, "", "Confirmation", asked.field("confirmation")); got.status != 204 {
		t.Fatal(got.status, got.body)
	}
	if got := w.ok("GET", "/api/v1/devices/"+device, staff, ""); got.field("labels") != "[]" || got.field("version") != "2" {
		t.Error(got.body)
	}
	if got := w.ok("GET", "/api/v1/fences/"+fence, staff, ""); got.field("targets.labels.0") != "" && got.field("targets.labels") != "[]" && got.field("targets.labels") != "<nil>" {
		t.Error(got.body)
	}
}
