package fence_test

import (
	"math"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
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
			q := somewhere(rng)
			from, _ := fleet.MakePlace(q[1], q[0])
			hits := set.Locate(at, from, nil, nil, &safe)
			for _, f := range hits {
				got = append(got, f.ID)
			}
			ahead, glanced := glance(set, at, from), fence.Everywhere()
			if again := set.Locate(at, from, ahead, nil, &glanced); !slices.Equal(again, hits) || glanced != safe {
				t.Fatalf("%d fences: Locate says %v of %v in %+v, with a glance %v in %+v", size, hits, at, safe, again, glanced)
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

func glance(set *fence.Set, at, from fleet.Place) *fence.Glance {
	g := make([]fence.Glance, 1)
	g[0].Begin(set, at, from)
	fence.Ahead(g)
	return &g[0]
}

// A glance is used for its own set and place, and no other.
func TestGlanceOfAnother(t *testing.T) {
	rng := seeded(t)
	fences := make([]fleet.Fence, 300)
	for i := range fences {
		fences[i] = randomFence(rng, fleet.FenceID(i+1))
	}
	set, err := fence.Compile(fences)
	if err != nil {
		t.Fatal(err)
	}
	other, err := fence.Compile(fences[150:])
	if err != nil {
		t.Fatal(err)
	}
	for range 2000 {
		p, q := somewhere(rng), somewhere(rng)
		at, _ := fleet.MakePlace(p[1], p[0])
		elsewhere, _ := fleet.MakePlace(q[1], q[0])
		safe := fence.Everywhere()
		want := set.Locate(at, at, nil, nil, &safe)
		for _, g := range []*fence.Glance{glance(set, elsewhere, at), glance(other, at, at), new(fence.Glance)} {
			if got := set.Locate(at, at, g, nil, &safe); !slices.Equal(got, want) {
				t.Fatalf("at %v: %v, by a glance at another %v", at, want, got)
			}
		}
	}
}

// A device whose owner has fences and whose company has others is looked up in
// one set after the other. Next to an edge the first leaves a rectangle that
// does not even hold the place: the second answers all the same.
func TestLocateWithNothingLeft(t *testing.T) {
	rng := seeded(t)
	for range 200 {
		first, second := randomFence(rng, 1), randomFence(rng, 2)
		first.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{{-74.1, 4.5}, {-74, 4.5}, {-74, 4.6}, {-74.1, 4.6}, {-74.1, 4.5}}}}}
		at := place(geo.Point{-74 + 4e-7*(rng.Float64()-0.5), 4.5 + 0.1*rng.Float64()})
		x, y := at.Point()[0], at.Point()[1]
		second.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{{x - 2e-8, y - 1e-3}, {x + 1e-3, y - 1e-3}, {x + 1e-3, y + 1e-3}, {x - 2e-8, y + 1e-3}, {x - 2e-8, y - 1e-3}}}}}
		a, err1 := fence.Compile([]fleet.Fence{first})
		b, err2 := fence.Compile([]fleet.Fence{second})
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		safe := fence.Everywhere()
		a.Locate(at, at, nil, nil, &safe)
		if got := b.Locate(at, at, nil, nil, &safe); len(got) != 1 {
			t.Fatalf("%v lies in the second fence, and %d were found", at, len(got))
		}
	}
}

// The way from one place of a safe rectangle to another lies in it: a device
// that goes over ±180 leaves it, though it would hold both places the long way round.
func TestSafeStaysOnOneSide(t *testing.T) {
	ring := geo.Ring{{-179.9996, -0.0009}, {-179.9987, -0.0009}, {-179.9987, 0.0018}, {-179.9996, 0.0018}, {-179.9996, -0.0009}}
	f := randomFence(seeded(t), 1)
	f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{ring}}}
	set, err := fence.Compile([]fleet.Fence{f})
	if err != nil {
		t.Fatal(err)
	}
	at, over := fleet.Place{Lat: -5009, Lon: 1799986466}, fleet.Place{Lat: 8847, Lon: -1799983581}
	for _, way := range [][2]fleet.Place{{at, over}, {over, at}} {
		safe := fence.Everywhere()
		set.Locate(way[0], way[0], nil, nil, &safe)
		if !safe.Holds(way[0]) || safe.Holds(way[1]) {
			t.Errorf("from %v to %v a device passes the fence, in %+v", way[0], way[1], safe)
		}
	}
}

func TestSafeOfNothing(t *testing.T) {
	safe := fence.Everywhere()
	(*fence.Set)(nil).Locate(fleet.Place{}, fleet.Place{}, nil, nil, &safe)
	if !safe.Holds(fleet.Place{Lat: -900_000_000, Lon: 1_800_000_000}) {
		t.Error("without fences some place is not safe")
	}
	if safe = (fence.Safe{}); safe.Holds(fleet.Place{}) {
		t.Error("the zero Safe holds a place")
	}
}
