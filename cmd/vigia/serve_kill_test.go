package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/sinks"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

const (
	killCycles  = 20 // VIGIA_KILLS asks for more
	killDevices = 6
	killEvery   = 25 * time.Millisecond // between two fixes of a device
	killMemory  = 100_000               // fixes a device keeps: a slow machine is no fault of the server
)

// TestServeSurvivesKill ends a whole server by kill -9 twenty times, while
// trackers drive to and fro over a fence's edge. Trackers send again only what
// was not acknowledged, so a lost fix would stay lost. At the end each fix is
// in the tracks once, each crossing is one event, and each event came as a
// mail. A mail comes twice only if it was on its way when the server was killed,
// under the same key. VIGIA_SEED repeats a run, VIGIA_KILLS=100 makes it longer.
func TestServeSurvivesKill(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("VIGIA_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("VIGIA_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	to, err := openSinks()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = to.close() }()
	o := serverOptions{sinks: to}
	s := startServer(t, t.TempDir(), o)
	api := s.setUp("en")
	cars := shuttles(api)
	o.set = []string{"ingest.teltonika=" + s.door("teltonika")} // trackers know one address

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var wg sync.WaitGroup
	for _, c := range cars {
		d := fleetsim.Device{UniqueID: c.identity, Protocol: "teltonika", Addr: s.door("teltonika"), Source: c.next, Memory: killMemory}
		wg.Go(func() { d.Run(ctx, killEvery, &c.stats) })
	}
	cycles := killCycles
	if text := os.Getenv("VIGIA_KILLS"); text != "" {
		cycles, _ = strconv.Atoi(text)
	}
	var kills []time.Time // each: before the kill, and after it
	for range cycles {
		until := acked(cars) + 50 + int64(random.IntN(100))
		waitFor(t, "acknowledgements", func() bool { return acked(cars) >= until })
		kills = append(kills, time.Now())
		s.kill()
		kills = append(kills, time.Now())
		s = startServer(t, s.data, o)
	}
	api.base = s.url + "/api/v1"
	for _, c := range cars {
		n := c.stop()
		waitFor(t, "the last acknowledgements", func() bool { return c.stats.Acked.Load() >= n })
		if c.stats.Dropped.Load() != 0 {
			t.Fatalf("%d fixes did not fit a tracker's memory", c.stats.Dropped.Load())
		}
	}
	stop()
	wg.Wait()

	fixes, crossings := 0, 0
	for _, c := range cars {
		fixes += len(c.fixes)
		crossings += len(c.events())
	}
	var events []any
	waitFor(t, "events", func() bool {
		events = api.all("/events?limit=500")
		return len(events) >= crossings
	})
	for _, c := range cars {
		c.compare(t, api, events)
	}
	waitFor(t, "mails", func() bool { return len(to.mail.ByKey()) >= crossings })
	if n := len(to.mail.ByKey()); n != crossings {
		t.Errorf("mails under %d keys, want one for each of %d events", n, crossings)
	}
	repeats := to.mail.Repeats()
	inFlight(t, repeats, kills)
	t.Logf("%d kills, %d fixes, %d events, %d mails, %d of them twice", cycles, fixes, crossings, to.mail.Accepted(), len(repeats))
	s.term()
	s.check()
}

// inFlight wants a kill between a mail and its repetition, and for each kill no
// more repetitions than there are mails on their way at a time.
func inFlight(t *testing.T, repeats []sinks.Repeat, kills []time.Time) {
	t.Helper()
	lost := map[int]int{}
	for _, r := range repeats {
		at := 0
		for at < len(kills) && kills[at+1].Before(r.Before) {
			at += 2
		}
		if lost[at]++; at == len(kills) || r.At.Before(kills[at]) {
			t.Errorf("%s was sent at %v and again at %v with no kill in between", r.Key, r.Before, r.At)
		}
	}
	for at, n := range lost {
		if most := notify.DefaultLimits(fleet.Email).Concurrent; n > most {
			t.Errorf("%d mails came again after the kill at %v; %d can be on their way", n, kills[at], most)
		}
	}
}

// shuttle is a car that drives to and fro over a fence's edge, and remembers.
type shuttle struct {
	id, identity string
	stats        fleetsim.Stats

	mu    sync.Mutex // guards below
	fixes []fleetsim.Fix
	ended bool
}

// shuttles registers a fence, cars, and somebody who gets mail about them.
func shuttles(api *client) []*shuttle {
	customer := api.post("/customers", body{"name": "C", "code": "C", "lang": "en", "timezone": "UTC"})["id"].(string)
	user := api.post("/users", body{"name": "Zoe", "email": "zoe@example.com", "role": "customerAdmin", "customer": customer,
		"lang": "en", "timezone": "UTC", "activation": body{"method": "link"}})["id"].(string) // no invitation among the mails
	api.post("/fences", body{"name": "East of the line", "owner": customer, "preset": "instant", "shape": body{"type": "Polygon",
		"coordinates": [][][2]float64{{{10, 0}, {10.1, 0}, {10.1, 0.1}, {10, 0.1}, {10, 0}}}}})
	api.post("/notifications", body{"description": "All", "owner": customer, "allDevices": true, "allFences": true,
		"kinds": []string{"enter", "exit"}, "channels": []string{"email"}, "recipients": []string{user}})
	out := make([]*shuttle, killDevices)
	for i := range out {
		c := &shuttle{identity: fmt.Sprint(860000000000200 + i)}
		c.id = api.post("/devices", body{"name": c.identity, "uniqueId": c.identity, "customer": customer})["id"].(string)
		out[i] = c
	}
	return out
}

// acked is how many fixes were acknowledged so far.
func acked(cars []*shuttle) (sum int64) {
	for _, c := range cars {
		sum += c.stats.Acked.Load()
	}
	return sum
}

// next is the next fix: 0.3 m further, over the edge every 21 fixes. A car
// that ended repeats its last fix, which the server knows as a duplicate.
func (c *shuttle) next(now fleet.Time) fleetsim.Fix {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := len(c.fixes)
	if c.ended {
		return c.fixes[n-1]
	}
	metres := 0.3 * (float64(max(n%42-21, 21-n%42)) - 10.5)
	place, _ := fleet.MakePlace(0.05, 10+metres/111_320)
	if n > 0 {
		now = max(now, c.fixes[n-1].Time+1)
	}
	c.fixes = append(c.fixes, fleetsim.Fix{Time: now, Place: place, Speed: 43, Course: 90, Satellites: 9})
	return c.fixes[n]
}

// stop ends the drive and says how many fixes it had.
func (c *shuttle) stop() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended = true
	return int64(len(c.fixes))
}

// events are the crossings that the fixes make, as "time kind".
func (c *shuttle) events() (out []string) {
	for i := 1; i < len(c.fixes); i++ {
		was, is := c.fixes[i-1].Place.Lon >= 10e7, c.fixes[i].Place.Lon >= 10e7
		if was != is {
			out = append(out, c.fixes[i].Time.String()+map[bool]string{true: " enter", false: " exit"}[is])
		}
	}
	return out
}

// compare holds tracks and events of the server against what the car did.
func (c *shuttle) compare(t *testing.T, api *client, events []any) {
	t.Helper()
	from, to := url.QueryEscape((c.fixes[0].Time - 1).String()), url.QueryEscape((c.fixes[len(c.fixes)-1].Time + 1).String())
	var kept, sent, told []string
	for _, p := range api.track(c.id, from, to) {
		kept = append(kept, fmt.Sprintf("%v %.7f", p.(body)["time"], p.(body)["lon"]))
	}
	for _, f := range c.fixes {
		sent = append(sent, fmt.Sprintf("%v %.7f", f.Time, f.Place.LonDegrees()))
	}
	slices.Sort(kept)
	if !slices.Equal(kept, sent) {
		t.Errorf("%s: %d fixes kept of %d; %s", c.identity, len(kept), len(sent), firstDifference(kept, sent))
	}
	for _, e := range events {
		if e.(body)["device"] == c.id {
			told = append(told, fmt.Sprintf("%v %v", e.(body)["time"], e.(body)["kind"]))
		}
	}
	slices.Sort(told)
	if want := c.events(); !slices.Equal(told, want) {
		t.Errorf("%s: %d events, want %d; %s", c.identity, len(told), len(want), firstDifference(told, want))
	}
}

func firstDifference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		switch {
		case i >= len(got):
			return "missing " + want[i]
		case i >= len(want):
			return "too much: " + got[i]
		case got[i] != want[i]:
			return fmt.Sprintf("at %d is %s, want %s", i, got[i], want[i])
		}
	}
	return "no difference"
}
