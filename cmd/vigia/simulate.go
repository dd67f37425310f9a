package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// SimulateCmd sends a simulated fleet to a server.
type SimulateCmd struct {
	To       string  `required:"" placeholder:"HOST" help:"Server, as host or host:port; without a port the protocol's customary one."`
	Protocol string  `required:"" placeholder:"P" help:"What the trackers speak: gt06, teltonika, teltonika-udp, h02, osmand, owntracks or mqtt."`
	Devices  int     `default:"10" help:"How many trackers."`
	Rate     float64 `default:"10" help:"Fixes per second of all trackers together."`
	Seconds  int     `default:"60" help:"For how long."`
	FirstID  uint64  `default:"860000000000000" help:"Identity of the first tracker; the others follow by one."`
	IDs      string  `name:"ids" type:"existingfile" placeholder:"FILE" help:"Identities, one a line, instead of numbers; for mqtt, a space and the password behind each."`
	Centre   string  `default:"4.6533,-74.0836" placeholder:"LAT,LON" help:"Where they drive."`
	Seed     uint64  `default:"1" help:"Seed of the tours."`
	YesIOwn  bool    `name:"yes-i-own-it" help:"Needed where the server is not on this machine."`
}

// Help is what --help adds.
func (SimulateCmd) Help() string {
	return `The server takes fixes only from devices that it knows. Register the identities
there first, or adopt them once they knocked. Every tracker connects for itself,
waits for its acknowledgements, and sends again what was not acknowledged.`
}

// Run sends until the time is up or Ctrl-C.
func (cmd *SimulateCmd) Run() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, time.Duration(cmd.Seconds)*time.Second)
	defer cancel()
	return simulate(ctx, cmd, os.Stdout)
}

func simulate(ctx context.Context, cmd *SimulateCmd, out io.Writer) error {
	if !slices.Contains(fleetsim.Protocols(), cmd.Protocol) {
		return fmt.Errorf("--protocol %s: no simulated tracker speaks it; choose one of %s",
			cmd.Protocol, strings.Join(fleetsim.Protocols(), ", "))
	}
	if cmd.Devices < 1 || cmd.Devices > 100_000 || !(cmd.Rate > 0) {
		return fmt.Errorf("--devices must lie between 1 and 100000, --rate above 0")
	}
	addr, err := simulateAddr(cmd)
	if err != nil {
		return err
	}
	ids, err := cmd.identities()
	if err != nil {
		return err
	}
	centre, err := parseCentre(cmd.Centre)
	if err != nil {
		return err
	}
	var stats fleetsim.Stats
	var wg sync.WaitGroup
	interval := time.Duration(float64(len(ids)) / cmd.Rate * float64(time.Second))
	for i, id := range ids {
		tour := fleetsim.NewVehicle(cmd.Seed+uint64(i), centre, fleetsim.Stops(cmd.Seed+uint64(i), centre, 5, 4000), 45, 20)
		name, secret, _ := strings.Cut(id, " ")
		d := fleetsim.Device{UniqueID: name, Secret: secret, Protocol: cmd.Protocol, Addr: addr, Source: tour.At}
		wg.Go(func() {
			// Spread over the interval, as trackers are.
			select {
			case <-ctx.Done():
			case <-time.After(interval * time.Duration(i) / time.Duration(len(ids))):
				d.Run(ctx, interval, &stats)
			}
		})
	}
	report := func() {
		text := "none"
		if e := stats.LastError.Load(); e != nil {
			text = *e
		}
		fmt.Fprintf(out, "%d sent, %d acknowledged, %d reconnects; last error: %s\n",
			stats.Sent.Load(), stats.Acked.Load(), stats.Reconnects.Load(), text)
	}
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
			report()
		}
	}
	wg.Wait()
	report()
	if stats.Acked.Load() == 0 {
		return errors.New("the server acknowledged nothing; does it know these identities?")
	}
	return nil
}

// simulateAddr is the server's address, its customary port filled in. Servers
// elsewhere need their owner's word.
func simulateAddr(cmd *SimulateCmd) (string, error) {
	host, port, err := net.SplitHostPort(cmd.To)
	if err != nil {
		host = strings.Trim(cmd.To, "[]")
		name := strings.TrimSuffix(cmd.Protocol, "-udp")
		p, err := protocolNamed(name)
		if err != nil {
			return "", err
		}
		if port = strconv.Itoa(p.port); p.port == 0 {
			port = "1883"
		}
	}
	all, err := net.LookupIP(host)
	if err != nil {
		return "", fmt.Errorf("--to: %w", err)
	}
	for _, ip := range all {
		if !ip.IsLoopback() && !cmd.YesIOwn {
			return "", fmt.Errorf("--to %s is %s, not this machine; if that server is yours, say so with --yes-i-own-it", host, ip)
		}
	}
	return net.JoinHostPort(host, port), nil
}

func (cmd *SimulateCmd) identities() ([]string, error) {
	if cmd.IDs == "" {
		out := make([]string, cmd.Devices)
		for i := range out {
			out[i] = strconv.FormatUint(cmd.FirstID+uint64(i), 10)
		}
		return out, nil
	}
	f, err := os.Open(cmd.IDs)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out []string
	for in := bufio.NewScanner(f); in.Scan() && len(out) < cmd.Devices; {
		id := strings.TrimSpace(in.Text())
		if id == "" {
			continue
		}
		name, _, _ := strings.Cut(id, " ")
		if err := fleet.ValidUniqueID(name); err != nil {
			return nil, fmt.Errorf("%s: %w", cmd.IDs, err)
		}
		out = append(out, id)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s names no device", cmd.IDs)
	}
	return out, nil
}

func parseCentre(s string) (geo.Point, error) {
	var lat, lon float64
	if n, err := fmt.Sscanf(s, "%g,%g", &lat, &lon); n != 2 || err != nil || lat < -85 || lat > 85 || lon < -180 || lon > 180 {
		return geo.Point{}, fmt.Errorf("--centre: %q is no place; write 4.6533,-74.0836", s)
	}
	return geo.Point{lon, lat}, nil
}
