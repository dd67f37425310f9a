package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// BenchCmd groups what measures.
type BenchCmd struct {
	Ingest BenchIngestCmd `cmd:"" help:"Measure ingest over loopback TCP: bytes to acknowledged, durable fixes."`
	Server BenchServerCmd `cmd:"" hidden:"" help:"The server process of 'bench ingest'."`
}

// BenchIngestCmd measures the whole path from a tracker's bytes to the facts.
type BenchIngestCmd struct {
	Protocol    string        `default:"gt06" enum:"gt06" help:"Language of the trackers (gt06)."`
	Connections int           `default:"100" help:"TCP connections."`
	Inflight    int           `default:"64" help:"Frames without answer on each connection, at most."`
	Devices     int           `default:"10000" help:"Devices; a connection speaks for its share of them in turn."`
	Fences      int           `default:"10000" help:"Fences, clustered like cities, of one owner."`
	Seconds     int           `default:"15" help:"How long to load the server."`
	Rate        float64       `help:"Fixes per second; 0: as many as are acknowledged."`
	Seed        uint64        `default:"42" help:"Seed of the world."`
	Step        time.Duration `default:"1s" help:"Device time between two fixes of a device."`
	Visit       int           `default:"64" help:"Fixes a device sends before its connection logs in as the next."`
	Dir         string        `type:"path" placeholder:"DIR" help:"Where the server keeps its data; a temporary directory if not given."`
	Profile     string        `placeholder:"FILE" help:"Write a CPU profile of the server here."`
	JSON        bool          `help:"Print one JSON object."`
}

// Help is what --help adds.
func (BenchIngestCmd) Help() string {
	return `Starts a server in a process of its own, loads it from this one, and prints
what was acknowledged and how quickly. Every acknowledged fix is on disk; the
disk's own speed, a bare loop of 4 KiB writes with fdatasync, stands beside it.`
}

// BenchResult is what `bench ingest` prints.
type BenchResult struct {
	FixesPerS        float64 `json:"fixes_per_s"`
	AckP50Ms         float64 `json:"ack_p50_ms"`
	AckP99Ms         float64 `json:"ack_p99_ms"`
	EventP99Ms       float64 `json:"event_p99_ms"`
	EventsPerFix     float64 `json:"events_per_fix"`
	BacklogS         float64 `json:"backlog_s"`
	RSSMB            float64 `json:"rss_mb"`
	ServerCPUS       float64 `json:"server_cpu_s"`
	FsyncsPerS       float64 `json:"fsyncs_per_s"`
	BareFdatasyncS   float64 `json:"bare_fdatasync_per_s"`
	Fixes            int64   `json:"fixes"`
	Seconds          float64 `json:"seconds"`
	JournalBytes     int64   `json:"journal_bytes"`
	SegmentsSorted   int64   `json:"segments_sorted"`
	Connections      int     `json:"connections"`
	Inflight         int     `json:"inflight"`
	Devices          int     `json:"devices"`
	Fences           int     `json:"fences"`
	ClientCPUSeconds float64 `json:"client_cpu_s"`
}

// Run measures and prints.
func (cmd *BenchIngestCmd) Run() error {
	dir := cmd.Dir
	if dir == "" {
		var err error
		if dir, err = os.MkdirTemp("", "vigia-bench-"); err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
	}
	bare, err := bareSyncs(dir, time.Second)
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "starting a server with %d fences and %d devices ...\n", cmd.Fences, cmd.Devices)
	child, err := cmd.startServer(dir)
	if err != nil {
		return err
	}
	defer child.kill()
	world := fleetsim.NewWorld(benchOptions(cmd.Seed, cmd.Fences, cmd.Devices))
	load := fleetsim.Load{
		Addr: child.addr, Connections: cmd.Connections, InFlight: cmd.Inflight, World: world,
		UniqueID: benchUniqueID, Start: benchStart, Step: cmd.Step, Visit: cmd.Visit, Rate: cmd.Rate,
	}
	before, err := child.figures()
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "loading it through %d connections for %d s ...\n", cmd.Connections, cmd.Seconds)
	cpu := cpuSeconds()
	got, err := load.Run(context.Background(), time.Duration(cmd.Seconds)*time.Second)
	if err != nil {
		return err
	}
	cpu = cpuSeconds() - cpu
	after, err := child.figures()
	if err != nil {
		return err
	}
	took := got.Took.Seconds()
	r := BenchResult{
		FixesPerS: float64(got.Acked) / took,
		AckP50Ms:  ms(got.Quantile(0.5)), AckP99Ms: ms(got.Quantile(0.99)),
		EventP99Ms: after.EventP99Ms, EventsPerFix: float64(after.Events-before.Events) / float64(max(1, got.Acked)),
		BacklogS: after.BacklogS, RSSMB: after.RSSMB, ServerCPUS: after.CPUS - before.CPUS,
		FsyncsPerS: float64(after.Fsyncs-before.Fsyncs) / took, BareFdatasyncS: bare,
		Fixes: got.Acked, Seconds: took, JournalBytes: after.JournalBytes, SegmentsSorted: after.SegmentsSorted,
		Connections: cmd.Connections, Inflight: cmd.Inflight, Devices: cmd.Devices, Fences: cmd.Fences,
		ClientCPUSeconds: cpu,
	}
	if err := child.stop(); err != nil {
		return err
	}
	return printBench(os.Stdout, &r, cmd.JSON)
}

func printBench(w io.Writer, r *BenchResult, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(r)
	}
	_, err := fmt.Fprintf(w, `%d connections, %d in flight, %d devices, %d fences
  acknowledged   %10.0f fixes/s   (%d in %.1f s, each on disk before its ack)
  ack            %10.1f ms p50    %8.1f ms p99
  event          %10.1f ms p99    from arrival to watchers, %.4f events a fix
  backlog        %10.2f s         between journal and facts at the end
  fsyncs         %10.0f /s        a bare fdatasync loop here: %.0f /s
  server         %10.1f s CPU     %8.0f MB resident; load generator %.1f s CPU
`, r.Connections, r.Inflight, r.Devices, r.Fences, r.FixesPerS, r.Fixes, r.Seconds, r.AckP50Ms, r.AckP99Ms,
		r.EventP99Ms, r.EventsPerFix, r.BacklogS, r.FsyncsPerS, r.BareFdatasyncS, r.ServerCPUS, r.RSSMB, r.ClientCPUSeconds)
	return err
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// benchOptions is the world of `bench ingest`. At one fix a second a device
// crosses less in a fix than at one in five; cities of so many fences bring
// the crossings back to between 0.01 and 0.02 a fix.
func benchOptions(seed uint64, fences, devices int) fleetsim.WorldOptions {
	return fleetsim.WorldOptions{Seed: seed, Fences: fences, Devices: devices, FencesPerCity: 500}
}

// benchStart is the device time of the first fix: a day before now, so that
// the synthetic time stays behind the clock.
var benchStart = fleet.At(time.Now()).UTCDay() - fleet.Day

// benchUniqueID is an IMEI-like identity: 15 digits.
func benchUniqueID(device int) string { return fmt.Sprintf("86%013d", device) }

// bareSyncs is how often a second this disk writes 4 KiB and syncs.
func bareSyncs(dir string, during time.Duration) (float64, error) {
	f, err := os.Create(filepath.Join(dir, "sync.tmp"))
	if err != nil {
		return 0, err
	}
	defer func() {
		_ = f.Close()
		_ = os.Remove(f.Name())
	}()
	block := make([]byte, 4096)
	n, begun := 0, time.Now()
	for time.Since(begun) < during {
		if _, err := f.Write(block); err != nil {
			return 0, err
		}
		if err := syscall.Fdatasync(int(f.Fd())); err != nil {
			return 0, err
		}
		n++
	}
	return float64(n) / time.Since(begun).Seconds(), nil
}

func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return math.NaN()
	}
	return float64(u.Utime.Sec+u.Stime.Sec) + float64(u.Utime.Usec+u.Stime.Usec)/1e6
}

// benchChild is the server process.
type benchChild struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	out  *bufio.Scanner
	addr string
}

func (cmd *BenchIngestCmd) startServer(dir string) (*benchChild, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	c := &benchChild{cmd: exec.Command(self, "bench", "server", "--dir", filepath.Join(dir, "data"),
		fmt.Sprintf("--fences=%d", cmd.Fences), fmt.Sprintf("--devices=%d", cmd.Devices), fmt.Sprintf("--seed=%d", cmd.Seed))}
	if cmd.Profile != "" { // an empty path would become the current folder
		c.cmd.Args = append(c.cmd.Args, "--profile="+cmd.Profile)
	}
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.out = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if !c.out.Scan() {
		return nil, fmt.Errorf("the server process ended before it was ready: %w", c.cmd.Wait())
	}
	c.addr = c.out.Text()
	return c, nil
}

// figures asks the server process where it stands.
func (c *benchChild) figures() (f benchFigures, err error) {
	if _, err := fmt.Fprintln(c.in, "figures"); err != nil {
		return f, err
	}
	if !c.out.Scan() {
		return f, fmt.Errorf("the server process gave no figures: %w", c.out.Err())
	}
	return f, json.Unmarshal(c.out.Bytes(), &f)
}

// stop lets the server process end by itself.
func (c *benchChild) stop() error {
	_ = c.in.Close()
	return c.cmd.Wait()
}

func (c *benchChild) kill() {
	if c.cmd.ProcessState == nil {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	}
}
