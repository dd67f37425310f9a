package track_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// A stage takes inputs in order, and what they lead to: times of events count in
// seconds since the start, like those of the inputs.
type stage struct {
	t      testing.TB
	s      *track.State
	w      *track.World
	seq    fleet.Seq
	lag    int // seconds from a fix to its arrival
	events []fleet.Event
}

func newStage(t testing.TB, w *track.World) *stage { return &stage{t: t, s: newState(), w: w} }

// fix is a fix so many metres east of the yard's edge, inside where negative.
func (p *stage) fix(second int, metres float64, change ...func(*fleet.Report)) {
	p.t.Helper()
	r := eastOf(second, metres)
	r.Received = r.Fix + fleet.Time(p.lag)*fleet.Second
	for _, c := range change {
		c(r)
	}
	p.seq++
	p.take(track.Input{Seq: p.seq, Report: r})
}

func (p *stage) tick(second int) { p.clock(second, false) }

func (p *stage) resume(second int) { p.clock(second, true) }

func (p *stage) clock(second int, resumed bool) {
	p.t.Helper()
	p.seq++
	p.take(track.Input{Seq: p.seq, Tick: fleet.Tick{At: start + fleet.Time(second)*fleet.Second, Resumed: resumed}})
}

// take steps a state that went through its encoding, as after a restart.
func (p *stage) take(in track.Input) {
	p.t.Helper()
	p.s = restored(p.t, p.s)
	p.events = append(p.events, track.Step(p.s, in, p.w)...)
}

// want takes the events since the last call: "second kind", or "second kind rule".
func (p *stage) want(events ...string) {
	p.t.Helper()
	var got []string
	for i := range p.events {
		e := &p.events[i]
		text := fmt.Sprintf("%d %v", (e.Time-start)/fleet.Second, e.Kind)
		if e.Rule != 0 {
			text += fmt.Sprintf(" r%d", uint64(e.Rule))
		}
		got = append(got, text)
	}
	if !slices.Equal(got, events) {
		p.t.Errorf("events [%s], want [%s]", strings.Join(got, ", "), strings.Join(events, ", "))
	}
	p.events = nil
}

const yard = fleet.FenceID(100)

func ruleOf(id fleet.RuleID, kind fleet.EventKind, after fleet.Time) *fleet.Rule {
	return &fleet.Rule{
		ID: id, Company: company, Owner: customer, Name: "Rule", Trigger: kind, After: after, Judge: 1,
		Targets: fleet.Targets{All: true}, Fences: []fleet.FenceID{yard},
	}
}

func ruled(t testing.TB, p fleet.Preset, rules ...*fleet.Rule) *track.World {
	w := presetWorld(t, p, nil)
	w.Rules = track.CompileRules(rules)
	return w
}

func yardFence() fleet.Fence { return fenceAt(yard, 10, 0) }

func speechless(r *fleet.Report) { r.Has, r.Speed = r.Has&^fleet.HasSpeed, 0 }

func speed(kmh float64) func(*fleet.Report) { return func(r *fleet.Report) { r.SetSpeed(kmh) } }

// Design, 4.10: a dwell is told once a visit, at the moment when its time was
// full, by the next report or by a tick, whichever comes first.
func TestDwell(t *testing.T) {
	w := ruled(t, fleet.Instant, ruleOf(1, fleet.Dwell, 10*fleet.Minute))
	t.Run("by a report", func(t *testing.T) {
		p := newStage(t, w)
		p.fix(0, 50)
		p.fix(60, -50)
		p.fix(600, -50)
		p.want("60 enter")
		p.fix(900, -50)
		p.fix(9000, -50)
		p.want("660 dwell r1")
		p.fix(9060, 50)
		p.fix(9100, -50)
		p.fix(9800, 50)
		p.want("9060 exit", "9100 enter", "9700 dwell r1", "9800 exit")
	})
	t.Run("by a tick, as much later as the fix was late", func(t *testing.T) {
		p := newStage(t, w)
		p.lag = 30
		p.fix(0, 50)
		p.fix(60, -50)
		p.tick(689)
		p.want("60 enter")
		p.tick(690)
		p.tick(691)
		p.fix(700, -50)
		p.want("660 dwell r1")
	})
	t.Run("the same event by both", func(t *testing.T) {
		a, b := newStage(t, w), newStage(t, w)
		for _, p := range []*stage{a, b} {
			p.fix(0, 50)
			p.fix(60, -50)
		}
		a.tick(1000)
		b.fix(1001, -50)
		if x, y := a.events[1], b.events[1]; x.ID != y.ID || x.Place != y.Place || x.Value != 600 || x.Trace.PriorTime != start+60*fleet.Second {
			t.Errorf("a tick gives %+v, a report %+v", x, y)
		}
	})
	t.Run("left at the last moment", func(t *testing.T) {
		p := newStage(t, w)
		p.fix(0, -50)
		p.fix(599, 50)
		p.tick(5000)
		p.want("599 exit")
	})
	t.Run("found inside", func(t *testing.T) {
		p := newStage(t, w)
		p.fix(0, -50)
		p.tick(600)
		p.want("600 dwell r1")
	})
}

// Design, 4.9 and 4.10: while a fence is not sure whether the device left, its
// visit is not over, and its time not full.
func TestDwellWaitsForTheFence(t *testing.T) {
	w := ruled(t, fleet.Balanced, ruleOf(1, fleet.Dwell, 10*fleet.Minute))
	drive := speed(20)
	t.Run("it left", func(t *testing.T) {
		p := newStage(t, w)
		p.fix(0, -50, drive)
		p.fix(595, 40, drive)
		p.tick(605)
		p.want()
		p.fix(606, 80, drive)
		p.want("595 exit")
	})
	t.Run("it did not", func(t *testing.T) {
		p := newStage(t, w)
		p.fix(0, -50, drive)
		p.fix(595, 40, drive)
		p.tick(605)
		p.fix(606, -20, drive)
		p.want("600 dwell r1")
	})
	t.Run("jitter at the edge is one visit", func(t *testing.T) {
		p := newStage(t, w)
		for i := range 400 {
			p.fix(i*5, []float64{-3, 9, -1, 12, 4}[i%5], speed(0))
		}
		p.want("600 dwell r1")
	})
}

// Design, 4.10: overstay tells again and again, until it has told often enough.
func TestOverstay(t *testing.T) {
	w := ruled(t, fleet.Instant, ruleOf(1, fleet.Overstay, fleet.Minute))
	p := newStage(t, w)
	p.fix(0, -50)
	p.tick(59)
	p.want()
	p.tick(60)
	p.fix(180, -50)
	p.want("60 overstay r1", "120 overstay r1", "180 overstay r1")
	p.fix(200, 50)
	p.tick(1000)
	p.want("200 exit")
	p.fix(1001, -50)
	p.fix(100_000, -50)
	if n := len(p.events); n != 1+fleet.MaxOverstays {
		t.Errorf("%d events of one long stay, want %d and the enter", n, fleet.MaxOverstays)
	}
}

// Design, 4.10: absent tells once an absence, of all its fences together.
func TestAbsent(t *testing.T) {
	w := ruled(t, fleet.Instant, ruleOf(1, fleet.Absent, 10*fleet.Minute))
	p := newStage(t, w)
	p.fix(0, 50)
	p.fix(300, 60)
	p.tick(599)
	p.want()
	p.tick(600)
	p.fix(5000, 50)
	p.want("600 absent r1")
	p.fix(5100, -50)
	p.fix(5200, 50)
	p.fix(5700, 50)
	p.fix(5750, -50)
	p.want("5100 enter", "5200 exit", "5750 enter")
	p.fix(5800, 50)
	p.fix(6500, -50)
	p.want("5800 exit", "6400 absent r1", "6500 enter")
}

// Design, 4.10 and 4.11: a time of day is the clock's of the rule's owner, on
// the schedule's days, whatever hours the schedule has.
func TestByTheClock(t *testing.T) {
	at := fleet.MinuteOfDay(8 * 60)
	absent, overstay := ruleOf(1, fleet.Absent, 0), ruleOf(2, fleet.Overstay, 0)
	for _, r := range []*fleet.Rule{absent, overstay} {
		r.At = &at
		r.Schedule = &fleet.Schedule{Weekly: []fleet.Interval{{Days: fleet.Workdays, From: 9 * 60, To: 17 * 60}}}
	}
	w := ruled(t, fleet.Instant, absent, overstay)
	zone, err := time.LoadLocation("America/Bogota")
	if err != nil {
		t.Fatal(err)
	}
	w.Owners[0].Zone = zone
	// The start is Tuesday, 2023-11-14 22:13:20 UTC, 17:13:20 there: 08:00 comes 53,200 s later.
	const eight, day = 53_200, 86_400
	p := newStage(t, w)
	p.fix(0, 50)
	p.tick(eight - 1)
	p.want()
	p.tick(eight)
	p.want(fmt.Sprintf("%d absent r1", eight))
	p.fix(eight+100, -50)
	p.fix(eight+day, -50)
	p.want(fmt.Sprintf("%d enter", eight+100), fmt.Sprintf("%d overstay r2", eight+day))
	p.tick(eight + 5*day) // Thursday and Friday; nothing at the weekend
	p.want(fmt.Sprintf("%d overstay r2", eight+2*day), fmt.Sprintf("%d overstay r2", eight+5*day))
}

// A schedule leaves events out and changes nothing else.
func TestSchedulesGateEventsNotState(t *testing.T) {
	// The start is 22:13:20 UTC.
	night := &fleet.Schedule{Weekly: []fleet.Interval{{Days: fleet.EveryDay, From: 23 * 60, To: 6 * 60}}}
	f := fenceAt(yard, 10, 10)
	f.Schedule = night
	w := worldOf(t, f)
	s := newState()
	wantKinds(t, run(s, w, at(0, 0, 0), at(60, 10, 10)))
	if len(s.Inside()) != 1 {
		t.Error("out of hours the device is not inside")
	}
	wantKinds(t, run(s, w, at(3000, 0, 0)), fleet.Exit)
	w.Owners[0].Zone = time.FixedZone("west", -7200)
	wantKinds(t, run(s, w, at(3060, 10, 10)))

	long := ruleOf(1, fleet.Dwell, 10*fleet.Minute)
	long.Schedule = night
	p := newStage(t, ruled(t, fleet.Instant, long))
	p.fix(0, -50)
	p.tick(2000)
	p.fix(2100, 50)
	p.fix(2160, -50)
	p.tick(4000)
	p.want("2100 exit", "2160 enter")
	p.fix(4100, 50)
	p.fix(4160, -50)
	p.tick(5000)
	p.want("4100 exit", "4160 enter", "4760 dwell r1")
}

// A rule, an edit of it, and an edit of its fence count from their own time.
func TestRulesHoldFromTheirEdit(t *testing.T) {
	r := ruleOf(1, fleet.Dwell, 10*fleet.Minute)
	p := newStage(t, presetWorld(t, fleet.Instant, nil))
	p.fix(0, -50)
	p.fix(1000, -50)
	with := func(judge uint32, second int) *track.World {
		next := *r
		next.Judge, next.From = judge, start+fleet.Time(second)*fleet.Second
		w := ruled(t, fleet.Instant, &next)
		w.Since = next.From
		return w
	}
	p.w = with(1, 1100)
	p.fix(1200, -50)
	p.tick(1699)
	p.want()
	p.tick(1700)
	p.want("1700 dwell r1")
	p.w = with(2, 2000)
	p.fix(2100, -50)
	p.tick(2600)
	p.want("2600 dwell r1")
	p.w = presetWorld(t, fleet.Instant, nil)
	p.fix(2700, 50)
	p.fix(2800, -50)
	p.tick(9000)
	p.want("2700 exit", "2800 enter")
}

// Overspeed is one event an episode, with hysteresis: design, section 4.
func TestSpeeding(t *testing.T) {
	r := ruleOf(1, fleet.Speeding, 30*fleet.Second)
	r.Limit, r.Fences = 80, nil
	p := newStage(t, ruled(t, fleet.Instant, r))
	for i, kmh := range []float64{70, 85, 90, 79, 88, 95} {
		p.fix(i*10, 5000+float64(i)*200, speed(kmh))
	}
	p.want("10 overspeed r1") // told at 40 s: 79 is no end
	p.fix(60, 6400, speed(77))
	p.fix(70, 6600, speed(99))
	p.fix(200, 6600, speed(99))
	p.want()
	p.fix(210, 6800, speed(75))
	p.fix(220, 7000, speed(81))
	p.fix(230, 7200, speed(75))
	p.fix(240, 7400, speechless)
	p.fix(250, 7600, speed(81))
	p.want()
	p.fix(280, 8000, speed(81))
	p.want("250 overspeed r1")
	if e := p.events; e != nil {
		t.Error(e)
	}
}

func TestSpeedLimitOfAFence(t *testing.T) {
	f := yardFence()
	f.SpeedLimit = 30
	w := worldOf(t, f)
	p := newStage(t, w)
	p.fix(0, 500, speed(60))
	p.fix(20, 300, speed(60))
	p.fix(30, -20, speed(45))
	p.fix(35, -40, speed(40))
	p.want("30 enter")
	p.fix(40, -60, speed(40))
	p.want("30 overspeed")
	p.fix(60, 20, speed(60))
	p.fix(80, -60, speed(40))
	p.fix(90, -60, speed(50))
	p.want("60 exit", "80 enter", "80 overspeed")
	p.w = worldOf(t, yardFence())
	p.fix(100, -50, speed(10))
	p.fix(110, -50, speed(50))
	p.fix(130, -50, speed(50))
	p.want()
}

func TestSpeedLimitOfADevice(t *testing.T) {
	w := presetWorld(t, fleet.Instant, nil)
	w.Profile.SpeedLimit = 90
	p := newStage(t, w)
	p.fix(0, 500, speed(60))
	p.fix(10, 700, speed(100))
	p.fix(20, 900, speed(110))
	p.fix(30, 1100, speed(110))
	if len(p.events) != 1 || p.events[0].Value != 90 || p.events[0].Speed != 110 {
		t.Errorf("events %+v", p.events)
	}
	p.want("10 overspeed")
}

// Motion: one event a stop, one a departure, whatever speed and place flicker.
func TestStopsAndDepartures(t *testing.T) {
	stop, move := ruleOf(1, fleet.Stopped, 0), ruleOf(2, fleet.Moving, 0)
	stop.Fences, move.Fences = nil, nil
	p := newStage(t, ruled(t, fleet.Instant, stop, move))
	p.fix(0, 500, speed(50))
	p.fix(10, 640, speed(50))
	p.fix(20, 700, speed(0)) // a red light
	p.fix(80, 700, speed(0))
	p.fix(90, 760, speed(30))
	p.fix(100, 900, speed(50))
	p.fix(110, 1000, speed(0))
	for i := range 120 { // ten minutes of a parked receiver's noise
		p.fix(120+5*i, 1000+[]float64{0, 14, -9, 22, -17}[i%5], speed([]float64{0, 0, 4, 0, 6, 0, 0}[i%7]))
	}
	p.want("290 stopped r1")
	p.fix(800, 1050, speed(25))
	p.fix(810, 1130, speed(40))
	p.fix(820, 1250, speed(40))
	p.want("800 moving r2")
	p.fix(830, 1300, speed(0))
	p.tick(1009)
	p.want()
	p.tick(1010)
	p.want("1010 stopped r1")
}

// A device that was standing when the rule first saw it has stopped before.
func TestStandingFromTheStart(t *testing.T) {
	stop, move := ruleOf(1, fleet.Stopped, 0), ruleOf(2, fleet.Moving, 0)
	stop.Fences, move.Fences = nil, nil
	p := newStage(t, ruled(t, fleet.Instant, stop, move))
	p.fix(0, 500, speechless)
	p.tick(5000)
	p.want()
	p.fix(6000, 2000, speechless)
	p.fix(6060, 3500, speechless)
	p.want("6000 moving r2")
}

// Online and offline go by arrival: any report counts, whatever it says.
func TestOfflineAndOnline(t *testing.T) {
	w := presetWorld(t, fleet.Instant, nil)
	w.Profile.OfflineAfter = 10 * fleet.Minute
	p := newStage(t, w)
	p.tick(1)
	p.fix(0, 50)
	if !p.s.Waiting() || p.s.NextTick(w) != start+600*fleet.Second {
		t.Errorf("waiting %v until %v", p.s.Waiting(), p.s.NextTick(w))
	}
	p.fix(500, 0, func(r *fleet.Report) {
		r.Has, r.Verdict, r.Fix = 0, fleet.NoFix, 0
		r.Received = start + 500*fleet.Second
	})
	p.tick(1099)
	p.want()
	p.tick(1100)
	p.tick(1101)
	if off, heard := p.s.Offline(); !off || heard != start+500*fleet.Second || p.s.Waiting() {
		t.Errorf("offline %v since %v, waiting %v", off, heard, p.s.Waiting())
	}
	p.want("1100 offline")
	p.fix(400, 50, func(r *fleet.Report) { r.Received = start + 2000*fleet.Second }) // an old fix is a sign of life
	p.want("2000 online")
	p.tick(2599)
	p.want()
	p.tick(2700)
	p.want("2600 offline")
	w.Profile.OfflineAfter = 0
	p.fix(3000, 50)
	p.tick(90_000)
	p.want("3000 online")
}

// Reliability, T7: a pause of our own makes no device offline, and confirms
// nothing that a report might have spoken against.
func TestResumedGrace(t *testing.T) {
	w := presetWorld(t, fleet.Balanced, nil)
	w.Profile.OfflineAfter = 10 * fleet.Minute
	p := newStage(t, w)
	p.fix(0, -50, speed(20))
	p.fix(10, 40, speed(20)) // leaving, by 30 s unless a fix says otherwise
	p.resume(5000)
	p.want()
	p.tick(5059)
	p.want()
	p.tick(5060)
	p.want("10 exit")
	p.tick(5599)
	p.want()
	p.tick(5600)
	p.want("5600 offline")

	q := newStage(t, w)
	q.fix(0, -50, speed(20))
	q.fix(10, 40, speed(20))
	q.resume(5000)
	q.fix(12, -50, speed(20), func(r *fleet.Report) { r.Received = start + 5010*fleet.Second })
	q.tick(5100)
	q.want()
	q.fix(5200, 40, speed(20))
	q.tick(5219)
	q.want()
	q.tick(5220)
	q.want("5200 exit")
}

func TestWatchesDoNotAllocateWithoutEvents(t *testing.T) {
	slow := ruleOf(3, fleet.Speeding, 0)
	slow.Limit = 120
	w := ruled(t, fleet.Balanced, ruleOf(1, fleet.Dwell, fleet.Hour), ruleOf(2, fleet.Absent, 2*fleet.Hour), slow, ruleOf(4, fleet.Stopped, 0))
	w.Profile.OfflineAfter = 10 * fleet.Minute
	s := newState()
	second := 0
	reports := make([]*fleet.Report, 400)
	for i := range reports {
		reports[i] = eastOf(i, -50)
		reports[i].SetSpeed(20)
	}
	if n := testing.AllocsPerRun(300, func() {
		track.Step(s, track.Input{Report: reports[second]}, w)
		track.Step(s, track.Input{Tick: fleet.Tick{At: reports[second].Received}}, w)
		second++
	}); n != 0 {
		t.Errorf("%v allocations a fix and tick", n)
	}
}

// go test ./engine/track -run '^$' -bench Watches -benchmem
//
// ns/op is the time of one fix of a device that drives about in a fence, under
// so many rules of each kind that need no event.
func BenchmarkWatches(b *testing.B) {
	for _, n := range []int{0, 1, 10} {
		b.Run(fmt.Sprintf("rules=%d", 4*n), func(b *testing.B) {
			var rules []*fleet.Rule
			for i := range n {
				id := fleet.RuleID(10 * i)
				fast := ruleOf(id+1, fleet.Speeding, 0)
				fast.Limit = 150
				rules = append(rules, fast, ruleOf(id+2, fleet.Dwell, fleet.MaxRuleAfter), ruleOf(id+3, fleet.Absent, fleet.Hour), ruleOf(id+4, fleet.Stopped, 0))
			}
			w := ruled(b, fleet.Balanced, rules...)
			w.Profile.OfflineAfter = 10 * fleet.Minute
			s, r := newState(), eastOf(0, -5000)
			events := 0
			b.ReportAllocs()
			for b.Loop() {
				r.Fix, r.Received = r.Fix+fleet.Second, r.Received+fleet.Second
				r.SetPlace(0, 10.5+float64(r.Fix/1000%1000)*0.00013)
				events += len(track.Step(s, track.Input{Report: r}, w))
			}
			if events > n {
				b.Fatalf("%d events", events)
			}
		})
	}
}
