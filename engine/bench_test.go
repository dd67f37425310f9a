package engine_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// town is a customer's fences: small circles strewn over a city, and devices
// that drive among them. The same seed gives the same town.
type town struct {
	fences  []fleet.Fence
	lon     []float64
	lat     []float64
	heading []float64
	second  []int
	rng     *rand.Rand
}

func newTown(devices, fences int) *town {
	rng := rand.New(rand.NewPCG(42, 42))
	w := &town{rng: rng}
	for n := range fences {
		f := fenceAt(n, 0, 0)
		f.Shape = geo.Shape{Kind: geo.Circle, Centre: geo.Point{rng.NormFloat64() * 0.8, rng.NormFloat64() * 0.8}, Radius: 60 + 200*rng.Float64()}
		w.fences = append(w.fences, f)
	}
	for range devices {
		w.lon = append(w.lon, rng.NormFloat64()*0.8)
		w.lat = append(w.lat, rng.NormFloat64()*0.8)
		w.heading = append(w.heading, rng.Float64()*2*math.Pi)
		w.second = append(w.second, 0)
	}
	return w
}

// next is the device's next fix, one second and about 15 m on.
func (w *town) next(n int) fleet.Report {
	w.second[n]++
	w.lon[n] += 0.00014 * math.Cos(w.heading[n])
	w.lat[n] += 0.00014 * math.Sin(w.heading[n])
	return fix(n, w.second[n], w.lon[n], w.lat[n])
}

// BenchmarkAccept drives reports from Accept to committed facts, over a real
// journal and store, 10,000 devices and 10,000 fences of one owner.
//
//	go test ./engine -run '^$' -bench 'Accept' -benchtime 3s
func BenchmarkAccept(b *testing.B) {
	for _, c := range []struct{ callers, batch int }{{100, 64}, {1000, 1}, {8, 64}, {1, 1}} {
		b.Run(fmt.Sprintf("callers=%d/batch=%d", c.callers, c.batch), func(b *testing.B) {
			const devices = 10_000
			r := start(b, b.TempDir(), nil)
			r.apply(b, fleetOf(devices))
			w := newTown(devices, 10_000)
			r.apply(b, fleet.ChangeSet{Since: true, Fences: w.fences})
			// Each caller has devices of its own, so that their order holds.
			each := devices / c.callers
			var left atomic.Int64
			left.Store(int64(b.N))
			var wg sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for caller := range c.callers {
				wg.Go(func() {
					batch := make([]fleet.Report, c.batch)
					for turn := 0; left.Add(-int64(c.batch)) > -int64(c.batch); turn++ {
						n := caller*each + turn%each
						for i := range batch {
							batch[i] = w.next(n)
						}
						if err := r.Accept(b.Context(), batch); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			lag := r.Backlog()
			r.stop(b)
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reports/s")
			b.ReportMetric(lag.Seconds(), "backlog-s")
		})
	}
}
