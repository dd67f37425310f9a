package notify

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Dispatcher hands due deliveries to their senders and outcomes to the
// recorder. It has a lane for each channel; lanes share nothing, so that a
// provider that is slow or dead delays nobody else's messages.
type Dispatcher struct {
	o       Options
	lanes   []*lane
	budgets *budgets
	running atomic.Bool
}

// New checks the options and makes a Dispatcher; Run sets it to work.
func New(o Options) (*Dispatcher, error) {
	if err := o.validate(); err != nil {
		return nil, err
	}
	d := &Dispatcher{o: o.withDefaults(), budgets: newBudgets()}
	for _, ch := range fleet.Channels() {
		d.lanes = append(d.lanes, newLane(d, ch))
	}
	return d, nil
}

// Run works until ctx ends. Then it starts nothing more, lets attempts that
// are under way end for Options.Grace, records what came of them, and returns
// nil once its last goroutine has ended. What it had to leave is still in the
// outbox and goes out again with the same key. Run works once at a time.
func (d *Dispatcher) Run(ctx context.Context) error {
	if !d.running.CompareAndSwap(false, true) {
		return fleet.Errorf(fleet.Conflict, "notify: the dispatcher is running already")
	}
	defer d.running.Store(false)

	// Attempts outlive ctx by the grace, records by twice that.
	work, stopWork := context.WithCancel(context.WithoutCancel(ctx))
	record, stopRecord := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	defer stopRecord()

	var lanes, watch sync.WaitGroup
	over := make(chan struct{}) // closed when the lanes have ended
	for _, l := range d.lanes {
		lanes.Go(func() { l.run(ctx, work, record) })
	}
	watch.Go(func() {
		select {
		case <-ctx.Done():
		case <-over:
			return
		}
		for _, stop := range []context.CancelFunc{stopWork, stopRecord} {
			timer := time.NewTimer(d.o.Grace)
			select {
			case <-timer.C:
			case <-over:
			}
			timer.Stop()
			stop()
		}
	})
	lanes.Wait()
	close(over)
	watch.Wait()
	return nil
}

// Wake says that there may be new deliveries. It never waits.
func (d *Dispatcher) Wake() {
	for _, l := range d.lanes {
		select {
		case l.wake <- struct{}{}:
		default:
		}
	}
}

// Status is how a channel is doing, for health pages.
type Status struct {
	Channel   fleet.Channel
	Ready     bool          // there is a sender
	Waiting   int           // taken from the outbox, not started; bounded
	InFlight  int           // being tried or recorded
	OldestDue fleet.Time    // of those in hand, 0 for none
	Down      bool          // its circuit breaker is open
	Trouble   string        // the last failure of the provider, "" since it last answered
	Lag       time.Duration // how long the oldest in hand has been due
}

// Status tells of every channel, in the order of fleet.Channels.
func (d *Dispatcher) Status() []Status {
	now := fleet.At(d.o.Now())
	var all []Status
	for _, l := range d.lanes {
		s := l.status()
		if s.OldestDue != 0 {
			s.Lag = time.Duration(max(0, now-s.OldestDue)) * time.Millisecond
		}
		all = append(all, s)
	}
	return all
}
