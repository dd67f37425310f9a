package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/push"
	"github.com/vigia-track/vigia/engine/track"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// linger lets reports share a sync of the journal, which costs a small machine
// more than all else that is done for them; a tracker's mobile network takes
// ten times as long.
const linger = 20 * time.Millisecond

// node is a running Vigia: every room, opened and wired. Open it, start it,
// wait, stop it; the orders of the design (start, data flow, stop) stand here.
type node struct {
	config  Config
	log     *slog.Logger
	metrics *metrics.Set
	started fleet.Time

	now       func() fleet.Time // of people's doings
	lock      *store.Lock
	admin     *store.Admin
	facts     *store.Facts
	snapshots *store.Snapshots
	journal   *journal.Journal
	history   *history.History
	hub       *live.Hub
	engine    *engine.Engine
	registry  *registry
	desk      *command.Desk
	editing   sync.Mutex // held from an edit's way into the engine until the registry has it

	doors atomic.Pointer[doors] // nil until they are open; pages that show them are served before
	web   *web
	front *front       // nil: no port sends to HTTPS
	certs certificates // nil: no door speaks TLS

	makeSenders    func(*push.VAPID) (map[fleet.Channel]notify.Sender, error) // nil: as the settings say
	senders        map[fleet.Channel]notify.Sender
	channels       *channels
	connections    *connections
	endConnections context.CancelFunc // nil: none run
	connected      chan struct{}      // closed when they have ended
	receipts       *notify.Receipts   // what providers say afterwards
	vapidKey       string             // public key for push
	dispatcher     atomic.Pointer[notify.Dispatcher]
	endDispatch    func(context.Context) error // nil: no dispatcher was started
	dispatched     chan struct{}               // closed when the dispatcher has ended

	jobs    sync.WaitGroup     // history, keeper, control
	running context.Context    // of the jobs
	endJobs context.CancelFunc // ends them
	failed  chan error         // the first part that ended by itself
}

// openNode opens the data directory and wires the rooms. Nothing listens yet.
func openNode(c Config, log *slog.Logger) (*node, error) { return openNodeAt(c, time.Now, log) }

// openNodeAt is openNode with a clock.
func openNodeAt(c Config, now clock, log *slog.Logger) (_ *node, err error) {
	n := &node{
		now:    func() fleet.Time { return fleet.At(now()) },
		config: c, log: log, metrics: metrics.NewSet(), registry: newRegistry(),
		started: fleet.At(time.Now()), failed: make(chan error, 1),
	}
	defer func() {
		if err != nil {
			_ = n.closeFiles()
		}
	}()
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w; make it writable for this user, or choose another with --data", err)
	}
	if n.lock, err = store.LockDir(c.Data); err != nil {
		return nil, err
	}
	minFree, err := parseBytes(c.Keep.MinFree)
	if err != nil {
		return nil, err
	}
	if n.admin, err = store.OpenAdmin(n.path("admin.db"), store.AdminOptions{Now: now, Log: n.part("store")}); err != nil {
		return nil, err
	}
	if n.facts, err = store.OpenFacts(n.path("facts.db"), store.FactsOptions{
		Log: n.part("store"), Monitored: n.monitored,
		Seen: func(changed []fleet.Attention) { n.hub.Raise(changed) }, // nothing commits before the engine starts
	}); err != nil {
		return nil, err
	}
	if n.snapshots, err = store.OpenSnapshots(c.Data, store.SnapshotOptions{Semantics: engine.Semantics, Log: n.part("store")}); err != nil {
		return nil, err
	}
	if n.journal, err = journal.Open(journal.Options{
		Dir: n.path("journal"), Semantics: engine.Semantics, MinFree: int64(minFree), ForHistory: true,
		Log: n.log, Metrics: n.metrics,
	}); err != nil {
		return nil, err
	}
	if n.history, err = history.Open(c.Data, n.journal, history.Options{Log: n.log, Metrics: n.metrics}); err != nil {
		return nil, err
	}
	n.hub = live.NewHub(0)
	n.desk = n.newDesk()
	n.engine, err = engine.New(engine.Options{
		Journal: n.journal, Committer: n.facts, Changes: n.admin, Snapshots: n.snapshots, Memories: n.facts,
		History: n.history, Record: n.facts,
		Hub: n.hub, Filter: track.Filter{Motion: true}, Linger: linger, Log: n.log, Metrics: n.metrics,
	})
	return n, err
}

func (n *node) path(name string) string       { return filepath.Join(n.config.Data, name) }
func (n *node) part(name string) *slog.Logger { return n.log.With("part", name) }

// start recovers what the last run left; edits and reports are taken from then
// on. No door is open yet.
func (n *node) start(ctx context.Context) error {
	if err := n.engine.Start(ctx); err != nil {
		return err
	}
	if err := n.recallAlarms(); err != nil {
		return err
	}
	err := n.admin.Identities(func(_ string, d fleet.Device) error {
		n.registry.put([]fleet.Device{d}, nil)
		return nil
	})
	if err != nil {
		return err
	}
	if err := n.desk.Load(); err != nil {
		return err
	}
	jobs, end := context.WithCancel(context.WithoutCancel(ctx))
	n.running, n.endJobs = jobs, end
	n.job("history", func() error { return n.history.Run(jobs) })
	n.job("keeper", func() error { return n.keep(jobs) })
	n.job("commands", func() error { return n.desk.Run(jobs) })
	n.jobs.Go(func() {
		select {
		case <-jobs.Done():
		case <-n.engine.Failed():
			n.fail(n.engine.Err())
		}
	})
	return nil
}

// job runs a part until endJobs; its end by an error ends the node.
func (n *node) job(name string, run func() error) {
	n.jobs.Go(func() {
		if err := run(); err != nil && !errors.Is(err, context.Canceled) {
			n.fail(fmt.Errorf("%s: %w", name, err))
		}
	})
}

func (n *node) fail(err error) {
	select {
	case n.failed <- err:
	default: // the first failure counts
	}
}

// Apply is how edits reach the engine: it makes them, and the registry follows.
func (n *node) Apply(ctx context.Context, set fleet.ChangeSet) (*fleet.ChangeSet, error) {
	if err := n.engine.Health(); err != nil {
		return nil, fleet.Errorf(fleet.Unavailable, "nothing can be changed now: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, applyWithin)
	defer cancel()
	return n.follow(func() (*fleet.ChangeSet, error) { return n.engine.Apply(ctx, set) })
}

// applyWithin is how long an edit waits for the journal, which may be out of
// space. It is stored then, and takes effect as soon as there is room.
const applyWithin = 20 * time.Second

// follow makes the registry take edits over in the order in which the engine
// made them: an older state of a device must not come back after a newer one.
func (n *node) follow(apply func() (*fleet.ChangeSet, error)) (*fleet.ChangeSet, error) {
	n.editing.Lock()
	defer n.editing.Unlock()
	done, err := apply()
	if done != nil {
		n.registry.put(done.Devices, done.RemovedDevices)
	}
	return done, err
}

// stopWithin is how long each step of stop may take.
const stopWithin = 10 * time.Second

// stop ends everything in order: doors, dispatcher, shards with their last
// commit and snapshot, hub, journal, bbolt. The dispatcher goes before the
// engine because the engine's committer takes its last outcomes. What a
// deadline cuts off is found again in the journal, or in the outbox.
func (n *node) stop() error {
	var errs []error
	step := func(name string, f func(context.Context) error) {
		ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
		defer cancel()
		if err := f(ctx); err != nil {
			errs = append(errs, fmt.Errorf("stopping %s: %w", name, err))
		}
	}
	if d := n.doors.Load(); d != nil {
		step("listeners", d.close)
	}
	if n.endConnections != nil { // before the engine, which takes what they store
		n.endConnections()
		step("connections", func(ctx context.Context) error {
			select {
			case <-n.connected:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}
	if n.front != nil {
		step("redirect server", n.front.stop)
	}
	if n.web != nil {
		step("web server", n.web.stop)
	}
	if n.endDispatch != nil {
		// Before the engine's committer, which takes the last outcomes.
		step("dispatcher", n.endDispatch)
	}
	step("engine", n.engine.Stop)
	errs = append(errs, n.closeSenders())
	n.hub.Close()
	if n.endJobs != nil {
		n.endJobs()
		n.jobs.Wait()
	}
	return errors.Join(append(errs, n.closeFiles())...)
}

// closeFiles closes what is open, in the opposite order of opening.
func (n *node) closeFiles() error {
	var errs []error
	if n.history != nil {
		errs = append(errs, n.history.Close())
	}
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
