package fence_test

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fence"
	"github.com/vigia-track/vigia/engine/fleet"
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

// randomFence is of any kind, near (0, 0), at the date line or in the north.
func randomFence(rng *rand.Rand, id fleet.FenceID) fleet.Fence {
	centre := somewhere(rng)
	f := fleet.Fence{ID: id, Judge: rng.Uint32N(5) + 1, Name: fmt.Sprint("f", uint64(id)), Inside: true, Outside: true}
	size := 0.05 + rng.Float64()
	switch rng.IntN(4) {
	case 0:
		f.Shape = geo.Shape{Kind: geo.Circle, Centre: centre, Radius: size * 50_000}
	case 1:
		end := geo.Point{turn(centre[0] + size), centre[1] + size/2}
		f.Shape = geo.Shape{Kind: geo.Corridor, Path: geo.LineString{centre, end}, Width: 2000}
	default:
		var ring geo.Ring
		n := 3 + rng.IntN(10)
		for i := range n {
			a := 2 * math.Pi * float64(i) / float64(n)
			r := size * (0.5 + rng.Float64()/2)
			ring = append(ring, geo.Point{turn(centre[0] + r*math.Cos(a)), centre[1] + r*math.Sin(a)})
		}
		f.Shape = geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{append(ring, ring[0])}}}
	}
	return f
}

func somewhere(rng *rand.Rand) geo.Point {
	base := []geo.Point{{0, 0}, {180, -17}, {25, 70}}[rng.IntN(3)]
	return geo.Point{turn(base[0] + rng.Float64()*6 - 3), base[1] + rng.Float64()*6 - 3}
}

func turn(lon float64) float64 {
	switch {
	case lon > 180:
		return lon - 360
	case lon < -180:
		return lon + 360
	}
	return lon
}

// Whatever the number of fences and the way to a set, it answers as asking
// each fence does.
func TestSetEqualsEveryFence(t *testing.T) {
	rng := seeded(t)
	for _, size := range []int{3, 60, 70, 400} {
		var set *fence.Set
		var haunts []geo.Point
		live := map[fleet.FenceID]fleet.Fence{}
		for range 15 {
			var put []fleet.Fence
			var removed []fleet.FenceID
			for range []int{1, 3, size/2 + 2}[rng.IntN(3)] {
				id := fleet.FenceID(1 + rng.IntN(size))
				if slices.Contains(removed, id) {
					continue
				}
				if _, there := live[id]; there && rng.IntN(2) == 0 {
					removed = append(removed, id)
					delete(live, id)
					put = slices.DeleteFunc(put, func(f fleet.Fence) bool { return f.ID == id })
					continue
				}
				f := randomFence(rng, id)
				f.Paused = rng.IntN(8) == 0
				put = append(put, f)
				if delete(live, id); !f.Paused {
					live[id] = f
				}
			}
			var err error
			if set, err = set.Edit(put, removed); err != nil {
				t.Fatal(err)
			}
			check(t, rng, set, live, &haunts)
		}
	}
}

func check(t *testing.T, rng *rand.Rand, set *fence.Set, live map[fleet.FenceID]fleet.Fence, haunts *[]geo.Point) {
	t.Helper()
	if set.Len() != len(live) {
		t.Fatalf("%d fences, want %d", set.Len(), len(live))
	}
	fences := make([]fleet.Fence, 0, len(live))
	for id, f := range live {
		fences = append(fences, f)
		if got := set.Get(id); got == nil || got.Judge != f.Judge {
			t.Fatalf("Get(%d) is %+v", id, got)
		}
	}
	fresh, err := fence.Compile(fences)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.Version() != set.Version() {
		t.Fatal("the version depends on the way to the set")
	}
	shapes := make([]*geo.Prepared, len(fences))
	for i := range fences {
		if shapes[i], err = geo.Prepare(&fences[i].Shape); err != nil {
			t.Fatal(err)
		}
	}
	for range 30 {
		p := somewhere(rng)
		if len(*haunts) > 0 && rng.IntN(2) == 0 {
			p = (*haunts)[rng.IntN(len(*haunts))]
		} else if rng.IntN(2) == 0 { // on the border of tiles
			side := float64(int64(1)<<(12+2*rng.IntN(8))) / 1e7
			p = geo.Point{math.Floor((p[0]+180)/side)*side - 180, math.Floor((p[1]+90)/side)*side - 90}
		}
		at := place(p)
		p = at.Point()
		var want []fleet.FenceID
		for i := range fences {
			if shapes[i].Contains(p) {
				want = append(want, fences[i].ID)
			}
		}
		slices.Sort(want)
		for range 2 { // looking into its square, and knowing it
			var got []fleet.FenceID
			for _, f := range set.Locate(at, at, nil, nil, new(fence.Safe)) {
				got = append(got, f.ID)
			}
			if slices.Sort(got); !slices.Equal(got, want) {
				t.Fatalf("at %v: %v, want %v", p, got, want)
			}
		}
		if got := idsAt(set, at); !slices.Equal(got, want) {
			t.Fatalf("at %v the index says %v, want %v", p, got, want)
		}
		// Places that are asked about again after edits.
		if len(*haunts) < 200 {
			*haunts = append(*haunts, p)
		}
	}
}

func TestVersionFollowsWhatJudges(t *testing.T) {
	rng := seeded(t)
	a, b := randomFence(rng, 1), randomFence(rng, 2)
	base, err := fence.Compile([]fleet.Fence{a, b})
	if err != nil {
		t.Fatal(err)
	}
	version := func(change func(f *fleet.Fence)) uint64 {
		f := a
		change(&f)
		s, err := base.Edit([]fleet.Fence{f}, nil)
		if err != nil {
			t.Fatal(err)
		}
		return s.Version()
	}
	if version(func(f *fleet.Fence) { f.Name, f.Colour = "other", "#ffffff" }) != base.Version() {
		t.Error("a name changes the version")
	}
	for name, change := range map[string]func(f *fleet.Fence){
		"judge": func(f *fleet.Fence) { f.Judge++ }, "from": func(f *fleet.Fence) { f.From = 5 }, "paused": func(f *fleet.Fence) { f.Paused = true },
	} {
		if version(change) == base.Version() {
			t.Errorf("%s does not change the version", name)
		}
	}
	var none *fence.Set
	if none.Version() != 0 || none.Len() != 0 || none.At(geo.Point{}, nil) != nil || none.Get(1) != nil {
		t.Error("a nil set holds something")
	}
}

func TestCompileNamesWhatItLeavesOut(t *testing.T) {
	rng := seeded(t)
	bad := fleet.Fence{ID: 2, Name: "Open yard", Shape: geo.Shape{Kind: geo.Area, Area: geo.MultiPolygon{{{{3, 4}, {5, 6}, {7, 4}}}}}}
	set, err := fence.Compile([]fleet.Fence{randomFence(rng, 1), bad, randomFence(rng, 3)})
	if set.Len() != 2 {
		t.Errorf("%d fences, want 2", set.Len())
	}
	if err == nil || !strings.Contains(err.Error(), `"Open yard"`) || !strings.Contains(err.Error(), "longitude 3, latitude 4") {
		t.Errorf("error %v, want the name and the place", err)
	}
	if fleet.KindOf(err) != fleet.Invalid {
		t.Errorf("kind %v, want Invalid", fleet.KindOf(err))
	}
}

func TestLocateDoesNotAllocate(t *testing.T) {
	rng := seeded(t)
	for _, n := range []int{50, 1000} {
		fences := make([]fleet.Fence, n)
		for i := range fences {
			fences[i] = randomFence(rng, fleet.FenceID(i+1))
		}
		set, err := fence.Compile(fences)
		if err != nil {
			t.Fatal(err)
		}
		dst, hits, next := make([]fence.Hit, 0, n), 0, 0
		var places []fleet.Place
		for range 50 {
			places = append(places, place(somewhere(rng)))
			set.Locate(places[len(places)-1], places[len(places)-1], nil, dst, new(fence.Safe)) // from now on it knows the place
		}
		if allocs := testing.AllocsPerRun(200, func() {
			safe := fence.Everywhere()
			dst = set.Locate(places[next%50], places[next%50], nil, dst[:0], &safe)
			hits += len(dst)
			next++
		}); allocs != 0 {
			t.Errorf("%d fences: %v allocations a lookup", n, allocs)
		}
		if hits == 0 {
			t.Error("no fence was hit")
		}
	}
}

func place(p geo.Point) fleet.Place {
	at, _ := fleet.MakePlace(p[1], p[0])
	return at
}

// For the race detector: shards ask a set while the next is derived from it.
func TestEditBesideReaders(t *testing.T) {
	rng := seeded(t)
	fences := make([]fleet.Fence, 200)
	for i := range fences {
		fences[i] = randomFence(rng, fleet.FenceID(i+1))
	}
	set, err := fence.Compile(fences)
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 2 {
		seed := rng.Uint64()
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 1))
			for range 1000 {
				set.Locate(place(somewhere(rng)), place(somewhere(rng)), nil, nil, new(fence.Safe))
			}
		})
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 2))
			next := set
			for range 50 {
				next, _ = next.Edit([]fleet.Fence{randomFence(rng, fleet.FenceID(1+rng.IntN(300)))}, nil)
				set.Edit(nil, []fleet.FenceID{5})
			}
		})
	}
	wg.Wait()
}

// Thousands of fences lie in pieces; edits of one, some and all of them come to
// what a plain map says.
func TestEditsOfManyFences(t *testing.T) {
	rng := seeded(t)
	plain, set := map[fleet.FenceID]uint32{}, (*fence.Set)(nil)
	shape := geo.Shape{Kind: geo.Circle, Radius: 50}
	for range 60 {
		var put []fleet.Fence
		var removed []fleet.FenceID
		for range []int{1, 3, 40, 1500}[rng.IntN(4)] {
			id := fleet.FenceID(1 + rng.IntN(5000))
			if _, taken := plain[id]; taken && rng.IntN(3) == 0 {
				removed = append(removed, id)
				continue
			}
			shape.Centre = geo.Point{rng.Float64(), rng.Float64()}
			put = append(put, fleet.Fence{ID: id, Judge: rng.Uint32(), Shape: shape})
		}
		if rng.IntN(15) == 0 {
			removed = slices.Collect(maps.Keys(plain))
		}
		for _, id := range removed {
			delete(plain, id)
		}
		for i := range put {
			plain[put[i].ID] = put[i].Judge
		}
		next, err := set.Edit(put, removed)
		if err != nil {
			t.Fatal(err)
		}
		set = next
		last := fleet.FenceID(0)
		for f := range set.All() {
			if f.ID <= last || plain[f.ID] != f.Judge || set.Get(f.ID) != f {
				t.Fatalf("fence %v of judge %d behind %v, want judge %d", f.ID, f.Judge, last, plain[f.ID])
			}
			last = f.ID
		}
		if set.Len() != len(plain) || set.Get(6000) != nil {
			t.Fatalf("%d fences, want %d", set.Len(), len(plain))
		}
	}
}
