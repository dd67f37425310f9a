package fenceworld_test

import (
	"math"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/geo"
)

// The world is what its documentation says, and every shape is sound.
func TestWorld(t *testing.T) {
	fences := fenceworld.New(42, 100).Fences(1, 10_000)
	circles, corners, radii := 0, 0, []float64{}
	for i := range fences {
		if err := fences[i].Shape.Validate(); err != nil {
			t.Fatalf("fence %d: %v", i, err)
		}
		if fences[i].Shape.Kind == geo.Circle {
			circles++
			radii = append(radii, fences[i].Shape.Radius)
			continue
		}
		n := len(fences[i].Shape.Area[0][0]) - 1
		if n < 6 || n > 500 {
			t.Errorf("fence %d has %d corners", i, n)
		}
		corners += n
	}
	slices.Sort(radii)
	share, mean, median := float64(circles)/10_000, float64(corners)/float64(10_000-circles), radii[len(radii)/2]
	if math.Abs(share-0.35) > 0.02 || math.Abs(mean-27) > 1.5 || math.Abs(median-180) > 10 {
		t.Errorf("%.3f circles, %.1f corners, median radius %.0f m; want 0.35, 27, 180", share, mean, median)
	}
}

// The same seed gives the same fixes; each round visits every device once.
func TestSameSeedSameWorld(t *testing.T) {
	one, two := fenceworld.New(7, 3).Drive(500), fenceworld.New(7, 3).Drive(500)
	for round := range 3 {
		a, b := one.Round(round, nil), two.Round(round, nil)
		if !slices.Equal(a, b) {
			t.Fatalf("round %d differs", round)
		}
		seen := map[uint32]bool{}
		for _, f := range a {
			seen[f.Device] = true
		}
		if len(a) != 500 || len(seen) != 500 {
			t.Fatalf("round %d has %d fixes of %d devices", round, len(a), len(seen))
		}
	}
}
