package stream

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin/api"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
)

// BenchmarkCrowds is one second of one watcher of 100,000 devices that report
// every 10 s, all moving: the CPU that it costs, and the KB that it is sent.
//
//	go test ./admin/stream -run '^$' -bench Crowds -benchtime 60x
func BenchmarkCrowds(b *testing.B) {
	const devices = 100_000
	for _, zoom := range []float64{1, 5, 8, 11, 14} {
		b.Run(fmt.Sprintf("zoom=%v", zoom), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, 1))
			hub := live.NewHub(0)
			defer hub.Close()
			type at struct{ lon, lat float64 }
			cities := make([]at, 200)
			for i := range cities { // the first are those round the box that is looked at
				cities[i] = at{-74.1 + float64(i%20-10)*rng.Float64(), 4.65 + float64(i%20-10)*rng.Float64()}
			}
			places, profiles, moves := make([]at, devices), make([]live.Profile, devices), make([]fleet.Position, devices)
			now := fleet.Time(1_800_000_000_000)
			move := func(i int) {
				places[i].lon += 0.003 * (rng.Float64() - 0.5)
				places[i].lat += 0.003 * (rng.Float64() - 0.5)
				p, _ := fleet.MakePlace(places[i].lat, places[i].lon)
				moves[i] = fleet.Position{Device: fleet.DeviceID(i + 1), Fix: now, Received: now, Place: p, Has: fleet.HasPlace | fleet.HasSpeed | fleet.HasCourse, Speed: 40, Course: 90}
			}
			for i := range devices {
				c := cities[rng.IntN(len(cities))]
				places[i] = at{c.lon + 0.1*rng.NormFloat64(), c.lat + 0.1*rng.NormFloat64()}
				profiles[i] = live.Profile{Device: fleet.DeviceID(i + 1), Company: 1, Owner: 10}
				move(i)
			}
			hub.Place(profiles)
			hub.Move(moves)
			sub := hub.Subscribe(fleet.Scope{Company: 1})
			defer sub.Close()
			sub.Skim(true)
			// A map of 1280 by 752 pixels, and half of that round it.
			wide, high := 2*1280/(512*exp2(zoom))*360, 2*752/(512*exp2(zoom))*360
			w := &watch{Zoom: &zoom, BBox: []float64{max(-180, -74.1-wide/2), max(-85, 4.65-high/2), min(180, -74.1+wide/2), min(85, 4.65+high/2)}}
			p := picture{}
			clock := time.Unix(0, 0)
			sent, cost := 0, time.Duration(0)
			tell := func() {
				clock = clock.Add(time.Second)
				if err := sub.Survey(p.lensOf(w), now, &p.survey); err != nil {
					b.Fatal(err)
				}
				m := message{Type: "delta"}
				m.Crowds, m.Gone, m.Positions = p.tell(clock, false, api.ShowPosition, true)
				raw, err := json.Marshal(m)
				if err != nil {
					b.Fatal(err)
				}
				sent += len(raw)
			}
			tell()
			sent = 0
			turn := 0
			for b.Loop() {
				now += fleet.Second
				b.StopTimer()
				for i := turn % 10; i < devices; i += 10 {
					move(i)
					hub.Move(moves[i : i+1])
				}
				turn++
				b.StartTimer()
				from := time.Now()
				tell()
				cost += time.Since(from)
			}
			b.ReportMetric(float64(sent)/1000/float64(turn), "KB/s")
			b.ReportMetric(float64(cost.Microseconds())/1000/float64(turn), "ms/s")
			b.ReportMetric(float64(len(p.cells)), "crowds")
			b.ReportMetric(float64(len(p.singles)), "alone")
		})
	}
}

func exp2(z float64) float64 {
	out := 1.0
	for ; z >= 1; z-- {
		out *= 2
	}
	return out
}
