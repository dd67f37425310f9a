package track_test

import (
	"math"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

// gate is a fence from 400 m to 600 m east of 10, 0: 200 m to drive through.
func gate(change func(*fleet.Fence)) fleet.Fence {
	lon := func(metres float64) float64 { return 10 + metres/111_319.49 }
	f := fenceAt(100, 10, 0)
	f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{
		{lon(400), -1}, {lon(600), -1}, {lon(600), 1}, {lon(400), 1}, {lon(400), -1},
	}}}}
	if change != nil {
		change(&f)
	}
	return f
}

// drives is a fix at 100 km/h, so many metres east of 10, 0.
func drives(second int, metres float64) *fleet.Report {
	r := at(second, 10+metres/111_319.49, 0)
	r.SetSpeed(100)
	return r
}

func still(r *fleet.Report) *fleet.Report { r.SetSpeed(0); return r }

func mute(r *fleet.Report) *fleet.Report { r.Speed, r.Has = 0, r.Has&^fleet.HasSpeed; return r }

// A gate crossed between two fixes, and each condition that it hangs on.
func TestCrossingBetweenTwoFixes(t *testing.T) {
	custom := func(c fleet.Custom) func(*fleet.Fence) {
		c.EnterFixes, c.LeaveFixes = 1, 2
		return func(f *fleet.Fence) { f.Preset, f.Custom = fleet.OwnNumbers, &c }
	}
	for _, c := range []struct {
		name     string
		change   func(*fleet.Fence)
		from, to *fleet.Report
		want     int
	}{
		{"instant", nil, drives(0, 0), drives(36, 1000), 2},
		{"balanced", func(f *fleet.Fence) { f.Preset = fleet.Balanced }, drives(0, 0), drives(36, 1000), 2},
		{"strict", func(f *fleet.Fence) { f.Preset = fleet.Strict }, drives(0, 0), drives(36, 1000), 2},
		{"the other way", nil, drives(0, 1000), drives(36, 0), 2},
		{"60 s apart", nil, drives(0, 0), drives(60, 1000), 2},
		{"61 s apart", nil, drives(0, 0), drives(61, 1000), 0},
		{"more than 2 km apart", nil, drives(0, 0), drives(60, 2050), 0},
		{"custom: minutes apart", custom(fleet.Custom{PassWait: 5 * fleet.Minute}), drives(0, 0), drives(300, 1000), 2},
		{"custom: kilometres apart", custom(fleet.Custom{PassMetres: 10_000}), drives(0, 0), drives(60, 4800), 2},
		{"at rest before", nil, still(drives(0, 0)), drives(36, 1000), 0},
		{"at rest behind", nil, drives(0, 0), still(drives(36, 1000)), 0},
		{"without a speed the way shows it", nil, mute(drives(0, 0)), mute(drives(36, 1000)), 2},
		{"untrusted before", nil, invalid(drives(0, 0)), drives(36, 1000), 0},
		{"beside it", nil, drives(0, 0), drives(36, 390), 0},
		{"one end inside", nil, drives(0, 0), drives(36, 500), 1},
		{"not long enough inside", func(f *fleet.Fence) { f.MinPass = 8 * fleet.Second }, drives(0, 0), drives(36, 1000), 0},
		{"long enough", func(f *fleet.Fence) { f.MinPass = 7 * fleet.Second }, drives(0, 0), drives(36, 1000), 2},
		{"a millisecond is enough", func(f *fleet.Fence) { f.MinPass = 1 }, drives(0, 0), drives(36, 1000), 2},
		{"not wanted", func(f *fleet.Fence) { f.NoPasses = true }, drives(0, 0), drives(36, 1000), 0},
		{"exits alone", func(f *fleet.Fence) { f.Inside = false }, drives(0, 0), drives(36, 1000), 1},
		{"older than the fence", func(f *fleet.Fence) { f.From = start + 1 }, drives(0, 0), drives(36, 1000), 0},
		{"another's", func(f *fleet.Fence) { f.Targets = fleet.Targets{Devices: []fleet.DeviceID{7}} }, drives(0, 0), drives(36, 1000), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, w := newState(), worldOf(t, gate(c.change))
			w.Filter.Motion = true
			if c.name == "custom: kilometres apart" {
				c.to.SetSpeed(290)
			}
			if events := run(s, w, c.from, c.to); len(events) != c.want {
				t.Errorf("events %+v, want %d", events, c.want)
			}
			wantKinds(t, run(s, w, c.to)) // a copy says no more
		})
	}
}

func TestCrossingTellsTimesAndPlaces(t *testing.T) {
	to := drives(36, 1000)
	events := run(newState(), worldOf(t, gate(nil)), drives(0, 0), to)
	wantKinds(t, events, fleet.Enter, fleet.Exit)
	for i, want := range []struct{ second, metres float64 }{{14.4, 400}, {21.6, 600}} {
		e := events[i]
		if second := float64(e.Time-start) / 1000; math.Abs(second-want.second) > 0.01 {
			t.Errorf("%v at second %v, want %v", e.Kind, second, want.second)
		}
		if metres := (e.Place.LonDegrees() - 10) * 111_319.49; math.Abs(metres-want.metres) > 1 {
			t.Errorf("%v at %v m, want %v", e.Kind, metres, want.metres)
		}
		if e.Flags != fleet.Inferred || e.Received != to.Received || e.Trace.PriorTime != start || math.Abs(float64(e.Trace.EdgeMetres)) > 1 ||
			track.Gates(e.Trace.Gates)&track.GateCrossed == 0 {
			t.Errorf("the event is %+v", e)
		}
	}
	if events[0].ID == events[1].ID {
		t.Error("both share an identity")
	}
}

// Over the date line, and with many fences: the index knows the way too.
func TestCrossingAmongManyFences(t *testing.T) {
	var fences []fleet.Fence
	for i := range 200 {
		f := fenceAt(fleet.FenceID(200+i), 0, 0)
		lon := func(metres float64) float64 {
			return 180 - math.Abs(metres)/111_319.49
		}
		west, east := lon(200), -lon(200)
		if i > 0 {
			west, east = 100+float64(i)*0.01, 100.005+float64(i)*0.01
		}
		f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{{west, -1}, {east, -1}, {east, 1}, {west, 1}, {west, -1}}}}}
		fences = append(fences, f)
	}
	w := worldOf(t, fences...)
	from, to := at(0, 179.995, 0), at(36, -179.995, 0)
	from.SetSpeed(100)
	to.SetSpeed(100)
	for range 3 { // the set comes to know the place
		wantKinds(t, run(newState(), w, from, to), fleet.Enter, fleet.Exit)
	}
	s := newState()
	r := at(0, 100.5, 1.0005)
	r.SetSpeed(100)
	step := int32(10_000)
	allocs := testing.AllocsPerRun(100, func() {
		r.Fix += 5 * fleet.Second
		r.Place.Lon, step = r.Place.Lon+step, -step
		if events := track.Step(s, track.Input{Report: r}, w); events != nil {
			t.Fatalf("events %v", events)
		}
	})
	if allocs != 0 {
		t.Errorf("%v allocations a step, want none", allocs)
	}
}
