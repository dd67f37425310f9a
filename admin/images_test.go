package admin_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// dot is a small picture.
var dot = picture(2)

func picture(side int) string {
	m := image.NewNRGBA(image.Rect(0, 0, side, side))
	m.Set(0, 0, color.NRGBA{R: 255, A: 255})
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		panic(err)
	}
	return b.String()
}

func TestImages(t *testing.T) {
	w, a, staff := settled(t)
	b := w.settle("B")
	user := "/api/v1/users/" + a.users[fleet.Operator].String()
	customer := "/api/v1/customers/" + a.customer.String()
	t.Run("a person has a photo/S4-5/S4-7/S4-27", func(t *testing.T) {
		id := w.ok("PUT", user+"/image", staff, dot).field("image")
		if got := w.ok("GET", user, staff, ""); got.field("image") != id {
			t.Error(got.body)
		}
		got := w.ok("GET", "/api/v1/images/"+id, staff, "")
		if got.header.Get("Content-Type") != "image/png" || got.header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
			t.Error(got.header)
		}
		if _, err := png.Decode(strings.NewReader(got.body)); err != nil {
			t.Error(err)
		}
		if same := w.ok("PUT", user+"/image", staff, dot).field("image"); same != id {
			t.Error("the same picture has another ID")
		}
		again := w.ok("PUT", user+"/image", staff, picture(9)).field("image")
		if again == id || w.do("GET", "/api/v1/images/"+id, staff, "").status != http.StatusNotFound {
			t.Error("the old one is still there")
		}
		w.ok("DELETE", user+"/image", staff, "")
		if got := w.ok("GET", user, staff, ""); got.field("image") != "<nil>" {
			t.Error(got.body)
		}
	})
	t.Run("a customer has one in list and panel/S2-27", func(t *testing.T) {
		id := w.ok("PUT", customer+"/image", staff, dot).field("image")
		if got := w.ok("GET", customer, a.tokens[fleet.CustomerUser], ""); got.field("image") != id {
			t.Error(got.body)
		}
		if list := w.ok("GET", "/api/v1/customers?search=canarya+customer", staff, ""); list.field("items.0.image") != id {
			t.Error(list.body)
		}
		w.ok("GET", "/api/v1/images/"+id, a.tokens[fleet.CustomerUser], "")
		for _, token := range []string{b.tokens[fleet.CompanyAdmin], b.tokens[fleet.CustomerUser]} {
			if got := w.do("GET", "/api/v1/images/"+id, token, ""); got.status != http.StatusNotFound {
				t.Error("another tenant reads it:", got.status)
			}
		}
	})
	t.Run("its people see the company's logo", func(t *testing.T) {
		id := w.ok("PUT", "/api/v1/companies/"+a.company.String()+"/image", staff, dot).field("image")
		w.ok("GET", "/api/v1/images/"+id, a.tokens[fleet.CustomerUser], "")
		if me := w.ok("GET", "/api/v1/me", a.tokens[fleet.CustomerUser], ""); me.field("company.image") != id {
			t.Error(me.body)
		}
	})
	t.Run("what is no picture is refused", func(t *testing.T) {
		for _, file := range []string{"<svg/>", dot[:40], strings.Repeat("x", 9<<20)} {
			got := w.do("PUT", user+"/image", staff, file)
			if got.status != 422 && got.status != 413 {
				t.Errorf("%d bytes: %d %s", len(file), got.status, got.body)
			}
		}
	})
}

func TestTicketsGoToAndFro(t *testing.T) {
	w, a, staff := settled(t)
	operator, user, admin := a.tokens[fleet.Operator], a.tokens[fleet.CustomerUser], a.tokens[fleet.CustomerAdmin]
	crew := w.ok("POST", "/api/v1/labels", staff, fmt.Sprintf(`{"name":"Desk","sort":"group","of":"operator","users":[%q]}`, a.users[fleet.Operator])).field("id")
	w.ok("POST", "/api/v1/support-routes", staff, fmt.Sprintf(`{"category":"Trackers","group":%q}`, crew))
	ticket := w.ok("POST", "/api/v1/tickets", user, `{"category":"Trackers","description":"It is mute","priority":"urgent","kind":"complaint","phone":"+573001234567","email":"luz@example.com"}`)
	id := ticket.field("id")
	t.Run("a message has all its fields/S2-131/S2-133", func(t *testing.T) {
		if ticket.field("category") != "Trackers" || ticket.field("kind") != "complaint" {
			t.Error(ticket.body)
		}
	})
	for _, c := range []struct{ ids, field, want string }{
		{"S2-134", "phone", "+573001234567"}, {"S2-135", "description", "It is mute"}, {"S2-136", "email", "luz@example.com"}, {"S2-137", "priority", "urgent"},
	} {
		t.Run(c.ids+" "+c.field, func(t *testing.T) {
			if got := w.ok("GET", "/api/v1/tickets/"+id, staff, "").field(c.field); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("it reaches the group that is responsible/S2-132", func(t *testing.T) {
		if list := w.ok("GET", "/api/v1/me/tickets", operator, ""); !strings.Contains(list.body, id) {
			t.Error(list.body)
		}
		w.ok("PUT", "/api/v1/tickets/"+id, staff, fmt.Sprintf(`{"version":1,"category":"Trackers","description":"It is mute","priority":"urgent","kind":"complaint","assignee":%q}`, a.users[fleet.CompanyAdmin]))
		if list := w.ok("GET", "/api/v1/me/tickets", operator, ""); strings.Contains(list.body, id) {
			t.Error("somebody has it:", list.body)
		}
	})
	t.Run("both sides answer in its thread", func(t *testing.T) {
		answer := func(token, body string) answer { return w.do("POST", "/api/v1/tickets/"+id+"/answers", token, body) }
		if got := answer(operator, `{"text":"We look"}`); got.field("status") != "answered" || got.field("thread.0.text") != "We look" {
			t.Error(got.status, got.body)
		}
		if got := answer(user, `{"text":"Thanks"}`); got.field("status") != "open" || got.field("thread.1.by") != a.users[fleet.CustomerUser].String() {
			t.Error(got.status, got.body)
		}
		if got := answer(admin, `{"text":"x","status":"closed"}`); got.status != 422 {
			t.Error(got.status, got.body)
		}
		if got := answer(staff, `{"text":"Done","status":"closed"}`); got.field("status") != "closed" {
			t.Error(got.status, got.body)
		}
		mine := w.ok("POST", "/api/v1/tickets", admin, `{"category":"Other","description":"x","priority":"low","kind":"query"}`).field("id")
		if got := w.do("POST", "/api/v1/tickets/"+mine+"/answers", user, `{"text":"x"}`); got.status != http.StatusNotFound {
			t.Error("another one's:", got.status, got.body)
		}
	})
}

func TestAuditIsRead(t *testing.T) {
	w, a, staff := settled(t)
	b := w.settle("B")
	platform := a.tokens[fleet.PlatformAdmin]
	path := "/api/v1/customers/" + a.inner.String()
	w.ok("PUT", path, staff, fmt.Sprintf(`{"parent":%q,"name":"Renamed","code":"CanaryAi","lang":"es","timezone":"America/Bogota","version":1}`, a.customer))
	t.Run("who, what, from where, before and after", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/audit?record=customer&action=update&id="+a.inner.String()+"&user="+a.users[fleet.CompanyAdmin].String(), staff, "")
		if list.field("items.0.by") != "CanaryA companyAdmin" || list.field("items.0.addr") != "127.0.0.1" || list.field("items.0.name") != "Renamed" ||
			list.field("items.0.fields.0.before") != "CanaryA inner" || list.field("items.0.fields.0.after") != "Renamed" || list.field("items.1") != "" {
			t.Error(list.body)
		}
	})
	t.Run("refused attempts too", func(t *testing.T) {
		w.do("POST", "/api/v1/customers/"+a.inner.String()+"/removal", staff, fmt.Sprintf(`{"username":%q,"password":"wrong"}`, a.email(fleet.CompanyAdmin)))
		list := w.ok("GET", "/api/v1/audit?refused=true", staff, "")
		if list.field("items.0.refused") != "true" {
			t.Error(list.body)
		}
	})
	t.Run("a company sees its own alone", func(t *testing.T) {
		for before := "0"; before != "<nil>"; {
			list := w.ok("GET", "/api/v1/audit?limit=200&before="+before, staff, "")
			if strings.Contains(list.body, b.canary()) || strings.Contains(list.body, b.company.String()) {
				t.Fatal(list.body)
			}
			before = list.field("before")
		}
		if all := w.ok("GET", "/api/v1/audit?limit=200", platform, ""); !strings.Contains(all.body, b.canary()) {
			t.Error("the platform's admin sees all")
		}
	})
	t.Run("its chain is verified", func(t *testing.T) {
		got := w.ok("GET", "/api/v1/audit/chain", platform, "")
		if got.field("verified") != got.field("newest") || got.field("broken") != "<nil>" {
			t.Error(got.body)
		}
	})
}
