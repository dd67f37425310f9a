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

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if v := os.Getenv("VIGIA_SEED"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatalf("VIGIA_SEED: %v", err)
		}
		seed = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("VIGIA_SEED=%d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 1))
}

// script is a seeded history of one device: edits of the world, and reports in
// order of time.
type script struct {
	worlds  []plainWorld // by the index from which each holds
	reports []*fleet.Report
}

// plainWorld is a world in which nothing is compiled.
type plainWorld struct {
	from   int // index of the first report under it
	owners []fleet.OwnerID
	labels []fleet.LabelID
	fences map[fleet.FenceID]fleet.Fence
}

func (p *plainWorld) of(owner fleet.OwnerID) (out []fleet.Fence) {
	for _, id := range slices.Sorted(maps.Keys(p.fences)) {
		if f := p.fences[id]; f.Owner == owner {
			out = append(out, f)
		}
	}
	return out
}

func randomScript(rng *rand.Rand, fences int) script {
	var s script
	owners := [][]fleet.OwnerID{{3, 2, 1}, {2, 1}, {4, 1}}
	w := plainWorld{owners: owners[0], fences: map[fleet.FenceID]fleet.Fence{}}
	for i := range fences {
		w.fences[fleet.FenceID(100+i)] = randomFence(rng, fleet.FenceID(100+i), 0)
	}
	s.worlds = append(s.worlds, w)
	now, x, y := start, 0.0, 0.0
	for i := range 120 {
		now += fleet.Time(1+rng.IntN(60)) * fleet.Second
		if rng.IntN(6) == 0 {
			w = plainWorld{from: i, owners: w.owners, labels: w.labels, fences: maps.Clone(w.fences)}
			switch rng.IntN(5) {
			case 0:
				w.owners = owners[rng.IntN(len(owners))]
			case 1:
				w.labels = [][]fleet.LabelID{nil, {7}, {7, 8}}[rng.IntN(3)]
			default:
				id := fleet.FenceID(100 + rng.IntN(fences+3))
				old, there := w.fences[id]
				if there && rng.IntN(3) == 0 {
					delete(w.fences, id)
					break
				}
				from := now
				if rng.IntN(4) == 0 {
					from += 40 * fleet.Second // fixes still to come are older
				}
				f := randomFence(rng, id, from)
				f.Judge = old.Judge + 1
				w.fences[id] = f
			}
			s.worlds = append(s.worlds, w)
		}
		x, y = x+rng.NormFloat64()*0.4, y+rng.NormFloat64()*0.4
		x, y = max(-4, min(4, x)), max(-4, min(4, y))
		r := &fleet.Report{Device: device, Fix: now, Received: now + fleet.Second, Has: fleet.FixValid}
		lon, lat := x, y
		if rng.IntN(5) == 0 { // on the grid that the fences' corners lie on
			lon, lat = float64(int(x*2))/2, float64(int(y*2))/2
		}
		if lon += 180; lon > 180 {
			lon -= 360
		}
		r.SetPlace(lat, lon)
		if rng.IntN(10) == 0 {
			r.SetValid(false)
		}
		if rng.IntN(15) == 0 {
			r.Alarms = fleet.SOS
		}
		s.reports = append(s.reports, r)
	}
	return s
}

// randomFence is a rectangle or a circle by the date line.
func randomFence(rng *rand.Rand, id fleet.FenceID, from fleet.Time) fleet.Fence {
	x, y := float64(rng.IntN(16))/2-4, float64(rng.IntN(16))/2-4
	w, h := 0.5+float64(rng.IntN(6))/2, 0.5+float64(rng.IntN(6))/2
	lon := func(v float64) float64 {
		if v > 0 {
			return v - 180
		}
		return v + 180
	}
	f := fleet.Fence{
		ID: id, Owner: fleet.OwnerID(1 + rng.IntN(4)), Company: 1, Judge: 1, From: from,
		Inside: rng.IntN(4) > 0, Outside: rng.IntN(4) > 0, AlertIfInside: rng.IntN(4) == 0,
		Paused: rng.IntN(10) == 0, Created: fleet.Time(rng.Int64()),
	}
	if rng.IntN(3) == 0 {
		f.Shape = geo.Shape{Kind: geo.Circle, Centre: geo.Point{lon(x), y}, Radius: w * 50_000}
	} else {
		f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{
			{lon(x), y}, {lon(x + w), y}, {lon(x + w), y + h}, {lon(x), y + h}, {lon(x), y},
		}}}}
	}
	switch rng.IntN(4) {
	case 0:
		f.Targets.Devices = []fleet.DeviceID{device}
	case 1:
		f.Targets.Labels = []fleet.LabelID{fleet.LabelID(7 + rng.IntN(3))}
	default:
		f.Targets.All, f.Targets.Inner = true, rng.IntN(2) == 0
	}
	return f
}

// naive tells the events of a script: every fence is asked, there is no index,
// no state but who is inside, and no cleverness.
func naive(t *testing.T, s script) (out []string) {
	inside := map[fleet.FenceID]bool{}
	var last *fleet.Report
	world := -1
	prepared := map[fleet.Time]*geo.Prepared{} // by the fence's Created, which is unique
	holds := func(f *fleet.Fence, p geo.Point) bool {
		if prepared[f.Created] == nil {
			shape, err := geo.Prepare(&f.Shape)
			if err != nil {
				t.Fatal(err)
			}
			prepared[f.Created] = shape
		}
		return prepared[f.Created].Contains(p)
	}
	concerns := func(w *plainWorld, f *fleet.Fence) bool {
		at := slices.Index(w.owners, f.Owner)
		if at < 0 || f.Paused {
			return false
		}
		tg := f.Targets
		return tg.All && (at == 0 || tg.Inner) || slices.Contains(tg.Devices, device) ||
			slices.ContainsFunc(tg.Labels, func(l fleet.LabelID) bool { return slices.Contains(w.labels, l) })
	}
	for i, r := range s.reports {
		for world+1 < len(s.worlds) && s.worlds[world+1].from <= i {
			world++
		}
		w := &s.worlds[world]
		visit := func(at *fleet.Report, say bool) {
			now := map[fleet.FenceID]bool{}
			for _, id := range slices.Sorted(maps.Keys(w.fences)) {
				f := w.fences[id]
				if !concerns(w, &f) {
					continue
				}
				now[id] = holds(&f, at.Place.Point())
				if !say || now[id] == inside[id] || at.Fix < f.From || last == nil && !f.AlertIfInside {
					continue
				}
				if kind := fleet.Exit; now[id] && f.Inside {
					out = append(out, line(fleet.Enter, at.Fix, id, f.Judge))
				} else if !now[id] && f.Outside {
					out = append(out, line(kind, at.Fix, id, f.Judge))
				}
			}
			inside = now
		}
		if last != nil {
			visit(last, false)
		}
		trusted := r.Has&fleet.FixValid != 0
		if trusted {
			visit(r, true)
			last = r
		}
		if r.Alarms != 0 && trusted {
			out = append(out, line(fleet.Alarm, r.Fix, 0, 0))
		} else if r.Alarms != 0 {
			out = append(out, line(fleet.Alarm, r.Received, 0, 0))
		}
	}
	return out
}

func line(kind fleet.EventKind, at fleet.Time, id fleet.FenceID, judge uint32) string {
	return fmt.Sprint(at, " ", kind, " ", uint64(id), " v", judge)
}

// play runs a script through Step. After each report extra may give more, and
// the state may go through its encoding.
func play(t *testing.T, rng *rand.Rand, s script, extra func(i int) []*fleet.Report) (lines []string, ids []fleet.EventID) {
	return playTicks(t, rng, s, make([]fleet.Time, len(s.reports)), extra)
}

// playTicks is play with ticks behind some of the reports; a time of 0 is none.
func playTicks(t *testing.T, rng *rand.Rand, s script, ticks []fleet.Time, extra func(i int) []*fleet.Report) (lines []string, ids []fleet.EventID) {
	sets := map[fleet.OwnerID]*fence.Set{}
	var before plainWorld
	state := newState()
	world := -1
	var w *track.World
	for i, r := range s.reports {
		for world+1 < len(s.worlds) && s.worlds[world+1].from <= i {
			world++
			now := s.worlds[world]
			w = &track.World{Company: 1, Labels: now.labels}
			for owner := fleet.OwnerID(1); owner <= 4; owner++ {
				var removed []fleet.FenceID
				for _, f := range before.of(owner) {
					if n, there := now.fences[f.ID]; !there || n.Owner != owner {
						removed = append(removed, f.ID)
					}
				}
				var err error
				if sets[owner], err = sets[owner].Edit(now.of(owner), removed); err != nil {
					t.Fatal(err)
				}
			}
			for _, owner := range now.owners {
				w.Owners = append(w.Owners, track.Owner{ID: owner, Fences: sets[owner]})
			}
			before = now
		}
		step := func(in track.Input) {
			in.Seq = fleet.Seq(i + 1)
			for _, e := range track.Step(state, in, w) {
				lines = append(lines, line(e.Kind, e.Time, e.Fence, e.Judge))
				ids = append(ids, e.ID)
			}
		}
		for _, r := range append([]*fleet.Report{r}, extra(i)...) {
			step(track.Input{Report: r})
		}
		if ticks[i] != 0 {
			step(track.Input{Tick: fleet.Tick{At: ticks[i]}})
		}
		if rng.IntN(10) == 0 {
			b, _ := state.AppendBinary(nil)
			again, _, err := track.DecodeState(b)
			if err != nil {
				t.Fatal(err)
			}
			state = &again
		}
	}
	return lines, ids
}

func none(int) []*fleet.Report { return nil }

func TestStepEqualsNaiveOracle(t *testing.T) {
	rng := seeded(t)
	events := 0
	for range 60 {
		s := randomScript(rng, []int{5, 30, 120}[rng.IntN(3)])
		got, ids := play(t, rng, s, none)
		want := naive(t, s)
		events += len(want)
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("%d events, want %d: %s", len(got), len(want), firstDifference(got, want))
		}
		slices.SortFunc(ids, func(a, b fleet.EventID) int { return slices.Compare(a[:], b[:]) })
		if n := len(slices.Compact(slices.Clone(ids))); n != len(ids) {
			t.Fatalf("%d events share %d identities", len(ids), n)
		}
	}
	if events < 1000 {
		t.Errorf("only %d events: the worlds are too calm", events)
	}
}

func firstDifference(got, want []string) string {
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			return fmt.Sprintf("%q, want %q", got[i], want[i])
		}
	}
	return "one has more at the end"
}

// Copies of reports, sent at once or much later, add no event that is not
// there already, and take none away.
func TestStepIgnoresCopies(t *testing.T) {
	rng := seeded(t)
	for range 60 {
		s := randomScript(rng, 30)
		_, want := play(t, rng, s, none)
		_, got := play(t, rng, s, func(i int) (out []*fleet.Report) {
			for range rng.IntN(3) {
				r := *s.reports[max(0, i-rng.IntN(5))]
				r.Received += fleet.Minute
				out = append(out, &r)
			}
			return out
		})
		byID := func(a, b fleet.EventID) int { return slices.Compare(a[:], b[:]) }
		slices.SortFunc(want, byID)
		slices.SortFunc(got, byID)
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Fatalf("with copies %d events, without %d", len(got), len(want))
		}
	}
}

// The same inputs name the same events, in the same order.
func TestStepIsDeterministic(t *testing.T) {
	rng := seeded(t)
	s := randomScript(rng, 120)
	lines, ids := play(t, rng, s, none)
	again, idsAgain := play(t, rng, s, none)
	if !slices.Equal(lines, again) || slices.CompareFunc(ids, idsAgain, func(a, b fleet.EventID) int { return cmp.Compare(a.String(), b.String()) }) != 0 {
		t.Error("two runs differ")
	}
}
