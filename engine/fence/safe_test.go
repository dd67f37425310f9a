package fence_test

import (
	"math"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
)

func idsAt(set *fence.Set, p fleet.Place) (out []fleet.FenceID) {
	for _, f := range set.At(p.Point(), nil) {
		out = append(out, f.ID)
	}
	slices.Sort(out)
	return out
}

// Wherever a safe rectangle holds a place, the answer there is the one it was
// made for.
func TestSafeMeansNoChange(t *testing.T) {
	rng := seeded(t)
	held, changed := 0, 0
	for _, size := range []int{1, 20, 64, 65, 300} {
		fences := make([]fleet.Fence, size)
		for i := range fences {
			fences[i] = randomFence(rng, fleet.FenceID(i+1))
		}
		set, err := fence.Compile(fences)
		if err != nil {
			t.Fatal(err)
		}
		for range 300 {
			p := somewhere(rng)
			at, _ := fleet.MakePlace(p[1], p[0])
			want := idsAt(set, at)
			safe := fence.Everywhere()
			var got []fleet.FenceID
			for _, f := range set.Locate(at, nil, &safe) {
				got = append(got, f.ID)
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Fatalf("%d fences: Locate says %v of %v, At %v", size, got, at, want)
			}
			for range 40 {
				step := math.Pow(10, -7+7*rng.Float64())
				near, _ := fleet.MakePlace(p[1]+step*rng.NormFloat64(), turn(p[0]+step*rng.NormFloat64()))
				same := slices.Equal(idsAt(set, near), want)
				if safe.Holds(near) {
					held++
					if !same {
						t.Fatalf("%d fences: %v in the safe rectangle %+v about %v is in %v, not %v",
							size, near, safe, at, idsAt(set, near), want)
					}
				}
				if !same {
					changed++
				}
			}
		}
	}
	if held < 500 || changed < 500 {
		t.Errorf("%d places were safe and %d had another answer: that says little", held, changed)
	}
}

func TestSafeOfNothing(t *testing.T) {
	safe := fence.Everywhere()
	(*fence.Set)(nil).Locate(fleet.Place{}, nil, &safe)
	if !safe.Holds(fleet.Place{Lat: -900_000_000, Lon: 1_800_000_000}) {
		t.Error("without fences some place is not safe")
	}
	if safe = (fence.Safe{}); safe.Holds(fleet.Place{}) {
		t.Error("the zero Safe holds a place")
	}
}
