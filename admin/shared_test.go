package admin_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/stream"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/seal"
)

// lent is a share link of a tenant's truck, open for an hour; more is further
// JSON of its body.
func (w *world) lent(tn *tenant, more string) (id, token string) {
	w.t.Helper()
	made := w.ok("POST", "/api/v1/share-links", tn.tokens[fleet.CustomerAdmin], fmt.Sprintf(
		`{"name":"Friday","devices":[%q],"live":true,"expires":%q%s}`, tn.device, fleet.At(time.Now().Add(time.Hour)), more))
	_, token, found := strings.Cut(made.field("url"), "/s/")
	if !found {
		w.t.Fatalf("no URL in %s", made.body)
	}
	return made.field("id"), token
}

func (w *world) open(token, pin string) answer {
	w.t.Helper()
	return w.do("POST", "/api/v1/shared/open", "", fmt.Sprintf(`{"token":%q,"pin":%q}`, token, pin))
}

// withSeal lets links be copied again.
func withSeal(t *testing.T) func(*admin.Options) {
	key, err := seal.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	return func(o *admin.Options) { o.Secrets = key }
}

func TestShareLink(t *testing.T) {
	w := newWorld(t, withSeal(t))
	a := w.settle("A")
	staff := a.tokens[fleet.CustomerAdmin]
	t.Run("a guest sees the link's devices and nothing else/S2-115", func(t *testing.T) {
		_, token := w.lent(a, fmt.Sprintf(`,"from":%q,"trailMinutes":600,"names":true,"events":true,"destination":{"lat":5,"lon":-74}`, began-fleet.Hour))
		got := w.open(token, "")
		if got.status != http.StatusCreated || got.field("shared.devices.0.name") != "CanaryA truck" || got.field("shared.devices.1") != "" || got.field("shared.devices.0.position.lat") != "4" {
			t.Fatal(got.status, got.body)
		}
		for _, secret := range []string{"CanaryA1", "spare", "customer", "simulated", "trace", a.customer.String(), a.fence.String()} {
			if strings.Contains(got.body, secret) {
				t.Errorf("shows %q: %s", secret, got.body)
			}
		}
		if d := got.field("shared.devices.0.distance"); d != "110581" {
			t.Error("a degree of latitude to go, and it says", d)
		}
		guest := got.field("token")
		if again := w.do("GET", "/api/v1/shared", guest, ""); again.status != 200 || again.field("devices.0.name") != "CanaryA truck" {
			t.Error(again.status, again.body)
		}
		c := w.watch(guest, everything)
		if m := c.next(); !m.has(a.device) || m.has(a.spare) || strings.Contains(string(m.raw), "protocol") {
			t.Errorf("the stream shows %s", m.raw)
		}
		w.drive(a.spare, 4.25, -74)
		w.drive(a.device, 4.2, -74)
		m := c.until(func(m said) bool { return len(m.Events) > 0 })
		if m.has(a.spare) || strings.Contains(string(m.raw), "trace") || strings.Contains(string(m.raw), a.fence.String()) {
			t.Errorf("the stream shows %s", m.raw)
		}
	})
	t.Run("it is listed, copied, counted and dated anew/S2-115", func(t *testing.T) {
		id, token := w.lent(a, "")
		w.open(token, "")
		w.open(token, "")
		list := w.ok("GET", "/api/v1/share-links?search=friday", staff, "")
		if !strings.Contains(list.body, "/s/"+token) || !strings.Contains(list.body, `"deviceNames":["CanaryA truck"]`) {
			t.Error(list.body)
		}
		if one := w.ok("GET", "/api/v1/share-links/"+id, staff, ""); one.field("views") != "2" || one.field("state") != "open" || one.field("version") != "1" {
			t.Error(one.body)
		}
		body := func(from, to string) string {
			return fmt.Sprintf(`{"name":"Friday","devices":[%q],"live":true,"from":%q,"expires":%q,"version":%%d}`, a.device, from, to)
		}
		past := w.ok("PUT", "/api/v1/share-links/"+id, staff, fmt.Sprintf(body("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"), 1))
		if got := w.open(token, ""); past.field("state") != "expired" || got.status != http.StatusGone {
			t.Error(past.body, got.status)
		}
		early := w.ok("PUT", "/api/v1/share-links/"+id, staff, fmt.Sprintf(body("2126-01-01T00:00:00Z", "2126-01-02T00:00:00Z"), 2))
		if got := w.open(token, ""); early.field("state") != "early" || got.status != http.StatusForbidden || !strings.Contains(got.body, "#link-early") {
			t.Error(early.body, got.status, got.body)
		}
		w.ok("PUT", "/api/v1/share-links/"+id, staff, fmt.Sprintf(body(began.String(), (began+2*fleet.Hour).String()), 3))
		if got := w.open(token, ""); got.status != http.StatusCreated {
			t.Error(got.status, got.body)
		}
	})
	t.Run("wrong, expired, used up and revoked look the same/S2-115", func(t *testing.T) {
		id, revoked := w.lent(a, "")
		w.ok("POST", "/api/v1/share-links/"+id+"/revoke", staff, "")
		_, used := w.lent(a, `,"maxViews":1`)
		if got := w.open(used, ""); got.status != http.StatusCreated {
			t.Fatal(got.body)
		}
		id, deleted := w.lent(a, "")
		w.ok("DELETE", "/api/v1/share-links/"+id, staff, "")
		want := w.open("wrong", "")
		if want.status != http.StatusGone || want.field("title") != "This link has ended" {
			t.Fatal(want.status, want.body)
		}
		for _, token := range []string{revoked, used, deleted, "", strings.Repeat("x", 43)} {
			if got := w.open(token, ""); got.status != want.status || got.body != want.body || !sameHeader(got.header, want.header) {
				t.Errorf("%q answers %d %s, a wrong one %s", token, got.status, got.body, want.body)
			}
		}
		es := w.do("POST", "/api/v1/shared/open", "", `{"token":"wrong"}`, "Accept-Language", "es")
		if es.field("detail") != "Este enlace ha finalizado" {
			t.Error(es.body)
		}
		got := w.do("PUT", "/api/v1/share-links/"+w.revoked(a), staff, fmt.Sprintf(`{"devices":[%q],"live":true,"expires":"2126-01-01T00:00:00Z","from":"2125-12-31T00:00:00Z","version":1}`, a.device))
		if got.status != http.StatusConflict {
			t.Error("a revoked link comes back:", got.status, got.body)
		}
	})
}

func (w *world) revoked(tn *tenant) string {
	id, _ := w.lent(tn, "")
	w.ok("POST", "/api/v1/share-links/"+id+"/revoke", tn.tokens[fleet.CustomerAdmin], "")
	return id
}

// TestShareLinkPIN: ten wrong PINs lock the link, whoever sends them.
func TestShareLinkPIN(t *testing.T) {
	c := &clock{at: fleet.At(time.Now())}
	w := newWorld(t, func(o *admin.Options) { o.Now = c.now })
	a := w.settle("A")
	id, token := w.lent(a, `,"pin":"4711"`)
	if one := w.ok("GET", "/api/v1/share-links/"+id, a.tokens[fleet.Operator], ""); one.field("pinSet") != "true" || strings.Contains(one.body, "4711") || strings.Contains(one.body, "argon2") {
		t.Error(one.body)
	}
	if got := w.open(token, ""); got.status != http.StatusForbidden || !strings.Contains(got.body, "#pin") {
		t.Fatal(got.status, got.body)
	}
	for range 10 {
		if got := w.open(token, "4712"); got.status != http.StatusForbidden || got.field("detail") != "The PIN is wrong." {
			t.Fatal(got.status, got.body)
		}
	}
	if got := w.open(token, "4711"); got.status != http.StatusTooManyRequests {
		t.Fatal("after ten wrong ones:", got.status, got.body)
	}
	c.pass(16 * fleet.Minute)
	if got := w.open(token, "4711"); got.status != http.StatusCreated {
		t.Error(got.status, got.body)
	}
	if got := w.do("POST", "/api/v1/share-links", a.tokens[fleet.Operator], fmt.Sprintf(`{"devices":[%q],"live":true,"expires":"2126-01-01T00:00:00Z","pin":"12a"}`, a.device)); got.status != 422 {
		t.Error(got.status, got.body)
	}
}

// TestShareLinkEndsForWhoLooks: revocation, the end of the module and the
// fence reach an open stream.
func TestShareLinkEndsForWhoLooks(t *testing.T) {
	for _, c := range []struct {
		name, more string
		end        func(w *world, a *tenant, id string)
	}{
		{"revoked/S2-115", "", func(w *world, a *tenant, id string) {
			w.ok("POST", "/api/v1/share-links/"+id+"/revoke", a.tokens[fleet.CompanyAdmin], "")
		}},
		{"module off/S0-20", "", func(w *world, a *tenant, _ string) {
			w.alter(a.customer, func(c *fleet.Customer) { c.Without = []fleet.Module{fleet.ShareLinks} })
		}},
		{"suspended", "", func(w *world, a *tenant, _ string) {
			w.alter(a.customer, func(c *fleet.Customer) { c.Suspended, c.Reason = true, "unpaid" })
		}},
		{"left the fence/S2-115", `,"endFence":$fence,"endOn":"leave"`, func(w *world, a *tenant, _ string) { w.drive(a.device, 4.2, -74) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			a := w.settle("A")
			more := strings.Replace(c.more, "$fence", fmt.Sprintf("%q", a.fence), 1)
			if more != "" {
				more += fmt.Sprintf(`,"from":%q`, began+fleet.Time(len(w.tracks.all))*fleet.Minute)
			}
			id, token := w.lent(a, more)
			guest := w.open(token, "").field("token")
			open := w.watch(guest, everything)
			open.next()
			c.end(w, a, id)
			if code := open.closed(); code != stream.CloseEnded {
				t.Errorf("closed with %d", code)
			}
			w.until("the end", func() bool { return w.do("GET", "/api/v1/shared", guest, "").status == http.StatusGone })
			if got := w.open(token, ""); got.status != http.StatusGone {
				t.Error(got.status, got.body)
			}
		})
	}
}

// TestSharedDeviceThatMoves: what is given away is no longer shown.
func TestSharedDeviceThatMoves(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	_, token := w.lent(a, "")
	guest := w.open(token, "").field("token")
	open := w.watch(guest, everything)
	if m := open.next(); !m.has(a.device) {
		t.Fatal(string(m.raw))
	}
	d, err := w.admin.Device(a.device)
	if err != nil {
		t.Fatal(err)
	}
	d.Customer = 0
	w.apply(fleet.ChangeSet{Devices: []fleet.Device{d}})
	open.until(func(m said) bool {
		return slices.Contains(m.Gone, a.device) || m.Type == "snapshot" && !m.has(a.device)
	})
	if got := w.do("GET", "/api/v1/shared", guest, ""); strings.Contains(got.body, a.device.String()) {
		t.Error(got.body)
	}
}

// TestGuestsOutliveARestart: whoever looks at a link goes on looking.
func TestGuestsOutliveARestart(t *testing.T) {
	key := func(o *admin.Options) { o.GuestKey = []byte("a key of thirty-two bytes, or so") }
	w := newWorld(t, key)
	a := w.settle("A")
	id, token := w.lent(a, "")
	guest := w.open(token, "").field("token")
	again := w.with(key)
	if got := again.do("GET", "/api/v1/shared", guest, ""); got.status != http.StatusOK || got.field("devices.0.id") != a.device.String() {
		t.Error(got.status, got.body)
	}
	w.ok("POST", "/api/v1/share-links/"+id+"/revoke", a.tokens[fleet.CustomerAdmin], "")
	if got := again.do("GET", "/api/v1/shared", guest, ""); got.status != http.StatusGone {
		t.Error("a revoked link's:", got.status, got.body)
	}
}

// TestSharedTrailOfAnEarlierOwner: a guest sees nothing of the time when the
// device belonged to somebody else, be it that the link's owner may.
func TestSharedTrailOfAnEarlierOwner(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	path := "/api/v1/devices/" + a.device.String()
	was, ok := w.hub.Latest(a.device)
	if !ok {
		t.Fatal("it is nowhere")
	}
	version := w.ok("GET", path, a.tokens[fleet.CompanyAdmin], "").field("version")
	w.ok("POST", path+"/move", a.tokens[fleet.CompanyAdmin], fmt.Sprintf(`{"to":%q,"version":%s}`, a.company, version))
	made := w.ok("POST", "/api/v1/share-links", a.tokens[fleet.CompanyAdmin], fmt.Sprintf(
		`{"owner":%q,"devices":[%q],"live":true,"from":%q,"expires":%q,"trailMinutes":1440,"events":true}`, a.company, a.device, was.Fix-fleet.Hour, fleet.At(time.Now().Add(time.Hour))))
	_, token, _ := strings.Cut(made.field("url"), "/s/")
	got := w.open(token, "")
	if got.field("shared.devices.0.id") != a.device.String() || got.field("shared.devices.0.trail") != "[]" || got.field("shared.devices.0.position") != "<nil>" || got.field("shared.recent") != "[]" {
		t.Error("before it reports from its new hands:", got.body)
	}
	open := w.watch(got.field("token"), everything)
	if m := open.next(); m.has(a.device) {
		t.Errorf("the stream begins with %s", m.raw)
	}
	if _, ok := w.hub.Latest(a.device); !ok {
		t.Fatal("the hub has forgotten it")
	}
	if p := w.ok("GET", "/api/v1/positions", a.tokens[fleet.CompanyAdmin], ""); !strings.Contains(p.body, a.device.String()) {
		t.Error("staff, who see both owners:", p.body)
	}
	w.driveAt(a.device, fleet.At(time.Now()), 4.3, -74)
	if m := open.until(func(m said) bool { return m.has(a.device) }); strings.Contains(string(m.raw), "4.2") {
		t.Error(string(m.raw))
	}
	got = w.do("GET", "/api/v1/shared", got.field("token"), "")
	if got.field("devices.0.position.lat") != "4.3" || got.field("devices.0.trail.0.lat") != "4.3" || got.field("devices.0.trail.1") != "" {
		t.Error("after that:", got.body)
	}
}

// TestShareLinkLimits: the plan's number holds, for links that have not ended.
func TestShareLinkLimits(t *testing.T) {
	w, a, staff := settled(t)
	plan := w.ok("POST", "/api/v1/plans", staff, `{"name":"One link","modules":["map","shareLinks"],"limits":{"shareLinks":2}}`).field("id")
	w.alter(a.customer, func(c *fleet.Customer) {
		id, err := fleet.ParseID[struct{}](plan)
		if err != nil {
			t.Fatal(err)
		}
		c.Plan = fleet.RecordID(id)
	})
	id, _ := w.lent(a, "") // beside the tenant's own
	body := fmt.Sprintf(`{"devices":[%q],"live":true,"expires":%q}`, a.device, fleet.At(time.Now().Add(time.Hour)))
	if got := w.do("POST", "/api/v1/share-links", a.tokens[fleet.CustomerAdmin], body); got.status != http.StatusConflict || !strings.Contains(got.body, "allows 2 share links") {
		t.Error(got.status, got.body)
	}
	w.ok("POST", "/api/v1/share-links/"+id+"/revoke", staff, "")
	w.lent(a, "")
	w.alter(a.customer, func(c *fleet.Customer) { c.Plan, c.Without = 0, []fleet.Module{fleet.ShareLinks} })
	if got := w.do("GET", "/api/v1/share-links", a.tokens[fleet.CustomerAdmin], ""); got.status != http.StatusForbidden || !strings.Contains(got.body, "#module-off") {
		t.Error("without the module/S0-19:", got.status, got.body)
	}
}
