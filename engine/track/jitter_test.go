package track_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

// drift is how the fixes of a receiver at rest wander: by sigma metres on
// either axis, forgotten after tau seconds (Ornstein-Uhlenbeck).
type drift struct {
	rng             *rand.Rand
	x, y            float64
	sigma, tau, gap float64 // gap: seconds between fixes
}

func newDrift(rng *rand.Rand, sigma float64) *drift {
	return &drift{rng: rng, x: sigma * rng.NormFloat64(), y: sigma * rng.NormFloat64(), sigma: sigma, tau: 60, gap: 5}
}

func (d *drift) next() (x, y float64) {
	keep := math.Exp(-d.gap / d.tau)
	fresh := d.sigma * math.Sqrt(1-keep*keep)
	d.x = float64(keep*d.x) + float64(fresh*d.rng.NormFloat64())
	d.y = float64(keep*d.y) + float64(fresh*d.rng.NormFloat64())
	return d.x, d.y
}

// parkedAt is a fix of a device at rest, so many metres east of the edge and
// north; what it says of its motion depends on the tracker.
func parkedAt(second int, east, north float64, says string) *fleet.Report {
	r := at(second, 11+east/111_319.49, north/110_574)
	switch says {
	case "ignition":
		r.SetIgnition(false)
		r.SetSpeed(1)
	case "speed":
		r.SetSpeed(0)
	}
	return r
}

// A device parked at a fence's edge for 24 hours, a fix every 5 seconds,
// gives one event at most (its first fix may lie outside); and whoever then steals it is found out.
func TestJitterAtAnEdge(t *testing.T) {
	const day, stories = 24 * 3600, 6
	const seed = 20261121
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 1))
	for _, sigma := range []float64{8, 12} {
		for _, says := range []string{"ignition", "speed", "nothing"} {
			t.Run(fmt.Sprintf("sigma %v m, says %s", sigma, says), func(t *testing.T) {
				w := presetWorld(t, fleet.Balanced, nil)
				w.Filter.Motion = true
				noisy := 0
				var delays []int
				for range stories {
					s, d := newState(), newDrift(rng, sigma)
					events, second := 0, 0
					step := func(r *fleet.Report) []fleet.Event { return track.Step(s, track.Input{Report: r}, w) }
					for ; second < day; second += 5 {
						x, y := d.next()
						events += len(step(parkedAt(second, x, y, says)))
					}
					if events > 1 {
						noisy++
					}
					// Seen inside once more, and then driven or towed away.
					step(parkedAt(second, -20, 0, says))
					if len(s.Inside()) != 1 {
						t.Fatal("it is not inside")
					}
					delays = append(delays, stolen(t, rng, second, says, d, step))
				}
				if noisy > 0 {
					t.Errorf("%d of %d days at the edge had more than one event", noisy, stories)
				}
				slices.Sort(delays)
				t.Logf("%d thefts, all caught: from the edge to the alert %d s in the middle, %d s at most",
					stories, delays[len(delays)/2], delays[len(delays)-1])
			})
		}
	}
}

// stolen takes the device east at 10 to 60 km/h and gives the seconds from its
// crossing of the edge to the event's arrival.
func stolen(t *testing.T, rng *rand.Rand, second int, says string, d *drift, step func(*fleet.Report) []fleet.Event) int {
	t.Helper()
	speed := (10 + 50*rng.Float64()) / 3.6
	began := second
	for second += 5; second < began+600; second += 5 {
		x, y := d.next()
		r := parkedAt(second, x+speed*float64(second-began), y, says)
		if says == "speed" {
			r.SetSpeed(speed * 3.6)
		}
		for _, e := range step(r) {
			if e.Kind != fleet.Exit {
				t.Errorf("the theft gave an event of kind %v", e.Kind)
				continue
			}
			if late := int((e.Time - start) / fleet.Second); late < began || late > second {
				t.Errorf("the event bears second %d, the theft ran from %d to %d", late, began, second)
			}
			return second - began
		}
	}
	t.Error("the theft went unseen")
	return 0
}
