package admin_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// told is the desk and its book, as the server wires them. Simulated devices
// understand all but texts of one's own.
type told struct {
	*command.Desk
	book *store.Commands
}

func (c told) Command(id fleet.RecordID) (fleet.Command, error) { return c.book.Get(id) }
func (c told) Commands(q fleet.CommandQuery) (fleet.Page[fleet.Command], error) {
	return c.book.List(q)
}
func (told) Kinds(p fleet.Protocol) []fleet.CommandKind {
	if p == fleet.Simulated {
		return []fleet.CommandKind{fleet.PositionNow, fleet.EngineStop, fleet.EngineResume, fleet.SetInterval}
	}
	return nil
}

// tell has somebody ask a device for its position.
func (w *world) tell(token string, d fleet.DeviceID) string {
	w.t.Helper()
	return w.ok("POST", "/api/v1/commands", token, fmt.Sprintf(`{"device":%q,"kind":"position"}`, d)).field("id")
}

// speeds has a device report now that it moves so fast.
func (w *world) speeds(d fleet.DeviceID, kmh float64) {
	w.t.Helper()
	now := fleet.At(time.Now())
	r := fleet.Report{Device: d, Protocol: fleet.Simulated, Fix: now, Received: now}
	r.SetPlace(4.2, -74)
	r.SetSpeed(kmh)
	r.SetValid(true)
	if err := w.engine.Accept(w.t.Context(), []fleet.Report{r}); err != nil {
		w.t.Fatal(err)
	}
	w.until("the speed", func() bool { p, _ := w.hub.Latest(d); return p.Fix == now })
}

// TestCommandSwitches: customer's and user's, and what is left without them.
func TestCommandSwitches(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	body := fmt.Sprintf(`{"device":%q,"kind":"position"}`, a.device)
	all := func(t *testing.T, role fleet.Role, want int, detail string) {
		t.Helper()
		for _, r := range []struct{ method, path, body string }{
			{"POST", "/commands", body},
			{"GET", "/commands?device=" + a.device.String(), ""},
			{"GET", "/commands/" + a.command, ""},
			{"GET", "/devices/" + a.device.String() + "/command-kinds", ""},
		} {
			got := w.do(r.method, "/api/v1"+r.path, a.tokens[role], r.body)
			if want == http.StatusOK && got.status/100 != 2 || want != http.StatusOK && (got.status != want || got.field("detail") != detail) {
				t.Errorf("%s: %s %s: %d %s", role, r.method, r.path, got.status, got.body)
			}
		}
	}
	roles := []fleet.Role{fleet.CompanyAdmin, fleet.Operator, fleet.CustomerAdmin, fleet.CustomerUser}
	user := func(role fleet.Role, on bool) {
		u, err := w.admin.User(a.users[role])
		if err == nil {
			u.Commands = on
			_, err = w.admin.PutUser(fleet.Actor{}, u)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, role := range roles {
		all(t, role, http.StatusOK, "")
	}
	t.Run("the user's switch/S2-65", func(t *testing.T) {
		const refused = "You may not send commands to devices. Ask your administrator."
		for _, role := range []fleet.Role{fleet.Operator, fleet.CustomerUser} {
			user(role, false)
			all(t, role, http.StatusForbidden, refused)
			user(role, true)
			all(t, role, http.StatusOK, "")
		}
		for _, role := range []fleet.Role{fleet.CompanyAdmin, fleet.CustomerAdmin} { // theirs is the role
			user(role, false)
			all(t, role, http.StatusOK, "")
		}
	})
	t.Run("an unassigned device is none/S2-65", func(t *testing.T) {
		got := w.do("POST", "/api/v1/commands", a.tokens[fleet.CustomerUser], fmt.Sprintf(`{"device":%q,"kind":"position"}`, a.spare))
		if got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != "device" {
			t.Error(got.status, got.body)
		}
	})
	t.Run("the customer's switch, for everybody, and in the audit/S2-26", func(t *testing.T) {
		w.alter(a.customer, func(c *fleet.Customer) { c.Commands = false })
		before, _ := w.admin.Audit(0, 1<<20)
		for _, role := range roles {
			all(t, role, http.StatusForbidden, "Commands are switched off for this customer.")
		}
		after, _ := w.admin.Audit(uint64(len(before)), 1<<20)
		if len(after) != len(roles) || after[0].Action != "command refused: position" {
			t.Errorf("%d rows in the audit, want one for each of %d refused attempts: %+v", len(after), len(roles), after)
		}
		if got := w.ok("GET", "/api/v1/commands", a.tokens[fleet.CompanyAdmin], ""); strings.Contains(got.body, a.command) {
			t.Error("its commands are still listed:", got.body)
		}
		w.alter(a.customer, func(c *fleet.Customer) { c.Commands = true })
		all(t, fleet.CustomerUser, http.StatusOK, "")
	})
}

// TestStoppingAnEngine wants the password again, and above 20 km/h, or where
// nobody knows, a second confirmation.
func TestStoppingAnEngine(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	staff := a.tokens[fleet.CompanyAdmin]
	stop := func(more, confirmation string) answer {
		return w.do("POST", "/api/v1/commands", staff, fmt.Sprintf(`{"device":%q,"kind":"engineStop"%s}`, a.spare, more), "Confirmation", confirmation)
	}
	confirm := func(password string) answer {
		return w.do("POST", "/api/v1/devices/"+a.spare.String()+"/command-confirmation", staff,
			fmt.Sprintf(`{"username":%q,"password":%q}`, a.email(fleet.CompanyAdmin), password))
	}
	audited := func(action string) {
		t.Helper()
		rows, _ := w.admin.Audit(0, 1<<20)
		if last := rows[len(rows)-1]; last.Action != action || last.Actor.User != a.users[fleet.CompanyAdmin] {
			t.Errorf("the audit ends with %q, want %q", last.Action, action)
		}
	}
	unknown := stop("", "")
	if unknown.status != http.StatusConflict || !strings.HasSuffix(unknown.field("type"), "#confirm-speed") || strings.Contains(unknown.body, `"speed"`) {
		t.Errorf("a fix of an hour ago: %d %s", unknown.status, unknown.body)
	}
	audited("command refused: engineStop")
	w.speeds(a.spare, 63.4)
	if got := stop("", ""); got.status != http.StatusConflict || got.field("speed") != "63.4" {
		t.Errorf("at 63 km/h: %d %s", got.status, got.body)
	}
	if got := stop(`,"anySpeed":true`, ""); got.status != http.StatusForbidden || !strings.Contains(got.body, "credentials") {
		t.Errorf("without the password: %d %s", got.status, got.body)
	}
	if got := confirm("wrong"); got.status != http.StatusForbidden || got.field("errors.0.field") != "password" {
		t.Errorf("with a wrong one: %d %s", got.status, got.body)
	}
	audited("command refused: confirmation")
	secret := confirm(known).field("confirmation")
	if got := w.do("POST", "/api/v1/commands", staff, fmt.Sprintf(`{"device":%q,"kind":"engineStop","anySpeed":true}`, a.device), "Confirmation", secret); got.status != http.StatusForbidden {
		t.Errorf("with another device's confirmation: %d %s", got.status, got.body)
	}
	secret = confirm(known).field("confirmation")
	if got := stop("", secret); got.status != http.StatusConflict {
		t.Errorf("the speed is asked for first, and uses nothing up: %d %s", got.status, got.body)
	}
	made := stop(`,"anySpeed":true`, secret)
	if made.status != http.StatusCreated || made.field("state") != "queued" || made.field("anySpeed") != "true" {
		t.Fatal(made.status, made.body)
	}
	audited("create")
	if got := stop(`,"anySpeed":true`, secret); got.status != http.StatusForbidden {
		t.Errorf("a confirmation twice: %d %s", got.status, got.body)
	}
	w.speeds(a.spare, 3)
	if got := stop("", confirm(known).field("confirmation")); got.status != http.StatusCreated {
		t.Errorf("at walking pace: %d %s", got.status, got.body)
	}
	cancelled := w.ok("POST", "/api/v1/commands/"+made.field("id")+"/cancel", staff, "")
	if cancelled.field("state") != "cancelled" || cancelled.field("reason") != "user" || cancelled.field("cancelledBy") != a.users[fleet.CompanyAdmin].String() {
		t.Error(cancelled.body)
	}
	if got := w.do("POST", "/api/v1/commands/"+made.field("id")+"/cancel", staff, ""); got.status != http.StatusConflict {
		t.Errorf("a second time: %d %s", got.status, got.body)
	}
	for more, field := range map[string]string{
		`"kind":"custom","text":"STATUS"`:                "kind", // its protocol has none
		`"kind":"interval"`:                              "seconds",
		`"kind":"position","seconds":5`:                  "seconds",
		`"kind":"position","text":"x"`:                   "text",
		`"kind":"dance"`:                                 "kind",
		`"kind":"position","expiresAfter":59999`:         "expiresAfter",
		`"kind":"interval","seconds":90000`:              "seconds",
		`"kind":"custom","text":"a\u00e9b"`:              "text",
		`"kind":"position","unheard":true`:               "unheard",
		`"kind":"position","expiresAfter":9999999999999`: "expiresAfter",
	} {
		if got := w.do("POST", "/api/v1/commands", staff, fmt.Sprintf(`{"device":%q,%s}`, a.spare, more)); got.status != http.StatusUnprocessableEntity || got.field("errors.0.field") != field {
			t.Errorf("%s: %d %s", more, got.status, got.body)
		}
	}
}

// TestCommandsOnTheStream: whoever may read a command sees how it goes on, and
// nobody else: not without the switch, not of another device, no guest.
func TestCommandsOnTheStream(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	_, link := w.lent(a, "")
	u, err := w.admin.User(a.users[fleet.Operator])
	if err == nil {
		u.Commands = false
		_, err = w.admin.PutUser(fleet.Actor{}, u)
	}
	if err != nil {
		t.Fatal(err)
	}
	streams := map[string]*watcher{}
	for name, token := range map[string]string{
		"admin": a.tokens[fleet.CompanyAdmin], "user": a.tokens[fleet.CustomerUser], "operator": a.tokens[fleet.Operator],
		"another company": b.tokens[fleet.CompanyAdmin], "guest": w.open(link, "").field("token"),
	} {
		streams[name] = w.watch(token, everything)
		streams[name].next()
	}
	id := w.tell(a.tokens[fleet.CompanyAdmin], a.device)
	for _, name := range []string{"admin", "user"} {
		m := streams[name].until(func(m said) bool { return len(m.Commands) > 0 })
		if c := m.Commands[0]; c.ID != id || c.State != "queued" || c.Device != a.device || c.Version != 1 {
			t.Errorf("%s hears of %+v", name, c)
		}
	}
	hidden := w.tell(a.tokens[fleet.CompanyAdmin], a.spare) // not assigned to the user
	w.ok("POST", "/api/v1/commands/"+id+"/cancel", a.tokens[fleet.CompanyAdmin], "")
	last := ""
	streams["admin"].until(func(m said) bool {
		for _, c := range m.Commands {
			last = c.ID + " " + c.State
		}
		return last == id+" cancelled"
	})
	streams["user"].until(func(m said) bool {
		if strings.Contains(m.raw, hidden) {
			t.Error("the user hears of", m.raw)
		}
		return len(m.Commands) > 0 && m.Commands[len(m.Commands)-1].State == "cancelled"
	})
	w.drive(a.device, 4.3, -74)
	w.drive(b.device, 4.3, -74)
	for _, name := range []string{"operator", "another company", "guest"} {
		d := a.device
		if name == "another company" {
			d = b.device
		}
		streams[name].until(func(m said) bool {
			if len(m.Commands) > 0 {
				t.Errorf("%s hears of %s", name, m.raw)
			}
			return m.has(d)
		})
	}
}
