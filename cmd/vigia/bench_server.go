package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/fleetsim"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// BenchServerCmd is the server process of `bench ingest`: a node with the
// benchmark's world, steered over standard input.
type BenchServerCmd struct {
	Dir     string
	Fences  int
	Devices int
	Seed    uint64
	Profile string `help:"Write a CPU profile of the load here."`
}

// benchFigures is what the server process tells of itself.
type benchFigures struct {
	Events         int64   `json:"events"`
	EventP99Ms     float64 `json:"event_p99_ms"`
	BacklogS       float64 `json:"backlog_s"`
	RSSMB          float64 `json:"rss_mb"`
	CPUS           float64 `json:"cpu_s"`
	Fsyncs         int64   `json:"fsyncs"`
	JournalBytes   int64   `json:"journal_bytes"`
	SegmentsSorted int64   `json:"segments_sorted"`
}

// Run serves until standard input ends.
func (cmd *BenchServerCmd) Run() error {
	c := defaults()
	c.Data = cmd.Dir
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	n, err := openNode(c, log)
	if err != nil {
		return err
	}
	ctx := context.Background()
	if err := n.start(ctx); err != nil {
		return errors.Join(err, n.stop())
	}
	if err := benchWorld(ctx, n, cmd); err != nil {
		return errors.Join(err, n.stop())
	}
	door := ingest.NewServer(ingest.Options{Sink: n.engine, Registry: n.registry, Tap: n.registry.heard, Log: log, Metrics: n.metrics})
	addr, err := door.ListenTCP(ctx, "127.0.0.1:0", ingest.Protocol{
		Name: "gt06", ID: fleet.GT06, New: func() ingest.Codec { return gt06.New() },
	})
	if err != nil {
		return errors.Join(err, n.stop())
	}
	watch := watchEvents(n.hub)
	if cmd.Profile != "" {
		f, err := os.Create(cmd.Profile)
		if err != nil {
			return errors.Join(err, door.Close(ctx), n.stop())
		}
		defer func() { _ = f.Close() }()
		if err := pprof.StartCPUProfile(f); err != nil {
			return errors.Join(err, door.Close(ctx), n.stop())
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Println(addr)
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		if err := json.NewEncoder(os.Stdout).Encode(figures(n, watch)); err != nil {
			return err
		}
	}
	return errors.Join(door.Close(ctx), n.stop(), watch.wait())
}

// benchWorld puts the world's fences and devices under one customer; its
// fences hold since the beginning of time.
func benchWorld(ctx context.Context, n *node, cmd *BenchServerCmd) error {
	const name = "Benchmark"
	made, err := n.Apply(ctx, fleet.ChangeSet{Companies: []fleet.Company{{Name: name, Lang: fleet.English, Timezone: "UTC"}}})
	if err != nil {
		return err
	}
	company := made.Companies[0].ID
	made, err = n.Apply(ctx, fleet.ChangeSet{Customers: []fleet.Customer{
		{Company: company, Name: name, Code: "B", Lang: fleet.English, Timezone: "UTC"}}})
	if err != nil {
		return err
	}
	customer := made.Customers[0].ID
	world := fleetsim.NewWorld(benchOptions(cmd.Seed, cmd.Fences, cmd.Devices))
	set := fleet.ChangeSet{Since: true}
	for i, s := range world.Shapes {
		set.Fences = append(set.Fences, fleet.Fence{
			Company: company, Owner: fleet.Owner(customer), Name: "Fence " + strconv.Itoa(i), Shape: s,
			Inside: true, Outside: true, Preset: fleet.Instant, Targets: fleet.Targets{All: true},
		})
	}
	for i := range cmd.Devices {
		set.Devices = append(set.Devices, fleet.Device{
			Company: company, Customer: customer, Name: "Device " + strconv.Itoa(i), UniqueID: benchUniqueID(i)})
	}
	_, err = n.Apply(ctx, set)
	return err
}

// eventWatch follows the hub as a watcher does and notes how old events are.
type eventWatch struct {
	sub    *live.Subscription
	done   chan error
	events atomic.Int64
	lagged atomic.Int64

	mu   sync.Mutex
	ages []float64 // ms from arrival to here; guarded by mu
}

func watchEvents(hub *live.Hub) *eventWatch {
	w := &eventWatch{done: make(chan error, 1)}
	all := fleet.Scope{Installation: true}
	w.sub = hub.Subscribe(all)
	go func() {
		defer close(w.done)
		for {
			f, err := w.sub.Next(context.Background())
			switch {
			case errors.Is(err, live.ErrLagged):
				w.lagged.Add(1)
				w.sub.Close()
				w.sub = hub.Subscribe(all)
				continue
			case err != nil:
				return
			}
			now := fleet.At(time.Now())
			w.events.Add(int64(len(f.Events)))
			w.mu.Lock()
			for _, e := range f.Events {
				w.ages = append(w.ages, float64(now-e.Received))
			}
			w.mu.Unlock()
		}
	}()
	return w
}

// wait returns once the watcher ended, which it does when the hub closes.
func (w *eventWatch) wait() error { return <-w.done }

func (w *eventWatch) p99() float64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.ages) == 0 {
		return 0
	}
	sorted := slices.Clone(w.ages)
	slices.Sort(sorted)
	return sorted[len(sorted)*99/100]
}

func figures(n *node, w *eventWatch) benchFigures {
	f := benchFigures{
		BacklogS: n.engine.Backlog().Seconds(), EventP99Ms: w.p99(),
		RSSMB: residentMB(), CPUS: cpuSeconds(), JournalBytes: n.journal.DiskBytes(),
	}
	var b bytes.Buffer
	n.metrics.WritePrometheus(&b)
	for line := range strings.Lines(b.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		v, err := strconv.ParseFloat(value, 64)
		switch {
		case err != nil:
		case strings.HasPrefix(name, "vigia_events_total"):
			f.Events += int64(v)
		case name == "vigia_engine_append_seconds_count":
			f.Fsyncs = int64(v)
		case name == "vigia_history_segments_sorted_total":
			f.SegmentsSorted = int64(v)
		}
	}
	return f
}

// residentMB is this process's resident memory (proc(5), statm).
func residentMB() float64 {
	b, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(b))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	if err != nil {
		return 0
	}
	return pages * float64(os.Getpagesize()) / 1e6
}
