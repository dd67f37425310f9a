package track_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

const (
	company  = fleet.CompanyID(1)
	customer = fleet.OwnerID(2)
	inner    = fleet.OwnerID(3)
	device   = fleet.DeviceID(10)
	start    = fleet.Time(1_700_000_000_000)
)

// square is an area of two degrees about a centre.
func square(lon, lat float64) geo.Shape {
	return geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{
		{lon - 1, lat - 1}, {lon + 1, lat - 1}, {lon + 1, lat + 1}, {lon - 1, lat + 1}, {lon - 1, lat - 1},
	}}}}
}

func fenceAt(id fleet.FenceID, lon, lat float64) fleet.Fence {
	return fleet.Fence{
		ID: id, Company: company, Owner: customer, Name: id.String(), Shape: square(lon, lat),
		Inside: true, Outside: true, Preset: fleet.Instant, Targets: fleet.Targets{All: true}, Judge: 1,
	}
}

func worldOf(t testing.TB, fences ...fleet.Fence) *track.World {
	t.Helper()
	set, err := fence.Compile(fences)
	if err != nil {
		t.Fatal(err)
	}
	return &track.World{Company: company, Owners: []track.Owner{{ID: customer, Fences: set}, {ID: fleet.OwnerID(company)}}}
}

// at is a good fix some seconds after the start.
func at(second int, lon, lat float64) *fleet.Report {
	r := &fleet.Report{
		Device: device, Fix: start + fleet.Time(second)*fleet.Second, Has: fleet.FixValid,
	}
	r.Received = r.Fix + 2*fleet.Second
	r.SetPlace(lat, lon)
	r.SetSatellites(9)
	return r
}

func run(s *track.State, w *track.World, reports ...*fleet.Report) (out []fleet.Event) {
	for i, r := range reports {
		out = append(out, track.Step(s, track.Input{Seq: fleet.Seq(i + 1), Report: r}, w)...)
	}
	return out
}

func kinds(events []fleet.Event) (out []fleet.EventKind) {
	for _, e := range events {
		out = append(out, e.Kind)
	}
	return out
}

func wantKinds(t *testing.T, events []fleet.Event, want ...fleet.EventKind) {
	t.Helper()
	if got := kinds(events); !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}

func newState() *track.State { return &track.State{Device: device} }

func TestStepEntersAndLeaves(t *testing.T) {
	//  a ---[ b ]--- c
	w := worldOf(t, fenceAt(100, 10, 10))
	s := newState()
	events := run(s, w, at(0, 7, 10), at(60_000, 10, 10), at(120_000, 13, 10))
	wantKinds(t, events, fleet.Enter, fleet.Exit)
	e := events[0]
	if e.Device != device || e.Owner != customer || e.Company != company || e.Fence != 100 || e.Judge != 1 ||
		e.Time != start+60_000*fleet.Second || e.Received != e.Time+2*fleet.Second || e.Seq != 2 {
		t.Errorf("the enter event is %+v", e)
	}
	if e.Trace.PriorTime != start || e.Trace.EdgeMetres > -100_000 {
		t.Errorf("the trace is %+v, want the first fix and more than 100 km inside", e.Trace)
	}
	if g := track.Gates(e.Trace.Gates).String(); g != "trusted,gap,instant" {
		t.Errorf("gates %q", g)
	}
}

func TestStepIsSilentAtFirstSight(t *testing.T) {
	w := worldOf(t, fenceAt(100, 10, 10))
	wantKinds(t, run(newState(), w, at(0, 10, 10), at(1, 10.1, 10)))
	f := fenceAt(100, 10, 10)
	f.AlertIfInside = true
	wantKinds(t, run(newState(), worldOf(t, f), at(0, 10, 10), at(1, 10.1, 10)), fleet.Enter)
}

func TestStepDoesNotAllocateWithoutEvents(t *testing.T) {
	fences := make([]fleet.Fence, 0, 1000)
	for i := range 1000 {
		fences = append(fences, fenceAt(fleet.FenceID(100+i), float64(i%60)*2-60, float64(i/60)*2-20))
	}
	w := worldOf(t, fences...)
	w.Filter.Motion = true
	s := newState()
	r := at(0, 10.5, 10.5)
	r.Add(fleet.AttrBattery, fleet.Int(50))
	run(s, w, r)
	allocs := testing.AllocsPerRun(100, func() {
		r.Fix += fleet.Second
		r.Place.Lon += 10
		if events := track.Step(s, track.Input{Report: r}, w); events != nil {
			t.Fatalf("events %v", events)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a step, want none", allocs)
	}
	if len(s.Inside()) == 0 {
		t.Error("inside no fence: the test looks at nothing")
	}
}
