package track_test

import (
	"cmp"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

// The oracle of rules knows when a device came and went (of a world without
// rules) and its fixes, all of them at once, and reads off what docs/fences.md
// says: no deadlines, no memory, no ticks, no restarts.
type ruleOracle struct {
	rules  []*fleet.Rule
	fences map[fleet.FenceID]fleet.Fence
	visits map[fleet.FenceID][]span
	fixes  []*fleet.Report
	till   fleet.Time // the end of the story
	zone   *time.Location
	out    []string
}

type span struct{ from, to fleet.Time }

func (o *ruleOracle) tell(r *fleet.Rule, fence fleet.FenceID, at fleet.Time, gated bool) {
	if at <= o.till && (!gated || r.Schedule.Holds(at, o.zone)) {
		o.out = append(o.out, ruleLine(r.Trigger, at, r.ID, fence))
	}
}

func ruleLine(k fleet.EventKind, at fleet.Time, r fleet.RuleID, f fleet.FenceID) string {
	return fmt.Sprintf("%d %v rule %d fence %d", at-start, k, uint64(r), uint64(f))
}

func (o *ruleOracle) run() []string {
	for _, r := range o.rules {
		var held []span // in any of its fences
		for _, id := range slices.Sorted(maps.Keys(o.visits)) {
			if !r.AllFences && !slices.Contains(r.Fences, id) {
				continue
			}
			held = append(held, o.visits[id]...)
			for _, v := range o.visits[id] {
				switch {
				case r.Trigger == fleet.Dwell && v.from+r.After < v.to:
					o.tell(r, id, v.from+r.After, true)
				case r.Trigger == fleet.Overstay && r.At != nil:
					o.clock(r, id, v)
				case r.Trigger == fleet.Overstay:
					for n := fleet.Time(1); n <= fleet.MaxOverstays && v.from+n*r.After < v.to; n++ {
						o.tell(r, id, v.from+n*r.After, true)
					}
				}
			}
		}
		switch r.Trigger {
		case fleet.Absent:
			one := fleet.FenceID(0)
			if len(r.Fences) == 1 {
				one = r.Fences[0]
			}
			for _, a := range gaps(held, o.fixes[0].Fix, o.till+1) {
				if r.At != nil {
					o.clock(r, one, a)
				} else if a.from+r.After < a.to {
					o.tell(r, one, a.from+r.After, true)
				}
			}
		case fleet.Speeding:
			o.speeding(r)
		}
	}
	slices.Sort(o.out)
	return o.out
}

// clock tells of every time of day within a span, a minute at a time.
func (o *ruleOracle) clock(r *fleet.Rule, id fleet.FenceID, v span) {
	n := 0
	for at := v.from - v.from%fleet.Minute; at < v.to && n < fleet.MaxOverstays; at += fleet.Minute {
		local := at.Std().In(o.zone)
		if at >= v.from && local.Hour()*60+local.Minute() == int(*r.At) && r.Schedule.Days()&fleet.DaysOf(local.Weekday()) != 0 {
			o.tell(r, id, at, false)
			n++
		}
	}
}

// gaps is what spans leave free.
func gaps(held []span, from, to fleet.Time) (out []span) {
	slices.SortFunc(held, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	for _, h := range held {
		if h.from > from {
			out = append(out, span{from, h.from})
		}
		from = max(from, h.to)
	}
	if from < to {
		out = append(out, span{from, to})
	}
	return out
}

// speeding looks, from each fix that opens an episode, for the one that tells.
func (o *ruleOracle) speeding(r *fleet.Rule) {
	f := o.fixes
	slow := r.Limit - max(3, r.Limit*0.05)
	for i := 1; i < len(f); i++ {
		if f[i].Speed <= r.Limit {
			continue
		}
		told, last, j := false, f[i].Fix, i+1
		for ; j < len(f) && f[j].Speed >= slow; j++ {
			if f[j].Speed <= r.Limit {
				continue
			}
			if !told && f[j].Fix-last > 10*fleet.Minute {
				break // too far apart: a new one begins here
			}
			if last = f[j].Fix; !told && last-f[i].Fix >= cmp.Or(r.After, 10*fleet.Second) {
				o.tell(r, 0, f[i].Fix, false)
				told = true
			}
		}
		i = j - 1
		if j < len(f) && f[j].Speed < slow {
			i = j
		}
	}
}

func TestWatchesEqualOracle(t *testing.T) {
	seed := rand.Uint64()
	if s := os.Getenv("VIGIA_SEED"); s != "" {
		var err error
		if seed, err = strconv.ParseUint(s, 10, 64); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("VIGIA_SEED=%d", seed)
	total := map[fleet.EventKind]int{}
	for n := range uint64(60) {
		watchStory(t, seed+n, total)
		if t.Failed() {
			t.Fatalf("VIGIA_SEED=%d", seed+n)
		}
	}
	t.Logf("events %v", total)
	for _, k := range []fleet.EventKind{fleet.Dwell, fleet.Overstay, fleet.Absent, fleet.Speeding, fleet.Stopped, fleet.Moving} {
		if total[k] == 0 && os.Getenv("VIGIA_SEED") == "" {
			t.Errorf("no story told of %v", k)
		}
	}
}

func randomRule(rng *rand.Rand, id fleet.RuleID) *fleet.Rule {
	kinds := []fleet.EventKind{fleet.Dwell, fleet.Overstay, fleet.Absent, fleet.Speeding, fleet.Stopped, fleet.Moving}
	r := ruleOf(id, kinds[rng.IntN(len(kinds))], fleet.Time(60+rng.IntN(1800))*fleet.Second+7)
	r.Fences = []fleet.FenceID{yard + fleet.FenceID(rng.IntN(3))}
	if r.AllFences = rng.IntN(3) == 0; r.AllFences {
		r.Fences = nil
	}
	if rng.IntN(3) == 0 {
		from := fleet.MinuteOfDay(rng.IntN(1440))
		r.Schedule = &fleet.Schedule{Weekly: []fleet.Interval{{Days: fleet.Workdays, From: from, To: (from + 600) % 1440}}}
	}
	switch r.Trigger {
	case fleet.Overstay, fleet.Absent:
		if rng.IntN(3) == 0 {
			at := fleet.MinuteOfDay(rng.IntN(1440))
			r.At, r.After = &at, 0
		}
	case fleet.Speeding:
		r.Limit, r.After, r.Fences, r.AllFences, r.Schedule = 60, fleet.Time(rng.IntN(60))*fleet.Second, nil, false, nil
	case fleet.Stopped, fleet.Moving:
		r.Fences, r.AllFences = nil, false
	}
	return r
}

// watchStory is one device among three fences under random rules. It is told
// five times: in one go, with ticks and restarts, without rules, to the oracle,
// and as a second run.
func watchStory(t *testing.T, seed uint64, total map[fleet.EventKind]int) {
	rng := rand.New(rand.NewPCG(seed, 3))
	preset := []fleet.Preset{fleet.Instant, fleet.Balanced, fleet.Strict}
	var fences []fleet.Fence
	o := &ruleOracle{fences: map[fleet.FenceID]fleet.Fence{}, visits: map[fleet.FenceID][]span{}}
	for i := range 3 { // one behind the other, the second reaches into the third
		f := fenceAt(yard+fleet.FenceID(i), 10, 0)
		f.Shape = strip([]float64{0, 1000, 1600}[i], []float64{700, 1800, 2600}[i])
		f.Preset = preset[rng.IntN(3)]
		fences = append(fences, f)
		o.fences[f.ID] = f
	}
	bare, w := worldOf(t, fences...), worldOf(t, fences...)
	for i := range 1 + rng.IntN(5) {
		o.rules = append(o.rules, randomRule(rng, fleet.RuleID(i+1)))
	}
	var err error
	if o.zone, err = time.LoadLocation([]string{"America/Bogota", "Europe/Lisbon", "Asia/Kathmandu"}[rng.IntN(3)]); err != nil {
		t.Fatal(err)
	}
	w.Rules, w.Owners[0].Zone = track.CompileRules(o.rules), o.zone

	// It drives to and fro, stands, sleeps, and jitters.
	lag := fleet.Time(rng.IntN(20)) * fleet.Second
	at, x := start+500, rng.Float64()*3000
	add := func(wait fleet.Time, x, kmh float64) {
		at += wait
		r := &fleet.Report{Device: device, Fix: at, Received: at + lag, Has: fleet.FixValid}
		r.SetPlace(0, 11+x/111_319.49)
		r.SetSatellites(9)
		r.SetSpeed(kmh)
		o.fixes = append(o.fixes, r)
	}
	add(0, x, 0)
	for range 150 + rng.IntN(150) {
		switch rng.IntN(12) {
		case 0:
			add(fleet.Time(1+rng.IntN(40_000))*fleet.Second, x, 0)
		case 1, 2, 3, 4:
			for range rng.IntN(10) {
				add(fleet.Time(5+rng.IntN(60))*fleet.Second, x+rng.NormFloat64()*12, float64(rng.IntN(2)*rng.IntN(6)))
			}
		default:
			to := rng.Float64()*3200 - 200
			for range 1 + rng.IntN(6) {
				x += (to - x) / 3
				add(fleet.Time(5+rng.IntN(30))*fleet.Second, x, 20+rng.Float64()*60)
			}
		}
	}
	for range 8 { // decides all that is open
		x += 6000
		add(2*fleet.Minute, x, 50)
	}
	o.till = at

	plain := listen(newState(), bare, o.fixes, nil)
	once := listen(newState(), w, o.fixes, nil)
	crossings := func(e *fleet.Event) bool { return e.Kind == fleet.Enter || e.Kind == fleet.Exit }
	if got, want := linesOf(once, crossings), linesOf(plain, crossings); !slices.Equal(got, want) {
		t.Errorf("rules change what the fences say")
	}
	for i := range fences {
		id := fences[i].ID
		var open *span
		if p := o.shapeHolds(t, id, o.fixes[0]); p {
			open = &span{from: o.fixes[0].Fix}
		}
		for j := range plain {
			e := &plain[j]
			switch {
			case e.Fence != id || e.Flags&fleet.Inferred != 0:
			case e.Kind == fleet.Enter:
				open = &span{from: e.Time}
			case open != nil:
				open.to = e.Time
				o.visits[id] = append(o.visits[id], *open)
				open = nil
			}
		}
	}
	ours := func(e *fleet.Event) bool {
		return e.Kind == fleet.Dwell || e.Kind == fleet.Overstay || e.Kind == fleet.Absent || e.Kind == fleet.Speeding
	}
	same(t, "in one go and the oracle", linesOf(once, ours), o.run())

	all := func(e *fleet.Event) bool { return e.Rule != 0 }
	same(t, "with ticks and restarts, and in one go", linesOf(listen(newState(), w, o.fixes, rng), all), linesOf(once, all))

	again := track.NewRerun(*newState(), []track.Past{{World: w}})
	for _, r := range o.fixes {
		again.Add(r)
	}
	same(t, "the second run and the first", linesOf(again.Finish(fleet.Tick{}).Events, all), linesOf(once, all))
	for i := range once {
		total[once[i].Kind]++
	}
}

// strip is an area that reaches so many metres east of the yard's edge.
func strip(from, to float64) (s geo.Shape) {
	s = square(0, 0)
	west, east := 11+from/111_319.49, 11+to/111_319.49
	s.Area[0][0] = append(s.Area[0][0][:0], geo.Point{west, -1}, geo.Point{east, -1}, geo.Point{east, 1}, geo.Point{west, 1}, geo.Point{west, -1})
	return s
}

func (o *ruleOracle) shapeHolds(t *testing.T, id fleet.FenceID, r *fleet.Report) bool {
	t.Helper()
	f := o.fences[id]
	p, err := geo.Prepare(&f.Shape)
	if err != nil {
		t.Fatal(err)
	}
	return p.Contains(r.Place.Point())
}

// listen steps a state over fixes; with a source of chance, with ticks between
// them and through its encoding.
func listen(s *track.State, w *track.World, fixes []*fleet.Report, rng *rand.Rand) (out []fleet.Event) {
	for i, r := range fixes {
		if rng != nil && i > 0 {
			now := fixes[i-1].Received
			for now < r.Received && rng.IntN(3) > 0 {
				now += fleet.Time(rng.IntN(int(r.Received-now) + 1))
				out = append(out, track.Step(s, track.Input{Tick: fleet.Tick{At: now}}, w)...)
			}
			if rng.IntN(4) == 0 {
				b, _ := s.AppendBinary(nil)
				again, _, err := track.DecodeState(b)
				if err != nil {
					panic(err)
				}
				s = &again
			}
		}
		out = append(out, track.Step(s, track.Input{Report: r}, w)...)
	}
	return out
}

func linesOf(events []fleet.Event, which func(*fleet.Event) bool) (out []string) {
	for i := range events {
		if e := &events[i]; which(e) {
			out = append(out, ruleLine(e.Kind, e.Time, e.Rule, e.Fence))
		}
	}
	slices.Sort(out)
	return out
}

func same(t *testing.T, what string, got, want []string) {
	t.Helper()
	if slices.Equal(got, want) {
		return
	}
	for _, l := range got {
		if !slices.Contains(want, l) {
			t.Errorf("%s: the first alone has %s", what, l)
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) {
			t.Errorf("%s: the second alone has %s", what, l)
		}
	}
	if !t.Failed() {
		t.Errorf("%s differ in how often", what)
	}
}
