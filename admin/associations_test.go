package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// visitor is an operator of another company.
type visitor struct {
	home  fleet.CompanyID
	id    fleet.UserID
	token string
	tie   string // to the tenant's company
}

// visit makes a company with an operator, and ties the operator to a tenant's.
func (w *world) visit(tn *tenant, name string, mode fleet.AssociationMode) (v visitor) {
	w.t.Helper()
	v.home = w.apply(fleet.ChangeSet{Companies: []fleet.Company{{Name: "Elsewhere " + name, Lang: "en", Timezone: "UTC"}}}).Companies[0].ID
	u, err := w.admin.PutUser(fleet.Actor{}, fleet.User{Company: v.home, Name: "Visitor " + name, Email: "visitor" + strings.ToLower(name) + "@example.com", Lang: "en", Timezone: "UTC", Role: fleet.Operator})
	if err != nil {
		w.t.Fatal(err)
	}
	v.id, v.token = u.ID, w.token(u.ID)
	v.tie = w.tie(tn, mode, "operator", u.ID.String()).field("items.0.id")
	return v
}

func (w *world) tie(tn *tenant, mode fleet.AssociationMode, kind, id string) answer {
	w.t.Helper()
	return w.ok("POST", "/api/v1/associations", tn.tokens[fleet.PlatformAdmin],
		fmt.Sprintf(`{"company":%q,"mode":%q,"subjects":[{"kind":%q,"id":%q}]}`, tn.company, mode, kind, id))
}

func TestAssociations(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff, platform := a.tokens[fleet.CompanyAdmin], a.tokens[fleet.PlatformAdmin]
	operator := b.users[fleet.Operator].String()
	t.Run("the platform finds by name and ties, a company sees names alone/S4-46/S4-47", func(t *testing.T) {
		found := w.ok("GET", "/api/v1/users?search=canaryb+operator", platform, "")
		if found.field("items.0.id") != operator {
			t.Fatal(found.body)
		}
		body := fmt.Sprintf(`{"company":%q,"mode":"view","subjects":[{"kind":"operator","id":%q},{"kind":"customer","id":%q},{"kind":"user","id":%q}]}`,
			a.company, operator, b.customer, b.users[fleet.CustomerUser])
		if got := w.do("POST", "/api/v1/associations", staff, body); got.status != http.StatusForbidden {
			t.Error("a company ties:", got.status)
		}
		w.ok("POST", "/api/v1/associations", platform, body)
		w.ok("POST", "/api/v1/associations", platform, body) // again: the same ties
		list := w.ok("GET", "/api/v1/associations?search=canaryb", staff, "")
		if list.field("items.2") == "" || list.field("items.3") != "" || !strings.Contains(list.body, "CanaryB operator") || strings.Contains(list.body, "@") || strings.Contains(list.body, b.company.String()) {
			t.Error(list.body)
		}
		if got := w.ok("GET", "/api/v1/associations", b.tokens[fleet.CompanyAdmin], ""); got.field("items.0") != "" {
			t.Error("the home company sees:", got.body)
		}
		if got := w.do("GET", "/api/v1/users/"+operator, staff, ""); got.status != http.StatusNotFound {
			t.Error("the person's record:", got.status)
		}
		for _, wrong := range []string{
			fmt.Sprintf(`{"kind":"operator","id":%q}`, a.users[fleet.Operator]), fmt.Sprintf(`{"kind":"user","id":%q}`, operator), fmt.Sprintf(`{"kind":"customer","id":%q}`, nobody),
		} {
			if got := w.do("POST", "/api/v1/associations", platform, fmt.Sprintf(`{"company":%q,"mode":"view","subjects":[%s]}`, a.company, wrong)); got.status != http.StatusUnprocessableEntity {
				t.Error(wrong, got.status, got.body)
			}
		}
	})
	t.Run("ties are ended, many at once; the people remain at home/S4-48/S4-49", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/associations", staff, "")
		ids := fmt.Sprintf(`{"ids":[%q,%q,%q]}`, list.field("items.0.id"), list.field("items.1.id"), list.field("items.2.id"))
		if got := w.do("POST", "/api/v1/associations/dissociate", b.tokens[fleet.CompanyAdmin], ids); got.status != http.StatusUnprocessableEntity {
			t.Error("another company ends them:", got.status)
		}
		w.ok("POST", "/api/v1/associations/dissociate", staff, ids)
		if got := w.ok("GET", "/api/v1/associations", staff, ""); got.field("items.0") != "" {
			t.Error(got.body)
		}
		w.ok("GET", "/api/v1/users/"+operator, b.tokens[fleet.CompanyAdmin], "")
		w.ok("GET", "/api/v1/customers/"+b.customer.String(), b.tokens[fleet.CompanyAdmin], "")
	})
	t.Run("a deleted person leaves no tie", func(t *testing.T) {
		v := w.visit(a, "gone", fleet.ViewMode)
		w.ok("DELETE", "/api/v1/users/"+v.id.String(), platform, "")
		if got := w.do("GET", "/api/v1/associations/"+v.tie, staff, ""); got.status != http.StatusNotFound {
			t.Error(got.status, got.body)
		}
	})
}

// TestVisits has tied operators work for the other company.
func TestVisits(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	v := w.visit(a, "A", fleet.ViewMode)
	a.alarm = w.raise(a, a.device)
	at := func(company fleet.CompanyID, method, path, body string) answer {
		return w.do(method, "/api/v1"+path, v.token, body, "Vigia-Company", company.String())
	}
	alarm := "/alarms/" + a.alarm.String()
	status := func(t *testing.T, want int, method, path, body string) {
		t.Helper()
		if got := at(a.company, method, path, body); got.status != want {
			t.Errorf("%s %s: %d %s, want %d", method, path, got.status, got.body, want)
		}
	}
	t.Run("tied to look, it reads as an operator and writes nothing", func(t *testing.T) {
		for _, path := range []string{"/devices/" + a.device.String(), "/customers/" + a.customer.String(), "/fences/" + a.fence.String(), alarm, "/positions", "/events"} {
			status(t, http.StatusOK, "GET", path, "")
		}
		if got := at(a.company, "GET", "/devices", ""); !strings.Contains(got.body, a.device.String()) || strings.Contains(got.body, b.device.String()) {
			t.Error(got.body)
		}
		status(t, http.StatusNotFound, "GET", "/devices/"+b.device.String(), "")
		status(t, http.StatusForbidden, "POST", alarm+"/take", `{}`)
		status(t, http.StatusForbidden, "POST", "/commands", fmt.Sprintf(`{"device":%q,"kind":"position"}`, a.device))
		status(t, http.StatusForbidden, "DELETE", "/devices/"+a.device.String(), "")
		status(t, http.StatusForbidden, "GET", "/me", "")
	})
	t.Run("tied to work, it takes and acknowledges, and still changes no record", func(t *testing.T) {
		w.tie(a, fleet.WorkMode, "operator", v.id.String())
		status(t, http.StatusOK, "POST", alarm+"/take", `{"note":"mine"}`)
		status(t, http.StatusOK, "POST", alarm+"/acknowledge", `{"note":"seen"}`)
		status(t, http.StatusForbidden, "POST", "/commands", fmt.Sprintf(`{"device":%q,"kind":"position"}`, a.device))
		status(t, http.StatusForbidden, "PUT", "/devices/"+a.device.String(), `{}`)
		status(t, http.StatusForbidden, "POST", "/comments", `{}`)
	})
	t.Run("at home nothing is different, and elsewhere there is nothing", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/me", v.token, ""); got.field("user.company") != v.home.String() && got.field("company") != v.home.String() {
			t.Error(got.body)
		}
		if got := w.do("GET", "/api/v1/devices/"+a.device.String(), v.token, ""); got.status != http.StatusNotFound {
			t.Error("the company's device without its name:", got.status)
		}
		untied, none := at(b.company, "GET", "/devices", ""), w.do("GET", "/api/v1/devices", v.token, "", "Vigia-Company", nobody)
		if untied.status != http.StatusNotFound || untied.body != none.body {
			t.Errorf("untied %d %s, nonexistent %d %s", untied.status, untied.body, none.status, none.body)
		}
		if got := w.do("GET", "/api/v1/devices", b.tokens[fleet.CustomerAdmin], "", "Vigia-Company", a.company.String()); got.status != http.StatusNotFound {
			t.Error("a customer's admin:", got.status)
		}
	})
	t.Run("it learns where it may work, and as what", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/workplaces", v.token, "")
		if got.field("items.0.as") != "home" || got.field("items.1.as") != "work" || got.field("items.1.company.id") != a.company.String() {
			t.Error(got.body)
		}
		if _, may, _ := strings.Cut(got.body, `"as":"work"`); !strings.Contains(may, `"alarm.update"`) || strings.Contains(may, `"device.update"`) || strings.Contains(may, `"token.create"`) {
			t.Error(may)
		}
		if got := at(a.company, "GET", "/search?q=Canary", ""); got.status != http.StatusOK || !strings.Contains(got.body, a.device.String()) || strings.Contains(got.body, b.device.String()) {
			t.Error("what it finds there:", got.body)
		}
		if got := w.ok("GET", "/api/v1/workplaces", b.tokens[fleet.CustomerAdmin], ""); got.field("items.0.company.id") != b.company.String() || got.field("items.1") != "" {
			t.Error("a customer's admin:", got.body)
		}
	})
	t.Run("its open stream ends with the tie", func(t *testing.T) {
		ticket := at(a.company, "POST", "/stream/tickets", "")
		ws, _, err := w.dial("", "?ticket="+ticket.field("ticket"))
		if err != nil {
			t.Fatal(err)
		}
		defer ws.Close()
		c := &watcher{t, ws}
		c.say(`{"type":"hello"}`)
		if m := c.until(func(m said) bool { return m.Type == "snapshot" }); len(m.Positions) != 2 {
			t.Fatalf("%+v", m)
		}
		w.ok("POST", "/api/v1/associations/dissociate", a.tokens[fleet.CompanyAdmin], fmt.Sprintf(`{"ids":[%q]}`, v.tie))
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if h := c.after(ctx, nil); h.code == 0 {
			t.Errorf("it goes on: %+v", h)
		}
		status(t, http.StatusNotFound, "GET", "/devices", "")
	})
}

// TestThePlatformWorksInOneCompany has the platform's administrator choose a
// company, whose things alone are there then.
func TestThePlatformWorksInOneCompany(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	token := a.tokens[fleet.PlatformAdmin]
	in := func(company, method, path, body string) answer {
		return w.do(method, "/api/v1"+path, token, body, "Vigia-Company", company)
	}
	t.Run("it chooses among all/S4-3", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/me", a.tokens[fleet.CompanyAdmin], ""); strings.Contains(got.body, "system.read") {
			t.Error("a company that is not alone reads the system:", got.body)
		}
		for _, tn := range []*tenant{a, b} {
			if got := w.ok("GET", "/api/v1/workplaces?search=canary"+strings.ToLower(tn.name), token, ""); got.field("items.0.company.id") != tn.company.String() || got.field("items.0.as") != "all" || got.field("items.1") != "" {
				t.Error(got.body)
			}
		}
	})
	t.Run("lists are scoped to the choice/S4-3", func(t *testing.T) {
		for _, path := range []string{"/customers", "/devices", "/users", "/fences", "/search?q=canary", "/labels"} {
			got := in(b.company.String(), "GET", path, "")
			if got.status != http.StatusOK || strings.Contains(got.body, a.company.String()) || strings.Contains(got.body, "CanaryA") {
				t.Errorf("%s: %d %s", path, got.status, got.body)
			}
		}
		if got := in(b.company.String(), "GET", "/devices/"+a.device.String(), ""); got.status != http.StatusNotFound {
			t.Error("another company's device:", got.status)
		}
		if got := in(b.company.String(), "GET", "/me", ""); got.field("company.id") != b.company.String() {
			t.Error(got.body)
		}
	})
	t.Run("what it makes belongs there/S4-26", func(t *testing.T) {
		made := in(b.company.String(), "POST", "/users", `{"name":"Eva","email":"eva@example.com","lang":"en","timezone":"UTC","role":"operator"}`)
		if made.status != http.StatusCreated || made.field("company") != b.company.String() {
			t.Error(made.status, made.body)
		}
	})
	t.Run("of its own it changes nothing from there, and a company that is not is not found", func(t *testing.T) {
		if got := in(b.company.String(), "POST", "/tokens", `{"description":"t"}`); got.status != http.StatusForbidden {
			t.Error(got.status)
		}
		if got := in(nobody, "GET", "/devices", ""); got.status != http.StatusNotFound {
			t.Error(got.status)
		}
	})
}
