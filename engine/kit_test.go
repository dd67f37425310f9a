package engine_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// rig is an engine over a real journal and a real store.
type rig struct {
	*engine.Engine
	dir   string
	hub   *live.Hub
	log   *journal.Journal
	facts *store.Facts
	admin *store.Admin
	past  *history.History
	snaps *store.Snapshots // that the engine saves to: another one would sweep up what it is writing
}

// open starts an engine over a data directory.
func open(dir string, change func(*engine.Options)) (r *rig, err error) {
	r = &rig{dir: dir, hub: live.NewHub(0)}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.close())
		}
	}()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, err
	}
	jo := journal.Options{
		Dir: filepath.Join(dir, "journal"), Semantics: engine.Semantics, MinFree: -1, SegmentBytes: 1 << 20, ForHistory: true,
	}
	if r.log, err = journal.Open(jo); err != nil {
		return r, err
	}
	if r.facts, err = store.OpenFacts(filepath.Join(dir, "facts.db"), store.FactsOptions{MmapSize: 64 << 20}); err != nil {
		return r, err
	}
	if r.admin, err = store.OpenAdmin(filepath.Join(dir, "admin.db"), store.AdminOptions{}); err != nil {
		return r, err
	}
	if r.past, err = history.Open(dir, r.log, history.Options{}); err != nil {
		return r, err
	}
	snaps, err := store.OpenSnapshots(dir, store.SnapshotOptions{Semantics: engine.Semantics})
	if err != nil {
		return r, err
	}
	r.snaps = snaps

	o := engine.Options{
		Journal: r.log, Committer: r.facts, Changes: r.admin, Snapshots: snaps, Memories: r.facts,
		History: r.past, Record: r.facts,
		Hub: r.hub, Shards: 3, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	if r.Engine, err = engine.New(o); err != nil {
		return r, err
	}
	return r, r.Start(context.Background())
}

// close ends the engine and closes its files; it may be called again.
func (r *rig) close() error {
	var errs []error
	if r.Engine != nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		errs = append(errs, r.Stop(ctx))
	}
	if r.past != nil {
		errs = append(errs, r.past.Close())
	}
	if r.log != nil {
		errs = append(errs, r.log.Close())
	}
	if r.facts != nil {
		errs = append(errs, r.facts.Close())
	}
	if r.admin != nil {
		errs = append(errs, r.admin.Close())
	}
	return errors.Join(errs...)
}

// start runs an engine over a data directory; the test's end stops it.
func start(t testing.TB, dir string, change func(*engine.Options)) *rig {
	t.Helper()
	r, err := open(dir, change)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.stop(t) })
	return r
}

// stop ends the engine; it may be called again.
func (r *rig) stop(t testing.TB) {
	t.Helper()
	if err := r.close(); err != nil && r.Err() == nil {
		t.Errorf("stop: %v", err)
	}
}

// crashed copies what a crash at this moment could leave of the data directory
// of a running engine: facts behind the journal, the journal cut anywhere, and
// changes that it has not heard of.
func (r *rig) crashed(t testing.TB) (to string) {
	t.Helper()
	to = t.TempDir()
	err := errors.Join(r.snaps.CopyTo(to), r.facts.CopyTo(filepath.Join(to, "facts.db")),
		os.CopyFS(filepath.Join(to, "journal"), os.DirFS(filepath.Join(r.dir, "journal"))),
		r.admin.CopyTo(filepath.Join(to, "admin.db")))
	if err != nil {
		t.Fatal(err)
	}
	return to
}

const (
	company  = fleet.CompanyID(1 << 30)
	customer = fleet.CustomerID(2 << 30)
	watcher  = fleet.UserID(5 << 30)
)

func deviceID(n int) fleet.DeviceID { return fleet.DeviceID(3<<30 + n) }

// device is the n-th device of the customer.
func device(n int) fleet.Device {
	return fleet.Device{
		ID: deviceID(n), Company: company, Customer: customer,
		Name: fmt.Sprint("truck ", n), UniqueID: fmt.Sprint("T", n),
		OfflineAfter: fleet.NeverOffline, // the tests' clocks stand far from one another
	}
}

// fleetOf is a company with a customer and n devices.
func fleetOf(n int) fleet.ChangeSet {
	set := fleet.ChangeSet{
		Since:     true,
		Companies: []fleet.Company{{ID: company, Name: "Guardian", Lang: fleet.English, Timezone: "UTC"}},
		Customers: []fleet.Customer{{ID: customer, Company: company, Name: "Haulage", Code: "H", Lang: fleet.English, Timezone: "UTC"}},
	}
	for i := range n {
		set.Devices = append(set.Devices, device(i))
	}
	return set
}

// fenceAt is the customer's n-th fence: a square of 0.01° around a point.
func fenceAt(n int, lon, lat float64) fleet.Fence {
	const h = 0.005
	return fleet.Fence{
		ID: fleet.FenceID(4<<30 + n), Company: company, Owner: fleet.Owner(customer), Name: fmt.Sprint("yard ", n),
		Inside: true, Outside: true, Preset: fleet.Instant, Targets: fleet.Targets{All: true},
		Shape: geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{
			{lon - h, lat - h}, {lon + h, lat - h}, {lon + h, lat + h}, {lon - h, lat + h}, {lon - h, lat - h},
		}}}},
	}
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

var began = fleet.At(time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC))

// fix is a plain report of the n-th device, s seconds after the beginning.
func fix(n, s int, lon, lat float64) fleet.Report {
	r := fleet.Report{Device: deviceID(n), Protocol: fleet.Simulated}
	r.Fix = began + fleet.Time(s)*fleet.Second
	r.Received = r.Fix + 200
	r.SetPlace(lat, lon)
	r.SetSpeed(36)
	r.SetSatellites(9)
	r.SetValid(true)
	return r
}

// accept hands reports over or ends the test.
func (r *rig) accept(t testing.TB, reports ...fleet.Report) {
	t.Helper()
	if err := r.Accept(t.Context(), reports); err != nil {
		t.Fatal(err)
	}
}

// random prints its seed; VIGIA_SEED repeats a run.
func random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("VIGIA_SEED"); s != "" {
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("VIGIA_SEED: %v", err)
		}
		seed = v
	}
	t.Logf("VIGIA_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// walk is a device's way around fences: s seconds give its place, always the
// same. Every device crosses the fence at 0, 0 once a lap of 40 s.
func walk(n, s int) (lon, lat float64) {
	angle := 2 * math.Pi * float64(s) / 40
	radius := 0.012 + 0.001*float64(n%5)
	return radius + radius*math.Cos(angle), radius * math.Sin(angle)
}

// drive makes the reports of devices for the seconds from..to, in the order of
// time, some of them sent twice.
func drive(rng *rand.Rand, devices, from, to int) (out []fleet.Report) {
	for s := from; s < to; s++ {
		for n := range devices {
			lon, lat := walk(n, s)
			out = append(out, fix(n, s, lon, lat))
			if rng != nil && rng.IntN(10) == 0 {
				out = append(out, out[rng.IntN(len(out))])
			}
		}
	}
	return out
}

// reopen lists the events of a stopped engine.
func (r *rig) reopen(t testing.TB) []fleet.Event {
	t.Helper()
	f, err := store.OpenFacts(filepath.Join(r.dir, "facts.db"), store.FactsOptions{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	return allEvents(t, f)
}

// recorded writes the events of a stopped engine down, a line each; what
// depends on the journal alone is left out.
func (r *rig) recorded(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for _, e := range r.reopen(t) {
		fmt.Fprintln(&b, e.ID, e.Time, e.Device, e.Fence, e.Judge, e.Kind, e.Flags, e.Place, e.Trace.PriorTime)
	}
	return b.String()
}

// allEvents are all that the facts hold, by time, fence and identity.
func allEvents(t testing.TB, f *store.Facts) []fleet.Event {
	t.Helper()
	var all []fleet.Event
	q := fleet.EventQuery{Scope: fleet.Scope{Installation: true}, Limit: 1000}
	for {
		page, err := f.Events(q)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page.Items...)
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	slices.SortFunc(all, func(a, b fleet.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Fence, b.Fence), slices.Compare(a.ID[:], b.ID[:]))
	})
	return all
}
