package track_test

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// tale is what happened to a device: reports in order of fix time, some of
// one time, and worlds by the time from which each held.
type tale struct {
	reports []*fleet.Report
	worlds  []track.Past
	end     fleet.Tick
}

// randomTale lasts for a day or three, among fences of all presets by the date
// line, with edits, jumps and places that hang.
func randomTale(t *testing.T, rng *rand.Rand, reports int) tale {
	t.Helper()
	var out tale
	const fences = 10
	motion := rng.IntN(2) == 0
	now := plainWorld{owners: []fleet.OwnerID{3, 2, 1}, fences: map[fleet.FenceID]fleet.Fence{}}
	sets := map[fleet.OwnerID]*fence.Set{}
	put := func(id fleet.FenceID, from fleet.Time, judge uint32) {
		f := presetFence(rng, id, from)
		f.Judge, f.NoPasses = judge, rng.IntN(2) == 0
		now.fences[id] = f
	}
	swap := func(before map[fleet.FenceID]fleet.Fence, since fleet.Time) {
		w := &track.World{Company: 1, Labels: now.labels, Since: since, Filter: track.Filter{Motion: motion}}
		for owner := fleet.OwnerID(1); owner <= 4; owner++ {
			var removed []fleet.FenceID
			for id, f := range before {
				if n, there := now.fences[id]; f.Owner == owner && (!there || n.Owner != owner) {
					removed = append(removed, id)
				}
			}
			slices.Sort(removed)
			var err error
			if sets[owner], err = sets[owner].Edit(now.of(owner), removed); err != nil {
				t.Fatal(err)
			}
		}
		for _, owner := range now.owners {
			w.Owners = append(w.Owners, track.Owner{ID: owner, Fences: sets[owner]})
		}
		for _, p := range out.worlds {
			w.Edits = append(w.Edits, p.Since)
		}
		w.Edits = append(w.Edits, since)
		out.worlds = append(out.worlds, track.Past{Since: since, World: w})
	}
	for i := range fences {
		put(fleet.FenceID(100+i), 0, 1)
	}
	swap(nil, 0)
	at, x, y, speed, odometer := start, 0.0, 0.0, 0.0, 1000.0
	for i := range reports {
		before := at
		switch rng.IntN(60) {
		case 0:
			at += fleet.Time(rng.IntN(9)) * fleet.Hour
		case 1, 2, 3: // the same time once more
		default:
			at += fleet.Time([]int{1, 5, 10, 30, 60}[rng.IntN(5)]) * fleet.Second
		}
		if rng.IntN(50) == 0 && at > before {
			since := before + 1 + fleet.Time(rng.Int64N(int64(at-before)))
			old := maps.Clone(now.fences)
			id := fleet.FenceID(100 + rng.IntN(fences+2))
			was, there := now.fences[id]
			switch kind := rng.IntN(8); {
			case kind == 0:
				now.owners = [][]fleet.OwnerID{{3, 2, 1}, {2, 1}, {4, 1}}[rng.IntN(3)]
			case kind == 1:
				now.labels = [][]fleet.LabelID{nil, {7}, {7, 8}}[rng.IntN(3)]
			case kind == 2 && there:
				delete(now.fences, id)
			default:
				put(id, since, max(was.Judge, uint32(i))+1)
			}
			swap(old, since)
		}
		if rng.IntN(15) == 0 {
			speed = []float64{0, 1, 8, 40, 80}[rng.IntN(5)]
		}
		if step := speed + 4; rng.IntN(4) > 0 {
			x, y = 0.95*x+step*rng.NormFloat64(), 0.95*y+step*rng.NormFloat64()
		}
		odometer += speed
		px, py := x, y
		if rng.IntN(40) == 0 {
			px += 40_000
		}
		r := presetReport(rng, at, px, py, speed, odometer)
		if rng.IntN(4) == 0 {
			r.SetSatellites(4 + rng.IntN(3))
			r.SetHDOP(float64(1 + rng.IntN(2)))
		}
		out.reports = append(out.reports, r)
	}
	out.end = fleet.Tick{At: at + 3*fleet.Hour}
	return out
}

// rig does with a state and a record what the machine does with those of a
// device.
type rig struct {
	t       *testing.T
	rng     *rand.Rand
	tale    *tale
	state   track.State
	world   int
	history []*fleet.Report // by fix time, as they came
	record  map[fleet.EventID]fleet.Event
	points  map[fleet.Time]track.Checkpoint
	reruns  int
	fixes   int // that they read
}

func newRig(t *testing.T, rng *rand.Rand, s *tale) *rig {
	return &rig{t: t, rng: rng, tale: s, state: track.State{Device: device},
		record: map[fleet.EventID]fleet.Event{}, points: map[fleet.Time]track.Checkpoint{}}
}

func (g *rig) put(events []fleet.Event) {
	for _, e := range events {
		if _, there := g.record[e.ID]; !there {
			g.record[e.ID] = e
		}
	}
}

func (g *rig) step(in track.Input) {
	w := g.tale.worlds[g.world].World
	if in.Report != nil {
		if c, ok := g.state.Checkpoint(in.Report, w); ok {
			g.points[c.Day] = c
		}
		r := in.Report
		n, _ := slices.BinarySearchFunc(g.history, r.Fix+1, func(r *fleet.Report, at fleet.Time) int { return cmp.Compare(r.Fix, at) })
		g.history = slices.Insert(g.history, n, r)
	}
	g.put(track.Step(&g.state, in, w))
	if g.rng.IntN(10) == 0 {
		g.restart()
	}
}

func (g *rig) restart() {
	b, _ := g.state.AppendBinary(nil)
	s, rest, err := track.DecodeState(b)
	if err != nil || len(rest) != 0 {
		g.t.Fatalf("%d bytes left, %v", len(rest), err)
	}
	g.state = s
}

// reconcile runs once more over what is in doubt.
func (g *rig) reconcile(tick fleet.Tick) {
	from, dirty := g.state.Dirty()
	if !dirty {
		return
	}
	g.reruns++
	var best track.Checkpoint
	for _, day := range slices.Sorted(maps.Keys(g.points)) {
		if c := g.points[day]; c.Upto < from && c.Upto > best.Upto && g.rng.IntN(4) > 0 { // one may be lost
			best = c
		}
	}
	begin := track.State{Device: device}
	if best.State != nil {
		var err error
		if begin, _, err = track.DecodeState(best.State); err != nil {
			g.t.Fatal(err)
		}
	}
	run := track.NewRerun(begin, g.tale.worlds[:g.world+1])
	for _, r := range g.history {
		if r.Fix < run.From() {
			continue
		}
		g.fixes++
		run.Add(r)
		if g.rng.IntN(500) == 0 {
			run.Finish(tick) // in between it changes nothing
		}
	}
	got := run.Finish(tick)
	for day, c := range g.points {
		if c.Upto >= from {
			delete(g.points, day)
		}
	}
	for _, c := range got.Checkpoints {
		g.points[c.Day] = c
	}
	var old []fleet.Event
	for _, e := range g.record {
		if e.Time >= run.EventsFrom() && run.Covers(&e) {
			old = append(old, e)
		}
	}
	slices.SortFunc(old, func(a, b fleet.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), slices.Compare(a.ID[:], b.ID[:]))
	})
	head, _ := got.State.Head()
	d := track.Pair(old, got.Events, head, tick.At)
	taken := func(id fleet.EventID) bool { _, there := g.record[id]; return there }
	d.Rename(taken)
	now := apply(g.t, old, d)
	if again := track.Pair(now, got.Events, head, tick.At+1); !again.Empty() {
		g.t.Fatalf("paired again there is still a difference: %+v", again)
	}
	for _, e := range now {
		g.record[e.ID] = e
	}
	g.state.Install(got.State)
	g.state.Stored()
	if at, dirty := g.state.Dirty(); dirty {
		g.t.Fatalf("it is still dirty since %v", at)
	}
}

// apply is the record after a difference.
func apply(t *testing.T, old []fleet.Event, d track.Difference) []fleet.Event {
	t.Helper()
	byID := map[fleet.EventID]fleet.Event{}
	for _, e := range old {
		byID[e.ID] = e
	}
	for _, l := range [][]fleet.Event{d.Amended, d.Retracted, d.Revived} {
		for _, e := range l {
			if _, there := byID[e.ID]; !there {
				t.Fatalf("%+v is revised and not on record", e)
			}
			byID[e.ID] = e
		}
	}
	for _, e := range d.New {
		if was, there := byID[e.ID]; there {
			t.Fatalf("%+v is new and on record as %+v", e, was)
		}
		byID[e.ID] = e
	}
	return slices.SortedFunc(maps.Values(byID), func(a, b fleet.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), slices.Compare(a.ID[:], b.ID[:]))
	})
}

// facts are what the record says that happened.
func (g *rig) facts() (out []string) {
	for _, e := range g.record {
		if e.Flags&fleet.Retracted == 0 {
			out = append(out, line(e.Kind, e.Time, e.Fence, e.Judge))
		}
	}
	slices.Sort(out)
	return out
}

func factsOf(events []fleet.Event) (out []string) {
	for _, e := range events {
		out = append(out, line(e.Kind, e.Time, e.Fence, e.Judge))
	}
	slices.Sort(out)
	return out
}

// inOrder is what a tale means: one run over all of it.
func inOrder(s *tale) track.Result {
	run := track.NewRerun(track.State{Device: device}, s.worlds)
	for _, r := range s.reports {
		run.Add(r)
	}
	return run.Finish(s.end)
}

// In order, with the clock at each edit, Step needs no second run and comes to
// the same.
func TestRerunEqualsStepInOrder(t *testing.T) {
	rng := seeded(t)
	events := 0
	for range 100 {
		s := randomTale(t, rng, 400)
		g, twice := newRig(t, rng, &s), false
		for _, r := range s.reports {
			r.Received = r.Fix // else a deadline before an edit would come behind it
			for g.world+1 < len(s.worlds) && s.worlds[g.world+1].Since <= r.Fix {
				g.step(track.Input{Tick: fleet.Tick{At: s.worlds[g.world+1].Since - 1}})
				g.world++
			}
			before := g.state.Clone()
			g.step(track.Input{Report: r})
			head, _ := before.Head() // older than what was judged: a suspect waits, perhaps behind an edit
			if before.Upto() == r.Fix || head < before.Upto() || twice {
				g.reconcile(fleet.Tick{})
				twice = true // what a second run has revised may come once more
			} else if at, dirty := g.state.Dirty(); dirty {
				t.Fatalf("dirty since %v by a fix of %v, behind %v", at, r.Fix, before.Upto())
			}
		}
		g.step(track.Input{Tick: s.end})
		g.reconcile(s.end)
		want := inOrder(&s)
		if got, want := g.facts(), factsOf(want.Events); !slices.Equal(got, want) {
			t.Fatalf("%d events, want %d: %s", len(got), len(want), firstDifference(got, want))
		}
		events += len(want.Events)
	}
	if events < 1000 {
		t.Errorf("only %d events: the tales are too calm", events)
	}
}

// However reports come, late, shuffled, more than once, before or after the
// edits that concern them, with ticks, restarts and second runs in between:
// the record ends as if they had come in order, and so does the state.
func TestRerunHealsAnyOrder(t *testing.T) {
	rng := seeded(t)
	events, reruns, fixes, amended, retracted, late := 0, 0, 0, 0, 0, 0
	for range 150 {
		s := randomTale(t, rng, 300)
		want := factsOf(inOrder(&s).Events)
		arrivals := shuffled(rng, s.reports)
		g := newRig(t, rng, &s)
		var clock fleet.Time
		for _, r := range arrivals {
			clock = max(clock, r.Fix+fleet.Time(rng.IntN(100))*fleet.Second)
			for g.world+1 < len(s.worlds) && s.worlds[g.world+1].Since <= clock {
				g.world++
			}
			g.step(track.Input{Report: r})
			if rng.IntN(4) == 0 {
				g.step(track.Input{Tick: fleet.Tick{At: clock}})
			}
			if rng.IntN(40) == 0 {
				g.reconcile(fleet.Tick{At: clock})
			}
		}
		g.world = len(s.worlds) - 1
		g.step(track.Input{Tick: s.end})
		for _, dirty := g.state.Dirty(); dirty; _, dirty = g.state.Dirty() {
			g.reconcile(s.end)
			g.step(track.Input{Tick: s.end})
		}
		if got := g.facts(); !slices.Equal(got, want) {
			t.Fatalf("%d events, want %d: %s", len(got), len(want), firstDifference(got, want))
		}
		clean := inOrder(&s)
		if a, b := clean.State.Inside(), g.state.Inside(); !slices.Equal(a, b) {
			t.Fatalf("inside %v, want %v", b, a)
		}
		events, reruns, fixes = events+len(want), reruns+g.reruns, fixes+g.fixes
		for _, e := range g.record {
			if e.Flags&fleet.Amended != 0 {
				amended++
			}
			if e.Flags&fleet.Retracted != 0 {
				retracted++
			}
			if e.Flags&fleet.Late != 0 {
				late++
			}
		}
	}
	t.Logf("%d events, %d second runs over %d fixes; on record %d amended, %d retracted, %d late", events, reruns, fixes, amended, retracted, late)
	if events < 1000 || amended < 20 || retracted < 20 || late < 20 {
		t.Error("the tales are too calm")
	}
}

// shuffled is an order of arrival: swaps nearby, copies, buffers that come
// late or newest first, or all of it anyhow.
func shuffled(rng *rand.Rand, reports []*fleet.Report) []*fleet.Report {
	out := slices.Clone(reports)
	kind := rng.IntN(5)
	switch kind {
	case 0:
		rng.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	case 1:
		slices.Reverse(out)
	default:
		for range rng.IntN(20) {
			i, n := rng.IntN(len(out)), 1+rng.IntN(20)
			if rng.IntN(3) > 0 { // a buffer is sent later
				part := slices.Clone(out[i:min(len(out), i+n)])
				if rng.IntN(2) == 0 {
					slices.Reverse(part)
				}
				out = slices.Delete(out, i, min(len(out), i+n))
				out = slices.Insert(out, min(len(out), i+rng.IntN(80)), part...)
			}
		}
	}
	for range rng.IntN(10) {
		r := *out[rng.IntN(len(out))]
		r.Received += fleet.Minute
		out = slices.Insert(out, rng.IntN(len(out)), &r)
	}
	return out
}

// From whatever checkpoint, in pieces or at once, a second run comes to the
// same.
func TestRerunFromAnyCheckpoint(t *testing.T) {
	rng := seeded(t)
	points := 0
	for range 40 {
		s := randomTale(t, rng, 400)
		whole := inOrder(&s)
		want, _ := whole.State.AppendBinary(nil)
		for _, c := range whole.Checkpoints {
			points++
			begin, _, err := track.DecodeState(c.State)
			if err != nil || begin.Upto() != c.Upto {
				t.Fatalf("evaluated up to %v, want %v, %v", begin.Upto(), c.Upto, err)
			}
			run := track.NewRerun(begin, s.worlds)
			for _, r := range s.reports { // those before are passed over
				run.Add(r)
				if rng.IntN(100) == 0 {
					run.Finish(s.end)
				}
			}
			got := run.Finish(s.end)
			if b, _ := got.State.AppendBinary(nil); !slices.Equal(b, want) {
				t.Fatalf("from %v the state is\n%x, want\n%x", c.Day, b, want)
			}
			var rest []fleet.Event
			for _, e := range whole.Events {
				if e.Time >= run.EventsFrom() && run.Covers(&e) {
					rest = append(rest, e)
				}
			}
			if a, b := factsOf(got.Events), factsOf(rest); !slices.Equal(a, b) {
				t.Fatalf("from %v on %d events, want %d: %s", c.Day, len(a), len(b), firstDifference(a, b))
			}
		}
	}
	if points < 20 {
		t.Errorf("only %d checkpoints", points)
	}
}
