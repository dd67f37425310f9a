package engine_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// TestClocksAheadComeToTheSame: trackers whose clocks run ahead by up to five
// minutes have been judged beyond an edit already when it is made, and some are
// silent from then on. In the end the record is that of an engine that heard
// everything at the time that the trackers' clocks showed.
func TestClocksAheadComeToTheSame(t *testing.T) {
	events := 0
	for range 3 {
		seed := random(t)
		d := newDay(seed, 8, 400)
		d.thin(seed)
		want := d.inOrder(t)
		got := d.ahead(t, seed)
		if !slices.Equal(got, want) {
			t.Fatalf("%d events, want %d:%s", len(got), len(want), diff(got, want))
		}
		events += len(want)
	}
	if events < 10 {
		t.Errorf("%d events in all", events)
	}
}

// thin has devices report now and then only, and some fall silent.
func (d *day) thin(rng *rand.Rand) {
	for n := range d.devices {
		every, till := []int{1, 3, 10, 30}[rng.IntN(4)], d.seconds
		if rng.IntN(2) == 0 {
			till = rng.IntN(d.seconds)
		}
		for at := range d.reports {
			d.reports[at] = slices.DeleteFunc(d.reports[at], func(r fleet.Report) bool {
				return r.Device == deviceID(n) && (at%every != 0 || at >= till)
			})
		}
	}
}

// ahead sends every report as much before the time of its fix as the clock of
// its device runs ahead, which is set anew now and then, while edits are made.
func (d *day) ahead(t *testing.T, rng *rand.Rand) []string {
	const most = 300
	arrivals := make([][]fleet.Report, most+d.seconds)
	skews := map[fleet.DeviceID]int{}
	for at, reports := range d.reports {
		for _, r := range reports {
			skew, known := skews[r.Device]
			if !known || rng.IntN(80) == 0 {
				skew = rng.IntN(most)
				skews[r.Device] = skew
			}
			arrivals[most+at-skew] = append(arrivals[most+at-skew], arrived(r, at-skew))
		}
	}
	b := newBeats(began - most*fleet.Second)
	r := start(t, t.TempDir(), b.options)
	r.apply(t, d.world)
	for i, reports := range arrivals {
		at := i - most
		b.to(began + fleet.Time(at)*fleet.Second)
		var sent sync.WaitGroup
		if len(reports) > 0 {
			sent.Go(func() {
				if err := r.Accept(t.Context(), reports); err != nil {
					t.Error(err)
				}
			})
		}
		d.edit(t, r, at)
		sent.Wait()
		b.tick(t, r)
		if rng.IntN(160) == 0 {
			dir := r.dir
			if rng.IntN(2) == 0 {
				dir = r.crashed(t)
			}
			r.stop(t)
			r = start(t, dir, b.options)
		}
	}
	return d.end(t, r, b)
}

// gatedHistory lets second runs begin once the gate is open.
type gatedHistory struct {
	engine.History
	asked chan<- struct{}
	open  <-chan struct{}
}

func (h gatedHistory) Checkpoints(ctx context.Context, device fleet.DeviceID, upto fleet.Time, each func(engine.Checkpoint) bool) error {
	select {
	case h.asked <- struct{}{}:
	default:
	}
	select {
	case <-h.open:
	case <-ctx.Done():
		return ctx.Err()
	}
	return h.History.Checkpoints(ctx, device, upto, each)
}

// TestEditDuringASecondRun: the clock of a tracker, which is silent by now, ran
// ahead, so a second run fires a deadline that has still to come. Its fence is
// edited before that deadline, while the run is on its way and knows nothing of
// it: the tracker has not left a fence that was not there any more.
func TestEditDuringASecondRun(t *testing.T) {
	asked, open := make(chan struct{}, 1), make(chan struct{})
	b := newBeats(began - 60*fleet.Second)
	r := start(t, t.TempDir(), func(o *engine.Options) {
		b.options(o)
		o.History = gatedHistory{o.History, asked, open}
	})
	set := fleetOf(1)
	far, near := fenceAt(0, 1, 1), fenceAt(0, 0, 0)
	far.Preset, near.Preset = fleet.Strict, fleet.Strict // it takes 3 fixes, or 2 minutes
	set.Fences = []fleet.Fence{far}
	r.apply(t, set)
	for _, f := range []fleet.Report{fix(0, 140, 0, 0), fix(0, 150, 0.02, 0), fix(0, 160, 0.02, 0)} {
		f.Received = f.Fix - 200*fleet.Second
		r.accept(t, f)
	}
	b.to(began + 144*fleet.Second)
	near.Version = 1
	r.apply(t, fleet.ChangeSet{Fences: []fleet.Fence{near}})
	for range 5 {
		b.tick(t, r)
	}
	select {
	case <-asked:
	case <-time.After(time.Minute):
		t.Fatal("no second run began")
	}
	b.to(began + 226*fleet.Second) // the deadline is 150 s + 120 s, by the tracker's clock
	far.Version = 2
	r.apply(t, fleet.ChangeSet{Fences: []fleet.Fence{far}})
	close(open)
	b.to(began + 300*fleet.Second)
	b.calm(t, r)
	if got := kinds(allEvents(t, r.facts)); len(got) > 0 {
		t.Errorf("events %q, want none", got)
	}
}

// TestAwayAndBack: a device was another customer's for a while. What comes late
// of that time is judged by that customer's fences, though the world that it
// came back to is the one that it had left.
func TestAwayAndBack(t *testing.T) {
	r, b := late(t, 2) // the other one stays, and with it the world
	other, yard := customer+1, fenceAt(1, 0.5, 0)
	yard.Owner = fleet.Owner(other)
	r.apply(t, fleet.ChangeSet{
		Since:     true,
		Customers: []fleet.Customer{{ID: other, Company: company, Name: "Other", Code: "O", Lang: fleet.English, Timezone: "UTC"}},
		Fences:    []fleet.Fence{yard},
	})
	r.accept(t, fix(0, 0, 1, 0))
	for n, owner := range []fleet.CustomerID{other, customer} {
		b.to(began + fleet.Time(60*(n+1))*fleet.Second)
		truck := device(0)
		truck.Customer, truck.Version = owner, uint64(n+1)
		r.apply(t, fleet.ChangeSet{Devices: []fleet.Device{truck}})
	}
	r.accept(t, fix(0, 150, 1, 0))
	b.to(began + 150*fleet.Second)
	b.calm(t, r)
	r.accept(t, arrived(fix(0, 70, 1, 0), 160), arrived(fix(0, 80, 0.5, 0), 160), arrived(fix(0, 110, 1, 0), 160))
	b.to(began + 160*fleet.Second)
	b.calm(t, r)
	wantEvents(t, r, "enter 00:01:20 late", "exit 00:01:50 late")
}
