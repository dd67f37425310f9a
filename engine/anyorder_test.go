package engine_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestAnyOrderComesToTheSame: whatever order reports arrive in, late by up to
// many minutes and more than once, over edits, moves, stops and crashes: in
// the end the record is that of an engine that heard everything in order.
func TestAnyOrderComesToTheSame(t *testing.T) {
	all := 0
	for range 3 {
		seed := random(t)
		d := newDay(seed, 8, 400)
		want := d.inOrder(t)
		got := d.shuffled(t, seed)
		if all += len(want); !slices.Equal(got, want) {
			t.Fatalf("%d events, want %d:%s", len(got), len(want), diff(got, want))
		}
	}
	if all < 100 { // one day alone may have moved its fences out of the way
		t.Errorf("%d events in three days: that says little", all)
	}
}

// A day is what happens: devices drive, fences and owners change.
type day struct {
	devices, seconds int
	world            fleet.ChangeSet
	reports          [][]fleet.Report // by second
	edits            map[int][]fleet.ChangeSet
}

func newDay(rng *rand.Rand, devices, seconds int) *day {
	d := &day{devices: devices, seconds: seconds, world: fleetOf(devices), edits: map[int][]fleet.ChangeSet{}}
	other := customer + 1
	d.world.Customers = append(d.world.Customers,
		fleet.Customer{ID: other, Company: company, Name: "Other", Code: "O", Lang: fleet.English, Timezone: "UTC"})
	presets := []fleet.Preset{fleet.Instant, fleet.Balanced, fleet.Strict}
	fences := make([]fleet.Fence, 4)
	for n := range fences {
		f := fenceAt(n, 0.012*float64(n%3), 0.004*float64(n))
		f.Preset = presets[rng.IntN(len(presets))]
		if n%2 == 1 {
			f.Owner = fleet.Owner(other)
		}
		fences[n], f.Version = f, uint64(1)
	}
	d.world.Fences = slices.Clone(fences)
	versions := map[int]uint64{}
	for range 6 {
		at := 20 + rng.IntN(seconds-40)
		n := rng.IntN(len(fences))
		d.edits[at] = append(d.edits[at], fleet.ChangeSet{Fences: []fleet.Fence{fenceAt(n, 0.03*rng.Float64(), 0.01*rng.Float64())}})
	}
	for range 4 {
		at := 20 + rng.IntN(seconds-40)
		truck := device(rng.IntN(devices))
		if rng.IntN(2) == 0 {
			truck.Customer = other
		}
		d.edits[at] = append(d.edits[at], fleet.ChangeSet{Devices: []fleet.Device{truck}})
	}
	for at := range seconds { // versions in the order in which they are made
		for i := range d.edits[at] {
			set := &d.edits[at][i]
			for j := range set.Fences {
				n := int(set.Fences[j].ID - fenceAt(0, 0, 0).ID)
				versions[n]++
				f := fences[n]
				f.Shape, f.Version = set.Fences[j].Shape, versions[n]
				set.Fences[j] = f
			}
			for j := range set.Devices {
				n := 1000 + int(set.Devices[j].ID-deviceID(0))
				versions[n]++
				set.Devices[j].Version = versions[n]
			}
		}
		d.reports = append(d.reports, drive(nil, devices, at, at+1))
	}
	return d
}

// edit makes the changes of a second.
func (d *day) edit(t *testing.T, r *rig, at int) {
	for _, set := range d.edits[at] {
		r.apply(t, set)
	}
}

// end lets everything run out.
func (d *day) end(t *testing.T, r *rig, b *beats) []string {
	b.to(began + fleet.Time(2*d.seconds)*fleet.Second)
	for range 240 {
		b.tick(t, r)
	}
	b.calm(t, r)
	events := allEvents(t, r.facts)
	r.stop(t)
	return kinds(events)
}

func (d *day) inOrder(t *testing.T) []string {
	b := newBeats(began)
	r := start(t, t.TempDir(), b.options)
	r.apply(t, d.world)
	for at := range d.seconds {
		b.to(began + fleet.Time(at)*fleet.Second)
		d.edit(t, r, at)
		r.accept(t, copyOf(d.reports[at])...)
		b.tick(t, r)
	}
	return d.end(t, r, b)
}

// shuffled sends every report at any second after its own, some twice.
func (d *day) shuffled(t *testing.T, rng *rand.Rand) []string {
	arrivals := make([][]fleet.Report, d.seconds)
	for at, reports := range d.reports {
		for _, r := range reports {
			for range 1 + rng.IntN(10)/9 {
				s := at
				switch rng.IntN(5) {
				case 0:
					s += rng.IntN(4)
				case 1:
					s += rng.IntN(200)
				}
				s = min(s, d.seconds-1)
				arrivals[s] = append(arrivals[s], arrived(r, s))
			}
		}
	}
	b := newBeats(began)
	r := start(t, t.TempDir(), b.options)
	r.apply(t, d.world)
	for at, reports := range arrivals {
		b.to(began + fleet.Time(at)*fleet.Second)
		d.edit(t, r, at)
		rng.Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
		if len(reports) > 0 {
			r.accept(t, reports...)
		}
		b.tick(t, r)
		if rng.IntN(80) == 0 {
			dir := r.dir
			if rng.IntN(2) == 0 {
				dir = r.crashed(t)
			}
			r.stop(t)
			r = start(t, dir, b.options)
		}
	}
	return d.end(t, r, b)
}
