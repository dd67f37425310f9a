package admin_test

import (
	"strings"
	"testing"
)

// A rule, a fence's schedule and speed limit, and a device's own limits come
// back as they were put; faults are named by field, in the caller's language.
func TestRulesAndSchedules(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("Rules")
	token := tn.tokens["companyAdmin"]
	const hours = `"schedule":{"weekly":[{"days":["mon","fri"],"from":"08:00","to":"17:30"},{"days":["sat"],"from":"22:00","to":"02:00"}]}`
	var r struct {
		ID       string
		Trigger  string
		At       string
		After    int64
		Version  int
		Schedule struct {
			Weekly []struct {
				Days     []string
				From, To string
			}
		}
	}
	body := `{"owner":"` + tn.customer.String() + `","name":"Late","trigger":"absent","at":"08:15","fences":["` + tn.fence.String() + `"],` + hours
	w.ok("POST", "/api/v1/rules", token, body+"}").into(t, &r)
	if r.At != "08:15" || r.Trigger != "absent" || len(r.Schedule.Weekly) != 2 || strings.Join(r.Schedule.Weekly[0].Days, "") != "monfri" ||
		r.Schedule.Weekly[1].To != "02:00" {
		t.Errorf("the rule came back as %+v", r)
	}
	for field, change := range map[string][2]string{
		"at":                      {`"absent"`, `"dwell"`},
		"after":                   {`"at":"08:15"`, `"after":0`},
		"limit":                   {`"at":"08:15"`, `"at":"08:15","limit":50`},
		"schedule.weekly[0].from": {`"from":"08:00"`, `"from":"8"`},
		"fences":                  {`"` + tn.fence.String() + `"`, ""},
	} {
		a := w.do("POST", "/api/v1/rules", token, strings.Replace(body+"}", change[0], change[1], 1))
		if a.status != 422 || !strings.Contains(a.body, `"field":"`+field+`"`) {
			t.Errorf("%s: %d %s", field, a.status, a.body)
		}
	}
	n := `{"owner":"` + tn.customer.String() + `","description":"Late","allDevices":true,"allFences":true,"kinds":["absent","offline"],"rules":["` + r.ID +
		`"],"channels":["email"],"recipients":["` + tn.users["companyAdmin"].String() + `"]}`
	if a := w.ok("POST", "/api/v1/notifications", token, n); !strings.Contains(a.body, `"rules":["`+r.ID+`"]`) {
		t.Errorf("the notification came back as %s", a.body)
	}
	if a := w.do("DELETE", "/api/v1/rules/"+r.ID, token, ""); a.status != 409 {
		t.Errorf("deleting a rule in use: %d %s", a.status, a.body)
	}
	f := `{"owner":"` + tn.customer.String() + `","name":"School","shape":{"type":"Point","coordinates":[-74,4],"radius":100},"speedLimit":30,` + hours + `}`
	if a := w.ok("POST", "/api/v1/fences", token, f); !strings.Contains(a.body, `"speedLimit":30`) || !strings.Contains(a.body, `"17:30"`) {
		t.Errorf("the fence came back as %s", a.body)
	}
	d := `{"customer":"` + tn.customer.String() + `","name":"Quick","uniqueId":"990000862471999","offlineAfter":120000,"speedLimit":90}`
	if a := w.ok("POST", "/api/v1/devices", token, d); !strings.Contains(a.body, `"offlineAfter":120000`) || !strings.Contains(a.body, `"speedLimit":90`) {
		t.Errorf("the device came back as %s", a.body)
	}
}
