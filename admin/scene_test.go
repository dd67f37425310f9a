package admin_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// scene is a world for the matrix: a tenant whose people ask, a customer below
// it and one beside it, another company, and callers who are nobody.
type scene struct {
	w                    *world
	a, inner, sibling, b *tenant
	spare                *tenant // a, seen by its device that is not assigned
	letters              *letters

	guest     string // who opened a share link of a's device, with its events
	link      string // the link's own secret, shown as if it were a token
	secret    string // of a's device
	revoked   string
	expired   string
	disabled  string // a session of a user that was disabled
	suspended string // a session of the admin of a customer that was suspended
	reads     string // tokens for programs of a's company admin
	full      string
}

// letters are the mails that the administration writes.
type letters struct {
	mu   sync.Mutex // guards sent
	sent []admin.Letter
}

func (l *letters) post(_ context.Context, x admin.Letter) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, x)
	return nil
}

func (l *letters) all() []admin.Letter {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.sent)
}

func newScene(t testing.TB, table auth.Table) *scene {
	t.Helper()
	s := &scene{letters: &letters{}, secret: "the truck's own password", expired: auth.NewSecret(), reads: auth.NewSecret(), full: auth.NewSecret()}
	s.w = newWorld(t, func(o *admin.Options) {
		o.Table, o.Post, o.PublicURL = table, s.letters.post, "https://vigia.example.com"
	})
	s.w.more = 3
	s.a, s.b = s.w.settle("A"), s.w.settle("B")
	s.sibling = s.w.furnish("AS", s.a.company, 0, s.a)
	s.inner = s.w.furnish("AL", s.a.company, s.a.customer, s.a)
	for _, tn := range []*tenant{s.a, s.b, s.sibling, s.inner} {
		tn.alarm = s.w.raise(tn, tn.device)
	}
	s.a.visitor, s.b.visitor = s.w.visit(s.a, "A", fleet.ViewMode), s.w.visit(s.b, "B", fleet.ViewMode)
	s.sibling.visitor, s.inner.visitor = s.a.visitor, s.a.visitor
	for _, tn := range []*tenant{s.a, s.b, s.sibling, s.inner} {
		tn.plain["/associations"] = tn.visitor.tie
	}
	spare := *s.a
	s.spare = &spare
	spare.name, spare.device = "AU", s.a.spare
	s.w.drive(spare.device, 4, -74)
	s.w.drive(spare.device, 4.1, -74)
	spare.command = s.w.tell(s.a.tokens[fleet.CompanyAdmin], spare.device)
	spare.alarm, spare.event = s.w.raise(s.a, spare.device), s.w.crossing(s.a, spare.device)
	s.w.known.all = []admin.Stranger{{UniqueID: "STRANGER-A", Protocol: fleet.GT06}, {UniqueID: "STRANGER-B", Protocol: fleet.GT06},
		{UniqueID: "STRANGER-AS", Protocol: fleet.GT06}, {UniqueID: "STRANGER-AL", Protocol: fleet.GT06}, {UniqueID: "STRANGER-AU", Protocol: fleet.GT06}}
	s.callers()
	_, s.link = s.w.lent(s.a, fmt.Sprintf(`,"from":%q,"trailMinutes":600,"events":true`, began-fleet.Hour))
	s.guest = s.w.open(s.link, "").field("token")
	return s
}

// callers makes those who do not come with a tenant.
func (s *scene) callers() {
	w := s.w
	w.t.Helper()
	must := func(err error) {
		w.t.Helper()
		if err != nil {
			w.t.Fatal(err)
		}
	}
	d, err := w.admin.Device(s.a.devices[4])
	must(err)
	d.SecretHash = auth.Hash(s.secret)
	w.apply(fleet.ChangeSet{Devices: []fleet.Device{d}})

	boss := s.a.users[fleet.CompanyAdmin]
	for _, t := range []fleet.Token{
		{Hash: auth.Hash(s.expired), User: boss, Description: "expired", Expires: began - fleet.Day},
		{Hash: auth.Hash(s.reads), User: boss, Description: "reads", Scopes: []string{string(auth.Read)}},
		{Hash: auth.Hash(s.full), User: boss, Description: "full"},
	} {
		_, err := w.admin.PutToken(fleet.Actor{}, t)
		must(err)
	}
	person := func(name string, customer fleet.CustomerID) fleet.User {
		u, err := w.admin.PutUser(fleet.Actor{}, fleet.User{
			Company: s.a.company, Customer: customer, Name: name, Email: name + "@example.com", Lang: "en", Timezone: "UTC", Role: fleet.CustomerAdmin,
		})
		must(err)
		return u
	}
	gone := person("gone", s.a.customer)
	s.disabled, s.revoked = w.token(gone.ID), w.token(s.a.users[fleet.CustomerAdmin])
	t, err := w.admin.TokenByHash(auth.Hash(s.revoked))
	must(err)
	must(w.admin.RevokeToken(fleet.Actor{}, t.ID))
	gone.Disabled = true
	_, err = w.admin.PutUser(fleet.Actor{}, gone)
	must(err)
	late := w.apply(fleet.ChangeSet{Customers: []fleet.Customer{{Company: s.a.company, Name: "Late", Code: "late", Lang: "en", Timezone: "UTC"}}}).Customers[0].ID
	s.suspended = w.token(person("late", late).ID)
	w.alter(late, func(c *fleet.Customer) { c.Suspended, c.Reason = true, "unpaid" })
}

// at is an operation's target at an aim, and whether that differs from others.
func (s *scene) at(r route, at aim, role fleet.Role) (g target, does bool) {
	g = target{tn: s.a, role: role, asks: s.a}
	named := names(r)
	switch at {
	case own:
		return g, true
	case absent, malformed:
		g.none, g.bad = true, at == malformed
		if !named { // what the body names, as far as it names anything
			g.lost = lost(s.a)
			return g, at == absent && mentions(r, s.a, s.a.companyMarks())
		}
		return g, true
	case other:
		g.tn = s.b
		if named && !slices.Contains(within[role], other) {
			g.tn, g.elsewhere = s.a, target{tn: s.b, role: role}.path(r)
			return g, g.elsewhere != target{tn: s.a, role: role}.path(r)
		}
		return g, mentions(r, s.b, s.b.companyMarks())
	}
	g.tn = map[aim]*tenant{sibling: s.sibling, inner: s.inner, unassigned: s.spare}[at]
	if named {
		return g, g.path(r) != target{tn: s.a, role: role}.path(r)
	}
	if at == unassigned {
		return g, strings.Contains(g.body(r), s.spare.device.String())
	}
	return g, mentions(r, g.tn, nil)
}

// names reports whether an operation's path names a thing.
func names(r route) bool {
	return strings.Contains(r.path, "{id}") || strings.Contains(r.path, "{uniqueId}")
}

// mentions reports whether an operation's body names a customer's things, or
// others of these.
func mentions(r route, tn *tenant, others []string) bool {
	return shown(target{tn: tn}.body(r), append(tn.customerMarks(), others...)) != ""
}

// lost replaces all that a tenant has by what does not exist.
func lost(tn *tenant) *strings.Replacer {
	var pairs []string
	for _, id := range append(tn.customerMarks(), tn.companyMarks()...) {
		if len(id) == len(nobody) {
			pairs = append(pairs, id, nobody)
		}
	}
	return strings.NewReplacer(pairs...)
}

// uniqueID is what the tenant's device calls itself.
func (tn *tenant) uniqueID() string {
	if tn.name == "AU" {
		return "CanaryA2"
	}
	return tn.canary() + "1"
}

// customerMarks are the IDs of what belongs to the tenant's customer.
func (tn *tenant) customerMarks() []string {
	all := []string{
		tn.customer.String(), tn.inner.String(), tn.fence.String(), tn.rule.String(), tn.notification.String(), tn.event.String(), tn.alarm.String(),
		tn.users[fleet.CustomerAdmin].String(), tn.users[fleet.CustomerUser].String(), tn.programs[fleet.CustomerAdmin].String(), tn.programs[fleet.CustomerUser].String(),
	}
	for _, d := range tn.devices {
		all = append(all, d.String())
	}
	for path, id := range tn.plain {
		if !theCompanys(path) {
			all = append(all, id)
		}
	}
	return all
}

// companyMarks are the IDs of what its company itself has.
func (tn *tenant) companyMarks() []string {
	all := []string{tn.company.String(), tn.users[fleet.CompanyAdmin].String(), tn.users[fleet.Operator].String(), tn.calendar}
	for path, id := range tn.plain {
		if theCompanys(path) {
			all = append(all, id)
		}
	}
	return all
}

// hidden is what must stand in no answer to a role, and in nothing that is
// sent in its name.
func (s *scene) hidden(role fleet.Role) []string {
	if role == fleet.PlatformAdmin {
		return nil
	}
	all := append(s.b.customerMarks(), s.b.companyMarks()...)
	all = append(all, s.b.canary())
	if role == fleet.CustomerAdmin || role == fleet.CustomerUser || role == auth.Anyone || role == auth.Guest {
		all = append(append(all, s.sibling.customerMarks()...), s.sibling.canary())
	}
	if role == fleet.CustomerUser || role == auth.Anyone || role == auth.Guest {
		all = append(append(all, s.inner.customerMarks()...), s.inner.canary(), s.a.spare.String(), "CanaryA spare", "CanaryA truck 4", "CanaryA truck 5")
	}
	if role == auth.Guest { // the device's ID is all that the link shows of them
		all = append(all, s.a.canary()+"1", s.a.customer.String(), s.a.fence.String(), s.a.notification.String(), s.a.users[fleet.CustomerUser].String())
	}
	return all
}

// digest is all that the store holds of some tenants.
func (s *scene) digest(all []*tenant) string {
	var b strings.Builder
	for _, tn := range all {
		scope := fleet.Scope{Company: tn.company}
		if tn != s.b {
			scope.Customers = []fleet.CustomerID{tn.customer, tn.inner}
		}
		q := fleet.Query{Scope: scope, Limit: 1000}
		co, _ := s.w.admin.Company(tn.company)
		if tn != s.b {
			co = fleet.Company{}
		}
		cu, _ := s.w.admin.Customers(q)
		us, _ := s.w.admin.Users(q)
		de, _ := s.w.admin.Devices(q)
		fe, _ := s.w.admin.Fences(q)
		ru, _ := s.w.admin.Rules(q)
		no, _ := s.w.admin.Notifications(q)
		at, _ := s.w.facts.Attentions(fleet.AttentionQuery{Scope: scope, Device: tn.device, Limit: 1000})
		j, err := json.Marshal([]any{co, cu, us, de, fe, ru, no, at})
		if err != nil {
			s.w.t.Fatal(err)
		}
		b.Write(j)
		for _, path := range slices.Sorted(maps.Keys(tn.plain)) {
			if tn != s.b && theCompanys(path) {
				continue
			}
			b.WriteString(s.w.probe("GET", path+"/"+tn.plain[path], "", bearer(tn.tokens[fleet.CompanyAdmin])...).body)
		}
	}
	return b.String()
}

// raise has a device send an SOS, and gives the alarm that it makes.
func (w *world) raise(tn *tenant, d fleet.DeviceID) (id fleet.EventID) {
	w.t.Helper()
	pressed := *tn
	pressed.device = d
	w.press(&pressed)
	w.until("an alarm", func() bool {
		p, err := w.facts.Attentions(fleet.AttentionQuery{Scope: fleet.Scope{Company: tn.company}, Device: d})
		if err == nil && len(p.Items) > 0 {
			id = p.Items[0].ID
		}
		return id != fleet.EventID{}
	})
	return id
}

// crossing waits for an event of a device at a fence.
func (w *world) crossing(tn *tenant, d fleet.DeviceID) (id fleet.EventID) {
	w.t.Helper()
	w.until("a crossing", func() bool {
		p, err := w.facts.Events(fleet.EventQuery{Scope: fleet.Scope{Company: tn.company}, Device: d, Kinds: []fleet.EventKind{fleet.Enter, fleet.Exit}})
		if err == nil && len(p.Items) > 0 {
			id = p.Items[0].ID
		}
		return id != fleet.EventID{}
	})
	return id
}

var probed atomic.Uint32

// probe sends a request without a socket, each from an address of its own on
// this machine: wrong secrets slow down who shows them.
func (w *world) probe(method, path, body string, header ...string) answer {
	w.t.Helper()
	var content io.Reader
	if body != "" {
		content = strings.NewReader(body)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, content).WithContext(w.t.Context())
	n := probed.Add(1)
	r.RemoteAddr = fmt.Sprintf("127.%d.%d.%d:40000", n>>16&255, n>>8&255, n&255)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, r)
	return answer{rec.Code, rec.Header(), rec.Body.String()}
}

func sameHeader(a, b http.Header) bool {
	a, b = a.Clone(), b.Clone()
	for _, h := range []http.Header{a, b} {
		for _, k := range []string{"Date", "X-Request-Id", "Content-Length"} {
			h.Del(k)
		}
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

// row is one operation's line of the table.
type row struct {
	roles  map[fleet.Role]string
	except map[string]string // by caller/aim
}

// readMatrix reads the table. Lines with # are for people.
func readMatrix(t testing.TB) map[string]row {
	t.Helper()
	b, err := os.ReadFile("testdata/authz.csv")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]row{}
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		if strings.HasPrefix(line, "#") || strings.HasPrefix(line, "operation,") {
			continue
		}
		cells := strings.Split(line, ",")
		if len(cells) != 7 && len(cells) != 8 {
			t.Fatalf("line %d of testdata/authz.csv has %d cells, want 7, or 8 with exceptions", i+1, len(cells))
		}
		if _, twice := all[cells[0]]; twice {
			t.Errorf("testdata/authz.csv has two lines for %s", cells[0])
		}
		x := row{roles: map[fleet.Role]string{auth.Anyone: cells[1]}, except: map[string]string{}}
		for n, role := range fleet.Roles() {
			x.roles[role] = cells[n+2]
		}
		if x.roles[auth.Guest] = cells[1]; cells[1] == "401" {
			x.roles[auth.Guest] = "403"
		}
		if len(cells) == 8 {
			for _, e := range strings.Split(cells[7], ";") {
				where, status, ok := strings.Cut(strings.TrimSpace(e), "=")
				if !ok || !strings.Contains(where, "/") {
					t.Fatalf("line %d of testdata/authz.csv: %q is no exception; write caller/aim=status, or caller/seen=status for all that the caller sees", i+1, e)
				}
				x.except[where] = status
				if where == "guest/own" {
					x.roles[auth.Guest] = status
				}
			}
		}
		all[cells[0]] = x
	}
	return all
}
