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
)

// lane is one channel's bulkhead: one goroutine (run) that owns the queue, and
// up to Limits.Concurrent workers, each with one delivery.
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

	// Owned by run.
	waiting []fleet.Delivery
	flying  map[fleet.DeliveryKey]bool
	busy    map[fleet.UserID]int // recipients with a delivery in flight
	workers int
	look    bool       // the outbox may hold what we have not seen
	next    fleet.Time // when the first delivery after now falls due, 0 = none known
	poll    time.Time  // when to look in any case

	mu    sync.Mutex // guards state
	state Status
}

// finished is a worker's last word: keys whose rows in the outbox are new.
type finished struct {
	rows []fleet.Delivery
	due  fleet.Time // the earliest to try again, 0 = none
}

func newLane(d *Dispatcher, ch fleet.Channel) *lane {
	l := &lane{
		d: d, ch: ch, sender: d.o.Senders[ch], limits: d.o.Limits[ch],
		log:    d.o.Log.With("part", "notify", "channel", string(ch)),
		cap:    newHourly(d.o.Caps[ch]),
		wake:   make(chan struct{}, 1),
		done:   make(chan finished, d.o.Limits[ch].Concurrent+1),
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
		l.settle(record, &wg, now)
		l.start(work, record, &wg, now)
		l.note()
		timer.Reset(l.pause(now))
		select {
		case <-ctx.Done():
		case f := <-l.done:
			l.finish(f)
		case <-l.wake:
			l.look = true
		case <-timer.C:
		}
	}
	wg.Wait()
	for len(l.done) > 0 {
		l.finish(<-l.done)
	}
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
func (l *lane) settle(record context.Context, wg *sync.WaitGroup, now time.Time) {
	if l.workers > l.limits.Concurrent { // one batch at a time beside the attempts
		return
	}
	var rows []fleet.Delivery
	var outs []fleet.Outcome
	kept := l.waiting[:0]
	for _, row := range l.waiting {
		out, settled := l.settled(&row, now)
		if !settled {
			kept = append(kept, row)
			continue
		}
		rows, outs = append(rows, row), append(outs, out)
	}
	l.waiting = kept
	if len(rows) > 0 {
		l.launch(wg, rows, func() fleet.Time { return l.record(record, outs) })
	}
}

// start sets workers to work on what waits, oldest due first, one at a time
// for each recipient. Order gives way where one recipient's messages fill the
// window and would hold up everybody else's.
func (l *lane) start(work, record context.Context, wg *sync.WaitGroup, now time.Time) {
	for l.workers < l.limits.Concurrent && len(l.waiting) > 0 {
		i := l.free(now)
		if i < 0 {
			return
		}
		row := l.waiting[i]
		l.waiting = append(l.waiting[:i], l.waiting[i+1:]...)
		l.launch(wg, []fleet.Delivery{row}, func() fleet.Time {
			out, ok := l.attempt(work, &row)
			if !ok {
				return 0
			}
			return l.record(record, []fleet.Outcome{out})
		})
	}
}

// launch starts a worker that owns rows until it reports them finished.
func (l *lane) launch(wg *sync.WaitGroup, rows []fleet.Delivery, do func() fleet.Time) {
	l.workers++
	for i := range rows {
		l.flying[rows[i].Key] = true
		l.busy[rows[i].Key.Recipient]++
	}
	wg.Go(func() { l.done <- finished{rows: rows, due: do()} })
}

func (l *lane) finish(f finished) {
	l.workers--
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
