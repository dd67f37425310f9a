package admin_test

import (
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestWhyEvent asks the drawer's question in four languages and in every role.
func TestWhyEvent(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("Ada"), w.settle("Bob")
	now := fleet.At(time.Now())
	r := fleet.Report{Device: a.device, Protocol: fleet.Simulated, Fix: now, Received: now}
	r.SetPlace(4.1, -74)
	r.SetValid(true)
	if err := w.engine.Accept(t.Context(), []fleet.Report{r}); err != nil {
		t.Fatal(err)
	}
	w.tracks.all = append(w.tracks.all, r.Position())
	w.until("the departure", func() bool {
		p, err := w.facts.Events(fleet.EventQuery{Scope: fleet.Scope{Company: a.company}, From: now, Limit: 1})
		if err == nil && len(p.Items) == 1 {
			a.event = p.Items[0].ID
		}
		return err == nil && len(p.Items) == 1
	})
	path := "/api/v1/events/" + a.event.String() + "/why"
	for lang, want := range map[string]string{
		"en": "The fence follows each trusted fix.", "es": "La geocerca sigue cada posición fiable.",
		"pt": "A cerca segue cada posição fiável.", "fr": "La zone suit chaque position fiable.",
	} {
		got := w.do("GET", path, a.tokens[fleet.CompanyAdmin], "", "Accept-Language", lang)
		var x fleet.Explanation
		got.into(t, &x)
		if len(x.Events) != 1 || x.Events[0].ID != a.event || !strings.Contains(got.body, want) {
			t.Errorf("%s: %d %s", lang, got.status, got.body)
		}
	}
	for _, c := range []struct {
		role    fleet.Role
		fence   string // how the event names its fence
		notices int
		sent    int // messages shown
	}{
		{fleet.CompanyAdmin, "CanaryAda depot", 1, 1},
		{fleet.Operator, "CanaryAda depot", 1, 1},
		{fleet.CustomerAdmin, "CanaryAda depot", 1, 1},
		{fleet.CustomerUser, "CanaryAda depot", 1, 0},
	} {
		var x fleet.Explanation
		w.ok("GET", path, a.tokens[c.role], "").into(t, &x)
		if len(x.Events) != 1 || !strings.Contains(x.Events[0].What, c.fence) || len(x.Events[0].Notices) != c.notices || len(x.Fixes) == 0 {
			t.Fatalf("%s: %+v", c.role, x)
		}
		if n := x.Events[0].Notices[0]; len(n.Deliveries) != c.sent || !n.Applies {
			t.Errorf("%s: %+v", c.role, n)
		}
	}
	if got := w.do("GET", path, a.tokens[fleet.PlatformAdmin], ""); got.status != 403 {
		t.Errorf("platform administrator: %d", got.status)
	}
	for role, token := range b.tokens {
		if got := w.do("GET", path, token, ""); role != fleet.PlatformAdmin && got.status != 404 {
			t.Errorf("another tenant's %s: %d %s", role, got.status, got.body)
		}
	}
}

// TestWhyNot asks for a time at which nothing happened, and for none at all.
func TestWhyNot(t *testing.T) {
	w := newWorld(t)
	a := w.settle("Ada")
	path := "/api/v1/devices/" + a.spare.String() + "/why"
	var x fleet.Explanation
	w.ok("GET", path+"?at="+w.tracks.all[3].Fix.String()+"&window=60", a.tokens[fleet.Operator], "").into(t, &x)
	if len(x.Events) != 0 || len(x.Fixes) != 1 || len(x.Summary) < 2 || !strings.HasPrefix(x.Summary[0], "There is no event of CanaryAda spare between ") {
		t.Errorf("%+v", x)
	}
	w.ok("GET", path+"?at=2020-01-01T00:00:00Z", a.tokens[fleet.Operator], "").into(t, &x)
	if len(x.Fixes) != 0 || !strings.HasPrefix(x.Summary[1], "No report with a place is of that time; the next one is") && !strings.HasPrefix(x.Summary[1], "No report") {
		t.Errorf("%+v", x.Summary)
	}
	if got := w.do("GET", path+"?at=noon", a.tokens[fleet.Operator], ""); got.status != 422 && got.status != 400 {
		t.Errorf("a time that is none: %d", got.status)
	}
	// What a user is not assigned to is not there.
	if got := w.do("GET", path, a.tokens[fleet.CustomerUser], ""); got.status != 404 {
		t.Errorf("not assigned: %d", got.status)
	}
}
