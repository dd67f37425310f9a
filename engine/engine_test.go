package engine_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/store/journal"
)

// rig is an engine over a real journal and the memory.
type rig struct {
	*engine.Engine
	hub *live.Hub
	mem *memory
	log *journal.Journal
}

// start runs an engine over a folder and a memory; the test ends it.
func start(t testing.TB, dir string, mem *memory, change func(*engine.Options)) *rig {
	t.Helper()
	j, err := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	o := engine.Options{
		Journal: j, Committer: facts{mem}, Changes: edits{mem}, Snapshots: snaps{mem},
		Hub: live.NewHub(0), Shards: 3, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	e, err := engine.New(o)
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{Engine: e, hub: o.Hub, mem: mem, log: j}
	if err := e.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.stop(t) })
	return r
}

// stop ends the engine and closes its journal; it may be called again.
func (r *rig) stop(t testing.TB) {
	t.Helper()
	if err := r.Stop(context.WithoutCancel(t.Context())); err != nil && r.Err() == nil {
		t.Errorf("stop: %v", err)
	}
	if err := r.log.Close(); err != nil {
		t.Errorf("close journal: %v", err)
	}
}

const (
	company  = fleet.CompanyID(1 << 30)
	customer = fleet.CustomerID(2 << 30)
)

// device is the n-th device of the customer.
func device(n int) fleet.Device {
	return fleet.Device{ID: fleet.DeviceID(3<<30 + n), Company: company, Customer: customer, Name: "truck", UniqueID: "T1"}
}

func fleetOf(n int) fleet.ChangeSet {
	set := fleet.ChangeSet{Customers: []fleet.Customer{{ID: customer, Company: company}}}
	for i := range n {
		set.Devices = append(set.Devices, device(i))
	}
	return set
}

// apply changes the world or ends the test.
func (r *rig) apply(t testing.TB, set fleet.ChangeSet) *fleet.ChangeSet {
	t.Helper()
	stored, err := r.Apply(t.Context(), set)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

const began = fleet.Time(1_760_000_000_000)

// fix is a plain report of the n-th device, s seconds after the beginning.
func fix(n, s int, lat, lon float64) fleet.Report {
	r := fleet.Report{Device: device(n).ID, Protocol: fleet.Simulated}
	r.Fix = began + fleet.Time(s)*fleet.Second
	r.Received = r.Fix + 200
	r.SetPlace(lat, lon)
	r.SetSpeed(36)
	r.SetValid(true)
	return r
}

func (r *rig) accept(t testing.TB, reports ...fleet.Report) {
	t.Helper()
	if err := r.Accept(t.Context(), reports); err != nil {
		t.Fatal(err)
	}
}

// TestAcceptIsDurable: what Accept returned for stands in the journal, in the
// order of each caller, from many callers at once.
func TestAcceptIsDurable(t *testing.T) {
	r := start(t, t.TempDir(), newMemory(), nil)
	const callers, each = 20, 50
	r.apply(t, fleetOf(callers))
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for s := range each {
				if err := r.Accept(t.Context(), []fleet.Report{fix(n, 2*s, 1, 1), fix(n, 2*s+1, 1, 1)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	last := map[fleet.DeviceID]fleet.Time{}
	count := 0
	err := r.log.Scan(0, func(_ fleet.Seq, e *fleet.Entry) error {
		if e.Kind == fleet.ReportEntry {
			count++
			if e.Report.Fix <= last[e.Report.Device] {
				t.Errorf("device %s: %s comes after %s", e.Report.Device, e.Report.Fix, last[e.Report.Device])
			}
			last[e.Report.Device] = e.Report.Fix
		}
		return nil
	})
	if err != nil || count != 2*callers*each {
		t.Fatalf("journal has %d reports, %v, want %d", count, err, 2*callers*each)
	}
}

// TestRestart: the journal carries a second engine to where the first was,
// from a snapshot and without one.
func TestRestart(t *testing.T) {
	dir, mem := t.TempDir(), newMemory()
	for round := range 3 {
		r := start(t, dir, mem, nil)
		if round == 0 {
			r.apply(t, fleetOf(2))
		}
		r.accept(t, fix(0, round, 1, 1), fix(1, round, 2, 2))
		r.stop(t)
		if mem.saves != round+1 || mem.snapSeq == 0 {
			t.Fatalf("%d snapshots, the last at %d", mem.saves, mem.snapSeq)
		}
		if got, err := (facts{mem}).Complete(); err != nil || got != mem.snapSeq {
			t.Fatalf("facts complete up to %d, snapshot at %d (%v)", got, mem.snapSeq, err)
		}
	}
}

// TestStoppedRefuses: nothing hangs on an engine that does not run.
func TestStoppedRefuses(t *testing.T) {
	r := start(t, t.TempDir(), newMemory(), nil)
	r.stop(t)
	if err := r.Accept(t.Context(), []fleet.Report{fix(0, 0, 1, 1)}); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Accept: %v", err)
	}
	if _, err := r.Apply(t.Context(), fleetOf(1)); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Apply: %v", err)
	}
	if err := r.Record(t.Context(), []fleet.Outcome{{}}); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Record: %v", err)
	}
}
