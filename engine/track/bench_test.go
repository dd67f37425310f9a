package track_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

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
// fences at the same fixes: both remember a safe rectangle a device.
//
//	go test ./engine/track -run '^$' -bench RowStep -benchtime 1x
func BenchmarkRowStep(b *testing.B) {
	const devices, warm, rounds = 100_000, 24, 9
	fw := fenceworld.New(42, 1000)
	set, err := fence.Compile(fw.Fences(1, 100_000))
	if err != nil {
		b.Fatal(err)
	}
	w := &track.World{Company: company, Owners: []track.Owner{{ID: customer, Fences: set}, {ID: fleet.OwnerID(company)}}}
	w.Filter.Motion = true
	drive := fw.Drive(devices)
	states := make([]track.State, devices)
	lines := make([]struct {
		safe fence.Safe
		at   fleet.Place
	}, devices)
	for i := range states {
		states[i].Device = fleet.DeviceID(i + 1)
	}
	dst, hits, told, read := make([]fence.Hit, 0, 64), 0, 0, 0.0
	var glances [64]fence.Glance // as a shard takes them
	var fixes []fenceworld.Fix
	r := fleet.Report{Has: fleet.FixValid}
	for b.Loop() {
		var bare, full []float64
		for round := range warm + rounds {
			fixes = drive.Round(round, fixes)
			begin := time.Now()
			for batch := range slices.Chunk(fixes, len(glances)) {
				n := 0
				for i := range batch {
					if f := &batch[i]; !lines[f.Device].safe.Holds(f.Place) {
						glances[n] = set.Glance(f.Place)
						n++
					}
				}
				read += ahead(glances[:n])
				for i := range batch {
					f := &batch[i]
					if line := &lines[f.Device]; !line.safe.Holds(f.Place) {
						line.safe = fence.Everywhere()
						dst = set.Locate(f.Place, line.at, dst[:0], &line.safe)
						line.at, hits = f.Place, hits+len(dst)
					}
				}
			}
			middle := time.Now()
			for batch := range slices.Chunk(fixes, len(glances)) {
				n := 0
				for i := range batch {
					f := &batch[i]
					read += float64(states[f.Device].Touch())
					if !states[f.Device].Calm(f.Place) {
						glances[n] = set.Glance(f.Place)
						n++
					}
				}
				read += ahead(glances[:n])
				for i := range batch {
					f := &batch[i]
					r.Device, r.Fix = fleet.DeviceID(f.Device+1), start+f.Time
					at := f.Place.Point()
					r.SetPlace(at[1], at[0])
					r.Received = r.Fix
					told += len(track.Step(&states[f.Device], track.Input{Report: &r}, w))
				}
			}
			if round >= warm {
				bare = append(bare, float64(middle.Sub(begin).Nanoseconds())/devices)
				full = append(full, float64(time.Since(middle).Nanoseconds())/devices)
			}
		}
		slices.Sort(bare)
		slices.Sort(full)
		b.ReportMetric(bare[rounds/2], "lookup-ns/fix")
		b.ReportMetric(full[rounds/2], "step-ns/fix")
		b.ReportMetric(full[rounds/2]/bare[rounds/2], "lookups")
	}
	b.ReportMetric(float64(told)/float64(devices*(warm+rounds)), "events/fix")
	b.ReportMetric(0, "ns/op")
}

func ahead(glances []fence.Glance) (read float64) {
	for step := range fence.Steps {
		for i := range glances {
			glances[i].Next(step)
		}
	}
	for i := range glances {
		read += glances[i].Read()
	}
	return read
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
