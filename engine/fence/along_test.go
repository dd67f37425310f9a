package fence_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Every fence that holds a part of a way and neither end of it is found along
// the way, and in a town most of those are left out whose box the way meets.
func TestAlongFindsWhatAWayPassesThrough(t *testing.T) {
	rng := seeded(t)
	w := fenceworld.New(rng.Uint64(), 2)
	passed, found := 0, 0
	for _, fences := range []int{40, 1000} {
		list := w.Fences(1, fences)
		for range 20 {
			list = append(list, randomFence(rng, fleet.FenceID(len(list)+1)))
		}
		set := compiled(t, list)
		for range 3000 {
			a, b := someWay(rng, w)
			along := set.Along(a, b, nil)
			for i, h := range along {
				if slices.Contains(along[:i], h) {
					t.Fatalf("fence %d twice along %v to %v", h.ID, a, b)
				}
			}
			found += len(along)
			for f := range set.All() {
				if !f.Meets(around(a, b)) || f.Contains(a.Point()) || f.Contains(b.Point()) {
					continue
				}
				for k := range 41 {
					if !f.Contains(geo.Between(a.Point(), b.Point(), float64(k)/40)) {
						continue
					}
					passed++
					if !slices.ContainsFunc(along, func(h fence.Hit) bool { return h.ID == f.ID }) {
						t.Fatalf("of %d fences, %d is not found along %v to %v", fences, f.ID, a, b)
					}
					break
				}
			}
		}
	}
	if passed < 80 || found > 60*passed {
		t.Errorf("%d fences passed, %d found: that says little, or Along finds too much", passed, found)
	}
}

// around is a box about a way; about the whole map, if that goes over the date
// line.
func around(a, b fleet.Place) geo.Box {
	p, q := a.Point(), b.Point()
	if p[0]-q[0] > 180 || q[0]-p[0] > 180 {
		return geo.Box{Min: geo.Point{-180, -90}, Max: geo.Point{180, 90}}
	}
	return geo.Box{Min: geo.Point{min(p[0], q[0]), min(p[1], q[1])}, Max: geo.Point{max(p[0], q[0]), max(p[1], q[1])}}
}

// someWay draws two places of a town, up to some kilometres apart, or around
// the date line.
func someWay(rng *rand.Rand, w *fenceworld.World) (a, b fleet.Place) {
	c := w.City(rng.IntN(2))
	p := geo.Point{c[0] + 0.05*rng.NormFloat64(), c[1] + 0.05*rng.NormFloat64()}
	if rng.IntN(20) == 0 {
		p = somewhere(rng)
	}
	d := 0.02 * rng.Float64() * rng.Float64()
	q := geo.Point{turn(p[0] + d*(2*rng.Float64()-1)), p[1] + d*(2*rng.Float64()-1)}
	return place(p), place(q)
}
