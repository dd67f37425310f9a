package track_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/geo"
)

// go test ./engine/track -run '^$' -bench . -benchmem
//
// Devices drive about cities of a hundred fences, most of them 50 m to 1 km in
// size. ns/op is the time of one fix, from report to state.
func BenchmarkStep(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprintf("fences=%d", n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(42, 1))
			cities := make([]geo.Point, max(1, n/100))
			for i := range cities {
				cities[i] = geo.Point{rng.Float64()*300 - 150, rng.Float64()*100 - 50}
			}
			near := func() geo.Point {
				c := cities[rng.IntN(len(cities))]
				return geo.Point{c[0] + rng.NormFloat64()*0.08, c[1] + rng.NormFloat64()*0.08}
			}
			fences := make([]fleet.Fence, n)
			for i := range fences {
				f := fleet.Fence{ID: fleet.FenceID(i + 1), Judge: 1, Inside: true, Outside: true, Targets: fleet.Targets{All: true}}
				f.Shape = blob(rng, near(), min(6000, 180*math.Exp(rng.NormFloat64())))
				fences[i] = f
			}
			set, err := fence.Compile(fences)
			if err != nil {
				b.Fatal(err)
			}
			w := &track.World{Company: company, Owners: []track.Owner{{ID: customer, Fences: set}, {ID: fleet.OwnerID(company)}}}
			w.Filter.Motion = true
			const devices = 10_000
			states := make([]track.State, devices)
			at := make([]geo.Point, devices)
			for i := range states {
				states[i].Device, at[i] = fleet.DeviceID(i+1), near()
			}
			r := fleet.Report{Has: fleet.FixValid, Fix: start}
			events, i := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				k := i % devices
				if k == 0 {
					r.Fix += fleet.Second
				}
				// 15 m a second, on a course of its own.
				at[k][0] += 0.00013 * float64(k%7-3) / 3
				at[k][1] += 0.00013 * float64(k%5-2) / 2
				r.Device, r.Received = states[k].Device, r.Fix
				r.SetPlace(at[k][1], at[k][0])
				r.SetSpeed(54)
				events += len(track.Step(&states[k], track.Input{Report: &r}, w))
				i++
			}
			b.ReportMetric(float64(events)/float64(i), "events/fix")
		})
	}
}

// BenchmarkRowStep holds Step, with its filters, against the bare lookup of the
// fences at the same fixes: both remember a safe rectangle a device. The fences
// judge all that they judge elsewhere, but by their clock it is never time for
// an event ("silent", the row); beside it stands the same with events.
//
//	go test ./engine/track -run '^$' -bench RowStep -benchtime 1x
func BenchmarkRowStep(b *testing.B) {
	const devices = 100_000
	fw := fenceworld.New(42, 1000)
	fences := fw.Fences(1, devices)
	others := fw.Drive(devices)
	with := newStepper(b, fences, devices)
	b.Run("events", func(b *testing.B) {
		drive := fw.Drive(devices)
		known(with.set, others, devices)
		race(b, drive, newLooker(with.set, devices), with)
	})
	with = nil
	for i := range fences {
		fences[i].Schedule = &fleet.Schedule{} // no interval: never
	}
	without := newStepper(b, fences, devices)
	b.Run("silent", func(b *testing.B) {
		drive := fw.Drive(devices)
		known(without.set, others, devices)
		if race(b, drive, newLooker(without.set, devices), without); without.told != 0 {
			b.Errorf("%d events", without.told)
		}
	})
}

// known lets others drive through a world first, so that its squares are known,
// as in the rows of the bare lookup.
func known(set *fence.Set, others *fenceworld.Drive, devices int) {
	first := newLooker(set, devices)
	var fixes []fenceworld.Fix
	for round := range 120 {
		fixes = others.Round(round, fixes)
		first.round(fixes)
	}
}

// race hands rounds of fixes to both in turn. The first rounds are not timed:
// squares are new to the devices then.
func race(b *testing.B, drive *fenceworld.Drive, bare *looker, full *stepper) {
	const warm, rounds = 24, 9
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var fixes []fenceworld.Fix
	var took [2][]float64
	for round := range warm + rounds {
		fixes = drive.Round(round, fixes)
		for k := range took {
			n := (k + round) % len(took)
			begin := cpu(b)
			if n == 0 {
				bare.round(fixes)
			} else {
				full.round(fixes)
			}
			if round >= warm {
				took[n] = append(took[n], float64(cpu(b)-begin)/float64(len(fixes)))
			}
		}
	}
	for n := range took {
		slices.Sort(took[n])
	}
	lookup, step := took[0][rounds/2], took[1][rounds/2]
	b.ReportMetric(lookup, "lookup-ns/fix")
	b.ReportMetric(step, "step-ns/fix")
	b.ReportMetric(step/lookup, "lookups")
	b.ReportMetric(float64(full.told)/float64(len(fixes)*(warm+rounds)), "events/fix")
	b.ReportMetric(0, "ns/op")
}

// looker is what is left of Step if one only asks for the fences.
type looker struct {
	set   *fence.Set
	lines []struct {
		safe fence.Safe
		at   fleet.Place
	}
	dst     []fence.Hit
	hits    int
	glances [64]fence.Glance // as a shard takes them
	read    int64
}

func newLooker(set *fence.Set, devices int) *looker {
	l := &looker{set: set, dst: make([]fence.Hit, 0, 64)}
	l.lines = append(l.lines, make([]struct {
		safe fence.Safe
		at   fleet.Place
	}, devices)...)
	return l
}

func (l *looker) round(fixes []fenceworld.Fix) {
	for batch := range slices.Chunk(fixes, len(l.glances)) {
		n := 0
		for i := range batch {
			l.read += int64(l.lines[batch[i].Device].at.Lat)
		}
		for i := range batch {
			f := &batch[i]
			if line := &l.lines[f.Device]; !line.safe.Holds(f.Place) {
				l.glances[n].Begin(l.set, f.Place, line.at)
				n++
			}
		}
		l.read += fence.Ahead(l.glances[:n])
		n = 0
		for i := range batch {
			f := &batch[i]
			if line := &l.lines[f.Device]; !line.safe.Holds(f.Place) {
				line.safe = fence.Everywhere()
				l.dst = l.set.Locate(f.Place, line.at, &l.glances[n], l.dst[:0], &line.safe)
				line.at, l.hits = f.Place, l.hits+len(l.dst)
				n++
			}
		}
	}
}

// stepper steps states as a shard does.
type stepper struct {
	set     *fence.Set
	world   *track.World
	slots   []slot
	report  fleet.Report
	told    int
	glances [64]fence.Glance
	read    int64
}

// slot is a state with room for what its shard keeps beside it, so that each
// begins a line of memory of its own.
type slot struct {
	track.State
	_ [24]byte
}

func newStepper(b *testing.B, fences []fleet.Fence, devices int) *stepper {
	set, err := fence.Compile(fences)
	if err != nil {
		b.Fatal(err)
	}
	s := &stepper{set: set, slots: make([]slot, devices), report: fleet.Report{Has: fleet.HasPlace | fleet.FixValid}}
	s.world = &track.World{Company: company, Owners: []track.Owner{{ID: customer, Fences: set}, {ID: fleet.OwnerID(company)}}}
	s.world.Filter.Motion = true
	s.world.Seal()
	for i := range s.slots {
		s.slots[i].Device = fleet.DeviceID(i + 1)
	}
	return s
}

func (s *stepper) round(fixes []fenceworld.Fix) {
	r := &s.report
	for batch := range slices.Chunk(fixes, len(s.glances)) {
		n := 0
		for i := range batch {
			s.read += s.slots[batch[i].Device].Touch()
		}
		for i := range batch {
			f := &batch[i]
			state := &s.slots[f.Device].State
			if !state.Calm(f.Place) {
				s.read += state.TouchRest()
				state.Glance(&s.glances[n], f.Place, s.world)
				n++
			}
		}
		s.read += fence.Ahead(s.glances[:n])
		n = 0
		for i := range batch {
			f := &batch[i]
			state := &s.slots[f.Device].State
			in := track.Input{Report: r}
			if !state.Calm(f.Place) {
				in.Ahead = &s.glances[n]
				n++
			}
			r.Device, r.Fix, r.Received, r.Place = fleet.DeviceID(f.Device+1), start+f.Time, start+f.Time, f.Place
			s.told += len(track.Step(state, in, s.world))
		}
	}
}

// cpu is what the goroutine's thread has used of a core, in nanoseconds: what
// else the machine does is not in it.
func cpu(b *testing.B) int64 {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		b.Skip("no clock of one thread:", err)
	}
	return t.Nano()
}

// blob is a circle, or twice as often a polygon.
func blob(rng *rand.Rand, c geo.Point, metres float64) geo.Shape {
	if rng.IntN(3) == 0 {
		return geo.Shape{Kind: geo.Circle, Centre: c, Radius: metres}
	}
	var ring geo.Ring
	corners := 6 + rng.IntN(42)
	for k := range corners {
		a := 2 * math.Pi * float64(k) / float64(corners)
		r := metres / 111_000 * (0.8 + 0.2*rng.Float64())
		ring = append(ring, geo.Point{c[0] + r*math.Cos(a), c[1] + r*math.Sin(a)})
	}
	return geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{append(ring, ring[0])}}}
}

func BenchmarkNormalise(b *testing.B) {
	r := at(0, 10, 10)
	b.ReportAllocs()
	for b.Loop() {
		track.Normalise(r, 0)
	}
}

func BenchmarkStateEncoding(b *testing.B) {
	s := full(b)
	buf := make([]byte, 0, 1024)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = s.AppendBinary(buf[:0])
	}
	b.ReportMetric(float64(len(buf)), "B/state")
}

// A day's fixes of one device, one a second, run over once more: ns/op is the
// time of one fix.
func BenchmarkRerun(b *testing.B) {
	w := &track.World{Company: company, Owners: []track.Owner{{ID: customer}}}
	w.Filter.Motion = true
	rng := rand.New(rand.NewPCG(42, 1))
	var fences []fleet.Fence
	for i := range 100 {
		f := fleet.Fence{ID: fleet.FenceID(i + 1), Judge: 1, Inside: true, Outside: true, Targets: fleet.Targets{All: true}, Preset: fleet.Balanced}
		f.Shape = blob(rng, geo.Point{10 + rng.NormFloat64()*0.08, 10 + rng.NormFloat64()*0.08}, 200)
		fences = append(fences, f)
	}
	var err error
	if w.Owners[0].Fences, err = fence.Compile(fences); err != nil {
		b.Fatal(err)
	}
	const fixes = 86_400
	reports := make([]fleet.Report, fixes)
	for i := range reports {
		a := 2 * math.Pi * float64(i) / 3600
		reports[i] = *at(i, 10+0.08*math.Cos(a), 10+0.06*math.Sin(2*a))
		reports[i].SetSpeed(50)
	}
	past := []track.Past{{World: w}}
	run := track.NewRerun(track.State{Device: device}, past)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if i == fixes {
			run, i = track.NewRerun(track.State{Device: device}, past), 0
		}
		run.Add(&reports[i])
		i++
	}
	b.ReportMetric(float64(len(run.Finish(fleet.Tick{}).Events))/float64(max(i, 1)), "events/fix")
}
