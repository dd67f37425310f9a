package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/engine/track"
)

// Options is what an Engine works with. The ports are required, all else has
// a default.
type Options struct {
	Journal   Journal
	Committer Committer
	Changes   Changes
	Snapshots Snapshots

	// What the second run over late reports reads. Without both, late reports
	// are stored and change nothing.
	History History
	Record  Record

	Memories Memories // what alert remembers; nil: it begins anew at each start

	Hub     *live.Hub         // who watches; nil: nobody
	Shards  int               // goroutines that step devices; 0: one a core
	Filter  track.Filter      // checks that a fix must pass before fences see it
	Log     *slog.Logger      // nil: slog.Default
	Metrics *metrics.Set      // nil: one that nobody reads
	Now     func() fleet.Time // nil: the system's clock

	// Linger is the least time between two syncs of a few reports: those that
	// come sooner wait for each other, unless others hardly come; 0: none waits.
	Linger time.Duration

	SnapshotEvery fleet.Time // at most once a tick; 0: every 30 s

	// Ticks is the beat of the clock, for tests and simulations; nil: one each
	// second, at Now.
	Ticks <-chan fleet.Time
}

// phase is where the engine stands in its life.
type phase int32

const (
	idle phase = iota
	recovering
	running
	stopping
	stopped
	broken
)

// An Engine turns reports into facts. Start it once, Stop it once; its methods
// may be called by any number of goroutines.
type Engine struct {
	o         Options
	phase     atomic.Int32
	in        chan *batch
	batches   sync.Pool
	ops       chan *op      // only Apply sends, and never more than there is room for
	quit      chan struct{} // closed by Stop: the sequencer finishes
	sequenced chan struct{} // closed at the sequencer's end
	ran       atomic.Bool   // recovery was over, the sequencer began
	deaf      atomic.Bool   // the sequencer has begun its last look into the queue
	failed    chan struct{} // closed by fail
	failOnce  sync.Once
	err       atomic.Pointer[error]
	wake      chan struct{} // new deliveries are on disk

	shards    []*shard
	stepping  sync.WaitGroup // the shards' goroutines
	committer *committer
	calm      chan struct{} // closed by Stop: the committer finishes
	rerun     *reconciler   // nil: late reports change nothing
	points    checkpoints
	groups    chan *group
	inFlight  atomic.Int64  // entries routed and not released
	room      chan struct{} // one of them was released
	saving    atomic.Bool   // a snapshot is under way

	savedMu     sync.Mutex // guards saved and oldestSaved
	saved       []saved    // snapshots of this run that are kept, oldest first
	oldestSaved fleet.Seq  // the oldest snapshot kept, of any run
	snapshots   sync.WaitGroup
	complete    atomic.Uint64 // the highest answer of Complete so far
	replayed    fleet.Seq     // the snapshot's; set by load

	applying  sync.Mutex // guards atlas once recovery is over, and the order of changes
	atlas     *atlas
	offsets   atomic.Pointer[map[fleet.DeviceID]int64]
	clocks    clocks
	seq       *sequencer
	lag       lag
	acking    gate // whether the journal has room
	recording gate // whether the facts have
	m         *meters
}

// New prepares an engine; nothing runs before Start.
func New(o Options) (*Engine, error) {
	if o.Journal == nil || o.Committer == nil || o.Changes == nil || o.Snapshots == nil {
		return nil, errors.New("engine: Journal, Committer, Changes and Snapshots are required")
	}
	if o.Shards <= 0 {
		o.Shards = runtime.GOMAXPROCS(0)
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Log = o.Log.With("part", "engine")
	if o.Metrics == nil {
		o.Metrics = metrics.NewSet()
	}
	if o.SnapshotEvery <= 0 {
		o.SnapshotEvery = snapshotEvery
	}
	if o.Now == nil {
		o.Now = func() fleet.Time { return fleet.At(time.Now()) }
	}
	e := &Engine{
		o:         o,
		in:        make(chan *batch, 1024),
		ops:       make(chan *op, 256),
		quit:      make(chan struct{}),
		sequenced: make(chan struct{}),
		failed:    make(chan struct{}),
		wake:      make(chan struct{}, 1),
		calm:      make(chan struct{}),
		groups:    make(chan *group, freeGroups),
		room:      make(chan struct{}, 1),
		atlas:     newAtlas(o.Shards, o.Filter),
	}
	e.takeOffsets()
	for n := range o.Shards {
		e.shards = append(e.shards, &shard{e: e, n: n, jobs: make(chan *group, 256), asks: make(chan func(*shard)), index: map[fleet.DeviceID]uint32{}})
	}
	e.committer = &committer{
		e: e, in: make(chan *outcome, outcomeRoom), records: make(chan *record, outcomeRoom),
		flushes: make(chan chan error), gone: make(chan struct{}),
	}
	e.seq = &sequencer{e: e}
	if o.History != nil && o.Record != nil {
		e.rerun = newReconciler(e)
	}
	e.m = newMeters(e)
	return e, nil
}

// takeOffsets lets Accept go by the atlas's clock offsets as they are now. It
// gets a variable of its own: the atlas's is set anew by edits, which take
// effect once the journal has them.
func (e *Engine) takeOffsets() {
	offsets := e.atlas.offsets
	e.offsets.Store(&offsets)
}

// Start recovers what the last run left and begins to accept. ctx bounds the
// recovery alone.
func (e *Engine) Start(ctx context.Context) error {
	if !e.phase.CompareAndSwap(int32(idle), int32(recovering)) {
		return errors.New("engine: started twice")
	}
	start := time.Now()
	if err := e.load(); err != nil {
		e.fail(err)
		return fmt.Errorf("engine: load snapshot and world: %w", err)
	}
	go e.committer.run(e.calm)
	for _, s := range e.shards {
		e.stepping.Go(s.run)
	}
	if err := e.replay(ctx); err != nil {
		e.fail(err)
		e.stepping.Wait()
		<-e.committer.gone
		close(e.sequenced)
		return fmt.Errorf("engine: recover from the journal: %w", err)
	}
	e.takeOffsets()
	e.ran.Store(true)
	go e.seq.run()
	if e.rerun != nil {
		go e.rerun.run()
	}
	e.phase.CompareAndSwap(int32(recovering), int32(running))
	e.o.Log.Info("engine runs", "seq", e.o.Journal.Last(), "devices", len(e.atlas.devices),
		"fences", len(e.atlas.fences), "change", uint64(e.atlas.change), "shards", len(e.shards), "took", time.Since(start))
	return nil
}

// Stop ends the work in order: nothing more is accepted, what was accepted is
// stepped and committed, and a last snapshot shortens the next start. What
// ctx cuts off is found again in the journal. Stop may be called twice.
func (e *Engine) Stop(ctx context.Context) error {
	if e.phase.CompareAndSwap(int32(idle), int32(stopped)) {
		return nil
	}
	if !e.phase.CompareAndSwap(int32(running), int32(stopping)) {
		if phase(e.phase.Load()) == broken {
			return e.settle(ctx)
		}
		return nil
	}
	if err := e.finish(ctx); err != nil {
		e.fail(err) // what still runs gives up
		return err
	}
	e.phase.CompareAndSwap(int32(stopping), int32(stopped))
	return e.Err()
}

// finish lets everything that was accepted run through.
func (e *Engine) finish(ctx context.Context) error {
	close(e.quit)
	if err := wait(ctx, e.sequenced, "accepted reports"); err != nil {
		return err
	}
	if e.rerun != nil { // what it has not done, the states remember
		close(e.rerun.quit)
		if err := wait(ctx, e.rerun.gone, "the run over late reports"); err != nil {
			return err
		}
	}
	var routed sync.WaitGroup
	routed.Go(func() {
		e.lastSnapshot()
		for _, s := range e.shards {
			close(s.jobs)
		}
		e.stepping.Wait()
		e.snapshots.Wait()
	})
	if err := wait(ctx, waited(&routed), "shards and the last snapshot"); err != nil {
		return err
	}
	close(e.calm)
	return wait(ctx, e.committer.gone, "last facts")
}

// settle waits for the goroutines of an engine that has failed.
func (e *Engine) settle(ctx context.Context) error {
	if err := wait(ctx, waited(&e.stepping), "shards"); err != nil {
		return err
	}
	if err := wait(ctx, waited(&e.snapshots), "snapshot"); err != nil {
		return err
	}
	if e.ran.Load() { // else Start has waited for both, or begun neither
		if err := wait(ctx, e.sequenced, "journal"); err != nil {
			return err
		}
		if e.rerun != nil {
			if err := wait(ctx, e.rerun.gone, "the run over late reports"); err != nil {
				return err
			}
		}
		if err := wait(ctx, e.committer.gone, "facts"); err != nil {
			return err
		}
	}
	return e.Err()
}

// wait waits for done to be closed, or says for what it waited in vain.
func wait(ctx context.Context, done <-chan struct{}, what string) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("engine: stop: %s did not finish in time; the next start takes them from the journal: %w", what, ctx.Err())
	}
}

// waited is closed once the group is empty.
func waited(wg *sync.WaitGroup) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	return done
}

// Err is why the engine has stopped by itself, nil if it has not.
func (e *Engine) Err() error {
	if err := e.err.Load(); err != nil {
		return *err
	}
	return nil
}

// Failed is closed when the engine stops by itself; Err says why.
func (e *Engine) Failed() <-chan struct{} { return e.failed }

// Wake holds one value whenever deliveries reached the outbox since it was
// last read.
func (e *Engine) Wake() <-chan struct{} { return e.wake }
