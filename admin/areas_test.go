package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestAreas draws what a customer draws, and drives a device through it.
func TestAreas(t *testing.T) {
	w, a, _ := settled(t)
	own := a.tokens[fleet.CustomerAdmin]
	draw := func(name, more string) string {
		return fmt.Sprintf(`{"name":%q,"colour":"#2f9e44","preset":"instant","shape":{"type":"Point","coordinates":[-74,4.3],"radius":500},"targets":{"devices":[%q]}%s}`, name, a.spare, more)
	}
	fences := map[string]string{}
	t.Run("a fence has a name, a colour and its devices/S2-79/S2-80/S2-81", func(t *testing.T) {
		for name, more := range map[string]string{"both": "", "inside": `,"outside":false`, "outside": `,"inside":false`, "drawn": `,"inside":false,"outside":false`} {
			got := w.ok("POST", "/api/v1/fences", own, draw(name, more))
			fences[name] = got.field("id")
			got = w.ok("GET", "/api/v1/fences/"+fences[name], own, "")
			if got.field("name") != name || got.field("colour") != "#2f9e44" || got.field("targets.devices.0") != a.spare.String() {
				t.Error(got.body)
			}
		}
	})
	events := func(fence string) (kinds []string) {
		list := w.ok("GET", "/api/v1/events?kinds=enter,exit&fence="+fences[fence], own, "")
		for i := 0; list.field(fmt.Sprintf("items.%d", i)) != ""; i++ {
			kinds = append(kinds, list.field(fmt.Sprintf("items.%d.kind", i)))
		}
		return kinds
	}
	for i, lat := range []float64{4.25, 4.3, 4.35} { // after the fences were drawn
		r := fleet.Report{Device: a.spare, Protocol: fleet.Simulated}
		r.Fix = fleet.At(time.Now()) + fleet.Time(i)*fleet.Minute
		r.Received = r.Fix + fleet.Second
		r.SetPlace(lat, -74)
		r.SetSpeed(36)
		r.SetValid(true)
		if err := w.engine.Accept(t.Context(), []fleet.Report{r}); err != nil {
			t.Fatal(err)
		}
	}
	w.until("the way through", func() bool { return len(events("both")) == 2 })
	t.Run("it is active at once: an assigned device enters and leaves/S2-75/S2-89", func(t *testing.T) {
		if got := fmt.Sprint(events("both")); got != "[exit enter]" {
			t.Error(got)
		}
	})
	for _, c := range []struct{ name, fence, want string }{
		{"inside makes enter events/S2-82", "inside", "[enter]"},
		{"outside makes exit events/S2-83", "outside", "[exit]"},
		{"what is off makes none, both off draws alone/S2-84", "drawn", "[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := fmt.Sprint(events(c.fence)); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	t.Run("a customer adds, changes and removes its fences/S2-76", func(t *testing.T) {
		path := "/api/v1/fences/" + fences["drawn"]
		if got := w.ok("PUT", path, own, draw("renamed", `,"version":1`)); got.field("name") != "renamed" {
			t.Error(got.body)
		}
		w.ok("DELETE", path, own, "")
		if got := w.do("GET", path, own, ""); got.status != http.StatusNotFound {
			t.Error(got.status, got.body)
		}
	})
	t.Run("a marker has an icon, and goes and comes with any device of the customer/S2-90/S2-91/S2-92", func(t *testing.T) {
		body := `{"name":"Gate","icon":%q,"lat":4,"lon":-74,"version":%d}`
		id := w.ok("POST", "/api/v1/markers", own, `{"name":"Gate","icon":"flag","lat":4,"lon":-74}`).field("id")
		path := "/api/v1/markers/" + id
		if got := w.ok("GET", path, a.tokens[fleet.CustomerUser], ""); got.field("icon") != "flag" {
			t.Error("to whom some devices are assigned:", got.body)
		}
		if got := w.ok("PUT", path, own, fmt.Sprintf(body, "fuel", 1)); got.field("icon") != "fuel" {
			t.Error(got.body)
		}
		if got := w.do("PUT", path, own, fmt.Sprintf(body, "no-icon", 2)); got.status != http.StatusUnprocessableEntity {
			t.Error(got.status, got.body)
		}
		w.ok("DELETE", path, own, "")
	})
	t.Run("a notification says of which device it is and of what type/S2-100/S2-101", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/notifications/"+a.notification.String(), own, "")
		if got.field("allDevices") != "true" || got.field("kinds.0") != "enter" || got.field("kinds.1") != "exit" {
			t.Error(got.body)
		}
	})
}

// TestPeopleForms has the forms of people and customers refuse and keep.
func TestPeopleForms(t *testing.T) {
	w, a, staff := settled(t)
	t.Run("a customer is created/S0-3", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/customers", staff, `{"name":"First","code":"F1","country":"CO"}`)
		if list := w.ok("GET", "/api/v1/customers?search=first", staff, ""); list.field("items.0.id") != got.field("id") {
			t.Error(list.body)
		}
	})
	t.Run("a user's form has fields that it needs/S1-14", func(t *testing.T) {
		body := `{"customer":%q,"firstName":"Ida","email":%q,"lang":"es","timezone":"UTC"}`
		if got := w.do("POST", "/api/v1/users", staff, fmt.Sprintf(body, a.customer, "")); got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != "email" {
			t.Error(got.status, got.body)
		}
		w.ok("POST", "/api/v1/users", staff, fmt.Sprintf(body, a.customer, "ida@example.com")) // no phone, last name, address
	})
	t.Run("a customer's user is edited, and keeps what was saved alone/S1-22/S1-23", func(t *testing.T) {
		path := "/api/v1/users/" + a.users[fleet.CustomerUser].String()
		body := `{"customer":%q,"name":%q,"email":%q,"lang":"es","timezone":"UTC","version":1}`
		if got := w.do("PUT", path, staff, fmt.Sprintf(body, a.customer, "", "no address")); got.status != http.StatusUnprocessableEntity {
			t.Error(got.status, got.body)
		}
		if got := w.ok("GET", path, staff, ""); got.field("version") != "1" {
			t.Error("a refused change was kept:", got.body)
		}
		w.ok("PUT", path, staff, fmt.Sprintf(body, a.customer, "Saved", a.email(fleet.CustomerUser)))
		if got := w.ok("GET", path, staff, ""); got.field("name") != "Saved" || got.field("version") != "2" {
			t.Error(got.body)
		}
	})
	t.Run("operators are made like users, in a company/S4-26", func(t *testing.T) {
		got := w.ok("POST", "/api/v1/users", staff, `{"firstName":"Oto","email":"oto@example.com","lang":"es","timezone":"UTC","role":"operator"}`)
		if got.field("role") != "operator" || got.field("company") != a.company.String() || got.field("customer") != "<nil>" {
			t.Error(got.body)
		}
	})
	t.Run("comments about an operator/S4-33", func(t *testing.T) {
		w.ok("POST", "/api/v1/comments", staff, fmt.Sprintf(`{"user":%q,"text":"Calm at night"}`, a.users[fleet.Operator]))
		if list := w.ok("GET", "/api/v1/comments?search=calm", staff, ""); list.field("items.0.user") != a.users[fleet.Operator].String() || list.field("items.0.authorName") == "" {
			t.Error(list.body)
		}
	})
	t.Run("a token is made with a description and an end, and listed/S4-39/S4-41/S4-44", func(t *testing.T) {
		operator := a.tokens[fleet.Operator]
		made := w.ok("POST", "/api/v1/tokens", operator, `{"description":"Board","days":30}`)
		secret := made.field("secret")
		w.ok("GET", "/api/v1/devices", secret, "")
		list := w.ok("GET", "/api/v1/tokens", operator, "")
		if !strings.Contains(list.body, `"description":"Board"`) || strings.Contains(list.body, secret) {
			t.Error(list.body)
		}
	})
}
