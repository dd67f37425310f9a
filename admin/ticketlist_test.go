package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The list of a support desk: the most urgent first, narrowed by what stands on
// a ticket, in pages that neither repeat nor skip one; and of others' tickets
// nothing.
func TestTicketList(t *testing.T) {
	t.Run("S2-132/S2-137", ticketList)
}

func ticketList(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	for i, priority := range []string{"low", "urgent", "normal", "urgent", "high"} {
		body := fmt.Sprintf(`{"category":"Alarms %d","description":"x","priority":%q,"kind":"query"}`, i%2, priority)
		w.ok("POST", "/api/v1/tickets", a.tokens[fleet.CustomerUser], body)
	}
	w.ok("POST", "/api/v1/tickets", b.tokens[fleet.CustomerUser], `{"category":"Alarms 0","description":"theirs","priority":"urgent","kind":"query"}`)
	var got []string
	for next, pages := "", 0; pages < 5; pages++ {
		page := w.ok("GET", "/api/v1/tickets?sort=priority&status=waiting&limit=2&search=Alarms&after="+next, a.tokens[fleet.Operator], "")
		for i := 0; page.field(fmt.Sprintf("items.%d.id", i)) != ""; i++ {
			got = append(got, page.field(fmt.Sprintf("items.%d.priority", i))+" "+page.field(fmt.Sprintf("items.%d.category", i)))
		}
		if !strings.Contains(page.body, `"next"`) {
			break
		}
		next = page.field("next")
	}
	if want := "[urgent Alarms 1 urgent Alarms 1 high Alarms 0 normal Alarms 0 low Alarms 0]"; fmt.Sprint(got) != want {
		t.Errorf("%v, want %s", got, want)
	}
	for query, want := range map[string]string{
		"category=alarms%201&sort=-created": "Alarms 1", "status=closed": "", "priority=high": "Alarms 0", "assignee=" + a.users[fleet.Operator].String(): "",
	} {
		if got := w.ok("GET", "/api/v1/tickets?"+query, a.tokens[fleet.Operator], "").field("items.0.category"); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	if got := w.do("GET", "/api/v1/tickets?assignee=nobody", a.tokens[fleet.Operator], ""); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an ID that is none: %d %s", got.status, got.body)
	}
}
