package admin_test

import (
	"strings"
	"testing"
)

// Cooldown, schedule, quiet hours and the SMS budget come back as they were
// put; faults are named by field; a customer does not set its own budget.
func TestNotificationTimesAndBudget(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("Times")
	token := tn.tokens["companyAdmin"]
	n := `{"owner":"` + tn.customer.String() + `","description":"Night","allDevices":true,"allFences":true,"kinds":["exit"],"channels":["sms"],` +
		`"recipients":["` + tn.users["companyAdmin"].String() + `"],"cooldown":600000,` +
		`"schedule":{"weekly":[{"days":["mon"],"from":"08:00","to":"17:30"}]},"quiet":{"weekly":[{"days":["sun"],"from":"22:00","to":"06:00"}]}}`
	a := w.ok("POST", "/api/v1/notifications", token, n)
	for _, want := range []string{
		`"cooldown":600000`, `"schedule":{"weekly":[{"days":["mon"],"from":"08:00","to":"17:30"}]}`,
		`"quiet":{"weekly":[{"days":["sun"],"from":"22:00","to":"06:00"}]}`,
	} {
		if !strings.Contains(a.body, want) {
			t.Errorf("no %s in %s", want, a.body)
		}
	}
	for field, change := range map[string][2]string{
		"cooldown":              {"600000", "86400001"},
		"schedule.weekly[0].to": {`"17:30"`, `"25:00"`},
		"quiet.weekly[0].from":  {`"22:00"`, `"22"`},
	} {
		a := w.do("POST", "/api/v1/notifications", token, strings.Replace(n, change[0], change[1], 1))
		if a.status != 422 || !strings.Contains(a.body, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, a.status, a.body)
		}
	}
	c := `{"name":"Thrifty","code":"TH-1","lang":"es","timezone":"UTC","smsBudget":500}`
	if a := w.ok("POST", "/api/v1/customers", token, c); !strings.Contains(a.body, `"smsBudget":500`) {
		t.Errorf("the customer came back as %s", a.body)
	}
	var stored struct{ ID string }
	w.ok("POST", "/api/v1/customers", token, strings.NewReplacer("Thrifty", "Frugal", "TH-1", "TH-2").Replace(c)).into(t, &stored)
	if a := w.ok("GET", "/api/v1/customers/"+stored.ID, token, ""); !strings.Contains(a.body, `"smsUsed":500,"smsStopped":true`) {
		t.Errorf("with its budget used up it is shown as %s", a.body)
	}
	if a := w.do("POST", "/api/v1/customers", token, strings.Replace(c, "500", "-1", 1)); a.status != 422 {
		t.Errorf("a budget below zero: %d %s", a.status, a.body)
	}
}

// A notification names addresses that belong to no user; each must be what its
// channel reaches.
func TestNotificationAddresses(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	token := tn.tokens["companyAdmin"]
	body := func(more string) string {
		return `{"owner":"` + tn.customer.String() + `","description":"Gate","allDevices":true,"allFences":true,"kinds":["exit"],` + more + `}`
	}
	t.Run("S2-102", func(t *testing.T) {
		made := w.ok("POST", "/api/v1/notifications", token, body(`"channels":["email","sms"],"emails":["gate@example.com"],"phones":["+573001234567"]`))
		if made.field("emails.0") != "gate@example.com" || made.field("phones.0") != "+573001234567" || made.field("recipients") != "[]" {
			t.Error(made.body)
		}
		for field, more := range map[string]string{
			"emails":     `"channels":["email"],"emails":["gate"]`,
			"phones":     `"channels":["sms"],"phones":["gate@example.com"]`,
			"recipients": `"channels":["sms"]`,
		} {
			if a := w.do("POST", "/api/v1/notifications", token, body(more)); a.status != 422 || a.field("errors.0.field") != field {
				t.Errorf("%s: %d %s", field, a.status, a.body)
			}
		}
		for _, more := range []string{`"channels":["sms"],"emails":["gate@example.com"]`, `"channels":["email"],"emails":["gate@example.com","GATE@example.com"]`} {
			if a := w.do("POST", "/api/v1/notifications", token, body(more)); a.status != 422 || a.field("errors.0.field") != "emails" {
				t.Errorf("%s: %d %s", more, a.status, a.body)
			}
		}
	})
	t.Run("S2-93", func(t *testing.T) { // the scene's has told somebody of its event
		got := w.ok("GET", "/api/v1/notifications/"+tn.notification.String(), token, "")
		if got.field("sent") == "<nil>" || got.field("failed") == "<nil>" {
			t.Error(got.body)
		}
	})
}

// A person without a mail address signs in by name, is flagged, and gets no
// letter; whoever wants no notice at night says so.
func TestPeopleWithoutAnAddressAndQuietHours(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	token := tn.tokens["companyAdmin"]
	body := `{"customer":"` + tn.customer.String() + `","username":"gate","firstName":"Gate","lang":"es","timezone":"UTC","role":"customerUser"`
	t.Run("S4-12", func(t *testing.T) {
		made := w.ok("POST", "/api/v1/users", token, body+`}`)
		if !strings.Contains(made.field("flags"), "no-email") || made.field("activation.method") != "link" || made.field("activation.link") == "<nil>" {
			t.Error(made.body)
		}
		second := strings.Replace(body, `"gate"`, `"gate2"`, 1)
		w.ok("POST", "/api/v1/users", token, second+`}`) // none is nobody's address
		if a := w.do("POST", "/api/v1/users", token, strings.Replace(body, `"username":"gate",`, "", 1)+`}`); a.status != 422 || a.field("errors.0.field") != "email" {
			t.Errorf("neither name nor address: %d %s", a.status, a.body)
		}
	})
	own := tn.tokens["operator"]
	quiet := `{"quiet":{"weekly":[{"days":["sat","sun"],"from":"22:00","to":"08:00"}]}}`
	if got := w.ok("PUT", "/api/v1/me/preferences", own, quiet); got.field("quiet.weekly.0.from") != "22:00" {
		t.Error(got.body)
	}
	w.ok("PUT", "/api/v1/me/preferences", own, `{}`)
	if got := w.ok("GET", "/api/v1/me", own, ""); got.field("user.quiet.weekly.0.to") != "08:00" {
		t.Error(got.body)
	}
	if got := w.ok("PUT", "/api/v1/me/preferences", own, `{"quiet":{"weekly":[]}}`); strings.Contains(got.body, `"quiet"`) {
		t.Error(got.body)
	}
	if a := w.do("PUT", "/api/v1/me/preferences", own, strings.Replace(quiet, "22:00", "25:00", 1)); a.status != 422 {
		t.Error(a.status, a.body)
	}
}
