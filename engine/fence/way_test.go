package fence_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// Where a way leaves a safe rectangle, and where it comes into one, is where
// the rectangle ceases to hold its places, and where it begins to.
func TestWayLeavesAndEntersASafeRectangle(t *testing.T) {
	rng := rand.New(rand.NewPCG(42, 9))
	var fences []fleet.Fence
	for i := range 40 {
		fences = append(fences, fleet.Fence{ID: fleet.FenceID(i + 1), Judge: 1, Targets: fleet.Targets{All: true}, Shape: geo.Shape{
			Kind: geo.Circle, Radius: 100 + 400*rng.Float64(), Centre: geo.Point{10 + 0.05*rng.Float64(), 50 + 0.05*rng.Float64()},
		}})
	}
	set, err := fence.Compile(fences)
	if err != nil {
		t.Fatal(err)
	}
	place := func() fleet.Place {
		p, _ := fleet.MakePlace(50+0.05*rng.Float64(), 10+0.05*rng.Float64())
		return p
	}
	part := func(a, b fleet.Place, of float64) fleet.Place {
		return fleet.Place{
			Lat: a.Lat + int32(math.Round(of*float64(b.Lat-a.Lat))),
			Lon: a.Lon + int32(math.Round(of*float64(b.Lon-a.Lon))),
		}
	}
	left := 0
	for range 2000 {
		a, b := place(), place()
		safe := fence.Everywhere()
		set.Locate(a, a, nil, nil, &safe)
		if !safe.Holds(a) {
			continue
		}
		out, in := safe.Leaves(a, b), safe.Enters(b, a)
		if math.Abs(out+in-1) > 1e-12 {
			t.Fatalf("left after %v, entered on the way back after %v", out, in)
		}
		if safe.Holds(b) {
			if out != 1 || in != 0 {
				t.Fatalf("it holds all of the way, but is left after %v and entered after %v", out, in)
			}
			continue
		}
		left++
		const little = 1e-4 // some units of Place, for parts of the way are rounded to one
		if out > little && !safe.Holds(part(a, b, out-little)) || safe.Holds(part(a, b, out+little)) {
			t.Fatalf("from %v to %v it is not left after %v", a, b, out)
		}
	}
	if left < 500 {
		t.Errorf("only %d ways left their rectangle", left)
	}
}
