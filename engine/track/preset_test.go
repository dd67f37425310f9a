package track_test

import (
	"math"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// eastOf is a fix some metres east of the east edge of the fence about 10, 0;
// negative: inside. It moves at 50 km/h.
func eastOf(second int, metres float64) *fleet.Report {
	r := at(second, 11+metres/111_319.49, 0)
	r.SetSpeed(50)
	return r
}

// parked is such a fix at rest with the ignition off.
func parked(second int, metres float64) *fleet.Report {
	r := eastOf(second, metres)
	r.SetSpeed(0)
	r.SetIgnition(false)
	return r
}

func accurate(r *fleet.Report, metres float64) *fleet.Report { r.SetAccuracy(metres); return r }

func presetWorld(t testing.TB, p fleet.Preset, c *fleet.Custom) *track.World {
	f := fenceAt(100, 10, 0)
	f.Preset, f.Custom = p, c
	return worldOf(t, f)
}

// Each row is a story of one device that starts well inside, at second 0, or
// well outside if it says so, and the seconds that its events bear: an exit
// after an enter after an exit, as they alternate.
func TestPresets(t *testing.T) {
	own := &fleet.Custom{Margin: 50, EnterFixes: 2, LeaveFixes: 4, Wait: 30 * fleet.Second}
	noTime := &fleet.Custom{Margin: 10, EnterFixes: 1, LeaveFixes: 2}
	type reports = []*fleet.Report
	for _, c := range []struct {
		name    string
		preset  fleet.Preset
		custom  *fleet.Custom
		outside bool
		reports reports
		want    []int // seconds
	}{
		{"balanced enters with one fix", fleet.Balanced, nil, true, reports{eastOf(5, -1)}, []int{5}},
		{"balanced leaves with the second fix, at the first's time", fleet.Balanced, nil, false, reports{eastOf(5, 16), eastOf(10, 40)}, []int{5}},
		{"one fix outside is not enough", fleet.Balanced, nil, false, reports{eastOf(5, 16)}, nil},
		{"a fix within the margin says nothing", fleet.Balanced, nil, false, reports{eastOf(5, 14), eastOf(10, 14), eastOf(60, 14)}, nil},
		{"it neither confirms nor cancels", fleet.Balanced, nil, false, reports{eastOf(5, 16), eastOf(10, 5), eastOf(15, 16)}, []int{5}},
		{"a fix inside cancels", fleet.Balanced, nil, false, reports{eastOf(5, 16), eastOf(10, -1), eastOf(15, 16)}, nil},
		{"20 s without a contrary fix confirm", fleet.Balanced, nil, false, reports{eastOf(5, 16), eastOf(25, 5)}, []int{5}},
		{"19 s do not", fleet.Balanced, nil, false, reports{eastOf(5, 16), eastOf(24, 5)}, nil},
		{"a deadline goes before a contrary fix behind it", fleet.Balanced, nil, false, reports{eastOf(5, 16), eastOf(30, -1)}, []int{5, 30}},
		{"accuracy widens the margin", fleet.Balanced, nil, false, reports{accurate(eastOf(5, 60), 80), accurate(eastOf(10, 60), 80)}, nil},
		{"up to 100 m", fleet.Balanced, nil, false, reports{accurate(eastOf(5, 110), 3000), accurate(eastOf(10, 110), 3000)}, []int{5}},
		{"better accuracy does not narrow it", fleet.Balanced, nil, false, reports{accurate(eastOf(5, 14), 2), accurate(eastOf(10, 14), 2)}, nil},
		{"an untrusted fix says nothing", fleet.Balanced, nil, false, reports{eastOf(5, 16), invalid(eastOf(10, -50)), invalid(eastOf(11, 50)), eastOf(12, 5)}, nil},

		{"parked takes three margins", fleet.Balanced, nil, false, reports{parked(5, 44), parked(10, 44), parked(80, 44), parked(90, 10)}, nil},
		{"and three times as long", fleet.Balanced, nil, false, reports{parked(5, 46), parked(10, 46), parked(64, 46)}, nil},
		{"then it counts", fleet.Balanced, nil, false, reports{parked(5, 46), parked(10, 46), parked(65, 46)}, []int{5}},
		{"a parked device that drifts back starts anew", fleet.Balanced, nil, false, reports{parked(5, 46), parked(10, 40), parked(40, 46), parked(70, 46)}, nil},
		{"motion confirms what began parked", fleet.Balanced, nil, false, reports{parked(5, 46), eastOf(10, 60)}, []int{5}},
		{"six margins are motion", fleet.Balanced, nil, false, reports{parked(5, 46), parked(10, 91)}, []int{5}},
		{"a fix without speed shows no motion", fleet.Balanced, nil, false, reports{silent(5, 20), silent(10, 20), silent(50, 20)}, nil},
		{"but its odometer may", fleet.Balanced, nil, false, reports{rolled(5, 20, 100), rolled(10, 20, 200), rolled(15, 20, 300)}, []int{10}},

		{"strict enters with the third fix", fleet.Strict, nil, true, reports{eastOf(5, -1), eastOf(10, -1), eastOf(15, -1)}, []int{5}},
		{"two are not enough", fleet.Strict, nil, true, reports{eastOf(5, -1), eastOf(10, -1)}, nil},
		{"2 min are", fleet.Strict, nil, true, reports{eastOf(5, -1), eastOf(125, 10)}, []int{5}},
		{"a fix plainly outside cancels", fleet.Strict, nil, true, reports{eastOf(5, -1), eastOf(10, 31), eastOf(15, -1), eastOf(20, -1)}, nil},
		{"strict leaves with the third fix", fleet.Strict, nil, false, reports{eastOf(5, 31), eastOf(10, 31), eastOf(15, 31)}, []int{5}},
		{"beyond 30 m", fleet.Strict, nil, false, reports{eastOf(5, 29), eastOf(10, 29), eastOf(15, 29), eastOf(200, 29)}, nil},
		{"fixes worse than 50 m never change it", fleet.Strict, nil, false, reports{accurate(eastOf(5, 500), 51), accurate(eastOf(10, 500), 51), accurate(eastOf(300, 500), 51)}, nil},
		{"nor bring it in", fleet.Strict, nil, true, reports{accurate(eastOf(5, -500), 51), accurate(eastOf(10, -500), 51), accurate(eastOf(300, -500), 51)}, nil},

		{"custom enters by its numbers", fleet.OwnNumbers, own, true, reports{eastOf(5, -1), eastOf(10, -1)}, []int{5}},
		{"custom leaves by its numbers", fleet.OwnNumbers, own, false, reports{eastOf(5, 51), eastOf(10, 51), eastOf(15, 51), eastOf(20, 51)}, []int{5}},
		{"custom waits by its numbers", fleet.OwnNumbers, own, false, reports{eastOf(5, 51), eastOf(35, 20)}, []int{5}},
		{"without a time only fixes count", fleet.OwnNumbers, noTime, false, reports{eastOf(5, 11), eastOf(4000, 5), eastOf(8000, 11)}, []int{5}},

		{"instant follows each fix", fleet.Instant, nil, false, reports{parked(5, 0.5), parked(10, -0.5)}, []int{5, 10}},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := eastOf(0, -200)
			if c.outside {
				first = eastOf(0, 200)
			}
			s, w := newState(), presetWorld(t, c.preset, c.custom)
			run(s, w, first)
			var got []int
			exit := !c.outside
			for _, r := range c.reports {
				for _, e := range run(s, w, r) {
					if (e.Kind == fleet.Exit) != exit {
						t.Errorf("an event of kind %v is out of turn", e.Kind)
					}
					exit = !exit
					got = append(got, int((e.Time-start)/fleet.Second))
				}
				s = restored(t, s)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("events at seconds %v, want %v", got, c.want)
			}
		})
	}
}

func invalid(r *fleet.Report) *fleet.Report { r.SetValid(false); return r }

func silent(second int, metres float64) *fleet.Report {
	r := eastOf(second, metres)
	r.Speed, r.Has = 0, r.Has&^fleet.HasSpeed
	return r
}

func rolled(second int, metres, odometer float64) *fleet.Report {
	r := silent(second, metres)
	r.SetOdometer(odometer)
	return r
}

// restored is the state after a restart.
func restored(t testing.TB, s *track.State) *track.State {
	t.Helper()
	b, _ := s.AppendBinary(nil)
	again, rest, err := track.DecodeState(b)
	if err != nil || len(rest) > 0 {
		t.Fatalf("%v, %d bytes left", err, len(rest))
	}
	return &again
}

// The event of a run bears the first fix, and arrives with what completed it.
func TestRunNamesItsFirstFix(t *testing.T) {
	s, w := newState(), presetWorld(t, fleet.Balanced, nil)
	first, second := eastOf(5, 16), eastOf(10, 40)
	events := run(s, w, eastOf(0, -200), first, second)
	wantKinds(t, events, fleet.Exit)
	e := events[0]
	if e.Time != first.Fix || e.Place != first.Place || e.Received != second.Received || e.Seq != 3 ||
		e.Trace.PriorTime != start || math.Abs(float64(e.Trace.EdgeMetres)-16) > 1 {
		t.Errorf("the event is %+v", e)
	}
	if g := track.Gates(e.Trace.Gates).String(); g != "trusted,confirmed" {
		t.Errorf("gates %q", g)
	}
}

// A tick completes a run once the clock, counted from the first fix's
// arrival, has passed its deadline; after a restart too, and once.
func TestTickCompletesARun(t *testing.T) {
	w := presetWorld(t, fleet.Balanced, nil)
	for name, lag := range map[string]fleet.Time{"at once": 0, "an hour late": fleet.Hour, "a clock ahead": -fleet.Minute} {
		t.Run(name, func(t *testing.T) {
			s := newState()
			r := eastOf(5, 16)
			r.Received = r.Fix + lag
			run(s, w, eastOf(0, -200))
			if s.Waiting() {
				t.Error("it waits before anything happened")
			}
			run(s, w, r)
			s = restored(t, s)
			if !s.Waiting() {
				t.Fatal("it does not wait")
			}
			due := r.Received + 20*fleet.Second
			tick := func(at fleet.Time) []fleet.Event {
				return track.Step(s, track.Input{Seq: 9, Tick: fleet.Tick{At: at}}, w)
			}
			wantKinds(t, tick(due-1))
			events := tick(due)
			wantKinds(t, events, fleet.Exit)
			e := events[0]
			if e.Time != r.Fix || e.Received != due || e.Seq != 9 || track.Gates(e.Trace.Gates).String() != "trusted,waited" {
				t.Errorf("the event is %+v", e)
			}
			wantKinds(t, tick(due+fleet.Second))
			wantKinds(t, run(s, w, eastOf(60, 60)))
			if s.Waiting() || len(s.Inside()) > 0 {
				t.Errorf("waiting %v, inside %v", s.Waiting(), s.Inside())
			}
		})
	}
}

// An edit of another fence leaves a run, and the side a device counts on, as
// they are; an edit of its own fence begins anew, in silence.
func TestRunAndEdits(t *testing.T) {
	mine, other := fenceAt(100, 10, 0), fenceAt(200, 50, 50)
	mine.Preset = fleet.Balanced
	s := newState()
	run(s, worldOf(t, mine), eastOf(0, -200), eastOf(5, 16))
	wantKinds(t, run(s, worldOf(t, mine, other), eastOf(10, 16)), fleet.Exit)

	s = newState() // within the margin it still counts as inside
	run(s, worldOf(t, mine), eastOf(0, -200), eastOf(5, 10))
	wantKinds(t, run(s, worldOf(t, mine, other), eastOf(10, 16), eastOf(15, 16)), fleet.Exit)

	edited := mine
	edited.Judge = 2
	s = newState()
	run(s, worldOf(t, mine), eastOf(0, -200), eastOf(5, 16))
	wantKinds(t, run(s, worldOf(t, edited), eastOf(10, 16), eastOf(15, 16)))
	if len(s.Inside()) != 0 {
		t.Errorf("inside %v after the edit, want none: the last fix was outside", s.Inside())
	}

	gone := newState() // removed while the run was open
	run(gone, worldOf(t, mine), eastOf(0, -200), eastOf(5, 16))
	wantKinds(t, track.Step(gone, track.Input{Tick: fleet.Tick{At: start + fleet.Hour}}, worldOf(t, other)))
	if gone.Waiting() {
		t.Error("it waits for a fence that is gone")
	}
}

// A coarse fix inside a strict fence tells nothing: a change of another fence
// behind it must not make the device count as inside unheard.
func TestCoarseFixSurvivesEdits(t *testing.T) {
	mine, other := fenceAt(100, 10, 0), fenceAt(200, 50, 50)
	mine.Preset = fleet.Strict
	s := newState()
	run(s, worldOf(t, mine), eastOf(0, 200), accurate(eastOf(5, -100), 80))
	if s.Waiting() {
		t.Error("a coarse fix armed a timer")
	}
	s = restored(t, s)
	wantKinds(t, run(s, worldOf(t, mine, other), eastOf(10, -100), eastOf(15, -100), eastOf(20, -100)), fleet.Enter)
}

// A better fix for the time of the first is not a second one.
func TestRunCountsATimeOnce(t *testing.T) {
	s, w := newState(), presetWorld(t, fleet.Balanced, nil)
	better := eastOf(5, 30)
	better.SetSatellites(12)
	wantKinds(t, run(s, w, eastOf(0, -200), eastOf(5, 16), better))
	wantKinds(t, run(s, w, eastOf(10, 30)), fleet.Exit)
}

func TestPresetsDoNotAllocateWithoutEvents(t *testing.T) {
	s, w := newState(), presetWorld(t, fleet.Balanced, nil)
	w.Filter.Motion = true
	run(s, w, eastOf(0, -200), eastOf(1, 16), eastOf(2, -1))
	r, metres := eastOf(3, 0), []float64{-5, 20, 5, -5, 5}
	i := 0
	allocs := testing.AllocsPerRun(100, func() {
		fresh := eastOf(0, 0)
		_ = fresh
	})
	base := allocs
	allocs = testing.AllocsPerRun(100, func() {
		fresh := eastOf(0, metres[i%len(metres)])
		r.Fix, r.Place = r.Fix+fleet.Second, fresh.Place
		i++
		if events := track.Step(s, track.Input{Report: r}, w); events != nil {
			t.Fatalf("events %v", events)
		}
	})
	if allocs > base {
		t.Errorf("%v allocations a step, want none", allocs-base)
	}
}
