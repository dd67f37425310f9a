package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// ServeCmd runs the server.
type ServeCmd struct {
	ConfigFlags
}

// Help is what --help adds.
func (ServeCmd) Help() string {
	return `Works without any setting: data in ./vigia-data, every door open on its customary
port. The first start prints a link that makes you its administrator; until
then nobody can sign in.

Settings come from defaults, then vigia.toml or --config FILE, then the
environment, then flags; 'vigia config' prints what is in effect. To be told of
events, configure [mail], [sms] and [push]; see docs/notifications.md.

Ctrl-C stops it in order, a second one at once. Nothing that was acknowledged
to a tracker is lost either way.`
}

// Run serves until a signal.
func (cmd *ServeCmd) Run(now clock) error {
	c, err := cmd.Load(processEnvironment())
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return serve(ctx, c, now, newLog(c.Log, os.Stderr), os.Stdout)
}

// setupValid is how long the link of the first start holds.
const setupValid = 24 * time.Hour

// serve runs a node until ctx ends or a part fails, and stops it in order.
func serve(ctx context.Context, c Config, now clock, log *slog.Logger, out io.Writer) error {
	n, err := openNodeAt(c, now, log)
	if err != nil {
		return err
	}
	// A second signal while we stop ends the process at once.
	defer context.AfterFunc(ctx, func() {
		again := make(chan os.Signal, 1)
		signal.Notify(again, os.Interrupt, syscall.SIGTERM)
		go func() {
			<-again
			fmt.Fprintln(os.Stderr, "vigia: stopped at once; the journal has what was acknowledged")
			os.Exit(1)
		}()
	})()
	if err := n.open(ctx, false); err != nil {
		return errors.Join(err, n.stop())
	}
	if err := n.welcome(out); err != nil {
		return errors.Join(err, n.stop())
	}
	if err := tellSystemd("READY=1"); err != nil {
		log.Warn("cannot tell the service manager that the server is ready", "err", err)
	}
	select {
	case <-ctx.Done():
		log.Info("stopping")
	case err = <-n.failed:
		log.Error("stopping: a part failed", "err", err)
	}
	_ = tellSystemd("STOPPING=1") // it sees the end of the process, too
	err = errors.Join(err, n.stop())
	log.Info("stopped")
	return err
}

// open starts the node and opens every door: recovery first, then notifiers,
// then people, then trackers.
func (n *node) open(ctx context.Context, next bool) error {
	if err := n.start(ctx); err != nil {
		return err
	}
	if err := n.openNotifiers(); err != nil {
		return err
	}
	if err := n.openSecure(); err != nil {
		return err
	}
	if err := n.openWeb(next, n.vapidKey); err != nil {
		return err
	}
	n.job("cut-off", func() error { return n.warnCuts(n.running) })
	if n.certs != nil { // an authority asks at these doors
		n.job("certificate", func() error { return n.certs.run(n.running) })
	}
	n.job("control", func() error { return n.control(n.running) }) // its links name the web server's address
	links := n.config.PublicURL
	if next { // the demo's people sit at this machine
		links = n.url()
	}
	if err := n.startDispatch(links); err != nil {
		return err
	}
	doors, err := openDoors(ctx, doorOptions{
		Config: n.config, Sink: n.engine, Registry: n.registry, Orders: orders{n.desk}, Tap: n.registry.heard, Log: n.log, Metrics: n.metrics, Next: next, Certificates: n.certs,
	})
	if err != nil {
		return err
	}
	n.doors.Store(doors)
	var running context.Context
	running, n.endConnections = context.WithCancel(context.WithoutCancel(ctx))
	n.connected = make(chan struct{})
	n.jobs.Go(func() {
		defer close(n.connected)
		_ = n.connections.run(running) // ends with running alone
	})
	return nil
}

// welcome says where everything is and, on a new installation, how to begin.
func (n *node) welcome(out io.Writer) error {
	fmt.Fprintf(out, "Vigia %s\n\n  Open      %s\n  Data      %s\n", version, n.url(), n.config.Data)
	var open []string
	doors := n.doors.Load()
	for _, name := range slices.Sorted(maps.Keys(doors.open)) {
		addr := doors.open[name]
		open = append(open, name+" "+addr[strings.LastIndexByte(addr, ':'):])
	}
	fmt.Fprintf(out, "  Trackers  %s\n", strings.Join(open, ", "))
	empty, err := n.admin.Empty()
	if err != nil {
		return err
	}
	if empty {
		link, err := n.link("", setupValid)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "\nNobody has set this installation up yet. Open this link to become its\nadministrator (it works once, for %.0f hours):\n\n  %s\n", setupValid.Hours(), link)
	}
	fmt.Fprintln(out)
	return nil
}
