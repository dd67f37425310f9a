package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// sos has a tenant's truck call for help, and gives the alarm.
func (w *world) sos(tn *tenant) fleet.EventID {
	w.t.Helper()
	w.press(tn)
	var id fleet.EventID
	w.until("an alarm", func() bool {
		p, err := w.facts.Attentions(fleet.AttentionQuery{Scope: fleet.Scope{Company: tn.company}})
		if err == nil && len(p.Items) > 0 {
			id = p.Items[0].ID
		}
		return id != fleet.EventID{}
	})
	return id
}

// press sends a fix with the SOS button pressed.
func (w *world) press(tn *tenant) {
	w.t.Helper()
	r := fleet.Report{Device: tn.device, Protocol: fleet.Simulated, Alarms: fleet.SOS}
	r.Fix = began + fleet.Time(len(w.tracks.all))*fleet.Minute
	r.Received = r.Fix + fleet.Second
	r.SetPlace(4, -74)
	r.SetSpeed(36)
	r.SetValid(true)
	if err := w.engine.Accept(w.t.Context(), []fleet.Report{r}); err != nil {
		w.t.Fatal(err)
	}
	w.tracks.all = append(w.tracks.all, r.Position())
}

func TestAlarmFromSOSToClosed(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	id := w.sos(tn)
	at := "/api/v1/alarms/" + id.String()
	operator := tn.tokens[fleet.Operator]
	list := w.ok("GET", "/api/v1/alarms?states=active_unack&kind=alarm&unassigned=true", operator, "")
	if list.field("items.0.id") != id.String() || list.field("items.0.alarm") != "sos" || list.field("items.0.critical") != "true" {
		t.Errorf("the queue: %s", list.body)
	}
	w.press(tn)
	w.until("a repeat", func() bool {
		a, _ := w.facts.Attention(id)
		return a.Count == 2
	})
	w.ok("POST", at+"/take", operator, `{}`)
	w.ok("POST", at+"/comments", operator, `{"note":"no answer yet"}`)
	acked := w.ok("POST", at+"/acknowledge", operator, `{"note":"called"}`)
	if acked.field("state") != "active_ack" || acked.field("acknowledgedBy") != tn.users[fleet.Operator].String() || acked.field("count") != "2" {
		t.Errorf("acknowledged: %s", acked.body)
	}
	if got := w.do("POST", at+"/close", operator, `{"resolution":"nonsense"}`); got.status != http.StatusUnprocessableEntity {
		t.Errorf("closed as nonsense: %d", got.status)
	}
	if got := w.do("POST", at+"/close", operator, `{"resolution":"test","version":1}`); got.status != http.StatusConflict {
		t.Errorf("closed over what it did not see: %d %s", got.status, got.body)
	}
	closed := w.ok("POST", at+"/close", operator, `{"resolution":"false_alarm","note":"pressed by mistake"}`)
	if closed.field("state") != "closed" || closed.field("log.3.did") != "closed" || closed.field("log.2.note") != "called" {
		t.Errorf("closed: %s", closed.body)
	}
	if got := w.do("POST", at+"/take", operator, `{}`, "Accept-Language", "es"); got.status != http.StatusConflict || !strings.Contains(got.body, "la alarma está cerrada") {
		t.Errorf("taken after it was closed: %d %s", got.status, got.body)
	}
	if w.do("GET", "/api/v1/alarms/"+id.String()+"0", operator, "").status != http.StatusNotFound {
		t.Error("an ID of another length is there")
	}
}

// TestTwoCannotTakeTheSameAlarm: of many who try at once one has it, and the
// others are told who.
func TestTwoCannotTakeTheSameAlarm(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	id := w.sos(tn)
	at := "/api/v1/alarms/" + id.String()
	people := []string{tn.tokens[fleet.Operator], tn.tokens[fleet.CompanyAdmin]}
	answers := make([]answer, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = w.do("POST", at+"/take", people[i%2], `{}`) })
	}
	all.Wait()
	first := ""
	for i, a := range answers {
		switch a.status {
		case http.StatusOK:
			if holder := a.field("assignee"); first != "" && holder != first {
				t.Errorf("both %s and %s have it", first, holder)
			} else {
				first = holder
			}
		case http.StatusConflict:
			if !strings.Contains(a.body, tn.canary()) {
				t.Errorf("answer %d does not say who has it: %s", i, a.body)
			}
		default:
			t.Errorf("answer %d: %d %s", i, a.status, a.body)
		}
	}
	if a, _ := w.facts.Attention(id); len(a.Log) != 1 {
		t.Errorf("taken %d times", len(a.Log))
	}
	w.ok("POST", at+"/release", tn.tokens[fleet.CompanyAdmin], `{}`)
	w.ok("POST", at+"/take", tn.tokens[fleet.CompanyAdmin], `{}`)
	for _, what := range []string{"release", "acknowledge"} {
		if got := w.do("POST", at+"/"+what, tn.tokens[fleet.Operator], `{}`); got.status != http.StatusConflict {
			t.Errorf("an operator may %s what another has: %d", what, got.status)
		}
	}
	w.ok("POST", at+"/comments", tn.tokens[fleet.Operator], `{"note":"I know the place"}`)
}

func TestAlarmsAreToldToWatchersInScope(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	mine, theirs := w.watch(a.tokens[fleet.Operator], `{"type":"hello"}`), w.watch(b.tokens[fleet.Operator], `{"type":"hello"}`)
	first := mine.until(func(m said) bool { return m.Cursor != "" })
	theirs.until(func(m said) bool { return m.Cursor != "" })
	id := w.sos(a)
	told := mine.until(func(m said) bool { return strings.Contains(m.raw, `"alarms":[{"id":"`+id.String()) })
	if !strings.Contains(told.raw, `"state":"active_unack"`) {
		t.Errorf("told %s", told.raw)
	}
	w.ok("POST", "/api/v1/alarms/"+id.String()+"/take", a.tokens[fleet.CompanyAdmin], `{}`)
	mine.until(func(m said) bool { return strings.Contains(m.raw, `"assignee":"`+a.users[fleet.CompanyAdmin].String()) })

	again := w.watch(a.tokens[fleet.Operator], fmt.Sprintf(`{"type":"hello","cursor":%q}`, first.Cursor))
	resumed := again.until(func(m said) bool { return strings.Contains(m.raw, `"alarms"`) })
	if resumed.Type != "delta" || strings.Count(resumed.raw, id.String()+`","company"`) != 2 {
		t.Errorf("resumed with %s", resumed.raw)
	}
	w.sos(b)
	if m := theirs.until(func(m said) bool { return strings.Contains(m.raw, `"alarms"`) }); strings.Contains(m.raw, a.device.String()) {
		t.Errorf("another tenant is told %s", m.raw)
	}
}

func TestUnmonitoredCustomerIsNotInTheQueue(t *testing.T) {
	t.Run("S2-30", unmonitoredCustomerIsNotInTheQueue)
}

func unmonitoredCustomerIsNotInTheQueue(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	cu, err := w.admin.Customer(a.customer)
	if err != nil {
		t.Fatal(err)
	}
	cu.NoMonitoring = true
	w.apply(fleet.ChangeSet{Customers: []fleet.Customer{cu}})
	w.press(a)
	w.sos(b)
	w.until("the event", func() bool {
		p, err := w.facts.Events(fleet.EventQuery{Scope: fleet.Scope{Company: a.company}, Kinds: []fleet.EventKind{fleet.Alarm}})
		return err == nil && len(p.Items) == 1
	})
	if list := w.ok("GET", "/api/v1/alarms", a.tokens[fleet.Operator], ""); list.field("items.0.id") != "<nil>" && list.field("items.0.id") != "" {
		t.Errorf("queued: %s", list.body)
	}
}
