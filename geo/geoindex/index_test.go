package geoindex_test

import (
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/geo/geoindex"
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

func randomBox(rng *rand.Rand) geo.Box {
	x, y := rng.Float64()*100, rng.Float64()*100
	return geo.Box{Min: geo.Point{x, y}, Max: geo.Point{x + rng.Float64()*5, y + rng.Float64()*5}}
}

func at(x *geoindex.Index[int], p geo.Point) (out []int) {
	x.At(p, func(v int) bool { out = append(out, v); return true })
	slices.Sort(out)
	return out
}

// Every snapshot keeps answering as a list of its own boxes does, whatever is
// derived from it later.
func TestSnapshotsStay(t *testing.T) { t.Run("C-3", checkSnapshotsStay) }

func checkSnapshotsStay(t *testing.T) {
	rng := seeded(t)
	x := new(geoindex.Index[int])
	boxes := map[int]geo.Box{}
	type snapshot struct {
		x     *geoindex.Index[int]
		boxes map[int]geo.Box
	}
	var all []snapshot
	for round := range 40 {
		next := map[int]geo.Box{}
		for k, b := range boxes {
			next[k] = b
		}
		from := x
		if round > 5 && rng.IntN(4) == 0 { // a branch from the past
			old := all[rng.IntN(len(all))]
			from, next = old.x, map[int]geo.Box{}
			for k, b := range old.boxes {
				next[k] = b
			}
		}
		x = from.Edit(func(w *geoindex.Writer[int]) {
			for range rng.IntN(100) {
				k := rng.IntN(400)
				if b, there := next[k]; there {
					w.Delete(b, k)
					delete(next, k)
					continue
				}
				b := randomBox(rng)
				w.Insert(b, k)
				next[k] = b
			}
		})
		boxes = next
		all = append(all, snapshot{x, next})
	}
	for i, s := range all {
		if s.x.Len() != len(s.boxes) {
			t.Fatalf("snapshot %d has %d boxes, want %d", i, s.x.Len(), len(s.boxes))
		}
		for range 50 {
			p := geo.Point{rng.Float64() * 105, rng.Float64() * 105}
			var want []int
			for k, b := range s.boxes {
				if p[0] >= b.Min[0] && p[0] <= b.Max[0] && p[1] >= b.Min[1] && p[1] <= b.Max[1] {
					want = append(want, k)
				}
			}
			slices.Sort(want)
			if got := at(s.x, p); !slices.Equal(got, want) {
				t.Fatalf("snapshot %d at %v: %v, want %v", i, p, got, want)
			}
		}
	}
}

func TestNoNumbersAreKeptOut(t *testing.T) {
	x := new(geoindex.Index[int]).Edit(func(w *geoindex.Writer[int]) {
		nan := math.NaN()
		for i, b := range []geo.Box{
			{Min: geo.Point{nan, 0}, Max: geo.Point{1, 1}},
			{Min: geo.Point{0, 0}, Max: geo.Point{1, nan}},
			{Min: geo.Point{2, 0}, Max: geo.Point{1, 1}},
		} {
			if w.Insert(b, i) {
				t.Errorf("box %v was taken", b)
			}
		}
		w.Insert(geo.Box{Min: geo.Point{0, 0}, Max: geo.Point{1, 1}}, 7)
	})
	if x.Len() != 1 || len(at(x, geo.Point{math.NaN(), 0.5})) != 0 || len(at(x, geo.Point{1, 1})) != 1 {
		t.Error("a point or box that is no number counts, or an edge does not")
	}
}

// For the race detector: readers of one snapshot beside writers that derive
// others from it, and from each other.
func TestReadersBesideWriters(t *testing.T) {
	rng := seeded(t)
	x := new(geoindex.Index[int]).Edit(func(w *geoindex.Writer[int]) {
		for i := range 500 {
			w.Insert(randomBox(rng), i)
		}
	})
	var wg sync.WaitGroup
	for g := range 2 {
		seed := rng.Uint64()
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, uint64(g)))
			y := x
			for i := range 100 {
				from := y
				if i%3 == 0 {
					from = x
				}
				y = from.Edit(func(w *geoindex.Writer[int]) { w.Insert(randomBox(rng), 1000+i) })
			}
		})
		wg.Go(func() {
			rng := rand.New(rand.NewPCG(seed, 99))
			for range 2000 {
				at(x, geo.Point{rng.Float64() * 100, rng.Float64() * 100})
			}
		})
	}
	wg.Wait()
	if x.Len() != 500 {
		t.Errorf("the snapshot has %d boxes, want 500", x.Len())
	}
}
