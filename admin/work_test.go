package admin_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// A shift has a first and a last day and a calendar; two of one person share no
// day, and a calendar stays while shifts name it.
func TestShifts(t *testing.T) { t.Run("S4-35/S4-36/S4-37", shifts) }

func shifts(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	shift := func(who fleet.Role, from, to string) answer {
		return w.do("POST", "/api/v1/shifts", staff, fmt.Sprintf(`{"user":%q,"from":%q,"to":%q,"calendar":%q}`, a.users[who], from, to, a.calendar))
	}
	for _, c := range []struct {
		who      fleet.Role
		from, to string
		want     int
	}{
		{fleet.Operator, "2026-12-01", "2026-12-15", http.StatusCreated},
		{fleet.Operator, "2026-12-15", "2026-12-31", http.StatusUnprocessableEntity}, // shares the 15th
		{fleet.Operator, "2026-12-16", "2026-12-31", http.StatusCreated},
		{fleet.CompanyAdmin, "2026-12-01", "2026-12-31", http.StatusCreated},
		{fleet.Operator, "2027-01-02", "2027-01-01", http.StatusUnprocessableEntity},
		{fleet.Operator, "2027-02-30", "2027-03-01", http.StatusUnprocessableEntity},
		{fleet.CustomerUser, "2026-12-01", "2026-12-31", http.StatusUnprocessableEntity}, // no staff
	} {
		if got := shift(c.who, c.from, c.to); got.status != c.want {
			t.Errorf("%s from %s to %s: %d %s", c.who, c.from, c.to, got.status, got.body)
		}
	}
	if got := w.do("DELETE", "/api/v1/calendars/"+a.calendar, staff, ""); got.status != http.StatusConflict {
		t.Errorf("a calendar that shifts name: %d %s", got.status, got.body)
	}
}

// A ticket goes to whoever its category says: by mail, and into a list. Its
// author sees it, another user of the customer does not, and no customer names
// who is to answer.
func TestTicketsReachTheResponsible(t *testing.T) {
	t.Run("S2-131/S2-132/S2-133", ticketsReachTheResponsible)
}

func ticketsReachTheResponsible(t *testing.T) {
	var letters []admin.Letter
	w := newWorld(t, func(o *admin.Options) {
		o.Post = func(_ context.Context, l admin.Letter) error { letters = append(letters, l); return nil }
	})
	a := w.settle("A")
	operator := a.users[fleet.Operator]
	w.ok("POST", "/api/v1/support-routes", a.tokens[fleet.CompanyAdmin], fmt.Sprintf(`{"category":"Alarms","user":%q}`, operator))
	letters = nil
	body := `{"category":"alarms","description":"The siren does not stop","phone":"+573001234567","email":"x@example.com","priority":"urgent","kind":"complaint","status":"closed"}`
	made := w.ok("POST", "/api/v1/tickets", a.tokens[fleet.CustomerUser], body)
	id := made.field("id")
	if made.field("status") != "open" || made.field("assignee") != operator.String() || made.field("author") != a.users[fleet.CustomerUser].String() {
		t.Errorf("made: %s", made.body)
	}
	if len(letters) != 1 || letters[0].To == "" {
		t.Errorf("letters: %+v", letters)
	}
	mine := w.ok("GET", "/api/v1/me/tickets", a.tokens[fleet.Operator], "")
	if mine.field("items.0.id") != id {
		t.Errorf("the operator's: %s", mine.body)
	}
	w.ok("GET", "/api/v1/tickets/"+id, a.tokens[fleet.CustomerUser], "")
	if got := w.do("GET", "/api/v1/tickets/"+a.plain["/tickets"], a.tokens[fleet.CustomerUser], ""); got.status != http.StatusNotFound {
		t.Errorf("a user reads another's ticket: %d", got.status)
	}
	answer := fmt.Sprintf(`{"category":"alarms","description":"The siren does not stop","priority":"urgent","kind":"complaint","status":"answered","assignee":%q,"thread":[{"text":"Somebody is on the way"}],"version":1}`, operator)
	got := w.ok("PUT", "/api/v1/tickets/"+id, a.tokens[fleet.Operator], answer)
	if got.field("thread.0.by") != operator.String() || got.field("author") != a.users[fleet.CustomerUser].String() {
		t.Errorf("answered: %s", got.body)
	}
	if got := w.do("PUT", "/api/v1/tickets/"+id, a.tokens[fleet.Operator], `{"category":"alarms","description":"x","priority":"low","kind":"query","version":2}`); got.status != http.StatusUnprocessableEntity {
		t.Errorf("an answer was taken back: %d %s", got.status, got.body)
	}
}
