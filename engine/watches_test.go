package engine_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Rules, limits of devices and time zones reach the shards with an edit, and
// what they count survives a restart: a dwell is told once, by the clock; a
// device is offline when it is silent for as long as its own record says, but
// not because we were.
func TestWatchesSurviveARestart(t *testing.T) {
	ticks := make(chan fleet.Time)
	opts := func(o *engine.Options) {
		o.Ticks, o.Now = ticks, func() fleet.Time { return began + 10*fleet.Second }
	}
	clock := func(from, to int) {
		for s := from; s <= to; s += 5 {
			ticks <- began + fleet.Time(s)*fleet.Second
		}
	}
	r := start(t, t.TempDir(), opts)
	set := fleetOf(2)
	set.Devices[0].OfflineAfter = 5 * fleet.Minute
	set.Devices[1].SpeedLimit = 80
	set.Fences = []fleet.Fence{fenceAt(0, 0, 0)}
	r.apply(t, set)
	out := r.apply(t, fleet.ChangeSet{Since: true, Rules: []fleet.Rule{{
		Company: company, Owner: fleet.Owner(customer), Name: "Long", Trigger: fleet.Dwell, After: 10 * fleet.Minute,
		AllFences: true, Targets: fleet.Targets{All: true},
	}}})
	long := out.Rules[0].ID
	fast := fix(1, 20, 1, 1)
	fast.SetSpeed(100)
	faster := fix(1, 40, 1.005, 1)
	faster.SetSpeed(110)
	r.accept(t, fix(0, 0, 0, 0), fix(1, 0, 0.995, 1), fast, faster)
	clock(10, 200)
	r.stop(t)
	dir := r.dir

	r = start(t, dir, opts)
	clock(400, 695) // resumed at 400: offline at 700 at the earliest
	r.stop(t)
	kinds := func(events []fleet.Event) (out []fleet.EventKind) {
		for i := range events {
			out = append(out, events[i].Kind)
			if e := &events[i]; e.Kind == fleet.Dwell && (e.Rule != long || e.Time != began+600*fleet.Second) {
				t.Errorf("the dwell is %+v", e)
			}
		}
		slices.Sort(out)
		return out
	}
	if got, want := kinds(r.reopen(t)), []fleet.EventKind{fleet.Dwell, fleet.Speeding}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	r = start(t, dir, opts)
	clock(705, 1005)
	r.stop(t)
	if got, want := kinds(r.reopen(t)), []fleet.EventKind{fleet.Dwell, fleet.Speeding, fleet.Offline}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
	r = start(t, dir, opts)
	r.apply(t, fleet.ChangeSet{RemovedRules: []fleet.RuleID{long}})
	r.accept(t, fix(0, 1100, 0, 0))
	clock(1110, 1115)
	r.stop(t)
	if got, want := kinds(r.reopen(t)), []fleet.EventKind{fleet.Dwell, fleet.Speeding, fleet.Offline, fleet.Online}; !slices.Equal(got, want) {
		t.Errorf("events %v, want %v", got, want)
	}
}
