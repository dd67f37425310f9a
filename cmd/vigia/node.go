package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/journal"
)

// semantics numbers what track and alert make of their inputs. It stands in
// journal and snapshots: a snapshot of other semantics is not used.
const semantics = 1

// node is a running Vigia: every room, opened and wired. Open it, Start it,
// Stop it; the three orders of the design (start, data flow, stop) stand here.
type node struct {
	config  Config
	log     *slog.Logger
	metrics *metrics.Set

	lock      *store.Lock
	admin     *store.Admin
	facts     *store.Facts
	snapshots *store.Snapshots
	journal   *journal.Journal
	hub       *live.Hub
	engine    *engine.Engine
	registry  *registry
}

// openNode opens the data directory and wires the rooms. Nothing listens yet.
func openNode(c Config, log *slog.Logger) (_ *node, err error) {
	n := &node{config: c, log: log, metrics: metrics.NewSet(), registry: newRegistry()}
	defer func() {
		if err != nil {
			_ = n.closeFiles()
		}
	}()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if n.lock, err = store.LockDir(c.Data); err != nil {
		return nil, err
	}
	part := func(name string) *slog.Logger { return log.With("part", name) }
	path := func(name string) string { return filepath.Join(c.Data, name) }
	minFree, err := parseBytes(c.Keep.MinFree)
	if err != nil {
		return nil, err
	}
	if n.admin, err = store.OpenAdmin(path("admin.db"), store.AdminOptions{Log: part("store")}); err != nil {
		return nil, err
	}
	if n.facts, err = store.OpenFacts(path("facts.db"), store.FactsOptions{Log: part("store")}); err != nil {
		return nil, err
	}
	if n.snapshots, err = store.OpenSnapshots(c.Data, store.SnapshotOptions{Semantics: semantics, Log: part("store")}); err != nil {
		return nil, err
	}
	if n.journal, err = journal.Open(journal.Options{
		Dir: path("journal"), Semantics: semantics, MinFree: int64(minFree), Log: part("journal"), Metrics: n.metrics,
	}); err != nil {
		return nil, err
	}
	n.hub = live.NewHub(0)
	n.engine, err = engine.New(engine.Options{
		Journal: n.journal, Committer: n.facts, Changes: n.admin, Snapshots: n.snapshots,
		Hub: n.hub, Filter: track.Filter{Motion: true}, Log: part("engine"), Metrics: n.metrics,
	})
	return n, err
}

// start recovers, then opens the doors.
func (n *node) start(ctx context.Context) error {
	if err := n.engine.Start(ctx); err != nil {
		return err
	}
	newest, err := n.admin.Newest()
	if err != nil {
		return err
	}
	world, err := n.admin.World(newest)
	if err != nil {
		return err
	}
	n.registry.put(world.Devices, nil)
	return nil
}

// Apply is how edits reach the engine: it makes them, and the registry follows.
func (n *node) Apply(ctx context.Context, set fleet.ChangeSet) (*fleet.ChangeSet, error) {
	done, err := n.engine.Apply(ctx, set)
	if done != nil {
		n.registry.put(done.Devices, done.RemovedDevices)
	}
	return done, err
}

// stopWithin is how long each step of stop may take.
const stopWithin = 10 * time.Second

// stop ends everything in the order of the design. What a deadline cuts off is
// found again in the journal.
func (n *node) stop() error {
	var errs []error
	step := func(name string, f func(context.Context) error) {
		ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
		defer cancel()
		if err := f(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stopping %s: %w", name, err))
		}
	}
	step("engine", n.engine.Stop)
	n.hub.Close()
	return errors.Join(append(errs, n.closeFiles())...)
}

// closeFiles closes what is open, in the opposite order of opening.
func (n *node) closeFiles() error {
	var errs []error
	if n.journal != nil {
		errs = append(errs, n.journal.Close())
	}
	if n.facts != nil {
		errs = append(errs, n.facts.Close())
	}
	if n.admin != nil {
		errs = append(errs, n.admin.Close())
	}
	if n.lock != nil {
		errs = append(errs, n.lock.Close())
	}
	return errors.Join(errs...)
}
