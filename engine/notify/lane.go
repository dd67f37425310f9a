package notify

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

const (
	window     = 256              // deliveries of a channel held in memory, beside those in flight
	pollEvery  = 30 * time.Second // looks at the outbox even if nobody says a word
	troubleFor = time.Second      // pause after the outbox failed
	unrecorded = 4                // times Limits.Concurrent: deliveries being tried or recorded, at most
)

// lane is one channel's bulkhead: one goroutine (run) that owns the queue, up
// to Limits.Concurrent workers, each with one delivery, and one that records
// what came of all that were done meanwhile: a provider that takes a
// millisecond does not wait for our disk.
//
// Only run reads the outbox and only run takes a key out of flying, after its
// outcome is durable. So no list from the outbox is older than the last key
// taken out, and no delivery is ever in flight twice.
type lane struct {
	d      *Dispatcher
	ch     fleet.Channel
	sender Sender // nil: not configured
	limits Limits
	log    *slog.Logger
	meter  meter
	cap    *hourly
	dests  destinations
	wake   chan struct{} // one slot
	done   chan finished // one slot a worker
	noted  chan finished // one slot: what was recorded

	// Owned by run.
	waiting []fleet.Delivery
	flying  map[fleet.DeliveryKey]bool
	busy    map[fleet.UserID]int // recipients with a delivery in flight
	workers int
	outs    []fleet.Outcome  // to be recorded,
	outRows []fleet.Delivery // of these
	noting  bool             // some are being recorded
	look    bool             // the outbox may hold what we have not seen
	next    fleet.Time       // when the first delivery after now falls due, 0 = none known
	poll    time.Time        // when to look in any case

	mu    sync.Mutex // guards state
	state Status
}

// finished is a worker's last word.
type finished struct {
	rows []fleet.Delivery
	out  *fleet.Outcome // to be recorded; nil: nothing, or it is
	due  fleet.Time     // the earliest to try again, 0 = none
}

func newLane(d *Dispatcher, ch fleet.Channel) *lane {
	l := &lane{
		d: d, ch: ch, sender: d.o.Senders[ch], limits: d.o.Limits[ch],
		log:    d.o.Log.With("part", "notify", "channel", string(ch)),
		cap:    newHourly(d.o.Caps[ch]),
		wake:   make(chan struct{}, 1),
		done:   make(chan finished, d.o.Limits[ch].Concurrent+1),
		noted:  make(chan finished, 1),
		flying: make(map[fleet.DeliveryKey]bool),
		busy:   make(map[fleet.UserID]int),
	}
	l.meter = newMeter(d.o.Metrics, l)
	return l
}

// run works until ctx ends and its workers have ended. Attempts use work,
// records use record.
func (l *lane) run(ctx, work, record context.Context) {
	var wg sync.WaitGroup
	l.look = true
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		now := l.d.o.Now()
		l.fill(now)
		l.settle(now)
		l.start(work, &wg, now)
		l.write(record, &wg)
		l.note()
		timer.Reset(l.pause(now))
		select {
		case <-ctx.Done():
		case f := <-l.done:
			l.finish(f)
		case f := <-l.noted:
			l.forget(f)
		case <-l.wake:
			l.look = true
		case <-timer.C:
		}
	}
	for l.write(record, &wg); l.workers > 0 || l.noting; l.write(record, &wg) {
		select {
		case f := <-l.done:
			l.finish(f)
		case f := <-l.noted:
			l.forget(f)
		}
	}
	wg.Wait()
	l.waiting = nil
	l.note()
}

// fill takes what is due out of the outbox, if there may be anything and there
// is room for it.
func (l *lane) fill(now time.Time) {
	at := fleet.At(now)
	if !l.look && !now.Before(l.poll) || l.next != 0 && l.next <= at {
		l.look = true
	}
	if !now.Before(l.poll) {
		l.poll = now.Add(pollEvery)
	}
	if !l.look || len(l.waiting) >= window/2 {
		return
	}
	limit := window + len(l.flying)
	rows, err := l.d.o.Outbox.Due(l.ch, at, limit)
	if err == nil && len(rows) < limit {
		l.next, err = l.d.o.Outbox.NextDue(l.ch, at)
	}
	if err != nil {
		l.log.Error("outbox cannot be read; trying again", "err", err)
		l.look, l.next, l.poll = false, 0, now.Add(troubleFor)
		return
	}
	l.look, l.poll = len(rows) >= limit, now.Add(pollEvery)
	l.waiting = l.waiting[:0]
	for _, row := range rows {
		if !l.flying[row.Key] && row.Key.Channel == l.ch && !row.State.Final() {
			l.waiting = append(l.waiting, row)
		}
	}
}

// settle decides the waiting deliveries that need no provider, in one batch:
// those that are too old, and all of them where there is no sender.
func (l *lane) settle(now time.Time) {
	if len(l.outs) >= window {
		return
	}
	kept := l.waiting[:0]
	for _, row := range l.waiting {
		out, settled := l.settled(&row, now)
		if !settled {
			kept = append(kept, row)
			continue
		}
		l.take(&row)
		l.outRows, l.outs = append(l.outRows, row), append(l.outs, out)
	}
	l.waiting = kept
}

// start sets workers to work on what waits, oldest due first, one at a time
// for each recipient. Order gives way where one recipient's messages fill the
// window and would hold up everybody else's.
func (l *lane) start(work context.Context, wg *sync.WaitGroup, now time.Time) {
	for l.workers < l.limits.Concurrent && len(l.flying) < unrecorded*l.limits.Concurrent && len(l.waiting) > 0 {
		i := l.free(now)
		if i < 0 {
			return
		}
		row := l.waiting[i]
		l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
		l.take(&row)
		l.workers++
		wg.Go(func() {
			f := finished{rows: []fleet.Delivery{row}}
			if out, ok := l.attempt(work, &row); ok {
				f.out = &out
			}
			l.done <- f
		})
	}
}

// write has what is to be recorded recorded, all at once, if nothing is being
// recorded yet.
func (l *lane) write(record context.Context, wg *sync.WaitGroup) {
	if l.noting || len(l.outs) == 0 {
		return
	}
	rows, outs := l.outRows, l.outs
	l.outRows, l.outs, l.noting = nil, nil, true
	wg.Go(func() { l.noted <- finished{rows: rows, due: l.record(record, outs)} })
}

// take notes that a delivery is in hand until its outcome is recorded.
func (l *lane) take(row *fleet.Delivery) {
	l.flying[row.Key] = true
	l.busy[row.Key.Recipient]++
}

// finish takes over from a worker.
func (l *lane) finish(f finished) {
	l.workers--
	if f.out != nil {
		l.outRows, l.outs = append(l.outRows, f.rows...), append(l.outs, *f.out)
		return
	}
	l.release(f)
}

// forget lets go of what was recorded.
func (l *lane) forget(f finished) {
	l.noting = false
	l.release(f)
}

func (l *lane) release(f finished) {
	for i := range f.rows {
		key := f.rows[i].Key
		delete(l.flying, key)
		if l.busy[key.Recipient]--; l.busy[key.Recipient] <= 0 {
			delete(l.busy, key.Recipient)
		}
	}
	if f.due != 0 && (l.next == 0 || f.due < l.next) {
		l.next = f.due
	}
}

// pause is how long run may sleep if nobody wakes it.
func (l *lane) pause(now time.Time) time.Duration {
	until := l.poll
	if l.next != 0 && len(l.waiting) < window/2 {
		until = earlier(until, l.next.Std())
	}
	if at := l.dests.reopens(now); at.After(now) && len(l.waiting) > 0 && l.workers < l.limits.Concurrent {
		until = earlier(until, at)
	}
	return max(until.Sub(now), time.Millisecond)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// note publishes how the lane stands.
func (l *lane) note() {
	var oldest fleet.Time
	if len(l.waiting) > 0 {
		oldest = l.waiting[0].Due
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Waiting, l.state.InFlight, l.state.OldestDue = len(l.waiting), len(l.flying), oldest
}

// trouble publishes the provider's last failure, "" for none.
func (l *lane) trouble(words string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state.Trouble = words
}

func (l *lane) status() Status {
	l.mu.Lock()
	s := l.state
	l.mu.Unlock()
	s.Channel, s.Ready, s.Down = l.ch, l.sender != nil, l.dests.anyOpen()
	return s
}
