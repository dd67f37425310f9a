package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Joining a group that is linked with another company raises a question:
// nobody is associated, nor joins, until it is answered.
func TestGroupsLinkedWithCompanies(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff, platform := a.tokens[fleet.CompanyAdmin], a.tokens[fleet.PlatformAdmin]
	operator := a.users[fleet.Operator]
	body := func(more string) string {
		return fmt.Sprintf(`{"owner":%q,"name":"North","sort":"group","of":"operator"%s}`, a.company, more)
	}
	link := fmt.Sprintf(`,"linkedCompanies":[%q],"linkedMode":"work"`, b.company)
	if got := w.do("POST", "/api/v1/labels", staff, body(link)); got.status != 422 {
		t.Errorf("a company links a group with what it does not see: %d %s", got.status, got.body)
	}
	group := w.ok("POST", "/api/v1/labels", platform, body(link))
	path := "/api/v1/labels/" + group.field("id")
	joins := func(version int, more string) answer {
		return w.do("PUT", path, staff, body(fmt.Sprintf(`,"users":[%q],"version":%d%s`, operator, version, more)))
	}
	ties := func() string {
		return w.ok("GET", "/api/v1/associations?about="+operator.String(), b.tokens[fleet.PlatformAdmin], "").body
	}
	t.Run("asked/S4-19", func(t *testing.T) {
		got := joins(1, "")
		if got.status != http.StatusConflict || !strings.HasSuffix(got.field("type"), "#confirm-association") || got.field("associations.0.user") != operator.String() ||
			got.field("associations.0.company") != b.company.String() || got.field("associations.0.mode") != "work" || got.field("associations.1") != "" {
			t.Errorf("%d %s", got.status, got.body)
		}
		if strings.Contains(w.ok("GET", path, staff, "").body, operator.String()) || strings.Contains(ties(), operator.String()) {
			t.Error("something was done before the answer")
		}
	})
	t.Run("rejected/S4-19", func(t *testing.T) {
		if got := joins(1, `,"confirm":false`); got.status != 200 || strings.Contains(got.body, "confirm") || got.field("linkedCompanies.0") != b.company.String() {
			t.Errorf("%d %s", got.status, got.body)
		}
		if strings.Contains(ties(), operator.String()) {
			t.Error("a tie that was rejected")
		}
	})
	w.ok("PUT", path, staff, body(`,"version":2`)) // nobody joins: nothing is asked
	t.Run("confirmed/S4-19", func(t *testing.T) {
		if got := joins(9, `,"confirm":true`); got.status != http.StatusConflict || strings.Contains(ties(), operator.String()) {
			t.Errorf("an old version: %d %s", got.status, got.body)
		}
		if got := joins(3, `,"confirm":true`); got.status != 200 {
			t.Errorf("%d %s", got.status, got.body)
		}
		if got := ties(); strings.Count(got, `"user":"`+operator.String()) != 1 || !strings.Contains(got, `"mode":"work"`) || !strings.Contains(got, b.company.String()) {
			t.Error(got)
		}
	})
	w.ok("PUT", path, staff, body(`,"version":4`))
	if got := joins(5, ""); got.status != 200 {
		t.Errorf("a tie that is there is asked for again: %d %s", got.status, got.body)
	}
	stranger := strings.Replace(body(fmt.Sprintf(`,"users":[%q],"version":6`, b.users[fleet.Operator])), "North", "North", 1)
	if got := w.do("PUT", path, staff, stranger); got.status != 422 || strings.Contains(got.body, "CanaryB") {
		t.Errorf("somebody who is not seen: %d %s", got.status, got.body)
	}
}

// The tabs of a person: the company it belongs to, its services, and what
// staff says about it.
func TestTabsOfAPerson(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	made := w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(`{"customer":%q,"firstName":"Carla","email":"carla@example.com","lang":"pt","timezone":"UTC","role":"customerUser"}`, a.customer))
	id := made.field("id")
	path := "/api/v1/users/" + id
	t.Run("S4-21", func(t *testing.T) {
		if made.field("customer") != a.customer.String() || made.field("company") != a.company.String() {
			t.Error(made.body)
		}
		if got := w.ok("GET", "/api/v1/users?owner="+a.customer.String()+"&search=carla", staff, ""); got.field("items.0.id") != id {
			t.Error(got.body)
		}
	})
	t.Run("S4-23", func(t *testing.T) {
		body := fmt.Sprintf(`{"customer":%q,"firstName":"Carla","email":"carla@example.com","lang":"pt","timezone":"UTC","modules":["map"],"version":1}`, a.customer)
		w.ok("PUT", path, staff, body)
		if got := w.ok("GET", path, staff, ""); got.field("modules") != "[map]" {
			t.Error(got.field("modules"))
		}
	})
	t.Run("S4-24", func(t *testing.T) {
		w.ok("POST", "/api/v1/comments", staff, fmt.Sprintf(`{"user":%q,"text":"Prefers mail"}`, id))
		w.ok("POST", "/api/v1/comments", staff, fmt.Sprintf(`{"user":%q,"text":"About another"}`, a.users[fleet.Operator]))
		got := w.ok("GET", "/api/v1/comments?about="+id, staff, "")
		if got.field("items.0.text") != "Prefers mail" || got.field("items.0.authorName") == "" || got.field("items.1") != "" {
			t.Error(got.body)
		}
		w.ok("POST", "/api/v1/comments", staff, fmt.Sprintf(`{"user":%q,"text":"Called"}`, id))
		first := w.ok("GET", "/api/v1/comments?limit=1&about="+id, staff, "")
		rest := w.ok("GET", "/api/v1/comments?limit=1&about="+id+"&after="+first.field("next"), staff, "")
		if first.field("items.0.text") != "Prefers mail" || rest.field("items.0.text") != "Called" || strings.Contains(rest.body, `"next"`) {
			t.Errorf("%s\n%s", first.body, rest.body)
		}
	})
}
