package track_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// zoneOf is the clock of one of the saga's owners.
func zoneOf(owner fleet.OwnerID) *time.Location {
	return []*time.Location{time.UTC, time.FixedZone("+0545", 20_700), time.FixedZone("-0500", -18_000)}[owner%3]
}

func rulesDiffer(owner fleet.OwnerID, a, b map[fleet.RuleID]*fleet.Rule) bool {
	differs := func(a, b map[fleet.RuleID]*fleet.Rule) bool {
		for id, r := range a {
			if r.Owner == owner && b[id] != r {
				return true
			}
		}
		return false
	}
	return differs(a, b) || differs(b, a)
}

// govern puts rules, schedules and speed limits into a saga's eras, and eras
// between them in which those alone are edited. Neither a schedule nor a limit
// makes a new version of its fence.
func (s *saga) govern(rng *rand.Rand, edits int) {
	g := governor{rng: rng, s: s, rules: map[fleet.RuleID]*fleet.Rule{}, schedules: map[fleet.FenceID]*fleet.Schedule{}, limits: map[fleet.FenceID]float32{}}
	var times []fleet.Time
	for range edits {
		when := g.moment()
		if rng.IntN(4) > 0 {
			when += fleet.Time(rng.IntN(120_000))
		}
		times = append(times, when)
	}
	slices.Sort(times)
	for range 1 + rng.IntN(6) {
		g.edit(0, s.eras[0].fences)
	}
	var out []era
	for i, e := range s.eras {
		if i == 0 || !slices.Contains(times, e.since) {
			out = append(out, g.ruled(e))
		}
		for len(times) > 0 && (i+1 == len(s.eras) || times[0] < s.eras[i+1].since) {
			if e.since = times[0]; e.since > out[len(out)-1].since {
				g.edit(e.since, e.fences)
				out = append(out, g.ruled(e))
			}
			times = times[1:]
		}
	}
	s.eras = out
}

// governor decides about rules and schedules as time goes on.
type governor struct {
	rng       *rand.Rand
	s         *saga
	next      fleet.RuleID
	rules     map[fleet.RuleID]*fleet.Rule
	schedules map[fleet.FenceID]*fleet.Schedule
	limits    map[fleet.FenceID]float32
	made      map[scheduled]*fleet.Fence
}

type scheduled struct {
	fence    *fleet.Fence
	schedule *fleet.Schedule
	limit    float32
}

// moment is the time of one of the saga's fixes.
func (g *governor) moment() fleet.Time { return g.s.reports[g.rng.IntN(len(g.s.reports))].Fix }

func (g *governor) clock(owner fleet.OwnerID) fleet.MinuteOfDay {
	local := g.moment().Std().In(zoneOf(owner))
	return fleet.MinuteOfDay(local.Hour()*60 + local.Minute())
}

func (g *governor) schedule(owner fleet.OwnerID) *fleet.Schedule {
	from := g.clock(owner)
	return &fleet.Schedule{Weekly: []fleet.Interval{{Days: fleet.EveryDay, From: from, To: (from + 5 + fleet.MinuteOfDay(g.rng.IntN(90))) % 1440}}}
}

func (g *governor) edit(when fleet.Time, fences map[fleet.FenceID]*fleet.Fence) {
	rng, ids := g.rng, slices.Sorted(maps.Keys(g.rules))
	fence := fleet.FenceID(100 + rng.IntN(12))
	switch kind := rng.IntN(8); {
	case when != 0 && kind < 2 && fences[fence] != nil:
		if g.schedules[fence] = nil; rng.IntN(3) > 0 {
			g.schedules[fence] = g.schedule(fences[fence].Owner)
		}
	case when != 0 && kind == 2:
		g.limits[fence] = []float32{0, 5, 30, 60}[rng.IntN(4)]
	case when != 0 && kind == 3 && len(ids) > 0:
		delete(g.rules, ids[rng.IntN(len(ids))])
	case when != 0 && kind < 6 && len(ids) > 0:
		was := g.rules[ids[rng.IntN(len(ids))]]
		r := g.rule(was.ID, was.Owner)
		if r.Judge, r.From = was.Judge+1, when; rng.IntN(3) == 0 { // nothing but when it makes events
			edited := *was
			edited.Schedule, edited.Judge, edited.From = r.Schedule, r.Judge, r.From
			r = &edited
		}
		g.rules[was.ID] = r
	default:
		g.next++
		r := g.rule(g.next, fleet.OwnerID(1+rng.IntN(4)))
		r.From = when
		g.rules[r.ID] = r
	}
}

func (g *governor) rule(id fleet.RuleID, owner fleet.OwnerID) *fleet.Rule {
	rng := g.rng
	kinds := []fleet.EventKind{fleet.Dwell, fleet.Overstay, fleet.Absent, fleet.Speeding, fleet.Stopped, fleet.Moving}
	r := &fleet.Rule{
		ID: id, Company: company, Owner: owner, Name: "r", Judge: 1, Targets: targets(rng), Paused: rng.IntN(12) == 0,
		Trigger: kinds[rng.IntN(len(kinds))], After: fleet.Time(20+rng.IntN(900)) * fleet.Second,
	}
	if r.AllFences = rng.IntN(3) == 0; !r.AllFences {
		for range 1 + rng.IntN(3) {
			r.Fences = append(r.Fences, fleet.FenceID(100+rng.IntN(12)))
		}
		slices.Sort(r.Fences)
		r.Fences = slices.Compact(r.Fences)
	}
	if rng.IntN(3) == 0 {
		r.Schedule = g.schedule(owner)
	}
	switch r.Trigger {
	case fleet.Overstay, fleet.Absent:
		if rng.IntN(3) == 0 {
			at := g.clock(owner)
			r.At, r.After = &at, 0
		}
	case fleet.Speeding:
		r.Limit, r.After = float32(5+rng.IntN(60)), fleet.Time(rng.IntN(60))*fleet.Second
		if rng.IntN(2) == 0 {
			r.Fences, r.AllFences = nil, false
		}
	case fleet.Stopped, fleet.Moving:
		r.Fences, r.AllFences, r.After = nil, false, fleet.Time(rng.IntN(300))*fleet.Second
	}
	return r
}

// ruled is an era with the rules, schedules and limits of the moment.
func (g *governor) ruled(e era) era {
	e.rules, e.fences = maps.Clone(g.rules), maps.Clone(e.fences)
	for id, f := range e.fences {
		k := scheduled{f, g.schedules[id], g.limits[id]}
		if k.schedule == nil && k.limit == 0 {
			continue
		}
		if g.made[k] == nil {
			c := *f
			c.Schedule, c.SpeedLimit = k.schedule, k.limit
			if g.made == nil {
				g.made = map[scheduled]*fleet.Fence{}
			}
			g.made[k] = &c
		}
		e.fences[id] = g.made[k]
	}
	return e
}

// ruleLines writes down what came about up to a time; what is later depends on
// how late the last fixes were.
func ruleLines(events []fleet.Event, till fleet.Time) (out []string) {
	for i := range events {
		if e := &events[i]; e.Kind != fleet.Alarm && e.Time <= till && e.Flags&fleet.Retracted == 0 {
			out = append(out, fmt.Sprint(e.Time-start, " ", e.Kind, " rule ", uint64(e.Rule), " fence ", uint64(e.Fence), " v", e.Judge, " ", e.Flags&fleet.Inferred))
		}
	}
	slices.Sort(out)
	return out
}

// Rules, schedules and limits among fences, all of them edited now and then:
// however the reports come, copied, late, in batches, over restarts and second
// runs, the record is that of one run over all of them in order, and every
// alarm that a report told of is on it once.
func TestTruthOfRules(t *testing.T) {
	eachSeed(t, 100, truthOfRules)
}

func truthOfRules(t testing.TB, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 0x401e))
	temper := temper{
		reports: 250, fences: 10, edits: rng.IntN(6), brief: []fleet.Time{1, 3000}[rng.IntN(2)],
		chaos: []float64{0, 0.02, 0.3}[rng.IntN(3)], odd: float64(rng.IntN(2)) * 0.5,
	}
	s := tellTempered(rng, temper, sites[rng.IntN(len(sites))])
	s.govern(rng, rng.IntN(12))
	s.end += fleet.Day // whatever waits is decided
	s.inputs = append(s.inputs, arrival{at: s.end})
	for _, r := range s.reports {
		if r.Verdict == fleet.QuarantinedClock {
			r.Alarms = 0 // without a clock, what is sent again later is another
		}
	}
	till := s.reports[len(s.reports)-1].Fix
	var whole []string
	check := func(name string, s *saga, eager bool) {
		m := newMachine(t, rand.New(rand.NewPCG(seed, 9)), s.eras)
		for _, in := range s.inputs { // copies were made before the alarms were taken off
			if in.report != nil && in.report.Verdict == fleet.QuarantinedClock {
				in.report.Alarms = 0
			}
		}
		m.eager = eager
		m.play(s.inputs)
		if whole == nil {
			run := track.NewRerun(*newState(), m.past)
			for _, r := range slices.SortedStableFunc(slices.Values(s.all()), func(a, b *fleet.Report) int { return int(a.Fix - b.Fix) }) {
				run.Add(r)
			}
			whole = ruleLines(run.Finish(fleet.Tick{At: s.end + fleet.Day}).Events, till)
		}
		if got := ruleLines(m.live(), till); !slices.Equal(got, whole) {
			t.Errorf("VIGIA_SEED=%d: %s: %d events, want %d: %s", seed, name, len(got), len(whole), firstDifference(got, whole))
		}
		m.wantAlarms(seed, name, s)
	}
	check("as it came", s, false)
	check("restarted after every input", s, true)
	order := rng.Perm(len(s.reports))
	check("permuted", s.resent(func(i int, _ *fleet.Report) fleet.Time { return s.reports[order[i]].Fix + fleet.Second }), false)
	check("in order", s.resent(func(_ int, r *fleet.Report) fleet.Time { return r.Fix + 1 }), false)
	check("newest first", s.resent(func(i int, _ *fleet.Report) fleet.Time { return till + fleet.Time(len(order)-i) }), false)
	check("in batches", s.resent(func(i int, _ *fleet.Report) fleet.Time { return s.reports[min(len(order)-1, i|31)].Fix + fleet.Second }), false)
	twice := s.resent(func(_ int, r *fleet.Report) fleet.Time { return r.Fix + fleet.Second })
	for _, r := range s.reports {
		again := *r
		again.Received = r.Fix + fleet.Time(rng.IntN(600))*fleet.Second
		twice.inputs = append(twice.inputs, arrival{again.Received, &again})
	}
	twice.sort()
	check("doubled", twice, false)
}

// wantAlarms compares the alarms on record with those in the reports: each
// moment's is there once. Reports of one moment that differ otherwise may be
// told of apart, where their place is not believed.
func (m *machine) wantAlarms(seed uint64, name string, s *saga) {
	type moment struct {
		alarm fleet.Alarms
		fix   fleet.Time
		place fleet.Place
	}
	least, most, got := map[moment]bool{}, map[fleet.Alarms]int{}, map[fleet.Alarms]int{}
	for _, r := range s.reports {
		for one := range r.Alarms.Each {
			least[moment{one, r.Fix, r.Place}] = true
			most[one]++
		}
	}
	for _, e := range m.record {
		if e.Kind == fleet.Alarm {
			got[e.Alarms]++
		}
	}
	want := map[fleet.Alarms]int{}
	for k := range least {
		want[k.alarm]++
	}
	for one := range most {
		if got[one] < want[one] || got[one] > most[one] {
			m.t.Errorf("VIGIA_SEED=%d: %s: %d events of %v, want %d to %d", seed, name, got[one], one, want[one], most[one])
		}
		delete(got, one)
	}
	if len(got) > 0 {
		m.t.Errorf("VIGIA_SEED=%d: %s: nobody sent %v", seed, name, got)
	}
}
