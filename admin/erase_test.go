package admin_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Erase forgets a device's track, as store/history does.
func (tr *tracks) Erase(_ context.Context, d fleet.DeviceID) error {
	tr.all = slices.DeleteFunc(tr.all, func(p fleet.Position) bool { return p.Device == d })
	return nil
}

func (tr *tracks) of(d fleet.DeviceID) (n int) {
	for i := range tr.all {
		if tr.all[i].Device == d {
			n++
		}
	}
	return n
}

// TestEraseDevice: a track goes for good where that is asked for, and only
// with its device.
func TestEraseDevice(t *testing.T) {
	w, a, staff := settled(t)
	w.drive(a.spare, 4, -74)
	path := "/api/v1/devices/" + a.device.String()
	for what, c := range map[string]struct {
		token, query string
		want         int
	}{
		"an operator":     {a.tokens[fleet.Operator], "", http.StatusForbidden},
		"a sub-user":      {a.tokens[fleet.CustomerUser], "", http.StatusForbidden},
		"another version": {staff, "&version=99", http.StatusConflict},
	} {
		if got := w.do("DELETE", path+"?erase=true"+c.query, c.token, ""); got.status != c.want || w.tracks.of(a.device) == 0 {
			t.Errorf("%s: %d %s, %d positions are left", what, got.status, got.body, w.tracks.of(a.device))
		}
	}
	w.ok("DELETE", "/api/v1/devices/"+a.spare.String(), staff, "")
	w.ok("DELETE", path+"?erase=true", staff, "")
	if w.tracks.of(a.device) != 0 || w.tracks.of(a.spare) == 0 {
		t.Errorf("%d positions are left of the erased, %d of the deleted", w.tracks.of(a.device), w.tracks.of(a.spare))
	}
	if got := w.do("GET", path, staff, ""); got.status != http.StatusNotFound {
		t.Error(got.status)
	}
	if left, err := w.admin.Erasures(); !slices.Equal(left, []fleet.DeviceID{a.device}) || err != nil {
		t.Errorf("the deletion orders the erasure of %v, %v", left, err) // which cmd/vigia takes back once it is done
	}
	for id, want := range map[fleet.DeviceID]int{a.device: 1, a.spare: 0} {
		list := w.ok("GET", "/api/v1/audit?record=device&action=erase&id="+id.String(), staff, "")
		if n := strings.Count(list.body, `"action":"erase"`); n != want || want > 0 && !strings.Contains(list.body, a.users[fleet.CompanyAdmin].String()) {
			t.Errorf("%d rows in the audit, want %d: %s", n, want, list.body)
		}
	}
}

// TestRefusedWritesInTheAudit: nobody fills the audit by knocking: thirty of a
// person's refused attempts within an hour stand there.
func TestRefusedWritesInTheAudit(t *testing.T) {
	c := &clock{at: began + fleet.Day}
	w := newWorld(t, func(o *admin.Options) { o.Now = c.now })
	a := w.settle("A")
	knock := func(role fleet.Role, times int) {
		t.Helper()
		for range times {
			if got := w.do("POST", "/api/v1/calendars", a.tokens[role], `{"name":"x","weekly":[]}`); got.status != http.StatusForbidden {
				t.Fatal(got.status, got.body)
			}
		}
	}
	rows := func(role fleet.Role) int {
		list := w.ok("GET", "/api/v1/audit?refused=true&limit=200&user="+a.users[role].String(), a.tokens[fleet.CompanyAdmin], "")
		return strings.Count(list.body, `"createCalendar refused"`)
	}
	knock(fleet.CustomerUser, 33)
	knock(fleet.Operator, 2)
	if user, operator := rows(fleet.CustomerUser), rows(fleet.Operator); user != 30 || operator != 2 {
		t.Errorf("%d rows of 33 attempts and %d of 2", user, operator)
	}
	if got := w.do("GET", "/api/v1/audit", a.tokens[fleet.CustomerUser], ""); got.status != http.StatusForbidden || rows(fleet.CustomerUser) != 30 {
		t.Errorf("a read is noted, or: %d", got.status)
	}
	c.pass(fleet.Hour)
	knock(fleet.CustomerUser, 1)
	if n := rows(fleet.CustomerUser); n != 31 {
		t.Errorf("an hour later: %d rows", n)
	}
}
