package track_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// What the oracle of rules found, and what no seed met when the engine was
// broken on purpose.

// A rule is edited after the clock struck and before the next fix: an absence
// by the clock is told of once. (VIGIA_SEED=82 of the first TestTruthOfRules.)
func TestClockStrikesOnceAcrossAnEdit(t *testing.T) {
	before, after := worldOf(t, fenceAt(100, 50, 0)), worldOf(t, fenceAt(100, 50, 0))
	at22h15 := fleet.MinuteOfDay(22*60 + 15) // 100 s behind the start
	r := &fleet.Rule{
		ID: 1, Company: company, Owner: customer, Trigger: fleet.Absent, At: &at22h15, AllFences: true, Judge: 1,
		Targets: fleet.Targets{All: true},
	}
	other := *r
	other.ID, other.From = 2, start+110*fleet.Second
	before.Rules = track.CompileRules([]*fleet.Rule{r})
	after.Rules, after.Since = track.CompileRules([]*fleet.Rule{r, &other}), other.From
	run := track.NewRerun(*newState(), []track.Past{{World: before}, {Since: after.Since, World: after}})
	for _, second := range []int{0, 60, 200} {
		run.Add(at(second, 10, 0))
	}
	wantKinds(t, run.Finish(fleet.Tick{}).Events, fleet.Absent)
}

// An exit waits for its time, which is full before the fence's schedule is
// edited; nothing is heard until later. The edit is no new version of the
// fence, and decides nothing about the exit all the same.
// (VIGIA_SEED=161000404827908977 of the first TestTruthOfRules.)
func TestDeadlineBeforeAnEditOfTheSchedule(t *testing.T) {
	open := withPreset(fenceAt(100, 10, 0), fleet.Balanced)
	closed := open
	closed.Schedule = &fleet.Schedule{Weekly: []fleet.Interval{{Days: fleet.EveryDay, From: 0, To: 60}}}
	out := at(60, 11.001, 0)
	out.SetSpeed(60)
	reports := []*fleet.Report{at(0, 10.999, 0), out, at(200, 11.01, 0)}
	wantKinds(t, live(told(t, 1, []era{worldAt(-1, nil, open), worldAt(90, nil, closed)}, reports...)), fleet.Exit)
	wantKinds(t, live(told(t, 1, []era{worldAt(-1, nil, closed), worldAt(90, nil, open)}, reports...)))
}

// A device changes hands, then sends what it stored. A second run over the
// first part of that forgets nothing of the change: the rest is from before it
// too.
func TestSecondRunRemembersAChangeOfHands(t *testing.T) {
	truthOfRules(t, 70)
}

// A deadline that a tick fired is remembered over a restart: a fix that is
// older, and newer than all others, is doubted.
func TestFiredDeadlineSurvivesARestart(t *testing.T) {
	w := worldOf(t, withPreset(fenceAt(100, 10, 0), fleet.Balanced))
	s := newState()
	out := at(60, 11.001, 0)
	out.SetSpeed(60)
	run(s, w, at(0, 10.999, 0), out)
	wantKinds(t, track.Step(s, track.Input{Tick: fleet.Tick{At: start + 90*fleet.Second}}, w), fleet.Exit)
	s = restored(t, s)
	run(s, w, at(70, 10.999, 0))
	if from, dirty := s.Dirty(); !dirty || from != start+70*fleet.Second {
		t.Errorf("dirty %v from %v", dirty, from)
	}
}

// A fix is judged up to 30 days after it was taken, to the millisecond, at
// first and by a second run.
func TestLateHorizon(t *testing.T) {
	w := worldOf(t, fenceAt(100, 10, 0))
	for age, want := range map[fleet.Time][]fleet.EventKind{
		30 * fleet.Day: {fleet.Enter}, 30*fleet.Day + 1: nil, 29*fleet.Day + 23*fleet.Hour: {fleet.Enter},
	} {
		outside, inside := at(0, 8.999, 0), at(60, 9.001, 0)
		outside.Received, inside.Received = outside.Fix+age, inside.Fix+age
		wantKinds(t, run(newState(), w, outside, inside), want...)
		again := track.NewRerun(*newState(), []track.Past{{World: w}})
		again.Add(outside)
		again.Add(inside)
		wantKinds(t, again.Finish(fleet.Tick{}).Events, want...)
	}
}

// Who moves with the ignition off is towed or drifts: no crossing is concluded
// from that, whatever speed the fixes claim.
func TestNoCrossingWithTheIgnitionOff(t *testing.T) {
	f := fenceAt(100, 10, 0)
	f.Shape = strip(0, 200)
	w := worldOf(t, f)
	for name, off := range map[string][2]bool{"on": {true, true}, "off before": {false, true}, "off after": {true, false}} {
		from, to := at(0, 10.995, 0), at(36, 11.006, 0)
		from.SetSpeed(100)
		to.SetSpeed(100)
		from.SetIgnition(off[0])
		to.SetIgnition(off[1])
		want := []fleet.EventKind{fleet.Enter, fleet.Exit}
		if name != "on" {
			want = nil
		}
		wantKinds(t, run(newState(), w, from, to), want...)
	}
}
