package main

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// BenchmarkFiguresAlerts has 250 trackers cross a fence's edge four times a
// second, each crossing one alert to one person, and says how long it takes
// from the crossing's arrival until the provider has taken the message over: a
// real HTTP SMS gateway, and a real mail server with STARTTLS.
func BenchmarkFiguresAlerts(b *testing.B) {
	const trackers, every, during = 250, 250 * time.Millisecond, 12 * time.Second
	for _, channel := range []string{"sms", "email"} {
		b.Run(channel, func(b *testing.B) {
			to, err := openSinks()
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = to.close() }()
			s := startServer(b, b.TempDir(), serverOptions{sinks: to})
			api := s.setUp("en")
			cars := pendulums(api, trackers, channel)
			for range b.N {
				ctx, stop := context.WithTimeout(b.Context(), during)
				cpu := s.cpu()
				var wg sync.WaitGroup
				for i, c := range cars {
					d := fleetsim.Device{UniqueID: c.identity, Protocol: "teltonika", Addr: s.door("teltonika"), Source: c.next}
					wg.Go(func() {
						time.Sleep(every * time.Duration(i) / trackers) // evenly over time
						d.Run(ctx, every, &c.stats)
					})
				}
				wg.Wait()
				stop()
				quiet := 0
				waitFor(b, "an empty outbox", func() bool {
					if quiet++; s.metric(`vigia_notify_(waiting|in_flight).*`) > 0 {
						quiet = 0
					}
					return quiet == 5
				})
				b.ReportMetric(s.cpu()-cpu, "cpu-s")
				api.delays(b, channel, during)
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// delays tells how long the deliveries of a channel took.
func (c *client) delays(b *testing.B, channel string, during time.Duration) {
	b.Helper()
	states := map[any]int{}
	var took []time.Duration
	for _, d := range c.all("/deliveries?limit=1000&channel=" + channel) {
		d := d.(body)
		states[d["state"]]++
		attempts := d["attempts"].([]any)
		if len(attempts) == 0 {
			continue
		}
		last := attempts[len(attempts)-1].(body)
		made, err1 := time.Parse(time.RFC3339, d["created"].(string))
		at, err2 := time.Parse(time.RFC3339, last["at"].(string))
		if err1 != nil || err2 != nil {
			b.Fatal(err1, err2)
		}
		took = append(took, at.Sub(made)+time.Duration(last["took"].(float64))*time.Millisecond)
	}
	if len(took) == 0 {
		b.Fatal("nothing was sent: ", states)
	}
	b.Log(channel, states)
	b.ReportMetric(float64(len(took))/during.Seconds(), "alerts/s")
	b.ReportMetric(quantile(took, 0.5), "p50-ms")
	b.ReportMetric(quantile(took, 0.99), "p99-ms")
}

// pendulums are cars that cross a fence's edge with every fix, each with a
// person of its own who is told.
func pendulums(api *client, n int, channel string) []*pendulum {
	customer := api.post("/customers", body{"name": "C", "code": "C", "lang": "en", "timezone": "UTC"})["id"].(string)
	fence := api.post("/fences", body{"name": "East of the line", "owner": customer, "preset": "instant", "shape": body{"type": "Polygon",
		"coordinates": [][][2]float64{{{10, 0}, {10.1, 0}, {10.1, 0.1}, {10, 0.1}, {10, 0}}}}})["id"]
	out := make([]*pendulum, n)
	for i := range out {
		c := &pendulum{identity: fmt.Sprint(860000000001000 + i)}
		user := api.post("/users", body{"name": fmt.Sprint("Zoe ", i), "email": fmt.Sprintf("zoe%d@example.com", i), "phone": fmt.Sprintf("+5730012%05d", i),
			"role": "customerUser", "customer": customer, "lang": "en", "timezone": "UTC", "activation": body{"method": "link"}})["id"]
		device := api.post("/devices", body{"name": c.identity, "uniqueId": c.identity, "customer": customer})["id"]
		api.post("/notifications", body{"description": c.identity, "owner": customer, "devices": []any{device}, "fences": []any{fence},
			"kinds": []string{"enter", "exit"}, "channels": []string{channel}, "recipients": []any{user}})
		out[i] = c
	}
	return out
}

type pendulum struct {
	identity string
	stats    fleetsim.Stats
	fixes    int // of the one goroutine that asks for them
}

// next is 3 m to the one side of the edge, then 3 m to the other.
func (c *pendulum) next(now fleet.Time) fleetsim.Fix {
	c.fixes++
	metres := 3.0
	if c.fixes%2 == 0 {
		metres = -3
	}
	place, _ := fleet.MakePlace(0.05, 10+metres/111_320)
	return fleetsim.Fix{Time: now, Place: place, Speed: 43, Course: 90, Satellites: 9}
}
