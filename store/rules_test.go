package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A rule's judge version rises with what it decides, not with its name. It
// stays while a notification names it, forgets a deleted fence, and is paused
// with its last one.
func TestRules(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	north := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}}).Customers[0]
	set := apply(t, a, fleet.ChangeSet{
		Fences:  []fleet.Fence{circle(&north, "Depot"), circle(&north, "Port")},
		Devices: []fleet.Device{device(&north, "1")},
	})
	depot, port, truck := set.Fences[0].ID, set.Fences[1].ID, set.Devices[0].ID
	put := func(r fleet.Rule) fleet.Rule {
		t.Helper()
		return apply(t, a, fleet.ChangeSet{Rules: []fleet.Rule{r}}).Rules[0]
	}
	r := put(fleet.Rule{
		Company: c.ID, Owner: fleet.Owner(north.ID), Name: "Too long", Trigger: fleet.Dwell, After: fleet.Hour,
		Fences: []fleet.FenceID{port, depot}, Targets: fleet.Targets{Devices: []fleet.DeviceID{truck}},
	})
	if r.ID == 0 || r.Judge != 1 || r.Version != 1 || r.From != noon || r.Created != noon || !slices.IsSorted(r.Fences) {
		t.Fatalf("created as %+v", r)
	}
	r.Name = "Far too long"
	if r = put(r); r.Judge != 1 || r.Version != 2 {
		t.Errorf("a new name gave %+v", r)
	}
	r.After = 2 * fleet.Hour
	if r = put(r); r.Judge != 2 || r.Version != 3 {
		t.Errorf("another duration gave %+v", r)
	}
	user, err := a.PutUser(fleet.Actor{}, fleet.User{Company: c.ID, Name: "Ana", Email: "a@example.com", Lang: fleet.Spanish, Timezone: "UTC", Role: fleet.Operator})
	if err != nil {
		t.Fatal(err)
	}
	n := apply(t, a, fleet.ChangeSet{Notifications: []fleet.Notification{{
		Company: c.ID, Owner: fleet.Owner(north.ID), Description: "Long", AllDevices: true, AllFences: true, Rules: []fleet.RuleID{r.ID},
		Kinds: []fleet.EventKind{fleet.Dwell}, Channels: []fleet.Channel{fleet.Email}, Recipients: []fleet.UserID{user.ID},
	}}}).Notifications[0]
	_, err = a.Commit(t.Context(), fleet.ChangeSet{RemovedRules: []fleet.RuleID{r.ID}}, noon)
	if use, ok := errors.AsType[*fleet.InUse](err); !ok || use.By != "notifications" || use.Count != 1 {
		t.Errorf("removing a rule in use gave %v", err)
	}
	out := apply(t, a, fleet.ChangeSet{RemovedFences: []fleet.FenceID{depot}})
	if len(out.Rules) != 1 || !slices.Equal(out.Rules[0].Fences, []fleet.FenceID{port}) || out.Rules[0].Paused || out.Rules[0].Judge != 3 {
		t.Errorf("without the depot: %+v", out.Rules)
	}
	out = apply(t, a, fleet.ChangeSet{RemovedFences: []fleet.FenceID{port}, RemovedDevices: []fleet.DeviceID{truck}})
	if len(out.Rules) != 1 || !out.Rules[0].Paused || len(out.Rules[0].Targets.Devices) != 0 {
		t.Errorf("without fences: %+v", out.Rules)
	}
	_, err = a.Commit(t.Context(), fleet.ChangeSet{Rules: []fleet.Rule{{
		Company: c.ID, Owner: fleet.Owner(north.ID), Name: "Gone", Trigger: fleet.Dwell, After: fleet.Hour, Fences: []fleet.FenceID{port},
	}}}, noon)
	if e, ok := errors.AsType[*fleet.Error](err); !ok || e.Field != "rules[0].fences" {
		t.Errorf("a rule about a deleted fence gave %v", err)
	}
	out = apply(t, a, fleet.ChangeSet{RemovedNotifications: []fleet.NotificationID{n.ID}, RemovedRules: []fleet.RuleID{r.ID}})
	if len(out.RemovedRules) != 1 {
		t.Errorf("removed %+v", out)
	}
	r.ID, r.Version, r.Fences, r.AllFences, r.Targets.Devices = 0, 0, nil, true, nil
	r = put(r)
	out = apply(t, a, fleet.ChangeSet{RemovedCustomers: []fleet.CustomerID{north.ID}})
	if !slices.Equal(out.RemovedRules, []fleet.RuleID{r.ID}) {
		t.Errorf("the deleted customer's rules were left: %+v", out)
	}
}
