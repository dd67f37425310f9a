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
