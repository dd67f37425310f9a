package admin_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// plainAdmin is the administration as maps would keep it.
type plainAdmin struct {
	t         *testing.T
	w         *world
	tn        *tenant
	staff     string
	r         *rand.Rand
	customers map[string]*plainCustomer
	devices   map[string]*plainThing // name is the identity
	users     map[string]*plainThing // name is the mail address
	markers   map[string]*plainThing
	before    map[string]bool // what was there, and stays
	done      map[string]int  // answers, by operation and status
	ties
}

type plainCustomer struct {
	name, code, parent string
	version            int
}

type plainThing struct{ name, owner string }

// TestModel does random administration through the API and beside it in plain
// maps, which foretell every answer's status, and all lists and counters after
// each sequence; then the store is checked. VIGIA_SEED repeats a run,
// VIGIA_SEQUENCES makes it longer.
func TestModel(t *testing.T) {
	seed, sequences := uint64(time.Now().UnixNano()), 24
	if n, err := strconv.ParseUint(os.Getenv("VIGIA_SEED"), 10, 64); err == nil {
		seed = n
	}
	if n, err := strconv.Atoi(os.Getenv("VIGIA_SEQUENCES")); err == nil {
		sequences = n
	}
	t.Logf("VIGIA_SEED=%d", seed)
	w, tn, staff := settled(t)
	m := &plainAdmin{
		t: t, w: w, tn: tn, staff: staff, r: rand.New(rand.NewPCG(seed, 3)), customers: map[string]*plainCustomer{},
		devices: map[string]*plainThing{}, users: map[string]*plainThing{}, markers: map[string]*plainThing{}, before: map[string]bool{}, done: map[string]int{}, ties: newTies(),
	}
	for _, list := range []string{"/customers", "/devices", "/users", "/markers", "/labels", "/notifications"} {
		for _, v := range m.all(list) {
			m.before[v["id"].(string)] = true
		}
	}
	for range sequences {
		for range 12 {
			m.step()
			m.tieStep()
		}
		m.compare()
		m.compareTies()
		path := filepath.Join(t.TempDir(), "admin.db")
		if err := w.admin.CopyTo(path); err != nil {
			t.Fatal(err)
		}
		if found := store.CheckAdmin(path); len(found) > 0 {
			t.Fatalf("the store is damaged: %v", found)
		}
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if t.Failed() {
			return
		}
	}
	t.Log(m.done)
}

// anyOf is one of the keys, or one that is nowhere.
func anyOf[V any](m *plainAdmin, of map[string]V) string {
	if m.r.IntN(8) == 0 {
		return fleet.DeviceID(m.r.Uint64N(1 << 60)).String()
	}
	keys := slices.Sorted(maps.Keys(of))
	if len(keys) == 0 {
		return fleet.DeviceID(7).String()
	}
	return keys[m.r.IntN(len(keys))]
}

// ask wants a status of a request, and gives the answer.
func (m *plainAdmin) ask(want int, method, path string, body map[string]any, header ...string) answer {
	m.t.Helper()
	text := ""
	if body != nil {
		b, err := json.Marshal(body)
		if err != nil {
			m.t.Fatal(err)
		}
		text = string(b)
	}
	got := m.w.do(method, "/api/v1"+path, m.staff, text, header...)
	if got.status != want {
		m.t.Fatalf("%s %s %s: %d %s, want %d", method, path, text, got.status, got.body, want)
	}
	kind, _, _ := strings.Cut(path[1:], "/")
	kind, _, _ = strings.Cut(kind, "?")
	m.done[fmt.Sprint(method, " ", kind, " ", want)]++
	return got
}

func status(ok bool, good, bad int) int {
	if ok {
		return good
	}
	return bad
}

// owner is a customer that there is, and "" for none yet.
func (m *plainAdmin) owner() string {
	if keys := slices.Sorted(maps.Keys(m.customers)); len(keys) > 0 {
		return keys[m.r.IntN(len(keys))]
	}
	return ""
}

func (m *plainAdmin) step() {
	m.t.Helper()
	switch m.r.IntN(10) {
	case 0, 1:
		m.createCustomer()
	case 2:
		m.changeCustomer()
	case 3:
		m.deleteCustomer()
	case 4:
		m.createDevice()
	case 5:
		m.moveDevice()
	case 6:
		m.create(m.users, "/users", "email", fmt.Sprintf("m%d@example.com", m.r.IntN(12)), func(name, owner string) map[string]any {
			return map[string]any{"name": "Ana", "email": name, "role": "customerUser", "customer": owner, "lang": "en", "timezone": "UTC", "activation": map[string]any{"method": "link"}}
		}, true)
	case 7:
		m.create(m.markers, "/markers", "name", fmt.Sprint("Gate ", m.r.IntN(100)), func(name, owner string) map[string]any {
			return map[string]any{"name": name, "owner": owner, "icon": "flag", "colour": "#1971c2", "lat": 4.6, "lon": -74.1}
		}, false)
	case 8:
		m.delete(m.devices, "/devices/")
	case 9:
		if m.r.IntN(2) == 0 {
			m.delete(m.users, "/users/")
		} else {
			m.delete(m.markers, "/markers/")
		}
	}
}

func (m *plainAdmin) taken(name, code, not string) bool {
	for id, c := range m.customers {
		if id != not && (c.name == name || c.code == code) {
			return true
		}
	}
	return false
}

func (m *plainAdmin) createCustomer() {
	m.t.Helper()
	c := &plainCustomer{name: fmt.Sprint("Client ", m.r.IntN(15)), code: fmt.Sprint("K", m.r.IntN(15)), version: 1}
	body := map[string]any{"name": c.name, "code": c.code, "lang": "en", "timezone": "UTC"}
	if p := m.owner(); p != "" && m.r.IntN(3) == 0 && m.customers[p].parent == "" {
		c.parent, body["parent"] = p, p
	}
	free := !m.taken(c.name, c.code, "")
	if got := m.ask(status(free, 201, 409), "POST", "/customers", body); free {
		m.customers[got.field("id")] = c
	}
}

func (m *plainAdmin) changeCustomer() {
	m.t.Helper()
	id := anyOf(m, m.customers)
	c := m.customers[id]
	body := map[string]any{"name": fmt.Sprint("Client ", m.r.IntN(15)), "code": fmt.Sprint("K", m.r.IntN(15)), "lang": "en", "timezone": "UTC", "version": 1}
	if c == nil {
		m.ask(404, "PUT", "/customers/"+id, body)
		return
	}
	seen := c.version - m.r.IntN(2)
	if body["version"] = seen; seen < 1 {
		body["version"] = c.version + 1
	}
	parent := c.parent
	if m.r.IntN(3) == 0 && !m.leads(id) { // it moves
		if parent = m.owner(); parent == id || m.customers[parent].parent != "" {
			parent = ""
		}
	}
	if parent != "" {
		body["parent"] = parent
	}
	good := seen == c.version && !m.taken(body["name"].(string), body["code"].(string), id)
	if m.ask(status(good, 200, 409), "PUT", "/customers/"+id, body); good {
		c.name, c.code = body["name"].(string), body["code"].(string)
		c.version++
		if c.parent != parent {
			c.parent = parent
			m.reparented()
		}
	}
}

func (m *plainAdmin) deleteCustomer() {
	m.t.Helper()
	id := anyOf(m, m.customers)
	own := map[string]any{"username": m.tn.email(fleet.CompanyAdmin), "password": known}
	if m.customers[id] == nil {
		m.ask(404, "POST", "/customers/"+id+"/removal", own)
		return
	}
	empty := true
	for _, d := range m.devices {
		empty = empty && d.owner != id
	}
	for _, c := range m.customers {
		empty = empty && c.parent != id
	}
	asked := m.ask(status(empty, 201, 409), "POST", "/customers/"+id+"/removal", own)
	if !empty {
		m.ask(409, "DELETE", "/customers/"+id, nil)
		return
	}
	m.ask(204, "DELETE", "/customers/"+id, nil, "Confirmation", asked.field("confirmation"))
	m.left(id)
	delete(m.customers, id)
	for _, things := range []map[string]*plainThing{m.users, m.markers} {
		maps.DeleteFunc(things, func(_ string, v *plainThing) bool { return v.owner == id })
	}
}

func (m *plainAdmin) createDevice() {
	m.t.Helper()
	m.create(m.devices, "/devices", "uniqueId", fmt.Sprint("model", m.r.IntN(20)), func(name, owner string) map[string]any {
		return map[string]any{"name": "Truck", "uniqueId": name, "customer": owner}
	}, true)
}

// create adds a thing of a customer; only one has its name, if that is unique.
func (m *plainAdmin) create(things map[string]*plainThing, path, field, name string, body func(name, owner string) map[string]any, unique bool) {
	m.t.Helper()
	owner := m.owner()
	if owner == "" {
		return
	}
	free := true
	for _, v := range things {
		free = free && (!unique || v.name != name)
	}
	got := m.ask(status(free, 201, 409), "POST", path, body(name, owner))
	if free {
		id := got.field("id")
		if path == "/users" && id == "<nil>" {
			id = got.field("user.id")
		}
		things[id] = &plainThing{name, owner}
	} else if got.field("errors.0.field") != field {
		m.t.Errorf("POST %s: %s, want the field %s", path, got.body, field)
	}
}

func (m *plainAdmin) moveDevice() {
	m.t.Helper()
	id, to := anyOf(m, m.devices), m.owner()
	if d := m.devices[id]; to == "" || d != nil && d.owner == to {
		return
	}
	d := m.devices[id]
	m.ask(status(d != nil, 200, 404), "POST", "/devices/"+id+"/move", map[string]any{"to": to})
	if d != nil {
		d.owner = to
		m.untie(id)
	}
}

func (m *plainAdmin) delete(things map[string]*plainThing, path string) {
	m.t.Helper()
	id := anyOf(m, things)
	want := status(things[id] != nil, 204, 404)
	if path == "/users/" && m.named(id) {
		want = 409
	}
	if m.ask(want, "DELETE", path+id, nil); want != 204 {
		return
	}
	delete(things, id)
	if path == "/devices/" {
		m.gone(id)
	}
	delete(m.assigned, id)
}

// all is a whole list, page by page.
func (m *plainAdmin) all(path string) (out []map[string]any) {
	m.t.Helper()
	join := "?"
	if strings.Contains(path, "?") {
		join = "&"
	}
	for after := ""; ; {
		var page struct {
			Items []map[string]any
			Next  string
		}
		m.ask(http.StatusOK, "GET", path+join+"limit=7"+after, nil).into(m.t, &page)
		out = append(out, page.Items...)
		if page.Next == "" {
			return out
		}
		after = "&after=" + page.Next
	}
}

// compare holds lists and counters against the maps.
func (m *plainAdmin) compare() {
	m.t.Helper()
	same := func(what string, got []map[string]any, field string, want map[string]string) {
		m.t.Helper()
		have := map[string]string{}
		for _, v := range got {
			if id := v["id"].(string); !m.before[id] {
				have[id] = v[field].(string)
			}
		}
		if !maps.Equal(have, want) {
			m.t.Errorf("%s: %v, want %v", what, have, want)
		}
	}
	names, things := map[string]string{}, map[string]map[string]string{}
	counts := map[string]*[3]int{} // devices, users, inner
	for id, c := range m.customers {
		names[id] = c.name
		counts[id] = &[3]int{}
	}
	for _, c := range m.customers {
		if c.parent != "" {
			counts[c.parent][2]++
		}
	}
	for i, of := range []map[string]*plainThing{m.devices, m.users, m.markers} {
		all := map[string]string{}
		for id, v := range of {
			if all[id] = v.name; i < 2 {
				counts[v.owner][i]++
			}
		}
		things[[]string{"/devices", "/users", "/markers"}[i]] = all
	}
	sorted := m.all("/customers?sort=-name")
	same("customers", sorted, "name", names)
	if !slices.IsSortedFunc(sorted, func(a, b map[string]any) int {
		return strings.Compare(strings.ToLower(b["name"].(string)), strings.ToLower(a["name"].(string)))
	}) {
		m.t.Error("customers are not sorted by name, downwards")
	}
	for _, c := range sorted {
		n := c["counts"].(map[string]any)
		if want := counts[c["id"].(string)]; want != nil && (n["devices"] != float64(want[0]) || n["users"] != float64(want[1]) || n["innerCustomers"] != float64(want[2])) {
			m.t.Errorf("%s has %v, want %v", c["name"], n, want)
		}
	}
	same("devices", m.all("/devices?sort=uniqueId"), "uniqueId", things["/devices"])
	same("users", m.all("/users?sort=email"), "email", things["/users"])
	same("markers", m.all("/markers"), "name", things["/markers"])
}
