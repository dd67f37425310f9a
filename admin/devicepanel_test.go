package admin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestDevicePanel fills a device's panel and reads it as staff and customers do.
func TestDevicePanel(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff, operator := a.tokens[fleet.CompanyAdmin], a.tokens[fleet.Operator]
	path := "/api/v1/devices/" + a.device.String()
	contact := w.ok("POST", "/api/v1/contacts", staff, fmt.Sprintf(`{"owner":%q,"name":"Guard","lang":"es","phones":["+573001112233"],"devices":[%q]}`, a.customer, a.device)).field("id")
	foreign := w.ok("POST", "/api/v1/contacts", b.tokens[fleet.CompanyAdmin], fmt.Sprintf(`{"owner":%q,"name":"Guard","lang":"es"}`, b.customer)).field("id")
	always := w.ok("POST", "/api/v1/calendars", staff, `{"name":"Always","timezone":"UTC","week":[{"days":["mon","tue","wed","thu","fri","sat","sun"],"from":"00:00","to":"24:00"}]}`).field("id")
	version := 0
	sheet := func(token, zones, contact string) answer {
		return w.do("PUT", path+"/sheet", token, fmt.Sprintf(`{"version":%d,"zones":[%s],"calls":[{"contact":%q,"when":%q}],"schedules":[%q]}`, version, zones, contact, always, a.calendar))
	}
	panel := func(token string) answer { return w.ok("GET", path+"/panel", token, "") }

	if got := sheet(operator, "", contact); got.status != 403 {
		t.Errorf("an operator changes zones: %d", got.status)
	}
	if got := sheet(staff, "", foreign); got.status != 422 {
		t.Errorf("another company's contact: %d %s", got.status, got.body)
	}
	if got := sheet(staff, `{"id":"1","name":"Door"},{"id":"1","name":"Tank"}`, contact); got.status != 422 {
		t.Errorf("two zones of one ID: %d %s", got.status, got.body)
	}
	if got := sheet(staff, `{"id":"003","name":"Cargo door","number":3}`, contact); got.status != 200 {
		t.Fatalf("%d %s", got.status, got.body)
	}
	version = 1

	t.Run("S2-118", func(t *testing.T) {
		p := panel(operator)
		if p.field("zones.0.name") != "Cargo door" || p.field("zones.0.id") != "003" || p.field("users.0.id") != a.users[fleet.CustomerUser].String() || !strings.Contains(p.field("users.0.name"), "Canary") {
			t.Errorf("zones and users: %s", p.body)
		}
	})
	t.Run("S2-119", func(t *testing.T) {
		if p := panel(operator); p.field("notifications.0.id") != a.notification.String() || p.field("notifications.0.all") != "true" {
			t.Errorf("notifications: %s", p.body)
		}
	})
	t.Run("S2-120", func(t *testing.T) {
		p := panel(a.tokens[fleet.CustomerAdmin])
		if !strings.Contains(p.body, `"contacts":[{"id":"`) || p.field("calls.0.name") != "Guard" || p.field("calls.0.phones.0") != "+573001112233" || p.field("calls.0.now") != "true" {
			t.Errorf("contacts: %s", p.body)
		}
	})
	t.Run("S2-121", func(t *testing.T) {
		if p := panel(staff); p.field("schedules.0.name") != "Hours" {
			t.Errorf("schedules: %s", p.body)
		}
		if got := w.do("DELETE", "/api/v1/calendars/"+always, staff, ""); got.status != 409 {
			t.Errorf("a calendar in use is deleted: %d", got.status)
		}
	})
	t.Run("S2-125", func(t *testing.T) {
		now := fleet.At(time.Now())
		notes := func(version int, fixed string, until fleet.Time) answer {
			return w.do("PUT", path+"/notes", operator, fmt.Sprintf(`{"version":%d,"fixedNotes":[%q],"temporaryNotes":[{"text":"Gate open","until":%q}]}`, version, fixed, until))
		}
		if got := notes(1, "Ask for the word", now-fleet.Minute); got.status != 422 {
			t.Errorf("a note that has ended: %d %s", got.status, got.body)
		}
		got := notes(1, "Ask for the word", now+fleet.Hour)
		if got.field("fixedNotes.0.text") != "Ask for the word" || got.field("temporaryNotes.0.text") != "Gate open" || !strings.Contains(got.field("fixedNotes.0.authorName"), "operator") {
			t.Errorf("%d %s", got.status, got.body)
		}
		if got.field("zones.0.name") != "Cargo door" {
			t.Errorf("notes change zones: %s", got.body)
		}
		if got := notes(1, "Another", now+fleet.Hour); got.status != 409 {
			t.Errorf("notes that somebody changed meanwhile: %d", got.status)
		}
	})
	t.Run("S2-126", func(t *testing.T) {
		if p := panel(staff); !strings.Contains(p.body, `"tabs":["map","zones"`) {
			t.Errorf("without a type: %s", p.body)
		}
		w.ok("PUT", path, staff, fmt.Sprintf(`{"customer":%q,"name":"Phone","uniqueId":%q,"type":"0000000000005","version":1}`, a.customer, a.uniqueID()))
		if p := panel(staff); p.field("device.typeName") != "OwnTracks" || strings.Contains(p.body, `"zones","`) {
			t.Errorf("a phone: %s", p.body)
		}
	})
	t.Run("S2-124", func(t *testing.T) {
		p := w.ok("GET", "/api/v1/events?device="+a.device.String(), staff, "")
		if p.field("items.0.device") != a.device.String() {
			t.Errorf("signal history: %s", p.body)
		}
	})
	t.Run("S2-129", func(t *testing.T) {
		if got := w.ok("GET", "/api/v1/me", a.tokens[fleet.CustomerUser], ""); got.field("positioningOnly") != "true" {
			t.Errorf("only a phone and one of no type: %s", got.body)
		}
		w.ok("PUT", "/api/v1/devices/"+a.spare.String(), staff, fmt.Sprintf(`{"customer":%q,"name":"Truck","uniqueId":"other","type":"0000000000001","version":1}`, a.customer))
		if got := w.ok("GET", "/api/v1/me", a.tokens[fleet.CustomerUser], ""); got.field("positioningOnly") == "true" {
			t.Errorf("a truck too: %s", got.body)
		}
	})
}

// TestDeviceMove has a device change hands.
func TestDeviceMove(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff := a.tokens[fleet.CompanyAdmin]
	path := "/api/v1/devices/" + a.device.String()
	contact := w.ok("POST", "/api/v1/contacts", staff, fmt.Sprintf(`{"owner":%q,"name":"Guard","lang":"es"}`, a.customer)).field("id")
	w.ok("PUT", path+"/sheet", staff, fmt.Sprintf(`{"zones":[{"id":"1","name":"Door"}],"calls":[{"contact":%q}]}`, contact))

	preview := w.ok("GET", path+"/move", staff, "")
	for _, want := range []string{`"kind":"user"`, `"kind":"contact"`, `"name":"Guard"`} {
		if !strings.Contains(preview.body, want) {
			t.Errorf("the preview lacks %s: %s", want, preview.body)
		}
	}
	if got := w.ok("GET", path+"/move?to="+a.inner.String(), staff, ""); strings.Contains(got.body, "Guard") {
		t.Errorf("below its owner it loses a contact: %s", got.body)
	}
	if got := w.do("POST", path+"/move", staff, fmt.Sprintf(`{"to":%q}`, b.customer)); got.status != 422 {
		t.Errorf("to another company: %d %s", got.status, got.body)
	}
	t.Run("S2-51", func(t *testing.T) {
		got := w.ok("POST", path+"/move", staff, fmt.Sprintf(`{"to":%q,"version":1}`, a.company))
		if got.field("device.customer") != "<nil>" || got.field("lost.0.kind") == "" {
			t.Errorf("into the stock: %s", got.body)
		}
		p := w.ok("GET", path+"/panel", staff, "")
		if p.field("zones.0.name") != "Door" || p.field("calls.0.name") != "" || p.field("users.0.id") != "" {
			t.Errorf("afterwards: %s", p.body)
		}
		w.ok("DELETE", "/api/v1/devices/"+a.spare.String(), staff, "")
		if list := w.ok("GET", "/api/v1/devices?owner="+a.customer.String(), staff, ""); strings.Contains(list.body, a.spare.String()) || strings.Contains(list.body, a.device.String()) {
			t.Errorf("the customer has it still: %s", list.body)
		}
	})
	t.Run("S2-50", func(t *testing.T) {
		if stock := w.ok("GET", "/api/v1/devices?owner="+a.company.String(), staff, ""); !strings.Contains(stock.body, a.device.String()) {
			t.Errorf("the stock: %s", stock.body)
		}
		w.ok("POST", path+"/move", staff, fmt.Sprintf(`{"to":%q,"version":2}`, a.customer))
		w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"customer":%q,"name":"New","uniqueId":"brandnew"}`, a.customer))
	})
	t.Run("S2-49", func(t *testing.T) {
		list := w.ok("GET", "/api/v1/devices?owner="+a.customer.String(), staff, "")
		if !strings.Contains(list.body, a.device.String()) || !strings.Contains(list.body, "brandnew") {
			t.Errorf("the customer's: %s", list.body)
		}
		if got := w.ok("GET", path, a.tokens[fleet.CustomerAdmin], ""); got.field("customer") != a.customer.String() {
			t.Errorf("opened: %s", got.body)
		}
	})
}
