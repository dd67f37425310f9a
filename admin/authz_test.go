package admin_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

const nobody = "01H8MZ3V7Q2KD" // an ID that names nothing

// target fills a route's path and body with the things of a tenant.
type target struct {
	tn   *tenant
	role fleet.Role // whose token and subscription, where the path names one
	none bool       // nothing of these exists
}

func (g target) id(path string) string {
	if g.none {
		switch {
		case strings.HasPrefix(path, "/events/"), strings.HasPrefix(path, "/alarms/"):
			return strings.Repeat("0f", 16)
		case strings.HasPrefix(path, "/strangers/"):
			return "990000000000000"
		}
		return nobody
	}
	for prefix, id := range map[string]string{
		"/companies/": g.tn.company.String(), "/customers/": g.tn.inner.String(), "/users/": g.tn.users[fleet.CustomerUser].String(),
		"/devices/": g.tn.device.String(), "/fences/": g.tn.fence.String(), "/notifications/": g.tn.notification.String(), "/rules/": g.tn.rule.String(),
		"/events/": g.tn.event.String(), "/alarms/": g.tn.alarm.String(), "/me/sessions/": nobody, "/tokens/": g.tn.programs[g.role].String(),
		"/push/subscriptions/": g.tn.subscription[g.role].String(), "/strangers/": "STRANGER-" + g.tn.name,
	} {
		if strings.HasPrefix(path, prefix) {
			return id
		}
	}
	for prefix, id := range g.tn.plain {
		if strings.HasPrefix(path, prefix+"/") {
			return id
		}
	}
	return nobody
}

// body is a valid body for an operation, about the tenant's own things.
func (g target) body(r route) string {
	tn, operation := g.tn, r.id
	if body, ok := tn.plainBody(r.path, 1); ok && r.method == "PUT" {
		return body
	}
	if body, ok := tn.plainBody(r.path, 0); ok && r.method == "POST" {
		return strings.Replace(body, `"name":"`, `"name":"new `, 1)
	}
	c := "new" + operation + tn.name
	switch operation {
	case "updateCompany":
		return fmt.Sprintf(`{"name":%q,"lang":"en","timezone":"UTC","version":1}`, c)
	case "createCustomer", "updateCustomer":
		return fmt.Sprintf(`{"company":%q,"parent":%q,"name":%q,"code":%q,"lang":"en","timezone":"UTC","version":1}`, tn.company, tn.customer, c, c)
	case "createUser", "updateUser":
		return fmt.Sprintf(`{"customer":%q,"name":%q,"email":"%s@example.com","lang":"en","timezone":"UTC","role":"customerUser","devices":[%q],"version":1}`, tn.customer, c, c, tn.device)
	case "createDevice":
		return fmt.Sprintf(`{"customer":%q,"name":"N","uniqueId":%q}`, tn.customer, c)
	case "updateDevice":
		return fmt.Sprintf(`{"customer":%q,"name":"Renamed","uniqueId":%q,"version":1}`, tn.customer, tn.canary()+"1")
	case "applyClock":
		return `{"offset":-28800000}`
	case "setDeviceSecret":
		return `{}`
	case "createFence", "updateFence":
		return fmt.Sprintf(`{"owner":%q,"name":%q,"shape":{"type":"Point","coordinates":[-74,4],"radius":100},"targets":{"devices":[%q]},"version":1}`, tn.customer, c, tn.device)
	case "importFences":
		return fmt.Sprintf(`{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Point","coordinates":[-74,4],"radius":100},"properties":{"name":"N","owner":%q}}]}`, tn.customer)
	case "createRule", "updateRule":
		return fmt.Sprintf(`{"owner":%q,"name":%q,"trigger":"dwell","after":60000,"fences":[%q],"targets":{"devices":[%q]},"version":1}`, tn.customer, c, tn.fence, tn.device)
	case "createNotification", "updateNotification":
		return fmt.Sprintf(`{"owner":%q,"description":%q,"devices":[%q],"fences":[%q],"kinds":["enter"],"channels":["email"],"recipients":[%q],"version":1}`,
			tn.customer, c, tn.device, tn.fence, tn.users[fleet.CustomerAdmin])
	case "takeAlarm", "releaseAlarm", "acknowledgeAlarm", "commentAlarm":
		return `{"note":"seen"}`
	case "closeAlarm":
		return `{"resolution":"test"}`
	case "createToken":
		return `{"description":"t"}`
	case "createSubscription":
		return `{"endpoint":"https://push.example.com/new","keys":{"p256dh":"BNcRdreALRFXTkOOUHK1EtK2wtaz5Ry4YfYCA_0QTpQtUbVlUls0VJXg7A8u-Ts1XbjhazAkj7I99e8QcYP7DkM","auth":"tBHItJI5svbpez7KI4CCXg"}}`
	case "putChannel":
		return `{"kind":"smpp","host":"smpp.example.com","user":"vigia","password":"s3cret","from":"VIGIA","version":0}`
	case "testChannel":
		return `{"to":"+573001234567"}`
	case "updateModule":
		return `{"on":true}`
	case "prepareCustomerRemoval":
		return fmt.Sprintf(`{"username":%q,"password":%q}`, tn.email(g.role), known)
	case "activate":
		return `{"token":"anothing","password":"correct horse battery"}`
	case "activateUser":
		return `{"method":"link"}`
	case "changePassword":
		return fmt.Sprintf(`{"current":%q,"new":%q}`, known, known)
	case "checkPassword":
		return `{"password":"short"}`
	case "confirmSecondFactor":
		return `{"code":"000000"}`
	case "startSecondFactor", "endSecondFactor":
		return fmt.Sprintf(`{"password":%q}`, known)
	case "adoptStranger":
		return fmt.Sprintf(`{"name":"Adopted","customer":%q}`, tn.customer)
	}
	return ""
}

// route is one operation of the OpenAPI document.
type route struct {
	method, path, id string
	object           auth.Object
	action           auth.Action
}

func routes(t testing.TB, w *world) []route {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
			Authz       struct {
				Object auth.Object
				Action auth.Action
			} `json:"x-authz"`
		}
	}
	w.ok("GET", "/api/openapi.json", "", "").into(t, &doc)
	var all []route
	for path, ops := range doc.Paths {
		for method, op := range ops {
			all = append(all, route{strings.ToUpper(method), strings.TrimPrefix(path, "/api/v1"), op.OperationID, op.Authz.Object, op.Authz.Action})
		}
	}
	// Deleting comes last, so that there is something to look at before; a
	// device's secret raises its version, and goes before the device.
	rank := func(r route) int {
		n := 0
		if r.method == "DELETE" {
			n = 2
		}
		if strings.HasSuffix(r.id, "DeviceSecret") || r.id == "applyClock" || r.id == "closeAlarm" {
			n = 1
		}
		return n
	}
	slices.SortFunc(all, func(a, b route) int {
		return cmp.Or(rank(a)-rank(b), -strings.Compare(a.method, b.method), strings.Compare(a.id, b.id))
	})
	return all
}

// compare looks at what another tenant's things answer: like what does not
// exist in paths, refused in bodies, and never with a name of theirs.
func (w *world) compare(r route, a, b *tenant, role fleet.Role, other answer) {
	w.t.Helper()
	token := a.tokens[role]
	if strings.Contains(other.body, b.canary()) {
		w.t.Errorf("%s as %q shows another tenant: %s", r.id, role, other.body)
	}
	foreign := target{tn: b}.body(r)
	names := strings.Contains(foreign, b.company.String()) || strings.Contains(foreign, b.customer.String()) || strings.Contains(foreign, b.device.String())
	if !strings.Contains(r.path, "{id}") {
		if names && (other.status < 400 || other.status == 404) && r.id != "adoptStranger" {
			w.t.Errorf("%s as %q takes another tenant's things: %d %s", r.id, role, other.status, other.body)
		}
		return
	}
	none := w.walk(r, target{tn: b, role: role, none: true}, token)
	if other.status != none.status || other.body != none.body || !sameHeader(other.header, none.header) || other.status < 400 {
		w.t.Errorf("%s as %q: another tenant's thing answers %d %s, a nonexistent one %d %s",
			r.id, role, other.status, other.body, none.status, none.body)
	}
	if names {
		path := strings.Replace(r.path, "{id}", target{tn: a, role: role}.id(r.path), 1)
		if mixed := w.do(r.method, "/api/v1"+path, token, foreign); mixed.status < 400 {
			w.t.Errorf("%s as %q puts another tenant's things into its own: %d %s", r.id, role, mixed.status, mixed.body)
		}
	}
}

func (w *world) walk(r route, g target, token string) answer {
	path := strings.NewReplacer("{id}", g.id(r.path), "{uniqueId}", g.id(r.path), "{module}", "reports", "{channel}", "sms").Replace(r.path)
	var header []string
	if r.id == "deleteCustomer" {
		asked := w.do("POST", "/api/v1"+path+"/removal", token, g.body(route{id: "prepareCustomerRemoval"}))
		header = []string{"Confirmation", asked.field("confirmation")}
	}
	return w.do(r.method, "/api/v1"+path, token, g.body(r), header...)
}

// twoTenants is a world with two companies; the walk looks at A's with A's
// people, and at B's.
func twoTenants(t testing.TB, table auth.Table) (w *world, a, b *tenant) {
	w = newWorld(t, func(o *admin.Options) { o.Table = table })
	a, b = w.settle("A"), w.settle("B")
	a.alarm, b.alarm = w.sos(a), w.sos(b)
	w.known.all = []admin.Stranger{{UniqueID: "STRANGER-A", Protocol: fleet.GT06}, {UniqueID: "STRANGER-B", Protocol: fleet.GT06}}
	return w, a, b
}

// TestEveryRouteWithEveryRole holds every operation against testdata/authz.csv,
// which is read by people: operation, then for each role what its own tenant's
// things answer. What belongs to another tenant must answer like what does not
// exist, byte for byte.
func TestEveryRouteWithEveryRole(t *testing.T) {
	want := readMatrix(t)
	for _, role := range append([]fleet.Role{auth.Anyone}, fleet.Roles()...) {
		name := string(role)
		if role == auth.Anyone {
			name = "anyone"
		}
		t.Run(name, func(t *testing.T) {
			w, a, b := twoTenants(t, nil)
			token := a.tokens[role]
			before := w.digest(b)
			seen := map[string]bool{}
			for _, r := range routes(t, w) {
				seen[r.id] = true
				expect, ok := want[r.id]
				if !ok {
					t.Errorf("%s has no line in testdata/authz.csv", r.id)
					continue
				}
				if r.id == "signOut" {
					continue // TestSetUpByLinkOnceAndOnlyOnce
				}
				other := w.walk(r, target{tn: b, role: role}, token)
				if role != fleet.PlatformAdmin {
					w.compare(r, a, b, role, other)
				}
				own := w.walk(r, target{tn: a, role: role}, token)
				if got := fmt.Sprint(own.status); got != expect[role] {
					t.Errorf("%s: its own answers %s, want %s: %s", r.id, got, expect[role], own.body)
				}
				if role != fleet.PlatformAdmin && strings.Contains(own.body, b.canary()) {
					t.Errorf("%s shows another tenant: %s", r.id, own.body)
				}
			}
			for id := range want {
				if !seen[id] {
					t.Errorf("testdata/authz.csv has %s, which is no operation", id)
				}
			}
			if role != fleet.PlatformAdmin {
				if after := w.digest(b); after != before {
					t.Errorf("another tenant's records changed from\n%s\nto\n%s", before, after)
				}
			}
		})
	}
}

// digest is all that the store holds of a tenant.
func (w *world) digest(tn *tenant) string {
	q := fleet.Query{Scope: fleet.Scope{Company: tn.company}, Limit: 1000}
	co, _ := w.admin.Company(tn.company)
	cu, _ := w.admin.Customers(q)
	us, _ := w.admin.Users(q)
	de, _ := w.admin.Devices(q)
	fe, _ := w.admin.Fences(q)
	ru, _ := w.admin.Rules(q)
	no, _ := w.admin.Notifications(q)
	b, err := json.Marshal([]any{co, cu, us, de, fe, ru, no})
	if err != nil {
		w.t.Fatal(err)
	}
	return string(b)
}

func sameHeader(a, b http.Header) bool {
	for _, h := range []http.Header{a, b} {
		for _, k := range []string{"Date", "X-Request-Id", "Content-Length"} {
			h.Del(k)
		}
	}
	return fmt.Sprint(a) == fmt.Sprint(b)
}

func readMatrix(t testing.TB) map[string]map[fleet.Role]string {
	t.Helper()
	b, err := os.ReadFile("testdata/authz.csv")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]map[fleet.Role]string{}
	for i, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		cells := strings.Split(line, ",")
		if i == 0 {
			continue
		}
		if len(cells) != 7 {
			t.Fatalf("line %d of testdata/authz.csv has %d cells, want 7", i+1, len(cells))
		}
		row := map[fleet.Role]string{auth.Anyone: cells[1]}
		for n, role := range fleet.Roles() {
			row[role] = cells[n+2]
		}
		all[cells[0]] = row
	}
	return all
}

// TestEveryRowIsNeeded takes each row out of the table and looks that somebody
// is refused then: a row that makes no difference, or a route that does not ask
// the table, would show here.
func TestEveryRowIsNeeded(t *testing.T) {
	want := readMatrix(t)
	full := auth.Permissions()
	if testing.Short() {
		full = full[:5]
	}
	w, a, _ := twoTenants(t, nil)
	all := routes(t, w)
	for i, row := range full {
		if row.Object == auth.Stranger || row.Object == auth.System && row.Role == fleet.CompanyAdmin {
			continue // the company's admin has these only where it is alone: TestASoleCompanySeesTheSystem
		}
		if row.Object == auth.Stream {
			continue // TestTheStreamAsksTheTable
		}
		less := slices.Delete(slices.Clone(full), i, i+1)
		h := w.with(func(o *admin.Options) { o.Table = less })
		refused := false
		for _, r := range all {
			if r.object != row.Object || r.action != row.Action {
				continue
			}
			token := a.tokens[row.Role]
			g := target{tn: a, role: row.Role}
			if r.method != "GET" {
				g.none = true // nothing is to change: 403 comes before 404
			}
			got := h.walk(r, g, token)
			expect := want[r.id][row.Role]
			if got.status == 403 && expect != "403" || got.status == 401 && row.Role == auth.Anyone && expect != "401" {
				refused = true
				break
			}
		}
		if !refused {
			t.Errorf("without the row %+v nobody is refused", row)
		}
	}
}
