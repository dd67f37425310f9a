package store_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// model is the administration as a plain program would keep it: it takes over
// the sets that Commit returned, as the engine does, and foretells errors.
type model struct {
	r         *rand.Rand
	customers map[fleet.CustomerID]fleet.Customer
	devices   map[fleet.DeviceID]fleet.Device
	fences    map[fleet.FenceID]fleet.Fence
	rules     map[fleet.RuleID]fleet.Rule
	notices   map[fleet.NotificationID]fleet.Notification
	users     map[fleet.UserID]fleet.User
	company   fleet.CompanyID
}

func (m *model) take(set *fleet.ChangeSet) {
	for _, v := range set.Customers {
		m.customers[v.ID] = v
	}
	for _, v := range set.Devices {
		m.devices[v.ID] = v
	}
	for _, v := range set.Fences {
		m.fences[v.ID] = v
	}
	for _, v := range set.Rules {
		m.rules[v.ID] = v
	}
	for _, v := range set.Notifications {
		m.notices[v.ID] = v
	}
	remove(m.customers, set.RemovedCustomers)
	remove(m.devices, set.RemovedDevices)
	remove(m.fences, set.RemovedFences)
	remove(m.rules, set.RemovedRules)
	remove(m.notices, set.RemovedNotifications)
	for id, u := range m.users {
		if u.Customer != 0 && slices.Contains(set.RemovedCustomers, u.Customer) {
			delete(m.users, id)
		}
	}
}

func remove[K comparable, V any](m map[K]V, keys []K) {
	for _, k := range keys {
		delete(m, k)
	}
}

// any is one of the values, a zero one if there is none.
func pick[K ~uint64, V any](m *model, from map[K]V) (v V) {
	keys := slices.Sorted(maps.Keys(from))
	if len(keys) == 0 {
		return v
	}
	return from[keys[m.r.IntN(len(keys))]]
}

// step makes up a set and says whether it must fail: 0 = may or may not.
func (m *model) step() (set fleet.ChangeSet, must fleet.Kind) {
	c := pick(m, m.customers)
	n := m.r.IntN(13)
	switch n {
	case 0:
		n := customer(m.company, fmt.Sprintf("C%d", m.r.IntN(12)))
		n.Parent = c.ID
		for _, o := range m.customers {
			if o.Name == n.Name {
				must = fleet.Conflict
			}
		}
		set.Customers = append(set.Customers, n)
	case 1:
		n := device(&c, fmt.Sprintf("uid%d", m.r.IntN(20)))
		n.Company = m.company
		for _, o := range m.devices {
			if o.UniqueID == n.UniqueID {
				must = fleet.Conflict
			}
		}
		set.Devices = append(set.Devices, n)
	case 2:
		f := circle(&c, "Fence")
		f.Targets.Devices = m.some()
		set.Fences = append(set.Fences, f)
	case 3:
		var ruleIDs []fleet.RuleID
		if r := pick(m, m.rules); m.r.IntN(2) == 0 && r.ID != 0 {
			ruleIDs = append(ruleIDs, r.ID)
		}
		set.Notifications = append(set.Notifications, fleet.Notification{
			Rules: ruleIDs, Company: m.company, Owner: fleet.Owner(c.ID), Description: "Notice", Devices: m.some(),
			Fences: []fleet.FenceID{pick(m, m.fences).ID}, Kinds: []fleet.EventKind{fleet.Exit},
			Channels: []fleet.Channel{fleet.SMS}, Recipients: []fleet.UserID{pick(m, m.users).ID, pick(m, m.users).ID},
		})
	case 4: // move a device
		d := pick(m, m.devices)
		d.Customer = c.ID
		if m.r.IntN(5) == 0 && d.ID != 0 {
			d.Version++
			must = fleet.Conflict
		}
		set.Devices = append(set.Devices, d)
	case 5:
		set.RemovedDevices = append(set.RemovedDevices, pick(m, m.devices).ID)
	case 6:
		set.RemovedFences = append(set.RemovedFences, pick(m, m.fences).ID)
	case 7: // move a customer
		n := pick(m, m.customers)
		if n.Parent = c.ID; n.ID == c.ID {
			must = fleet.Invalid
		}
		set.Customers = append(set.Customers, n)
	case 8:
		set.RemovedCustomers = append(set.RemovedCustomers, c.ID)
		if c.ID == 0 {
			return set, fleet.NotFound
		}
		for _, d := range m.devices {
			if d.Customer == c.ID {
				must = fleet.Conflict
			}
		}
		for _, o := range m.customers {
			if o.Parent == c.ID {
				must = fleet.Conflict
			}
		}
	case 9:
		f := pick(m, m.fences)
		f.Colour = "#00ff00"
		f.Targets.Devices = m.some()
		set.Fences = append(set.Fences, f)
	}
	m.ruleStep(n, c, &set)
	return set, must
}

func (m *model) ruleStep(n int, c fleet.Customer, set *fleet.ChangeSet) {
	r := pick(m, m.rules)
	switch {
	case n == 10 || n == 11 && r.ID == 0:
		set.Rules = append(set.Rules, fleet.Rule{
			Company: m.company, Owner: fleet.Owner(c.ID), Name: "Long visit", Trigger: fleet.Dwell, After: fleet.Hour,
			Fences: []fleet.FenceID{pick(m, m.fences).ID}, Targets: fleet.Targets{Devices: m.some()},
		})
	case n == 11:
		if m.r.IntN(2) == 0 {
			r.After += fleet.Minute
		} else {
			r.Name += "!"
		}
		set.Rules = append(set.Rules, r)
	case n == 12:
		set.RemovedRules = append(set.RemovedRules, r.ID)
	}
}

func (m *model) some() (ids []fleet.DeviceID) {
	for range m.r.IntN(3) {
		if d := pick(m, m.devices); d.ID != 0 {
			ids = append(ids, d.ID)
		}
	}
	return ids
}

// Random edits against a model: refused ones leave no trace, accepted ones
// leave exactly what Commit returned, in the records and in the world. The
// check in Cleanup holds indexes, references and audit against each other.
func TestAdminAgainstModel(t *testing.T) { t.Run("C-9", checkAdminAgainstModel) }

func checkAdminAgainstModel(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	m := &model{
		r: seeded(t), customers: map[fleet.CustomerID]fleet.Customer{}, devices: map[fleet.DeviceID]fleet.Device{},
		fences: map[fleet.FenceID]fleet.Fence{}, rules: map[fleet.RuleID]fleet.Rule{}, notices: map[fleet.NotificationID]fleet.Notification{}, users: map[fleet.UserID]fleet.User{},
	}
	m.company = apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0].ID
	accepted, refused := 0, map[fleet.Kind]int{}
	for range 600 {
		if m.r.IntN(12) == 0 {
			m.putUser(t, a)
			continue
		}
		before, err := a.Digest()
		if err != nil {
			t.Fatal(err)
		}
		set, must := m.step()
		out, err := a.Commit(t.Context(), set, noon)
		if must != 0 && fleet.KindOf(err) != must {
			t.Fatalf("%+v gave %v, want kind %d", set, err, must)
		}
		if err != nil {
			refused[fleet.KindOf(err)]++
			if fleet.KindOf(err) == fleet.Internal {
				t.Fatalf("%+v: %v", set, err)
			}
			if after, _ := a.Digest(); after != before {
				t.Fatalf("%+v was refused (%v) and changed the file", set, err)
			}
			continue
		}
		accepted++
		m.take(out)
	}
	t.Logf("accepted %d, refused %v, left %d customers, %d devices, %d fences, %d rules, %d notifications",
		accepted, refused, len(m.customers), len(m.devices), len(m.fences), len(m.rules), len(m.notices))
	m.compare(t, a)
}

func (m *model) putUser(t *testing.T, a *store.Admin) {
	c := pick(m, m.customers)
	u := fleet.User{
		Company: m.company, Customer: c.ID, Name: "Ana", Email: fmt.Sprintf("u%d@example.com", m.r.IntN(10)),
		Lang: fleet.Spanish, Timezone: "UTC", Role: fleet.CustomerUser, Devices: nil,
	}
	if c.ID == 0 {
		u.Role = fleet.Operator
	}
	taken := slices.ContainsFunc(slices.Collect(maps.Values(m.users)), func(o fleet.User) bool { return o.Email == u.Email })
	u, err := a.PutUser(fleet.Actor{}, u)
	if taken != (fleet.KindOf(err) == fleet.Conflict && err != nil) {
		t.Fatalf("user %q, taken %v: %v", u.Email, taken, err)
	}
	if err == nil {
		m.users[u.ID] = u
	}
}

func (m *model) compare(t *testing.T, a *store.Admin) {
	newest, err := a.Newest()
	if err != nil {
		t.Fatal(err)
	}
	w, err := a.World(newest)
	if err != nil {
		t.Fatal(err)
	}
	sameAs(t, "world's customers", m.customers, w.Customers)
	sameAs(t, "world's devices", m.devices, w.Devices)
	sameAs(t, "world's fences", m.fences, w.Fences)
	sameAs(t, "world's rules", m.rules, w.Rules)
	sameAs(t, "world's notifications", m.notices, w.Notifications)
	q := fleet.Query{Scope: fleet.Scope{Company: m.company}, Limit: 7}
	sameAs(t, "customers", m.customers, pages(t, q, a.Customers))
	sameAs(t, "devices", m.devices, pages(t, q, a.Devices))
	sameAs(t, "fences", m.fences, pages(t, q, a.Fences))
	sameAs(t, "rules", m.rules, pages(t, q, a.Rules))
	sameAs(t, "notifications", m.notices, pages(t, q, a.Notifications))
	sameAs(t, "users", m.users, pages(t, q, a.Users))
}

func sameAs[K ~uint64, V any](t *testing.T, what string, want map[K]V, got []V) {
	t.Helper()
	var list []V
	for _, k := range slices.Sorted(maps.Keys(want)) {
		list = append(list, want[k])
	}
	if diff := cmp.Diff(list, got, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("%s differ:\n%s", what, diff)
	}
}

func pages[T any](t *testing.T, q fleet.Query, list func(fleet.Query) (fleet.Page[T], error)) (out []T) {
	t.Helper()
	for {
		page, err := list(q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, page.Items...)
		if q.After = page.Next; q.After == "" {
			return out
		}
	}
}

func TestDeleteGuard(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	north := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}}).Customers[0]
	inner := customer(c.ID, "Inner")
	inner.Parent = north.ID
	set := apply(t, a, fleet.ChangeSet{
		Customers: []fleet.Customer{inner}, Devices: []fleet.Device{device(&north, "1"), device(&north, "2")},
		Fences: []fleet.Fence{circle(&north, "Depot")},
	})
	inner = set.Customers[0]
	refuse := func(by string, count int) {
		t.Helper()
		_, err := a.Commit(t.Context(), fleet.ChangeSet{RemovedCustomers: []fleet.CustomerID{north.ID}}, noon)
		use, ok := errors.AsType[*fleet.InUse](err)
		if !ok || use.By != by || use.Count != count || fleet.KindOf(err) != fleet.Conflict {
			t.Errorf("got %v, want a refusal over %d %s", err, count, by)
		}
		if _, err := a.Customer(north.ID); err != nil {
			t.Error("the refused deletion deleted:", err)
		}
	}
	t.Run("S2-35", func(t *testing.T) {
		refuse("devices", 2)
		apply(t, a, fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{set.Devices[0].ID, set.Devices[1].ID}})
		refuse("customers", 1)
		out := apply(t, a, fleet.ChangeSet{RemovedCustomers: []fleet.CustomerID{north.ID, inner.ID}})
		if !slices.Equal(out.RemovedFences, []fleet.FenceID{set.Fences[0].ID}) {
			t.Errorf("the customer's fences were left: %+v", out)
		}
	})
	if _, err := a.Device(set.Devices[0].ID); fleet.KindOf(err) != fleet.NotFound {
		t.Error("a deleted device gave", err)
	}
	if d, err := a.Directory().Device(set.Devices[0].ID); err != nil || d.Name != set.Devices[0].Name {
		t.Error("the directory lost a deleted device's name:", err)
	}
}
