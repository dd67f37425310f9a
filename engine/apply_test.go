package engine_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// kindsOf stops the engine and lists what it recorded, oldest first.
func (r *rig) kindsOf(t *testing.T) (out []string) {
	t.Helper()
	r.stop(t)
	for _, e := range r.reopen(t) {
		out = append(out, e.Kind.String()+" "+e.Fence.String())
	}
	return out
}

func wantList(t *testing.T, got []string, want ...string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("recorded %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("recorded %v, want %v", got, want)
		}
	}
}

func enters(f fleet.Fence) string { return "enter " + f.ID.String() }
func leaves(f fleet.Fence) string { return "exit " + f.ID.String() }

// TestApplyHoldsForTheNextReport: what Apply returned for judges every report
// accepted afterwards, and a fence drawn around a parked truck is silent until
// it leaves.
func TestApplyHoldsForTheNextReport(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	r.apply(t, fleetOf(1))
	r.accept(t, fix(0, 1, 0, 0))
	yard := fenceAt(0, 0, 0)
	r.apply(t, fleet.ChangeSet{Since: true, Fences: []fleet.Fence{yard}})
	r.accept(t, fix(0, 2, 0, 0), fix(0, 3, 1, 1), fix(0, 4, 0, 0))
	r.apply(t, fleet.ChangeSet{RemovedFences: []fleet.FenceID{yard.ID}})
	r.accept(t, fix(0, 5, 1, 1))
	wantList(t, r.kindsOf(t), leaves(yard), enters(yard))
}

// TestApplyMovesAndRemovesDevices: a device follows its owner's fences, and a
// removed one's reports do nothing.
func TestApplyMovesAndRemovesDevices(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	stored := r.apply(t, fleetOf(2))
	yard := fenceAt(0, 0, 0)
	r.apply(t, fleet.ChangeSet{Since: true, Fences: []fleet.Fence{yard}})
	r.accept(t, fix(0, 1, 1, 1), fix(0, 2, 0, 0))
	stock := stored.Devices[0]
	stock.Customer = 0 // back to the company, which has no fences
	stored = r.apply(t, fleet.ChangeSet{Devices: []fleet.Device{stock}})
	r.accept(t, fix(0, 3, 1, 1))
	back := stored.Devices[0]
	back.Customer = customer
	r.apply(t, fleet.ChangeSet{Devices: []fleet.Device{back}})
	r.accept(t, fix(0, 4, 0, 0))
	r.apply(t, fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{deviceID(0)}})
	r.accept(t, fix(0, 5, 1, 1))
	wantList(t, r.kindsOf(t), enters(yard), enters(yard))
}

// TestCompanyFencesReachInnerCustomers: a World has the fences of all owners.
func TestCompanyFencesReachInnerCustomers(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	set := fleetOf(0)
	inner := set.Customers[0]
	inner.ID, inner.Parent, inner.Name, inner.Code = customer+1, customer, "Branch", "B"
	set.Customers = append(set.Customers, inner)
	d := device(0)
	d.Customer = inner.ID
	set.Devices = []fleet.Device{d}
	r.apply(t, set)
	own, parents, companys := fenceAt(0, 0, 0), fenceAt(1, 0, 0), fenceAt(2, 0, 0)
	own.Owner, companys.Owner = fleet.Owner(inner.ID), fleet.Owner(company)
	parents.Targets.Inner = true
	r.apply(t, fleet.ChangeSet{Since: true, Fences: []fleet.Fence{own, parents, companys}})
	r.accept(t, fix(0, 1, 1, 1), fix(0, 2, 0, 0))
	wantList(t, r.kindsOf(t), enters(own), enters(parents)) // the company's is for its own alone
}

// TestClockOffset: Accept corrects times by the device's offset from Apply on.
func TestClockOffset(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	stored := r.apply(t, fleetOf(1))
	d := stored.Devices[0]
	d.ClockOffset = -8 * int64(fleet.Hour)
	r.apply(t, fleet.ChangeSet{Devices: []fleet.Device{d}})
	ahead := fix(0, 1, 1, 1)
	ahead.Fix += 8 * fleet.Hour
	reports := []fleet.Report{ahead}
	r.accept(t, reports...)
	if reports[0].Verdict != fleet.Accepted || reports[0].Fix != ahead.Fix-8*fleet.Hour {
		t.Errorf("verdict %s, fix %s, want accepted at %s", reports[0].Verdict, reports[0].Fix, ahead.Fix-8*fleet.Hour)
	}
}

// TestRejectedIsCountedNotKept: a place outside of the earth never reaches the
// journal, its sender is answered all the same.
func TestRejectedIsCountedNotKept(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	r.apply(t, fleetOf(1))
	before := r.log.Last()
	bad := fix(0, 1, 0, 0)
	bad.Place.Lat = 95_0000000
	reports := []fleet.Report{bad}
	r.accept(t, reports...)
	if reports[0].Verdict != fleet.RejectedRange {
		t.Errorf("verdict %s", reports[0].Verdict)
	}
	if err := r.log.Scan(before, func(_ fleet.Seq, e *fleet.Entry) error {
		if e.Kind == fleet.ReportEntry {
			t.Error("a rejected report was kept")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := r.Accept(t.Context(), []fleet.Report{{}}); fleet.KindOf(err) != fleet.Invalid {
		t.Errorf("a report of nobody: %v", err)
	}
}

// TestEventsReachWatchersAfterCommit: hub, outbox and dispatcher hear of what
// is in the store.
func TestEventsReachWatchersAfterCommit(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	r.apply(t, fleetOf(1))
	user, err := r.admin.PutUser(fleet.Actor{}, fleet.User{
		Company: company, Name: "Ana", Email: "ana@example.com", Lang: fleet.English, Role: fleet.Operator, Timezone: "UTC",
	})
	if err != nil {
		t.Fatal(err)
	}
	yard := fenceAt(0, 0, 0)
	r.apply(t, fleet.ChangeSet{Since: true, Fences: []fleet.Fence{yard}, Notifications: []fleet.Notification{{
		Company: company, Owner: fleet.Owner(company), Description: "all", AllDevices: true, AllFences: true,
		Kinds: []fleet.EventKind{fleet.Enter}, Channels: []fleet.Channel{fleet.Email}, Recipients: []fleet.UserID{user.ID},
	}}})
	watch := r.hub.Subscribe(fleet.Scope{Company: company})
	defer watch.Close()
	r.accept(t, fix(0, 1, 1, 1), fix(0, 2, 0, 0))
	<-r.Wake()
	due, err := r.facts.Due(fleet.Email, began+fleet.Day, 10)
	if err != nil || len(due) != 1 || due[0].Key.Recipient != user.ID {
		t.Fatalf("outbox %+v, %v", due, err)
	}
	var seen []*live.Event
	var last fleet.Position
	for len(seen) == 0 || last.Fix != fix(0, 2, 0, 0).Fix {
		f, err := watch.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, f.Events...)
		if len(f.Positions) > 0 {
			last = f.Positions[0].Position
		}
	}
	if _, err := r.facts.Event(seen[0].ID); err != nil || len(seen) != 1 || seen[0].Fence != yard.ID {
		t.Errorf("published %+v, in the store: %v", seen, err)
	}
	if p, ok := r.hub.Latest(deviceID(0)); !ok || p.Fix != last.Fix {
		t.Errorf("latest %+v, %v", p, ok)
	}

	// A sender's answer goes through the same committer.
	out := fleet.Outcome{Key: due[0].Key, State: fleet.Sent, Attempt: &fleet.Attempt{At: began, OK: true}}
	if err := r.Record(t.Context(), []fleet.Outcome{out}); err != nil {
		t.Fatal(err)
	}
	if due, err := r.facts.Due(fleet.Email, began+fleet.Day, 10); err != nil || len(due) != 0 {
		t.Errorf("outbox %+v, %v, want it empty", due, err)
	}
}

// TestPositionsAreThereAfterRestart: the hub of a new process knows where
// devices were.
func TestPositionsAreThereAfterRestart(t *testing.T) {
	dir := t.TempDir()
	r := start(t, dir, nil)
	r.apply(t, fleetOf(2))
	r.accept(t, fix(0, 1, 1, 1), fix(1, 9, 2, 2))
	r.stop(t)
	r = start(t, dir, func(o *engine.Options) { o.Shards = 2 })
	watch := r.hub.Subscribe(fleet.Scope{Installation: true})
	defer watch.Close()
	for known := 0; known < 2; {
		f, err := watch.Next(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		known += len(f.Positions)
	}
	if p, ok := r.hub.Latest(deviceID(1)); !ok || p.Fix != fix(1, 9, 2, 2).Fix {
		t.Errorf("latest %+v, %v", p, ok)
	}
}

// TestPositionOfAnEarlierOwner: whoever a device came to is not shown where it
// was before, by this process or the next one, from a snapshot or without.
func TestPositionOfAnEarlierOwner(t *testing.T) {
	dir := t.TempDir()
	r := start(t, dir, nil)
	r.apply(t, fleetOf(2))
	r.accept(t, fix(0, 1, 1, 1), fix(1, 9, 2, 2))
	other := r.apply(t, fleet.ChangeSet{Customers: []fleet.Customer{{Company: company, Name: "Other", Code: "O", Lang: fleet.English, Timezone: "UTC"}}}).Customers[0].ID
	moved, err := r.admin.Device(deviceID(0))
	if err != nil {
		t.Fatal(err)
	}
	moved.Customer = other
	r.apply(t, fleet.ChangeSet{Devices: []fleet.Device{moved}})
	for run := range 3 {
		watch := r.hub.Subscribe(fleet.Scope{Installation: true})
		for known := 0; known < 2; {
			f, err := watch.Next(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			known += len(f.Positions)
		}
		watch.Close()
		for _, c := range []struct {
			customers []fleet.CustomerID
			want      int
		}{{[]fleet.CustomerID{other}, 0}, {[]fleet.CustomerID{customer}, 1}, {[]fleet.CustomerID{customer, other}, 2}} {
			watch := r.hub.Subscribe(fleet.Scope{Company: company, Customers: c.customers})
			f, err := watch.Next(t.Context())
			if err != nil || len(f.Positions) != c.want {
				t.Errorf("run %d: %v see %+v, want %d; %v", run, c.customers, f.Positions, c.want, err)
			}
			watch.Close()
		}
		r.stop(t)
		r = start(t, dir, nil)
	}
}
