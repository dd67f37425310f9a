package store_test

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// Sorted, narrowed and searched lists are what sorting and filtering all that
// there is by hand gives, page by page; so are the counts.
func TestListsEqualPlainSorting(t *testing.T) {
	dir := t.TempDir()
	a := openAdmin(t, dir)
	m := &model{
		r: seeded(t), customers: map[fleet.CustomerID]fleet.Customer{}, devices: map[fleet.DeviceID]fleet.Device{},
		fences: map[fleet.FenceID]fleet.Fence{}, rules: map[fleet.RuleID]fleet.Rule{}, notices: map[fleet.NotificationID]fleet.Notification{}, users: map[fleet.UserID]fleet.User{},
	}
	m.company = apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0].ID
	for step := range 400 {
		if set, _ := m.step(); m.r.IntN(3) > 0 {
			for i := range set.Devices {
				set.Devices[i].Plate, set.Devices[i].Disabled = fmt.Sprintf("%c-%d É", 'A'+m.r.IntN(4), m.r.IntN(3)), m.r.IntN(2) == 0
			}
			if out, err := a.Commit(t.Context(), set, noon); err == nil {
				m.take(out)
			}
		}
		if step == 300 { // from here on with what was read at the start
			if err := a.Close(); err != nil {
				t.Fatal(err)
			}
			a = openAdmin(t, dir)
		}
		if step%20 == 19 {
			m.lists(t, a)
		}
	}
}

// lists compares random questions for devices, and all counts.
func (m *model) lists(t *testing.T, a *store.Admin) {
	t.Helper()
	by := map[string]func(*fleet.Device) string{
		"name": func(d *fleet.Device) string { return strings.ToLower(d.Name) }, "uniqueId": func(d *fleet.Device) string { return d.UniqueID },
		"plate": func(d *fleet.Device) string { return strings.ToLower(d.Plate) }, "created": func(*fleet.Device) string { return "" },
		"status": func(d *fleet.Device) string { return fmt.Sprint(d.Disabled) },
	}
	for range 10 {
		name := slices.Sorted(maps.Keys(by))[m.r.IntN(len(by))]
		q := fleet.Query{Scope: fleet.Scope{Company: m.company}, Sort: name, Limit: 1 + m.r.IntN(9)}
		if m.r.IntN(2) == 0 {
			q.Sort = "-" + name
		}
		switch c := pick(m, m.customers); m.r.IntN(5) {
		case 0:
			q.Scope.Customers = []fleet.CustomerID{c.ID}
		case 1:
			q.Owner = fleet.Owner(c.ID)
		case 2:
			q.Scope = fleet.Scope{Installation: true}
		}
		q.Search = []string{"", "", "1 é", "UID1"}[m.r.IntN(4)]
		q.Status = []string{"", fleet.ListActive, fleet.ListSuspended}[m.r.IntN(3)]
		var want []fleet.Device
		for _, d := range m.devices {
			found := strings.Contains(strings.ToLower(strings.Join([]string{d.Name, d.UniqueID, d.Plate}, "\n")), strings.ToLower(q.Search))
			if q.Scope.SeesDevice(d.ID, d.Company, d.Owner()) && found && (q.Owner == 0 || q.Owner == d.Owner()) &&
				(q.Status == "" || d.Disabled == (q.Status == fleet.ListSuspended)) {
				want = append(want, d)
			}
		}
		slices.SortFunc(want, func(x, y fleet.Device) int {
			c := cmp.Or(strings.Compare(by[name](&x), by[name](&y)), cmp.Compare(x.ID, y.ID))
			if q.Sort != name {
				c = -c
			}
			return c
		})
		ids := func(all []fleet.Device) (out []fleet.DeviceID) {
			for _, d := range all {
				out = append(out, d.ID)
			}
			return out
		}
		if got := ids(pages(t, q, a.Devices)); !slices.Equal(got, ids(want)) {
			t.Fatalf("%+v\ngave %v\nwant %v", q, got, ids(want))
		}
	}
	for id := range m.customers {
		want := fleet.Counts{}
		for _, d := range m.devices {
			if d.Customer == id {
				want.Devices++
			}
		}
		for _, f := range m.fences {
			if f.Owner == fleet.Owner(id) {
				want.Fences++
			}
		}
		for _, c := range m.customers {
			if c.Parent == id {
				want.Inner++
			}
		}
		if got, err := a.Counts(id); err != nil || got != want {
			t.Fatalf("customer %s has %+v (%v), want %+v", id, got, err, want)
		}
	}
}

// A cursor that no page gave, and a sort that there is not, are refused.
func TestListRefusesStrangeQuestions(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	id := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0].ID
	for _, q := range []fleet.Query{
		{Sort: "colour"}, {Status: "odd"}, {After: "?"}, {After: "0000000000001.AAAA"}, {Sort: "name", After: "0000000000001"},
		{Sort: "name", After: "0000000000001.!"}, {Sort: "name", After: "0000000000001.AA"},
	} {
		q.Scope.Company = id
		if _, err := a.Devices(q); fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%+v gave %v", q, err)
		}
	}
}
