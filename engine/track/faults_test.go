package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

// TestDataFaults goes through the faults of GPS data that no other test of
// this package pins, from the raw report on: what becomes of the report, and
// what the fences make of it.
func TestDataFaults(t *testing.T) {
	depot := func(preset fleet.Preset) *track.World {
		f := fenceAt(100, 10, 10)
		f.Preset = preset
		w := worldOf(t, f)
		w.Filter.Motion = true
		return w
	}
	// step normalises and steps, as Accept and a shard do.
	step := func(s *track.State, w *track.World, r *fleet.Report) []fleet.Event {
		track.Normalise(r, 0)
		return run(s, w, r)
	}
	outcome := func(t *testing.T, s *track.State, want track.Outcome) {
		t.Helper()
		if got, gates := s.Outcome(); got != want {
			t.Errorf("outcome %v (%v), want %v", got, gates, want)
		}
	}

	t.Run("a future fix does not hold up those that follow", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		step(s, w, at(0, 10, 10))
		ahead := at(60, 10, 10)
		ahead.Fix += fleet.Day
		step(s, w, ahead)
		outcome(t, s, track.Untrusted)
		wantKinds(t, step(s, w, at(100_000, 13, 10)), fleet.Exit)
	})
	t.Run("a rolled over week is put right and judged", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		step(s, w, at(0, 10, 10))
		old := at(100_000, 13, 10)
		old.Fix -= 1024 * 7 * fleet.Day
		events := step(s, w, old)
		wantKinds(t, events, fleet.Exit)
		if events[0].Time != start+100_000*fleet.Second {
			t.Errorf("the event is of %v", events[0].Time)
		}
	})
	t.Run("a clock a few minutes off is tolerated", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		for i := range 20 {
			r := at(i*30, 10, 10)
			r.Received -= 4 * fleet.Minute
			step(s, w, r)
			outcome(t, s, track.Evaluated)
		}
	})
	// Fix time rules, so what a clock says that was put back is late until it
	// catches up; ClockWatch proposes to mend it where it is a zone's worth.
	t.Run("a clock put back by an hour", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		var watch track.ClockWatch
		send := func(second int, back fleet.Time, lon float64) []fleet.Event {
			r := at(second, lon, 10)
			r.Fix -= back
			events := step(s, w, r)
			watch.See(r, 0)
			return events
		}
		for i := range 40 {
			send(i*30, 0, 10)
		}
		for i := 40; i < 80; i++ {
			send(i*30, fleet.Hour, 10)
			outcome(t, s, track.Outdated)
		}
		if _, dirty := s.Dirty(); !dirty {
			t.Error("nothing will look at the fixes again")
		}
		if offset, _, _, ok := watch.Offset(); !ok || offset != int64(fleet.Hour) {
			t.Errorf("proposed: %d, %v, want an hour", offset, ok)
		}
		wantKinds(t, send(20_000, 0, 13), fleet.Exit)
	})
	t.Run("an alarm is raised whatever the clock says", func(t *testing.T) {
		for name, fix := range map[string]fleet.Time{"future": start + fleet.Day, "unset": 0, "century": 946_684_800_000, "put back": start - fleet.Hour} {
			s, w := newState(), depot(fleet.Instant)
			step(s, w, at(0, 10, 10))
			r := at(60, 10, 10)
			r.Fix, r.Alarms = fix, fleet.SOS
			if events := step(s, w, r); len(events) != 1 || events[0].Kind != fleet.Alarm {
				t.Errorf("%s: %v", name, kinds(events))
			}
		}
	})
	t.Run("a repeated place confirms nothing", func(t *testing.T) {
		s, w := newState(), depot(fleet.Balanced)
		step(s, w, at(0, 10.9, 10))
		wantKinds(t, step(s, w, at(600, 11.01, 10)))
		for i := range 5 {
			r := at(601+i, 11.01, 10)
			r.Has |= fleet.Repeated
			wantKinds(t, step(s, w, r))
			outcome(t, s, track.Untrusted)
		}
	})
	t.Run("speed, course and accuracy that cannot be cost themselves only", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		step(s, w, at(0, 10, 10))
		r := at(100_000, 13, 10)
		r.SetSpeed(99_999)
		r.SetCourse(720)
		r.SetAccuracy(-5)
		wantKinds(t, step(s, w, r), fleet.Exit)
		if p, _ := s.Position(); p.Has&(fleet.HasSpeed|fleet.HasCourse|fleet.HasAccuracy) != 0 {
			t.Errorf("kept: %+v", p)
		}
	})
	t.Run("a mirrored place is a jump", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		step(s, w, at(0, 10, 10))
		for _, p := range [][2]float64{{-10, 10}, {10, -10}} {
			wantKinds(t, step(s, w, at(30, p[0], p[1])))
			if got, gates := s.Outcome(); got == track.Evaluated || gates&track.GateTeleport == 0 {
				t.Errorf("%v: %v, %v", p, got, gates)
			}
		}
		wantKinds(t, step(s, w, at(60, 10.01, 10)))
		outcome(t, s, track.Evaluated)
	})
	t.Run("after a long gap no way between is guessed", func(t *testing.T) {
		s, w := newState(), depot(fleet.Instant)
		step(s, w, at(0, 8.99, 10))
		wantKinds(t, step(s, w, at(4*3600, 11.01, 10)))
		events := step(s, w, at(8*3600, 10, 10))
		wantKinds(t, events, fleet.Enter)
		if g := track.Gates(events[0].Trace.Gates); g&track.GateGap == 0 {
			t.Errorf("gates %v, want a gap", g)
		}
	})
	t.Run("a coarse fix within its own reach of the edge says nothing", func(t *testing.T) {
		s, w := newState(), depot(fleet.Balanced)
		step(s, w, at(0, 10.9, 10))
		for i := range 5 { // 55 m outside, no better than 90 m
			r := at(600+i*60, 11.0005, 10+float64(i)/10_000)
			r.SetAccuracy(90)
			r.SetSpeed(10)
			wantKinds(t, step(s, w, r))
		}
		r := at(1000, 11.0005, 10)
		r.SetAccuracy(20)
		r.SetSpeed(10)
		step(s, w, r)
		again := *r
		again.Fix, again.Received = r.Fix+10*fleet.Second, r.Received+10*fleet.Second
		again.SetPlace(10, 11.0006)
		wantKinds(t, step(s, w, &again), fleet.Exit)
	})
	t.Run("the antimeridian is no edge", func(t *testing.T) {
		f := fenceAt(100, 180, 10)
		w := worldOf(t, f)
		for _, lon := range []float64{179.9999, -179.9999, 180, -180, 179.01, -179.01} {
			s := newState()
			wantKinds(t, run(s, w, at(0, 178.5, 10), at(100_000, lon, 10), at(200_000, -178.5, 10)), fleet.Enter, fleet.Exit)
		}
	})
	t.Run("at a pole every longitude is the same", func(t *testing.T) {
		f := fenceAt(100, 0, 0)
		f.Shape = geo.Shape{Kind: geo.Circle, Centre: geo.Point{0, 90}, Radius: 50_000}
		w := worldOf(t, f)
		for _, lon := range []float64{0, 90, -135, 180} {
			wantKinds(t, run(newState(), w, at(0, lon, 80), at(1_000_000, lon, 89.9), at(2_000_000, lon+1, 80)), fleet.Enter, fleet.Exit)
		}
	})
	t.Run("edge and corner are inside", func(t *testing.T) {
		for _, p := range [][2]float64{{11, 10}, {9, 10}, {10, 11}, {11, 11}, {9, 9}} {
			wantKinds(t, run(newState(), worldOf(t, fenceAt(100, 10, 10)), at(0, 7, 7), at(1_000_000, p[0], p[1])), fleet.Enter)
		}
	})
}
