// Package vigia_test measures whole paths through the product: rooms that must
// not know each other meet here, as they do in cmd.
package vigia_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fence/fenceworld"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/journal"
)

// product is a data directory with the engine on it.
type product struct {
	*engine.Engine
	dir     string
	journal *journal.Journal
	facts   *store.Facts
	admin   *store.Admin
	hub     *live.Hub
}

// run starts the engine over a data directory.
func run(b *testing.B, dir string) *product { return runWith(b, dir, engine.Options{}) }

func runWith(b *testing.B, dir string, o engine.Options) *product {
	b.Helper()
	p := &product{dir: dir, hub: live.NewHub(0)}
	j, err1 := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), Semantics: engine.Semantics, ForHistory: true})
	f, err2 := store.OpenFacts(filepath.Join(dir, "facts.db"), store.FactsOptions{})
	a, err3 := store.OpenAdmin(filepath.Join(dir, "admin.db"), store.AdminOptions{})
	s, err4 := store.OpenSnapshots(dir, store.SnapshotOptions{Semantics: engine.Semantics})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		b.Fatal(err)
	}
	p.journal, p.facts, p.admin = j, f, a
	o.Journal, o.Committer, o.Changes, o.Snapshots, o.Hub, o.Log = j, f, a, s, p.hub, slog.New(slog.DiscardHandler)
	e, err := engine.New(o)
	if err == nil {
		p.Engine, err = e, e.Start(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	return p
}

// end stops the engine and closes its files.
func (p *product) end(b *testing.B) {
	b.Helper()
	if err := errors.Join(p.Stop(context.Background()), p.journal.Close(), p.facts.Close(), p.admin.Close()); err != nil {
		b.Fatal(err)
	}
}

const (
	company  = fleet.CompanyID(1 << 30)
	customer = fleet.CustomerID(2 << 30)
)

func deviceID(n int) fleet.DeviceID { return fleet.DeviceID(3<<30 + n) }
func imei(n int) string             { return fmt.Sprintf("86%013d", n) }

// town is one customer with devices that drive among circles of 60 to 260 m,
// strewn over a city; about one fix in a hundred crosses an edge. The same
// seed gives the same town.
type town struct {
	lon, lat, heading []float64
	second            []int
}

func newTown(b *testing.B, p *product, devices, fences int) *town {
	b.Helper()
	rng := rand.New(rand.NewPCG(42, 42))
	set, t := haulage(), &town{}
	for n := range devices {
		t.settle(&set, n, rng.NormFloat64()*0.5, rng.NormFloat64()*0.5, rng.Float64())
	}
	for n := range fences {
		set.Fences = append(set.Fences, fleet.Fence{
			ID: fleet.FenceID(4<<30 + n), Company: company, Owner: fleet.Owner(customer), Name: fmt.Sprint("yard ", n),
			Inside: true, Outside: true, Preset: fleet.Instant, Targets: fleet.Targets{All: true},
			Shape: geo.Shape{
				Kind: geo.Circle, Radius: 60 + 200*rng.Float64(),
				Centre: geo.Point{rng.NormFloat64() * 0.5, rng.NormFloat64() * 0.5},
			},
		})
	}
	if _, err := p.Apply(b.Context(), set); err != nil {
		b.Fatal(err)
	}
	return t
}

// newCountry is one customer with devices and fences of the world in which the
// fence engine is measured: a hundred fences a city.
func newCountry(b *testing.B, p *product, devices, fences int) *town {
	b.Helper()
	rng := rand.New(rand.NewPCG(42, 42))
	w := fenceworld.New(42, max(1, fences/100))
	set, t := haulage(), &town{}
	for _, f := range w.Fences(4<<30, fences) {
		f.Company, f.Owner, f.Name, f.Preset = company, fleet.Owner(customer), fmt.Sprint("yard ", f.ID), fleet.Instant
		set.Fences = append(set.Fences, f)
	}
	for n, f := range w.Drive(devices).Round(0, nil) {
		at := f.Place.Point()
		t.settle(&set, n, at[0], at[1], rng.Float64())
	}
	if _, err := p.Apply(b.Context(), set); err != nil {
		b.Fatal(err)
	}
	return t
}

func haulage() fleet.ChangeSet {
	return fleet.ChangeSet{
		Since:     true,
		Companies: []fleet.Company{{ID: company, Name: "Guardian", Lang: fleet.English, Timezone: "UTC"}},
		Customers: []fleet.Customer{{ID: customer, Company: company, Name: "Haulage", Code: "H", Lang: fleet.English, Timezone: "UTC"}},
	}
}

// settle puts a device somewhere, on a course of so much of a turn.
func (t *town) settle(set *fleet.ChangeSet, n int, lon, lat, turn float64) {
	set.Devices = append(set.Devices, fleet.Device{
		ID: deviceID(n), Company: company, Customer: customer, Name: imei(n), UniqueID: imei(n),
	})
	t.lon, t.lat = append(t.lon, lon), append(t.lat, lat)
	t.heading, t.second = append(t.heading, turn*2*math.Pi), append(t.second, 0)
}

// drive moves a device on by a second, about 15 m, and says where it is.
func (t *town) drive(n int) (at fleet.Time, lon, lat float64) {
	t.second[n]++
	t.lon[n] += 0.00014 * math.Cos(t.heading[n])
	t.lat[n] += 0.00014 * math.Sin(t.heading[n])
	return began + fleet.Time(t.second[n])*fleet.Second, t.lon[n], t.lat[n]
}

var began = fleet.At(time.Now().Add(-24 * time.Hour).Truncate(time.Second))

// BenchmarkWholePath takes GT06 bytes through the codec, Accept, the journal's
// sync, Step and the facts transaction: 64 frames are acknowledged at once on
// each of 100 connections, which log in as their next device in turn. The
// price of making the frames is in the figure. Sockets are not.
//
//	go test . -run '^$' -bench WholePath -benchtime 5s
func BenchmarkWholePath(b *testing.B) {
	for _, c := range []struct{ connections, inflight int }{{100, 64}, {1000, 1}} {
		b.Run(fmt.Sprintf("connections=%d/inflight=%d", c.connections, c.inflight), func(b *testing.B) {
			const devices = 10_000
			p := run(b, b.TempDir())
			w := newTown(b, p, devices, 10_000)
			names := map[string]fleet.DeviceID{}
			for n := range devices {
				names[imei(n)] = deviceID(n)
			}
			each := devices / c.connections
			var left atomic.Int64
			left.Store(int64(b.N))
			var conns sync.WaitGroup
			b.ReportAllocs()
			b.ResetTimer()
			for n := range c.connections {
				conns.Go(func() {
					conn := newConnection(p, names)
					for turn := 0; left.Add(-int64(c.inflight)) > -int64(c.inflight); turn++ {
						if err := conn.send(b.Context(), w, n*each+turn%each, c.inflight); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			conns.Wait()
			acked := b.Elapsed()
			for p.Complete() < p.journal.Last() {
				time.Sleep(time.Millisecond)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "fixes/s")
			b.ReportMetric((b.Elapsed() - acked).Seconds(), "s-behind")
			b.StopTimer()
			p.end(b)
		})
	}
}

// BenchmarkRowWholePath is the whole path with 100,000 fences beside the same
// with 100, in turns of two seconds.
//
//	go test . -run '^$' -bench RowWholePath -benchtime 1x
func BenchmarkRowWholePath(b *testing.B) {
	const devices, connections, turns = 10_000, 100, 5
	names := map[string]fleet.DeviceID{}
	for n := range devices {
		names[imei(n)] = deviceID(n)
	}
	type side struct {
		p     *product
		w     *town
		conns []*connection
		rates []float64
	}
	var sides []*side
	for _, fences := range []int{100, 100_000} {
		s := &side{p: run(b, b.TempDir())}
		s.w = newCountry(b, s.p, devices, fences)
		for range connections {
			s.conns = append(s.conns, newConnection(s.p, names))
		}
		sides = append(sides, s)
	}
	for b.Loop() {
		for turn := range turns + 1 {
			for _, s := range sides {
				var sent atomic.Int64
				var all sync.WaitGroup
				start := time.Now()
				for n, conn := range s.conns {
					all.Go(func() {
						for k := 0; time.Since(start) < 2*time.Second; k++ {
							if err := conn.send(b.Context(), s.w, n*devices/connections+k%(devices/connections), 64); err != nil {
								b.Error(err)
								return
							}
							sent.Add(64)
						}
					})
				}
				all.Wait()
				for s.p.Complete() < s.p.journal.Last() {
					time.Sleep(time.Millisecond)
				}
				if turn > 0 {
					s.rates = append(s.rates, float64(sent.Load())/time.Since(start).Seconds())
				}
			}
		}
	}
	for _, s := range sides {
		slices.Sort(s.rates)
		s.p.end(b)
	}
	few, many := sides[0].rates[turns/2], sides[1].rates[turns/2]
	b.ReportMetric(few, "few-fixes/s")
	b.ReportMetric(many, "many-fixes/s")
	b.ReportMetric(many/few*100, "%-of-few")
	b.ReportMetric(0, "ns/op")
}

// connection is a session without its socket.
type connection struct {
	p      *product
	names  map[string]fleet.DeviceID
	codec  ingest.Codec
	s      ingest.Session
	serial uint16
	out    []byte
}

func newConnection(p *product, names map[string]fleet.DeviceID) *connection {
	return &connection{p: p, names: names, codec: gt06.New(), s: ingest.Session{Transport: ingest.TCP}}
}

// send encodes fixes of one device, decodes them as a listener would, and
// returns once they are acknowledged.
func (c *connection) send(ctx context.Context, t *town, n, count int) error {
	c.out = gt06.AppendLogin(c.out[:0], imei(n), c.serial)
	for range count {
		c.serial++
		at, lon, lat := t.drive(n)
		place, _ := fleet.MakePlace(lat, lon)
		fix := gt06.Fix{Time: at, Place: place, Speed: 54, Satellites: 9, Valid: true}
		c.out = gt06.AppendLocation(c.out, fix, c.serial)
	}
	c.s.Now = fleet.At(time.Now())
	split := c.codec.Split
	for rest := c.out; len(rest) > 0; {
		advance, frame, err := split(rest, true)
		if err != nil || advance == 0 {
			return errors.Join(err, io.ErrUnexpectedEOF)
		}
		rest = rest[advance:]
		if _, err := c.codec.Decode(&c.s, frame); err != nil {
			return err
		}
	}
	device := c.names[c.s.UniqueID]
	for i := range c.s.Reports {
		c.s.Reports[i].Device = device
	}
	err := c.p.Accept(ctx, c.s.Reports)
	c.s.Reports = c.s.Reports[:0]
	return err
}

// BenchmarkRecovery starts the engine over 500,000 journaled reports and no
// snapshot, as after a power cut.
//
//	go test . -run '^$' -bench Recovery -benchtime 5x
func BenchmarkRecovery(b *testing.B) {
	const devices, reports = 10_000, 500_000
	p := run(b, b.TempDir())
	w := newTown(b, p, devices, 10_000)
	batch := make([]fleet.Report, 0, 1000)
	for n := range reports {
		at, lon, lat := w.drive(n % devices)
		r := fleet.Report{Device: deviceID(n % devices), Protocol: fleet.Simulated, Fix: at, Received: at + 300}
		r.SetPlace(lat, lon)
		r.SetValid(true)
		if batch = append(batch, r); len(batch) == cap(batch) {
			if err := p.Accept(b.Context(), batch); err != nil {
				b.Fatal(err)
			}
			batch = batch[:0]
		}
	}
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		if err := errors.Join(os.CopyFS(filepath.Join(dir, "journal"), os.DirFS(filepath.Join(p.dir, "journal"))),
			p.admin.CopyTo(filepath.Join(dir, "admin.db"))); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
		again := run(b, dir)
		for again.Complete() < again.journal.Last() {
			time.Sleep(time.Millisecond)
		}
		b.StopTimer()
		again.end(b)
		b.StartTimer()
	}
	b.ReportMetric(float64(reports)*float64(b.N)/b.Elapsed().Seconds(), "reports/s")
	p.end(b)
}

// BenchmarkMemory is what a device costs in memory, all in, once it was seen:
// state, profile, realm, place in the hub, and in the lists that the store
// keeps of devices.
//
//	go test . -run '^$' -bench Memory -benchtime 1x
func BenchmarkMemory(b *testing.B) {
	const devices, once = 1_000_000, 50_000
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC() // what pools hold goes with the second
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	for b.Loop() {
		p := runWith(b, b.TempDir(), engine.Options{SnapshotEvery: fleet.Day}) // one under way would be counted
		before := heap()
		rng, t := rand.New(rand.NewPCG(42, 42)), &town{}
		for set := haulage(); len(t.lon) < devices; set = (fleet.ChangeSet{Since: true}) {
			for range once {
				t.settle(&set, len(t.lon), rng.NormFloat64()*0.5, rng.NormFloat64()*0.5, rng.Float64())
			}
			if _, err := p.Apply(b.Context(), set); err != nil {
				b.Fatal(err)
			}
		}
		batch := make([]fleet.Report, 0, 1000)
		for n := range devices {
			at := fleet.At(time.Now()) // what is older would make devices offline, which are events
			r := fleet.Report{Device: deviceID(n), Protocol: fleet.Simulated, Fix: at, Received: at + 300}
			r.SetPlace(t.lat[n], t.lon[n])
			r.SetValid(true)
			if batch = append(batch, r); len(batch) == cap(batch) {
				if err := p.Accept(b.Context(), batch); err != nil {
					b.Fatal(err)
				}
				batch = batch[:0]
			}
		}
		for p.Complete() < p.journal.Last() {
			time.Sleep(time.Millisecond)
		}
		t, batch = nil, nil
		b.ReportMetric(float64(heap()-before)/devices, "B/device")
		p.end(b)
	}
}

// BenchmarkFanOut moves 1,000 of 10,000 devices at a time and waits until each
// of the watchers has been told: the hub's work alone, without encoding.
//
//	go test . -run '^$' -bench FanOut
func BenchmarkFanOut(b *testing.B) {
	for _, watchers := range []int{1, 100} {
		b.Run(fmt.Sprintf("watchers=%d", watchers), func(b *testing.B) {
			const devices, moved = 10_000, 1000
			h := live.NewHub(0)
			profiles := make([]live.Profile, devices)
			for n := range profiles {
				profiles[n] = live.Profile{Device: deviceID(n), Company: company, Owner: fleet.Owner(customer)}
			}
			h.Place(profiles)
			subs := make([]*live.Subscription, watchers)
			for i := range subs {
				subs[i] = h.Subscribe(fleet.Scope{Company: company})
				if _, err := subs[i].Next(b.Context()); err != nil { // the empty snapshot
					b.Fatal(err)
				}
			}
			positions := make([]fleet.Position, moved)
			second, told := 0, 0
			b.ReportAllocs()
			for b.Loop() {
				second++
				for i := range positions {
					positions[i] = fleet.Position{Device: deviceID((second*moved + i) % devices), Fix: began + fleet.Time(second)}
				}
				h.Move(positions)
				for _, s := range subs {
					f, err := s.Next(b.Context())
					if err != nil {
						b.Fatal(err)
					}
					told += len(f.Positions)
				}
			}
			if told != b.N*moved*watchers {
				b.Fatalf("told %d positions, want %d", told, b.N*moved*watchers)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(told), "ns/position")
		})
	}
}

// TestBenchFrames holds the benchmarks' own input against the codec, so that
// they measure what they say.
func TestBenchFrames(t *testing.T) {
	codec, s := gt06.New(), ingest.Session{Transport: ingest.TCP, Now: began}
	frame := gt06.AppendLogin(nil, imei(7), 1)
	if _, err := codec.Decode(&s, bytes.Clone(frame)); err != nil || s.UniqueID != imei(7) {
		t.Errorf("login as %q, %v, want %q", s.UniqueID, err, imei(7))
	}
}
