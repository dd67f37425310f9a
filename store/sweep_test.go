package store_test

import (
	"errors"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// A sweep drops whole days, but for those with a delivery still to be made.
func TestSweepKeepsWhatIsDue(t *testing.T) {
	f := openFacts(t, t.TempDir())
	old, due, fresh := event(1, noon-10*fleet.Day), event(2, noon-9*fleet.Day), event(3, noon)
	sent := delivery(&old, 5, fleet.Email)
	sent.State = fleet.Sent
	facts := &fleet.Facts{
		Events:     []fleet.Event{old, due, fresh},
		Deliveries: []fleet.Delivery{sent, delivery(&due, 5, fleet.SMS), delivery(&fresh, 5, fleet.SMS)},
	}
	if err := f.Commit(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	s, err := f.Sweep(t.Context(), noon-fleet.Day)
	if want := (store.Swept{Days: 1, Kept: 1}); s != want || err != nil {
		t.Errorf("swept %+v, %v; want %+v", s, err, want)
	}
	has := func(e *fleet.Event, want bool) {
		t.Helper()
		if _, err := f.Event(e.ID); (err == nil) != want {
			t.Errorf("event of %s: %v, want it there: %v", e.Time, err, want)
		}
	}
	has(&old, false)
	has(&due, true)
	has(&fresh, true)
	failed := fleet.Outcome{Key: delivery(&due, 5, fleet.SMS).Key, State: fleet.Failed, Reason: "too old"}
	late := fleet.Outcome{Key: sent.Key, State: fleet.Failed}
	if err := f.Commit(t.Context(), &fleet.Facts{Outcomes: []fleet.Outcome{failed, late}}); err != nil {
		t.Fatal(err)
	}
	if s, err = f.Sweep(t.Context(), noon-fleet.Day); s.Days != 1 || s.Kept != 0 || err != nil {
		t.Errorf("swept %+v, %v", s, err)
	}
	has(&due, false)
	page, err := f.Events(fleet.EventQuery{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(page.Items) != 1 {
		t.Error("left:", page, err)
	}
}

// Worlds from the cut on are as they were; those before it are refused.
func TestPruneKeepsTheWorldsItMust(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	north := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}}).Customers[0]
	set := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{device(&north, "1"), device(&north, "2")}})
	for range 3 {
		set.Devices[0].Name += "!"
		set = apply(t, a, fleet.ChangeSet{Devices: set.Devices})
	}
	apply(t, a, fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{set.Devices[1].ID}})
	last := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{device(&north, "3")}})
	worlds := map[fleet.ChangeID]int{}
	for id := fleet.ChangeID(1); id <= last.ID; id++ {
		w, err := a.World(id)
		if err != nil {
			t.Fatal(err)
		}
		worlds[id] = len(w.Devices)
	}
	if err := a.Prune(t.Context(), last.ID-1, noon, noon); err != nil {
		t.Fatal(err)
	}
	if _, err := a.World(1); err != nil {
		t.Error("nothing was old enough, and yet:", err)
	}
	if err := a.Prune(t.Context(), last.ID-1, noon+1, noon+1); err != nil {
		t.Fatal(err)
	}
	for id, devices := range worlds {
		w, err := a.World(id)
		if id < last.ID-1 {
			if fleet.KindOf(err) != fleet.NotFound {
				t.Errorf("world %d: %v, want it refused", id, err)
			}
		} else if err != nil || len(w.Devices) != devices {
			t.Errorf("world %d: %v, %v; want %d devices", id, w, err, devices)
		}
	}
	if _, err := a.DeviceAny(set.Devices[1].ID); fleet.KindOf(err) != fleet.NotFound {
		t.Error("the grave is still there:", err)
	}
	if id, err := a.Newest(); id != last.ID || err != nil {
		t.Error("newest:", id, err)
	}
}

// What leads nowhere changes nothing; what the provider has is believed.
func TestOutcomes(t *testing.T) {
	f := openFacts(t, t.TempDir())
	e := event(1, noon)
	d := delivery(&e, 5, fleet.Email)
	if err := f.Commit(t.Context(), &fleet.Facts{Events: []fleet.Event{e}, Deliveries: []fleet.Delivery{d}}); err != nil {
		t.Fatal(err)
	}
	do := func(o fleet.Outcome) fleet.Delivery {
		t.Helper()
		o.Key = d.Key
		if err := f.Commit(t.Context(), &fleet.Facts{Outcomes: []fleet.Outcome{o}}); err != nil {
			t.Fatal(err)
		}
		page, err := f.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Event: e.ID})
		if err != nil || len(page.Items) != 1 {
			t.Fatal(page, err)
		}
		return page.Items[0]
	}
	try := func(i int) *fleet.Attempt { return &fleet.Attempt{At: noon + fleet.Time(i), Answer: "451"} }
	got := do(fleet.Outcome{State: fleet.Retrying, Due: noon + fleet.Hour, Attempt: try(1)})
	if got.State != fleet.Retrying || got.Due != noon+fleet.Hour || len(got.Attempts) != 1 {
		t.Errorf("after a try: %+v", got)
	}
	if at, _ := f.NextDue(fleet.Email, 0); at != noon+fleet.Hour {
		t.Error("next due", at)
	}
	if at, _ := f.NextDue(fleet.Email, noon+fleet.Hour); at != 0 {
		t.Error("next due after that", at)
	}
	for i := range store.MaxAttempts + 10 {
		got = do(fleet.Outcome{State: fleet.Retrying, Due: noon + fleet.Hour, Attempt: try(i + 2)})
	}
	if len(got.Attempts) != store.MaxAttempts || got.Attempts[store.MaxAttempts-1] != *try(store.MaxAttempts + 11) {
		t.Errorf("%d attempts are kept", len(got.Attempts))
	}
	if got = do(fleet.Outcome{State: fleet.Suppressed, Reason: "cancelled"}); got.State != fleet.Suppressed {
		t.Errorf("cancelled: %+v", got)
	}
	if got = do(fleet.Outcome{State: fleet.Queued, Due: noon}); got.State != fleet.Suppressed {
		t.Errorf("a final delivery came back: %+v", got)
	}
	if got = do(fleet.Outcome{State: fleet.Sent, Attempt: try(999)}); got.State != fleet.Sent {
		t.Errorf("the provider has it, and yet: %+v", got)
	}
	if due, err := f.Due(fleet.Email, noon+fleet.Day, 10); err != nil || len(due) != 0 {
		t.Error("still due:", due, err)
	}
}

func TestEachMemoryStops(t *testing.T) {
	f := openFacts(t, t.TempDir())
	var facts fleet.Facts
	for i := range 5000 {
		facts.Memories = append(facts.Memories, fleet.Memory{Device: fleet.DeviceID(i + 1), Rule: 2, Value: []byte{1}})
	}
	if err := f.Commit(t.Context(), &facts); err != nil {
		t.Fatal(err)
	}
	if err := f.Commit(t.Context(), &fleet.Facts{Memories: []fleet.Memory{{Device: 7, Rule: 2}}}); err != nil {
		t.Fatal(err)
	}
	n, last := 0, fleet.DeviceID(0)
	err := f.EachMemory(func(m fleet.Memory) error {
		if m.Device <= last || m.Device == 7 {
			t.Fatalf("device %s after %s", m.Device, last)
		}
		n, last = n+1, m.Device
		return nil
	})
	if n != 4999 || err != nil {
		t.Error(n, err)
	}
	stop := errors.New("stop")
	if err := f.EachMemory(func(fleet.Memory) error { return stop }); err != stop {
		t.Error(err)
	}
}
