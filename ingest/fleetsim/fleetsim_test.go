package fleetsim_test

import (
	"math"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

var bogota = geo.Point{-74.0836, 4.6533}

// A vehicle is a function of time, moves no faster than it says, and comes to
// each of its stops.
func TestVehicle(t *testing.T) {
	const kmh, dwell = 50, 30
	stops := fleetsim.Stops(7, bogota, 4, 3000)
	v := fleetsim.NewVehicle(7, bogota, stops, kmh, dwell)
	again := fleetsim.NewVehicle(7, bogota, stops, kmh, dwell)
	near := make([]float64, len(stops))
	for i := range near {
		near[i] = math.Inf(1)
	}
	last := v.At(0)
	moved := 0
	for s := fleet.Time(1); s < 7200; s++ {
		f := v.At(s * fleet.Second)
		if f != again.At(s*fleet.Second) {
			t.Fatalf("second %d: two vehicles of one seed differ", s)
		}
		step := metres(last.Place.Point(), f.Place.Point())
		if step > kmh/3.6+8 { // 8 m of GPS error in the worst of both fixes
			t.Fatalf("second %d: %0.f m in a second at %d km/h", s, step, kmh)
		}
		if f.Speed > 0 {
			moved++
		}
		for i, p := range stops {
			near[i] = min(near[i], metres(p, f.Place.Point()))
		}
		last = f
	}
	if moved == 0 || moved == 7199 {
		t.Errorf("it moved in %d of 7199 seconds; it should drive and rest", moved)
	}
	for i, d := range near {
		if d > 20 {
			t.Errorf("stop %d was never nearer than %.0f m", i, d)
		}
	}
}

func metres(a, b geo.Point) float64 {
	return 111_195 * math.Hypot(a[1]-b[1], (a[0]-b[0])*math.Cos(a[1]*math.Pi/180))
}

// The world is what performance figures stand on: its make-up is part of them.
func TestWorld(t *testing.T) {
	o := fleetsim.WorldOptions{Seed: 42, Fences: 20_000, Devices: 5_000}
	w := fleetsim.NewWorld(o)
	circles, vertices := 0, 0
	for i := range w.Shapes {
		s := &w.Shapes[i]
		if err := s.Validate(); err != nil {
			t.Fatalf("fence %d: %v", i, err)
		}
		if s.Kind == geo.Circle {
			circles++
		} else {
			n := len(s.Area[0][0]) - 1
			if n < 6 || n > 500 {
				t.Errorf("fence %d has %d vertices", i, n)
			}
			vertices += n
		}
	}
	if share := float64(circles) / float64(o.Fences); math.Abs(share-0.35) > 0.02 {
		t.Errorf("%.3f of the fences are circles, want 0.35", share)
	}
	if mean := float64(vertices) / float64(o.Fences-circles); math.Abs(mean-27) > 4 {
		t.Errorf("polygons have %.1f vertices on average, want 27", mean)
	}
	again := fleetsim.NewWorld(o)
	parked := 0
	for d := range w.Devices() {
		f := w.Drive(d, 0, 5)
		if f != again.Drive(d, 0, 5) {
			t.Fatalf("device %d: two worlds of one seed differ", d)
		}
		if f.Speed == 0 {
			parked++
		}
	}
	if share := float64(parked) / float64(w.Devices()); math.Abs(share-0.2) > 0.03 {
		t.Errorf("%.3f of the devices are parked, want 0.2", share)
	}
}
