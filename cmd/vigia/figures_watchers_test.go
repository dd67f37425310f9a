package main

import (
	"fmt"
	"math"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/ingest/fleetsim"
	"github.com/vigia-track/vigia/store"
)

// BenchmarkFiguresWatchers says what 50 open maps, and one that does not read,
// cost those who send: 10,000 devices with 10,000 fences, 5,000 fixes a second,
// in turns with nobody watching and with the maps; the ratio is the median
// round's, for what disturbs a machine lasts longer than a round. The maps
// watch what the page does of a great fleet: a box and its zoom. The readers
// share the processors.
func BenchmarkFiguresWatchers(b *testing.B) {
	const trackers, fences, maps, rounds, during = 10_000, 10_000, 50, 15, 2 * time.Second
	s := startServer(b, b.TempDir(), serverOptions{})
	ana := s.setUp("en")
	s.term()
	world := fleetsim.NewWorld(benchOptions(1, fences, trackers))
	furnish(b, filepath.Join(s.data, "admin.db"), world, trackers)
	s = startServer(b, s.data, serverOptions{})
	ana.base = s.url + "/api/v1"
	load := fleetsim.Load{
		Addr: s.door("gt06"), Connections: 100, InFlight: 2, World: world,
		UniqueID: benchUniqueID, Start: benchStart, Step: time.Second, Visit: 1, Rate: 5000,
	}
	send := func(took *[]time.Duration) (p99, cores float64) {
		cpu, begin := s.cpu(), time.Now()
		got, err := load.Run(b.Context(), during)
		if err != nil || got.Acked == 0 {
			b.Fatal("no fixes were acknowledged:", err)
		}
		load.Start += 3_600_000 // later rounds are no repetition
		*took = append(*took, got.AckTimes...)
		return got.Quantile(0.99).Seconds() * 1000, (s.cpu() - cpu) / time.Since(begin).Seconds()
	}
	send(new([]time.Duration)) // every device has a position
	for range b.N {
		var alone, watched, ratio, aloneCores, watchedCores []float64
		var told atomic.Int64
		var aloneAcks, watchedAcks []time.Duration
		for range rounds {
			p, c := send(&aloneAcks)
			alone, aloneCores = append(alone, p), append(aloneCores, c)
			end := s.openMaps(ana, world, maps, &told)
			p, c = send(&watchedAcks)
			end()
			watched, watchedCores = append(watched, p), append(watchedCores, c)
			ratio = append(ratio, p/alone[len(alone)-1])
		}
		b.Logf("acknowledgements p99, ms, in turns: alone %.1f, watched %.1f", alone, watched)
		b.ReportMetric(quantile(aloneAcks, 0.99), "alone-ack-p99-ms")
		b.ReportMetric(quantile(watchedAcks, 0.99), "watched-ack-p99-ms")
		b.ReportMetric(median(ratio), "watched/alone")
		b.ReportMetric(median(aloneCores), "alone-cores")
		b.ReportMetric(median(watchedCores), "watched-cores")
		b.ReportMetric(float64(told.Load())/1000/maps/(rounds*during.Seconds()), "KB/s-a-map")
	}
	b.ReportMetric(0, "ns/op")
}

// furnish puts a world's devices and fences under one customer.
func furnish(b *testing.B, path string, world *fleetsim.World, trackers int) {
	b.Helper()
	a, err := store.OpenAdmin(path, store.AdminOptions{})
	if err != nil {
		b.Fatal(err)
	}
	commit := func(set fleet.ChangeSet) *fleet.ChangeSet {
		out, err := a.Commit(b.Context(), set, fleet.At(time.Now()))
		if err != nil {
			b.Fatal(err)
		}
		return out
	}
	all, err := a.Companies(fleet.Query{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(all.Items) != 1 {
		b.Fatal(all, err)
	}
	company := all.Items[0].ID
	customer := commit(fleet.ChangeSet{Customers: []fleet.Customer{{Company: company, Name: "Transportes", Code: "T", Lang: fleet.Spanish, Timezone: "UTC"}}}).Customers[0].ID
	set := fleet.ChangeSet{Since: true}
	for i, shape := range world.Shapes {
		set.Fences = append(set.Fences, fleet.Fence{Company: company, Owner: fleet.Owner(customer), Name: "Fence " + strconv.Itoa(i),
			Shape: shape, Inside: true, Outside: true, Preset: fleet.Instant, Targets: fleet.Targets{All: true}})
	}
	for i := range trackers {
		set.Devices = append(set.Devices, fleet.Device{Company: company, Customer: customer, Name: fmt.Sprint("Truck ", i), UniqueID: benchUniqueID(i)})
	}
	commit(set)
	if err := a.Close(); err != nil {
		b.Fatal(err)
	}
}

// openMaps opens so many maps, from the whole earth to a street, and one that
// does not read. It returns once all have their picture; end closes them.
func (s *server) openMaps(c *client, world *fleetsim.World, maps int, told *atomic.Int64) (end func()) {
	s.t.Helper()
	var open []*websocket.Conn
	circles := slices.DeleteFunc(slices.Clone(world.Shapes), func(s geo.Shape) bool { return s.Kind != geo.Circle })
	var readers, first sync.WaitGroup
	for i := range maps + 1 {
		ws, _, err := websocket.DefaultDialer.DialContext(s.t.Context(), "ws"+strings.TrimPrefix(s.url, "http")+"/api/v1/stream",
			http.Header{"Authorization": {"Bearer " + c.token}})
		if err != nil {
			s.t.Fatal(err)
		}
		open = append(open, ws)
		if i == maps {
			err = ws.WriteJSON(body{"type": "hello", "watch": body{"all": true}})
		} else {
			err = ws.WriteJSON(body{"type": "hello", "watch": mapOf(circles[i*97%len(circles)].Centre, float64(1+i%14))})
		}
		if err != nil {
			s.t.Fatal(err)
		}
		if i == maps {
			break
		}
		first.Add(1)
		readers.Go(func() {
			for seen := 0; ; seen++ {
				_, text, err := ws.ReadMessage()
				if seen == 1 || seen < 1 && err != nil { // the welcome, then the picture
					first.Done()
				}
				if err != nil {
					return
				}
				told.Add(int64(len(text)))
			}
		})
	}
	first.Wait()
	return func() {
		for _, ws := range open {
			_ = ws.Close()
		}
		readers.Wait()
	}
}

// mapOf is what a map of 1280 by 752 pixels watches: its box and half of it on
// every side.
func mapOf(at geo.Point, zoom float64) body {
	degrees := 360 / (512 * math.Exp2(zoom))
	wide, high := 1280*degrees, 752*degrees
	return body{"zoom": zoom, "bbox": []float64{max(-180, at.Lon()-wide), max(-85, at.Lat()-high), min(180, at.Lon()+wide), min(85, at.Lat()+high)}}
}

func median(of []float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	return sorted[len(sorted)/2]
}
