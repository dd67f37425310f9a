package admin_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestEventPlans makes a type of device and a plan of its events, and has a
// notification follow the plan.
func TestEventPlans(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	staff := a.tokens[fleet.CompanyAdmin]
	kind := w.ok("POST", "/api/v1/device-types", staff, `{"name":"Cold truck","protocol":"gt06","offlineAfter":3600000,"clockOffset":-28800000,
		"tabs":["map","signals"],"events":[{"code":"alarm.temperature","name":{"es":"Falla de frío","en":"Cooling failed"}},{"code":"exit"},{"code":"alarm.sos"}]}`)
	plan := func(codes string, version int) string {
		return fmt.Sprintf(`{"name":"Cold","type":%q,"codes":[%s],"version":%d}`, kind.field("id"), codes, version)
	}
	var made answer
	notice := func(more string) string {
		return fmt.Sprintf(`{"owner":%q,"description":"Cold chain","allDevices":true,"channels":["sms"],"recipients":[%q],"plan":%q%s}`,
			a.customer, a.users[fleet.CustomerAdmin], made.field("id"), more)
	}

	t.Run("S2-105", func(t *testing.T) {
		if got := w.do("POST", "/api/v1/event-plans", staff, plan(`"alarm.powerCut"`, 0)); got.status != 422 || !strings.Contains(got.body, "catalogue") {
			t.Errorf("a code that the type does not know: %d %s", got.status, got.body)
		}
		made = w.ok("POST", "/api/v1/event-plans", staff, plan(`"alarm.temperature"`, 0))
		if got := w.do("POST", "/api/v1/event-plans", a.tokens[fleet.Operator], plan(`"exit"`, 0)); got.status != 403 {
			t.Errorf("an operator makes a plan: %d", got.status)
		}
		if got := w.do("GET", "/api/v1/event-plans/"+made.field("id"), b.tokens[fleet.CompanyAdmin], ""); got.status != 404 {
			t.Errorf("another company reads it: %d", got.status)
		}
	})
	t.Run("S2-106", func(t *testing.T) {
		got := w.do("GET", "/api/v1/event-plans/"+made.field("id"), a.tokens[fleet.CustomerAdmin], "", "Accept-Language", "es")
		if got.field("events.0.label") != "Falla de frío" || got.field("events.0.severity") != "minor" {
			t.Errorf("the events of the plan: %s", got.body)
		}
		got = w.do("GET", "/api/v1/event-plans?limit=1", staff, "", "Accept-Language", "pt")
		if got.field("items.0.builtIn") != "true" || got.field("items.0.events.0.label") != "SOS" || got.field("next") == "" {
			t.Errorf("built-in plans come first: %s", got.body)
		}
		seen := 0
		for next := ""; ; seen++ {
			got = w.ok("GET", "/api/v1/event-plans?limit=1&after="+next, staff, "")
			if next = got.field("next"); next == "<nil>" || next == "" {
				break
			}
		}
		if seen < len(fleet.EventPlans())+1 { // a plan of its own was made by settle
			t.Errorf("%d pages of one plan", seen)
		}
	})
	t.Run("S2-104", func(t *testing.T) {
		n := w.ok("POST", "/api/v1/notifications", staff, notice(""))
		if n.field("kinds.0") != "alarm" || n.field("alarms.0") != "temperature" || n.field("alarms.1") != "" || n.field("planName") != "Cold" {
			t.Errorf("the notification is about %s", n.body)
		}
		w.ok("PUT", "/api/v1/event-plans/"+made.field("id"), staff, plan(`"exit","alarm.sos"`, 1))
		n = w.ok("GET", "/api/v1/notifications/"+n.field("id"), staff, "")
		if n.field("kinds.0") != "exit" || n.field("kinds.1") != "alarm" || n.field("alarms.0") != "sos" || n.field("allFences") != "true" || n.field("version") != "2" {
			t.Errorf("it does not follow: %s", n.body)
		}
		if got := w.do("POST", "/api/v1/notifications", b.tokens[fleet.CompanyAdmin], strings.NewReplacer(
			a.customer.String(), b.customer.String(), a.users[fleet.CustomerAdmin].String(), b.users[fleet.CustomerAdmin].String()).Replace(notice(""))); got.status != 422 {
			t.Errorf("another company's plan: %d %s", got.status, got.body)
		}
		if got := w.do("DELETE", "/api/v1/event-plans/"+made.field("id"), staff, ""); got.status != 409 || !strings.Contains(got.body, "Cold chain") {
			t.Errorf("a plan in use: %d %s", got.status, got.body)
		}
		if got := w.do("DELETE", "/api/v1/device-types/"+kind.field("id"), staff, ""); got.status != 409 {
			t.Errorf("a type in use: %d %s", got.status, got.body)
		}
	})

	d := w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"customer":%q,"name":"Cold 1","uniqueId":"cold1","type":%q}`, a.customer, kind.field("id")))
	if d.field("offlineAfter") != "3.6e+06" || d.field("clockOffset") != "-2.88e+07" || d.field("typeName") != "Cold truck" {
		t.Errorf("the device takes nothing over of its type: %s", d.body)
	}
	for _, path := range []string{"/device-types/0000000000001", "/event-plans/0000000000001"} {
		if got := w.do("DELETE", "/api/v1"+path, staff, ""); got.status != 403 {
			t.Errorf("DELETE %s: %d %s", path, got.status, got.body)
		}
	}
}

// TestAlarmMode has a truck call for help while somebody works on it.
func TestAlarmMode(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	path := "/api/v1/devices/" + a.device.String()
	set := func(mode string, until fleet.Time) answer {
		return w.do("PUT", path+"/alarm-mode", a.tokens[fleet.Operator], fmt.Sprintf(`{"mode":%q,"until":%q}`, mode, until))
	}
	now := fleet.At(time.Now())
	w.ok("POST", "/api/v1/notifications", a.tokens[fleet.CompanyAdmin], fmt.Sprintf(`{"owner":%q,"description":"Help","allDevices":true,"channels":["push"],"recipients":[%q],"plan":"0000000000001"}`,
		a.customer, a.users[fleet.CustomerAdmin]))
	if got := set("maintenance", now+31*fleet.Day); got.status != 422 {
		t.Errorf("for 31 days: %d %s", got.status, got.body)
	}
	if got := set("test", now-fleet.Minute); got.status != 422 {
		t.Errorf("until a minute ago: %d %s", got.status, got.body)
	}
	if got := set("maintenance", now+fleet.Hour); got.status != 200 || got.field("alarmMode") != "maintenance" {
		t.Fatalf("%d %s", got.status, got.body)
	}
	w.press(a)
	suppressed := func() (n int) {
		p, err := w.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Company: a.company}, Channel: fleet.Push, States: []fleet.DeliveryState{fleet.Suppressed}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range p.Items {
			if d.Reason == "maintenance" {
				n++
			}
		}
		return n
	}
	w.until("the log of what was not sent", func() bool { return suppressed() == 1 })
	signals := w.ok("GET", "/api/v1/events?kinds=alarm&device="+a.device.String(), a.tokens[fleet.Operator], "")
	if signals.field("items.0.alarm") != "sos" {
		t.Errorf("it is not recorded: %s", signals.body)
	}
	if queue := w.ok("GET", "/api/v1/alarms", a.tokens[fleet.Operator], ""); queue.field("items.0.id") != "<nil>" && queue.field("items.0.id") != "" {
		t.Errorf("it raises an alarm: %s", queue.body)
	}
	set("normal", 0)
	w.sos(a)
	if got := w.ok("GET", path, a.tokens[fleet.CustomerAdmin], ""); got.field("alarmMode") != "normal" {
		t.Errorf("afterwards: %s", got.body)
	}
}

// TestEventPlanOfAnotherProtocol: a plan goes with devices that speak what it
// is for, be the plan or the type built in or the company's own.
func TestEventPlanOfAnotherProtocol(t *testing.T) {
	w, a, staff := settled(t)
	kind := w.ok("POST", "/api/v1/device-types", staff, `{"name":"Boat","protocol":"teltonika","events":[{"code":"exit"}]}`).field("id")
	own := w.ok("POST", "/api/v1/event-plans", staff, fmt.Sprintf(`{"name":"Boats","type":%q,"codes":["exit"]}`, kind)).field("id")
	builtIn := map[string]string{} // plans by the protocol
	for _, d := range fleet.DeviceTypes() {
		builtIn[d.Protocol] = d.ID.String()
	}
	device := func(name, kind string) string {
		more := ""
		if kind != "" {
			more = fmt.Sprintf(`,"type":%q`, kind)
		}
		return w.ok("POST", "/api/v1/devices", staff, fmt.Sprintf(`{"customer":%q,"name":%q,"uniqueId":%q%s}`, a.customer, name, name, more)).field("id")
	}
	boat, bike, nobodySaid := device("boat", kind), device("bike", builtIn["h02"]), device("van", "")
	for _, c := range []struct {
		plan, devices string
		want          int
	}{
		{own, `"devices":["` + boat + `"]`, 201},
		{builtIn["teltonika"], `"devices":["` + boat + `","` + nobodySaid + `"]`, 201},
		{builtIn["h02"], `"devices":["` + bike + `"]`, 201},
		{builtIn["h02"], `"allDevices":true`, 201},
		{builtIn["h02"], `"devices":["` + nobodySaid + `","` + boat + `"]`, 422},
		{own, `"devices":["` + bike + `"]`, 422},
	} {
		got := w.do("POST", "/api/v1/notifications", staff, fmt.Sprintf(`{"owner":%q,"description":"x","plan":%q,"channels":["email"],"recipients":[%q],%s}`,
			a.customer, c.plan, a.users[fleet.CustomerAdmin], c.devices), "Accept-Language", "es")
		if got.status != c.want || c.want == 422 && (!strings.HasPrefix(got.field("errors.0.field"), "devices[") || !strings.Contains(got.body, "habla otro protocolo")) {
			t.Errorf("plan %s of %s: %d %s", c.plan, c.devices, got.status, got.body)
		}
	}
}
