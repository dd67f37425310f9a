package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// DemoCmd runs the whole product on a temporary directory.
type DemoCmd struct {
	For     time.Duration `placeholder:"60s" help:"Stop by itself after this long, with a verdict; without it, Ctrl-C stops."`
	Devices int           `default:"50" help:"Vehicles, spread over three cities and all protocols."`
	Verbose bool          `short:"v" help:"Show the server's log."`
}

// Help is what --help adds.
func (DemoCmd) Help() string {
	return `A demo company with three customers and fences over real cities, a fleet that
speaks GT06, Teltonika, H02, OsmAnd, OwnTracks and MQTT over loopback, and
local sinks for mail, SMS and push that take every alert instead of a person.
Nothing leaves this machine, and nothing is left on it afterwards.

The verdict is good, and the exit status 0, if every protocol delivered fixes
and each event reached each of its recipients exactly once on every channel.`
}

// Run runs the demo.
func (cmd *DemoCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	dir, err := os.MkdirTemp("", "vigia-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	return demo(ctx, cmd, dir, os.Stdout)
}

// demo runs on a directory until ctx or the time ends, and judges.
func demo(ctx context.Context, cmd *DemoCmd, dir string, out io.Writer) (err error) {
	if cmd.Devices < len(demoCities)*len(demoProtocols) {
		return fmt.Errorf("--devices %d is too few: %d make every protocol drive in every city", cmd.Devices, len(demoCities)*len(demoProtocols))
	}
	log := slog.New(slog.DiscardHandler)
	if cmd.Verbose {
		log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	}
	to, err := openSinks()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.close()) }()
	n, err := openNode(demoConfig(dir), log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, n.stop()) }()
	n.makeSenders = to.senders
	if err := n.open(ctx, true); err != nil {
		return err
	}
	world, err := makeDemo(ctx, n, cmd.Devices, to.push.Subscribe)
	if err != nil {
		return err
	}
	link, err := n.link("operator@demo.invalid", time.Hour)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, `
Vigia demo: %d vehicles in Bogotá, Lisboa and Montréal, %d protocols.

  Open this link to watch them (it signs you in, once):

    %s

  The same server: %s   API: %s/api/docs
  %s

`, cmd.Devices, len(demoProtocols), link, n.url(), n.url(), demoEnd(cmd.For))

	if cmd.For > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, cmd.For)
		defer cancel()
	}
	fleet := startFleet(ctx, world.devices)
	failed := n.watchDemo(ctx, fleet, to, out)
	fleet.wait()
	if failed != nil {
		return failed
	}
	return n.judgeDemo(fleet, to, out)
}

func demoEnd(d time.Duration) string {
	if d > 0 {
		return fmt.Sprintf("Ends by itself after %s.", d)
	}
	return "Ctrl-C ends it."
}

// demoConfig keeps to loopback, on customary ports or the next free ones.
func demoConfig(dir string) Config {
	c := defaults()
	c.Data = filepath.Join(dir, "data")
	c.HTTP.Listen, c.MQTT.Listen = "127.0.0.1:8080", "127.0.0.1:1883"
	for _, addr := range []*string{
		&c.Ingest.GT06, &c.Ingest.Teltonika, &c.Ingest.H02, &c.Ingest.OsmAnd, &c.Ingest.OwnTracks, &c.Ingest.Shared,
	} {
		*addr = "127.0.0.1" + *addr
	}
	c.Keep.MinFree = "64MB"
	return c
}

// demoFleet is the vehicles under way, counted by protocol.
type demoFleet struct {
	stats map[string]*fleetsim.Stats
	wg    sync.WaitGroup
}

// startFleet lets every device report once a second, spread over the second.
func startFleet(ctx context.Context, devices []fleetsim.Device) *demoFleet {
	f := &demoFleet{stats: map[string]*fleetsim.Stats{}}
	for _, p := range demoProtocols {
		f.stats[p] = &fleetsim.Stats{}
	}
	for i := range devices {
		d := &devices[i]
		f.wg.Go(func() {
			select {
			case <-ctx.Done():
			case <-time.After(time.Second * time.Duration(i) / time.Duration(len(devices))):
				d.Run(ctx, time.Second, f.stats[d.Protocol])
			}
		})
	}
	return f
}

func (f *demoFleet) wait() { f.wg.Wait() }

func (f *demoFleet) acked() (sum int64) {
	for _, s := range f.stats {
		sum += s.Acked.Load()
	}
	return sum
}

// watchDemo shows what happens until ctx ends; on a terminal in one line that
// changes, else a line every ten seconds.
func (n *node) watchDemo(ctx context.Context, f *demoFleet, to *demoSinks, out io.Writer) error {
	terminal := false
	if file, ok := out.(*os.File); ok {
		st, err := file.Stat()
		terminal = err == nil && st.Mode()&os.ModeCharDevice != 0
	}
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	begun, last := time.Now(), int64(0)
	for i := 1; ; i++ {
		select {
		case <-ctx.Done():
			if terminal {
				fmt.Fprintln(out)
			}
			return nil
		case err := <-n.failed:
			return err
		case <-tick.C:
		}
		now := f.acked()
		line := fmt.Sprintf("%4.0f s   %4d fixes/s   %6d events   %5d mails   %5d SMS   %5d pushes", time.Since(begun).Seconds(),
			now-last, n.eventCount(), to.mail.Accepted(), to.sms.Accepted(), to.push.Accepted())
		last = now
		if terminal {
			fmt.Fprintf(out, "\r%s ", line)
		} else if i%10 == 0 {
			fmt.Fprintln(out, line)
		}
	}
}

// eventCount is how many events this run committed.
func (n *node) eventCount() (sum int64) {
	for _, kind := range fleet.EventKinds() {
		sum += int64(n.metrics.GetOrCreateCounter(fmt.Sprintf("vigia_events_total{kind=%q}", kind)).Get())
	}
	return sum
}
