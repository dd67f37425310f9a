package store

import (
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestCommandsAreListedFoundAndSwept, over a restart.
func TestCommandsAreListedFoundAndSwept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "admin.db")
	a, err := OpenAdmin(file, AdminOptions{})
	if err != nil {
		t.Fatal(err)
	}
	commit := func(set fleet.ChangeSet) *fleet.ChangeSet {
		t.Helper()
		out, err := a.Commit(t.Context(), set, 1)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	co := commit(fleet.ChangeSet{Companies: []fleet.Company{{Name: "Vigías", Lang: "es", Timezone: "UTC"}}}).Companies[0].ID
	cu := commit(fleet.ChangeSet{Customers: []fleet.Customer{{Company: co, Name: "Acme", Code: "A", Lang: "es", Timezone: "UTC"}}}).Customers[0].ID
	d := commit(fleet.ChangeSet{Devices: []fleet.Device{
		{Company: co, Customer: cu, Name: "one", UniqueID: "1"}, {Company: co, Name: "two", UniqueID: "2"},
	}}).Devices
	var ids []fleet.RecordID
	for i := range 7 {
		c, err := a.Commands().Put(fleet.Actor{}, fleet.Command{
			Head: fleet.Head{Company: co, Owner: fleet.Owner(co)}, Device: d[i%2].ID, Customer: d[i%2].Customer,
			Want: fleet.PositionNow, State: fleet.CommandQueued, Expires: 1 << 50, Turn: uint32(i),
		})
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, c.ID)
	}
	out, err := a.Commands().Step([]fleet.CommandStep{
		{ID: ids[0], Do: func(c *fleet.Command) bool { return c.Cancel(0, "x", 5) }},
		{ID: ids[1], Do: func(c *fleet.Command) bool { return c.Take(5) }},
		{ID: ids[2], Do: func(*fleet.Command) bool { return false }},
		{ID: 12345, Do: func(*fleet.Command) bool { t.Error("asked of what is not there"); return true }},
	})
	if err != nil || out[0].Version != 2 || out[1].State != fleet.CommandSent || out[2].Version != 1 || out[3].Version != 0 {
		t.Fatal(out, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	if a, err = OpenAdmin(file, AdminOptions{}); err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	b := a.Commands()
	count := func(q fleet.CommandQuery) (n int) {
		t.Helper()
		q.Limit = 2
		last := fleet.RecordID(1<<64 - 1)
		for {
			p, err := b.List(q)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range p.Items {
				if n++; c.ID >= last {
					t.Errorf("%s stands behind %s", c.ID, last)
				}
				last = c.ID
			}
			if q.After = p.Next; p.Next == "" {
				return n
			}
		}
	}
	all := fleet.Scope{Company: co}
	for _, tt := range []struct {
		what string
		q    fleet.CommandQuery
		want int
	}{
		{"the company's", fleet.CommandQuery{Scope: all}, 7},
		{"one device's", fleet.CommandQuery{Scope: all, Device: d[0].ID}, 4},
		{"one customer's", fleet.CommandQuery{Scope: all, Customer: cu}, 4},
		{"a customer's admin's", fleet.CommandQuery{Scope: fleet.Scope{Company: co, Customers: []fleet.CustomerID{cu, 99}}}, 4},
		{"a user's", fleet.CommandQuery{Scope: fleet.Scope{Company: co, Customers: []fleet.CustomerID{cu}, Devices: []fleet.DeviceID{d[1].ID}}}, 0},
		{"another company's", fleet.CommandQuery{Scope: fleet.Scope{Company: co + 1}}, 0},
		{"another's device", fleet.CommandQuery{Scope: fleet.Scope{Company: co + 1}, Device: d[0].ID}, 0},
		{"by state", fleet.CommandQuery{Scope: all, States: []fleet.CommandState{fleet.CommandSent, fleet.CommandCancelled}}, 2},
		{"by kind", fleet.CommandQuery{Scope: all, Kinds: []fleet.CommandKind{fleet.EngineStop}}, 0},
	} {
		if got := count(tt.q); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.what, got, tt.want)
		}
	}
	if _, err := b.List(fleet.CommandQuery{Scope: all, After: "!"}); fleet.KindOf(err) != fleet.Invalid {
		t.Error("a cursor that none is:", err)
	}
	open := 0
	if err := b.Open(func(c *fleet.Command) error { open++; return nil }); err != nil || open != 6 {
		t.Errorf("%d are open, want 6: %v", open, err)
	}
	if n, err := b.Sweep(ids[0].Time()); err != nil || n != 0 {
		t.Error(n, err)
	}
	if n, err := b.Sweep(ids[6].Time() + fleet.Day); err != nil || n != 1 {
		t.Errorf("%d swept, want the one that is final: %v", n, err)
	}
	commit(fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{d[0].ID}})
	if got := count(fleet.CommandQuery{Scope: all}); got != 3 {
		t.Errorf("%d are left after the device went, want 3", got)
	}
}
