package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A label that devices or fences carry cannot go, and the answer says who
// carries it; a label that nobody made cannot be carried.
func TestLabelsAreRecords(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff, own := a.tokens[fleet.CompanyAdmin], a.tokens[fleet.CustomerAdmin]
	device := func(label string) string {
		return fmt.Sprintf(`{"customer":%q,"name":"Truck 9","uniqueId":"CanaryA1","labels":[%q],"version":1}`, a.customer, label)
	}
	put := func(label string) answer {
		return w.do("PUT", "/api/v1/devices/"+a.device.String(), staff, device(label))
	}
	if got := put(nobody); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a label that nobody made: %d %s", got.status, got.body)
	}
	theirs := w.ok("POST", "/api/v1/labels", b.tokens[fleet.CompanyAdmin], `{"name":"Theirs","sort":"tag","of":"device"}`).field("id")
	if got := put(theirs); got.status != http.StatusUnprocessableEntity {
		t.Errorf("another company's label: %d %s", got.status, got.body)
	}
	id := w.ok("POST", "/api/v1/labels", staff, `{"name":"Night fleet","sort":"group","of":"device","colour":"#2f9e44"}`).field("id")
	if got := put(id); got.status != http.StatusOK {
		t.Fatalf("a label of the company's: %d %s", got.status, got.body)
	}
	got := w.do("DELETE", "/api/v1/labels/"+id, staff, "", "Accept-Language", "es")
	if got.status != http.StatusConflict || !strings.Contains(got.body, "No se puede eliminar: 1 dispositivos aún lo necesitan: Truck 9") {
		t.Errorf("a label in use: %d %s", got.status, got.body)
	}
	fence := fmt.Sprintf(`{"owner":%q,"name":"By label","shape":{"type":"Point","coordinates":[-74,4],"radius":100},"targets":{"labels":[%q]}}`, a.customer, id)
	if got := w.do("POST", "/api/v1/fences", own, fence); got.status != http.StatusCreated {
		t.Errorf("a customer's fence by its company's label: %d %s", got.status, got.body)
	}
	if got := w.do("PUT", "/api/v1/labels/"+id, own, `{"name":"Mine","sort":"group","of":"device","version":1}`); got.status != http.StatusNotFound {
		t.Errorf("a customer changes its company's label: %d %s", got.status, got.body)
	}
	if got := w.do("POST", "/api/v1/labels", staff, `{"name":"night FLEET","sort":"tag","of":"device"}`); got.status != http.StatusConflict {
		t.Errorf("the same name twice: %d %s", got.status, got.body)
	}
}

// Groups gather customers, users and operators; they forget who is deleted.
// What the company thinks of its customers is not for them to see.
func TestGroupsOfPeople(t *testing.T) { t.Run("S4-22/S4-31", groupsOfPeople) }

func groupsOfPeople(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	make := func(of, members string) string {
		return w.ok("POST", "/api/v1/labels", staff, fmt.Sprintf(`{"name":"Group","sort":"group","of":%q,%s}`, of, members)).field("id")
	}
	clients := make("customer", fmt.Sprintf(`"customers":[%q,%q]`, a.customer, a.inner))
	make("operator", fmt.Sprintf(`"users":[%q]`, a.users[fleet.Operator]))
	make("user", fmt.Sprintf(`"users":[%q]`, a.users[fleet.CustomerUser]))
	if got := w.do("POST", "/api/v1/labels", staff, fmt.Sprintf(`{"name":"X","sort":"group","of":"user","customers":[%q]}`, a.customer)); got.status != http.StatusUnprocessableEntity {
		t.Errorf("a customer in a group of users: %d %s", got.status, got.body)
	}
	if got := w.do("GET", "/api/v1/labels/"+clients, a.tokens[fleet.CustomerAdmin], ""); got.status != http.StatusNotFound {
		t.Errorf("a customer reads a group that it is in: %d %s", got.status, got.body)
	}
	if got := w.ok("GET", "/api/v1/labels", a.tokens[fleet.CustomerAdmin], ""); strings.Contains(got.body, clients) {
		t.Error("a customer lists a group that it is in")
	}
	w.apply(fleet.ChangeSet{RemovedCustomers: []fleet.CustomerID{a.inner}})
	after := w.ok("GET", "/api/v1/labels/"+clients, staff, "")
	if after.field("customers.0") != a.customer.String() || after.field("customers.1") != "" {
		t.Errorf("after a member was deleted: %s", after.body)
	}
}
