package fence_test

import (
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// The rows of the table of figures beside the first two, which are Beside's.
// Each reports a ratio to something measured in the same rounds.
//
//	go test ./engine/fence -run '^$' -bench Row -benchtime 1x

// floor only reads each fix and touches the device's line.
type floor struct{ lines []line }

func (f *floor) told() tally { return tally{} }

func (f *floor) round(fixes []fenceworld.Fix) {
	for i := range fixes {
		f.lines[fixes[i].Device].n += uint16(fixes[i].Place.Lat)
	}
}

// BenchmarkRowMillionDevices runs two lookups, each with half of 1,000,000
// devices, on two threads at once, and then two floors.
func BenchmarkRowMillionDevices(b *testing.B) {
	const devices, cores = 1_000_000, 2
	w := fenceworld.New(42, 1000)
	set := compiled(b, w.Fences(1, 100_000))
	var ours, floors []machine
	var drives []*fenceworld.Drive
	for range cores {
		ours, floors = append(ours, newLookup(set, devices/cores)), append(floors, &floor{make([]line, devices/cores)})
		drives = append(drives, w.Drive(devices/cores))
	}
	together := func(machines []machine, fixes [][]fenceworld.Fix) float64 {
		var wg sync.WaitGroup
		start := time.Now()
		for k, m := range machines {
			wg.Go(func() { m.round(fixes[k]) })
		}
		wg.Wait()
		return float64(time.Since(start).Nanoseconds()) / devices
	}
	for b.Loop() {
		var looked, touched []float64
		fixes := make([][]fenceworld.Fix, cores)
		for round := range warm + 7 {
			for k := range drives {
				fixes[k] = drives[k].Round(round, fixes[k])
			}
			l, f := together(ours, fixes), together(floors, fixes)
			if round >= warm {
				looked, touched = append(looked, l), append(touched, f)
			}
		}
		slices.Sort(looked)
		slices.Sort(touched)
		b.ReportMetric(looked[3], "ns/fix")
		b.ReportMetric(touched[3], "floor-ns/fix")
		b.ReportMetric(looked[3]/touched[3], "floors")
	}
	b.ReportMetric(0, "ns/op")
}

// owners is a lookup in which each device asks the set of its own customer.
type owners struct {
	lookup
	sets []*fence.Set
}

func (o *owners) round(fixes []fenceworld.Fix) {
	for i := range fixes {
		f := &fixes[i]
		if !o.lines[f.Device].safe.Holds(f.Place) {
			o.set = o.sets[int(f.Device)%len(o.sets)]
			o.fix(f, nil)
		}
	}
}

// BenchmarkRowManyOwners has 10,000 customers with 20 fences each in one city,
// one of them as wide as the city, beside the one owner of the first row.
func BenchmarkRowManyOwners(b *testing.B) {
	const customers, each, devices = 10_000, 20, 100_000
	w := fenceworld.New(42, 1000)
	first := newLookup(compiled(b, w.Fences(1, 100_000)), devices)
	drive := w.Drive(devices)
	many := &owners{lookup: *newLookup(nil, devices)}
	for k := range customers {
		fences := w.FencesIn(0, fleet.FenceID(1+k*each), each-1)
		fences = append(fences, w.Fence(fleet.FenceID((k+1)*each), w.City(0), 12_000))
		many.sets = append(many.sets, compiled(b, fences))
	}
	in := w.DriveIn(0, devices)
	for b.Loop() {
		compare(b, drive, in, first, many)
	}
}

// BenchmarkRowCountries adds fences as large as countries to the first row's.
func BenchmarkRowCountries(b *testing.B) {
	const devices = 100_000
	w := fenceworld.New(42, 1000)
	fences := w.Fences(1, 100_000)
	drive := w.Drive(devices)
	wide := slices.Clone(fences)
	rng := rand.New(rand.NewPCG(42, 7))
	for k := range 200 {
		wide = append(wide, country(rng, fleet.FenceID(200_000+k)))
	}
	first, with := newLookup(compiled(b, fences), devices), newLookup(compiled(b, wide), devices)
	for b.Loop() {
		compare(b, drive, drive, first, with)
	}
}

// country is a winding ring of 2,000 corners, 200 to 700 km from its middle.
func country(rng *rand.Rand, id fleet.FenceID) fleet.Fence {
	at := geo.Point{rng.Float64()*340 - 170, rng.Float64()*90 - 45}
	var ring geo.Ring
	size := 2 + 3*rng.Float64()
	for k := range 2000 {
		angle := 2 * math.Pi * float64(k) / 2000
		r := size * (1 + 0.2*math.Sin(7*angle) + 0.02*rng.Float64())
		ring = append(ring, geo.Point{max(-179.9, min(179.9, at[0]+r*math.Cos(angle))), at[1] + r*math.Sin(angle)})
	}
	return fleet.Fence{
		ID: id, Judge: 1, Inside: true, Outside: true, Targets: fleet.Targets{All: true},
		Shape: geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{append(ring, ring[0])}}},
	}
}

// compare reports the second machine's cost beside the first's, each over a
// drive of its own, in turns.
func compare(b *testing.B, one, other *fenceworld.Drive, first, second machine) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	times := [2][]float64{}
	var a, c []fenceworld.Fix
	for round := range warm + 9 {
		a = one.Round(round, a)
		if c = a; other != one {
			c = other.Round(round, nil)
		}
		for k, m := range [...]machine{first, second} {
			fixes := [...][]fenceworld.Fix{a, c}[k]
			start := spent()
			m.round(fixes)
			if round >= warm {
				times[k] = append(times[k], float64((spent()-start).Nanoseconds())/float64(len(fixes)))
			}
		}
	}
	slices.Sort(times[0])
	slices.Sort(times[1])
	b.ReportMetric(times[0][4], "first-ns/fix")
	b.ReportMetric(times[1][4], "ns/fix")
	b.ReportMetric(times[1][4]/times[0][4], "times-first")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkRowMillionFences has one owner with 1,000,000 fences: how soon it is
// ready, what 1,000,000 devices make of its memory, how long a first look into
// a square takes, and the cost of a fix beside the first row's.
func BenchmarkRowMillionFences(b *testing.B) {
	const fences, devices = 1_000_000, 100_000
	w := fenceworld.New(42, 1000)
	first := newLookup(compiled(b, w.Fences(1, 100_000)), devices)
	drive := w.Drive(devices)
	great := fenceworld.New(42, fences/100)
	list := great.Fences(1, fences)
	for b.Loop() {
		before := heap()
		start := time.Now()
		set := compiled(b, list)
		b.ReportMetric(time.Since(start).Seconds(), "ready-s")
		var took []time.Duration
		var all []fenceworld.Fix
		for _, f := range great.Drive(1_000_000).Round(0, all) {
			safe, start := fence.Everywhere(), time.Now()
			set.Locate(f.Place, f.Place, nil, nil, &safe)
			took = append(took, time.Since(start))
		}
		b.ReportMetric(float64(heap()-before)/fences, "B/fence")
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "first-p99-µs")
		compare(b, drive, great.Drive(devices), first, newLookup(set, devices))
		runtime.KeepAlive(set)
	}
}

func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// BenchmarkRowEdits edits one fence of 100,000 after the other, and 100 a
// second beside a reader.
func BenchmarkRowEdits(b *testing.B) {
	const devices = 100_000
	w := fenceworld.New(42, 1000)
	fences := w.Fences(1, 100_000)
	set := compiled(b, fences)
	l := newLookup(set, devices)
	drive := w.Drive(devices)
	var fixes []fenceworld.Fix
	for round := range warm {
		fixes = drive.Round(round, fixes)
		l.round(fixes)
	}
	rng := rand.New(rand.NewPCG(42, 9))
	edit := func() time.Duration {
		k := rng.IntN(len(fences))
		next := w.Fence(fences[k].ID, fences[k].Shape.Centre, 200)
		next.Shape = geo.Shape{Kind: geo.Circle, Centre: middle(&fences[k]), Radius: 50 + 400*rng.Float64()}
		start := time.Now()
		l.set, _ = l.set.Edit([]fleet.Fence{next}, nil)
		return time.Since(start)
	}
	for b.Loop() {
		var took []time.Duration
		for range 1000 {
			took = append(took, edit())
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[500].Microseconds()), "edit-p50-µs")
		b.ReportMetric(float64(took[990].Microseconds()), "edit-p99-µs")
		// Rounds with and without edits in turn; a round is a share of a second.
		var with, without []float64
		for round := range 18 {
			fixes = drive.Round(warm+round, fixes)
			start := spent()
			if round%2 == 0 {
				for k := range 100 {
					edit()
					l.round(fixes[k*len(fixes)/100 : (k+1)*len(fixes)/100])
				}
				with = append(with, float64((spent() - start).Nanoseconds()))
			} else {
				l.round(fixes)
				without = append(without, float64((spent() - start).Nanoseconds()))
			}
		}
		slices.Sort(with)
		slices.Sort(without)
		// 100 edits in one round of 100,000 fixes: what they add to a second.
		b.ReportMetric((with[4]-without[4])/1e9*100, "%-of-a-second")
	}
	b.ReportMetric(0, "ns/op")
}

func middle(f *fleet.Fence) geo.Point {
	if f.Shape.Kind == geo.Circle {
		return f.Shape.Centre
	}
	return f.Shape.Area[0][0][0]
}
