package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/track"
)

const (
	pieceFixes = 4096  // stepped before the next device has its turn
	readFixes  = 32768 // read at once, and a few more of the last one's time
	reruns     = 4     // devices that have their turns
)

// A job is a device whose record is to be worked out anew.
type job struct {
	shard  *shard
	slot   uint32
	device fleet.DeviceID
	from   fleet.Time // the record may differ from here on
	upto   fleet.Time // the shard has evaluated this far
	tick   fleet.Tick // its last one
	realm  *realm     // the device's
}

// A reconciler is the one goroutine that runs devices a second time, over
// their stored fixes in order of time, and makes facts of the difference. It
// takes turns among devices, so that a long upload holds up no others.
type reconciler struct {
	e    *Engine
	jobs chan *job
	quit chan struct{} // closed by Stop
	gone chan struct{} // closed at the end of run
}

func newReconciler(e *Engine) *reconciler {
	return &reconciler{e: e, jobs: make(chan *job, jobsWaiting), quit: make(chan struct{}), gone: make(chan struct{})}
}

// post takes a job, unless too many wait.
func (r *reconciler) post(j *job) bool {
	select {
	case r.jobs <- j:
		return true
	default:
		return false
	}
}

var errQuit = errors.New("engine: the second run was stopped")

// run works until quit is closed or the engine fails. What is cut off is done
// again after the next start: the states say that they are dirty.
func (r *reconciler) run() {
	defer close(r.gone)
	ctx, cancel := context.WithCancel(context.Background())
	var watch sync.WaitGroup
	defer watch.Wait()
	defer cancel()
	watch.Go(func() {
		select {
		case <-r.quit:
		case <-r.e.failed:
		case <-ctx.Done():
		}
		cancel()
	})
	var active []*rerun
	for ctx.Err() == nil {
		for len(active) < reruns {
			j := r.next(ctx, len(active) > 0)
			if j == nil {
				break
			}
			active = append(active, &rerun{job: j, r: r})
		}
		kept := active[:0]
		for _, a := range active {
			done, err := a.turn(ctx)
			if err != nil && ctx.Err() == nil {
				r.e.m.rerunErrors.Inc()
				r.e.o.Log.Error("late reports could not be evaluated; it is tried again", "device", a.device, "err", err)
				err = a.tell(ctx, a.postpone)
				done = true
			}
			if err != nil {
				return
			}
			if !done {
				kept = append(kept, a)
			}
		}
		clear(active[len(kept):])
		active = kept
	}
}

// next is the next job, nil for none. It waits only if nothing else is to do.
func (r *reconciler) next(ctx context.Context, busy bool) *job {
	if busy {
		select {
		case j := <-r.jobs:
			return j
		default:
			return nil
		}
	}
	select {
	case j := <-r.jobs:
		return j
	case <-ctx.Done():
		return nil
	}
}

// A rerun is one device's second run under way.
type rerun struct {
	*job
	r       *reconciler
	run     *track.Rerun
	read    fleet.Time // everything before is in fixes, or behind them
	fixes   []fleet.Position
	at      int        // of fixes, stepped so far
	sparse  bool       // it began amid the history, with nothing known
	first   fleet.Time // of the first fix
	stepped int
	points  int // checkpoints handed over
	began   time.Time
}

// tell has the shard do something between two inputs, and waits for it.
func (a *rerun) tell(ctx context.Context, what func(*shard)) error {
	done := make(chan struct{})
	select {
	case a.shard.asks <- func(s *shard) { what(s); close(done) }:
	case <-ctx.Done():
		return errQuit
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return errQuit
	}
}

// turn runs one piece, and at the end of all fixes what follows. It reports
// whether nothing is left to do.
func (a *rerun) turn(ctx context.Context) (done bool, err error) {
	if a.run == nil {
		if err := a.begin(ctx); err != nil {
			return false, err
		}
	}
	if a.at == len(a.fixes) && a.read <= a.upto {
		if err := a.fetch(ctx); err != nil {
			return false, err
		}
	}
	n := min(len(a.fixes), a.at+pieceFixes)
	for i := a.at; i < n; i++ {
		report := a.fixes[i].Report()
		a.run.Add(&report)
	}
	a.r.e.m.rerunFixes.Add(n - a.at)
	a.stepped += n - a.at
	if a.at = n; a.at < len(a.fixes) || a.read <= a.upto {
		return false, nil
	}
	return a.install(ctx)
}

// begin finds the newest state that had evaluated nothing beyond the dirty
// time, and takes the fixes from there on.
func (a *rerun) begin(ctx context.Context) error {
	a.began = time.Now()
	state, found := track.State{Device: a.device}, false
	use := func(p Checkpoint) (again bool) {
		s, rest, err := track.DecodeState(p.State)
		switch _, dirty := s.Dirty(); {
		case err != nil || len(rest) > 0 || s.Device != a.device:
			a.r.e.o.Log.Warn("a checkpoint cannot be read; an older one serves", "device", a.device, "day", p.Day, "err", err)
			return true
		case dirty || s.Upto() >= a.from:
			return true
		}
		state, found = s, true
		return false
	}
	day := a.from.UTCDay()
	fresh := a.r.e.points.of(a.device, day)
	older := func(than fleet.Time) bool { // those in memory come before what history has of a day
		for len(fresh) > 0 && fresh[0].Day >= than && !found {
			use(fresh[0])
			fresh = fresh[1:]
		}
		return found
	}
	covered := map[fleet.Time]bool{}
	for _, p := range fresh {
		covered[p.Day] = true
	}
	err := a.r.e.o.History.Checkpoints(ctx, a.device, day, func(p Checkpoint) bool {
		return !older(p.Day) && (covered[p.Day] || use(p))
	})
	if err != nil {
		return fmt.Errorf("checkpoints up to %s: %w", day, err)
	}
	older(0)
	a.run = track.NewRerun(state, a.r.e.atlas.past.worlds(a.device, a.realm))
	if a.read = a.run.From(); !found {
		a.read = max(0, min(a.from, a.upto-lateHorizon).UTCDay())
		a.sparse = a.read > 0
	}
	return nil
}

// fetch reads the next fixes, all of one time together.
func (a *rerun) fetch(ctx context.Context) error {
	clear(a.fixes)
	a.fixes, a.at = a.fixes[:0], 0
	more := false
	err := a.r.e.o.History.Positions(ctx, a.device, a.read, a.upto+1, func(p *fleet.Position) bool {
		n := len(a.fixes)
		if n >= readFixes && p.Fix != a.fixes[n-1].Fix {
			more = true
			return false
		}
		if n < 2*readFixes {
			a.fixes = append(a.fixes, *p)
		}
		return true
	})
	if err != nil {
		return fmt.Errorf("fixes from %s: %w", a.read, err)
	}
	if a.read = a.upto + 1; more {
		a.read = a.fixes[len(a.fixes)-1].Fix + 1
	}
	if a.first == 0 && len(a.fixes) > 0 {
		a.first = a.fixes[0].Fix
	}
	return nil
}

// install asks the shard to take the new state, and makes facts of what it
// changes. If the device has gone on meanwhile, so does the run.
func (a *rerun) install(ctx context.Context) (done bool, err error) {
	result := a.run.Finish(a.tick)
	in := &install{job: a.job, state: result.State}
	if err := a.tell(ctx, func(s *shard) { s.install(in) }); err != nil {
		return false, err
	}
	switch {
	case in.gone:
		return true, nil
	case in.goOn:
		return false, nil
	}
	for _, p := range result.Checkpoints {
		a.r.e.points.add(Checkpoint{Device: a.device, Day: p.Day, State: p.State})
	}
	d, err := a.compare(ctx, append(result.Events, in.events...), in)
	if err != nil {
		return false, err
	}
	f := &finding{job: a.job, Difference: d, done: make(chan struct{})}
	for i := range d.Retracted {
		rows, err := a.deliveries(d.Retracted[i].ID)
		if err != nil {
			return false, err
		}
		f.rows = append(f.rows, rows)
	}
	if err := a.tell(ctx, func(s *shard) { s.conclude(f) }); err != nil {
		return false, err
	}
	select {
	case <-f.done:
	case <-ctx.Done():
		return false, errQuit
	}
	a.r.e.m.reconciled(&d, a.began)
	a.r.e.o.Log.Debug("late reports evaluated", "device", a.device, "from", a.from, "fixes", a.stepped, "new", len(d.New),
		"amended", len(d.Amended), "retracted", len(d.Retracted), "revived", len(d.Revived), "took", time.Since(a.began))
	return true, a.tell(ctx, a.stored)
}

// compare holds the record against what the run came to. All that the old
// state led to is on disk first.
func (a *rerun) compare(ctx context.Context, events []fleet.Event, in *install) (d track.Difference, err error) {
	if err := a.r.e.flush(ctx); err != nil {
		return d, err
	}
	from := a.run.EventsFrom()
	old, err := a.r.e.o.Record.DeviceEvents(ctx, a.device, from, in.seq)
	if err != nil {
		return d, fmt.Errorf("events from %s: %w", from, err)
	}
	made := make(map[fleet.EventID]bool, len(events))
	for i := range events {
		events[i].Seq = in.seq
		made[events[i].ID] = true
	}
	old = slices.DeleteFunc(old, func(e fleet.Event) bool {
		return !a.run.Covers(&e) || a.sparse && e.Time <= a.first && !made[e.ID]
	})
	d = track.Pair(old, events, in.head, in.now)
	// An event before what the run covers keeps the ID under which it was
	// recorded, though it was amended to there from within.
	d.Rename(func(id fleet.EventID) bool {
		e, failed := a.r.e.o.Record.Event(id)
		if failed != nil && fleet.KindOf(failed) != fleet.NotFound {
			err = fmt.Errorf("event %s: %w", id, failed)
		}
		return failed == nil && e.Named != fleet.EventID{}
	})
	return d, err
}

// deliveries lists who was told of an event, or is about to be.
func (a *rerun) deliveries(event fleet.EventID) (all []fleet.Delivery, err error) {
	q := fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Event: event, Limit: 1000}
	for {
		page, err := a.r.e.o.Record.Deliveries(q)
		if err != nil {
			return nil, fmt.Errorf("deliveries of event %s: %w", event, err)
		}
		if all = append(all, page.Items...); page.Next == "" {
			return all, nil
		}
		q.After = page.Next
	}
}
