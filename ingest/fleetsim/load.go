package fleetsim

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// Load pushes a world's fixes through GT06 connections as fast as they are
// acknowledged, with a number of frames in flight on each. A connection speaks
// for its share of the devices in turn: it logs in as the next device, sends
// one full window of fixes, and goes on. Device time is synthetic: it advances
// by Step a fix.
type Load struct {
	Addr        string
	Connections int
	InFlight    int // frames without answer on a connection, at most
	World       *World
	UniqueID    func(device int) string
	Start       fleet.Time    // device time of the first fix
	Step        time.Duration // device time between two fixes of a device
	Visit       int           // fixes a device sends before the next one's turn
	Rate        float64       // fixes/s over all connections; 0: as fast as they are acknowledged
}

// LoadResult is what a load run measured.
type LoadResult struct {
	Acked    int64           // position frames acknowledged
	Took     time.Duration   // from the first byte to the last answer
	AckTimes []time.Duration // a sample of answer times, sorted
}

// Quantile is the answer time that a share q of the sample stays below.
func (r *LoadResult) Quantile(q float64) time.Duration {
	if len(r.AckTimes) == 0 {
		return 0
	}
	return r.AckTimes[min(len(r.AckTimes)-1, int(q*float64(len(r.AckTimes))))]
}

// Run loads the server for a time and waits for the last answers.
func (l *Load) Run(ctx context.Context, during time.Duration) (*LoadResult, error) {
	var (
		wg     sync.WaitGroup
		mu     sync.Mutex // guards result and errs
		result LoadResult
		errs   []error
	)
	begun := time.Now()
	for i := range l.Connections {
		wg.Go(func() {
			acked, times, err := l.connection(ctx, i, begun, during)
			mu.Lock()
			defer mu.Unlock()
			result.Acked += acked
			result.AckTimes = append(result.AckTimes, times...)
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	result.Took = time.Since(begun)
	slices.Sort(result.AckTimes)
	if len(errs) > 0 {
		return &result, fmt.Errorf("%d of %d connections failed, the first: %w", len(errs), l.Connections, errs[0])
	}
	return &result, nil
}

// window is a stretch of frames that goes out in one write.
type window struct {
	frames int // answers owed
	fixes  int // of them for positions
	sent   time.Time
}

// sampleEvery keeps the sample of answer times small.
const sampleEvery = 16

// connection runs one connection. It keeps two windows of half the flight on
// their way, so that the server works on one while we handle the other.
func (l *Load) connection(ctx context.Context, index int, begun time.Time, during time.Duration) (acked int64, times []time.Duration, err error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", l.Addr)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()

	c := l.chain(index)
	if len(c.own) == 0 {
		return 0, nil, nil
	}
	part := max(1, l.InFlight/2)
	most := max(1, l.InFlight/part)
	var gap time.Duration
	if l.Rate > 0 {
		gap = time.Duration(float64(time.Second) * float64(part) * float64(l.Connections) / l.Rate)
	}
	due := begun.Add(gap * time.Duration(index) / time.Duration(l.Connections))

	var flight []window
	in := bufio.NewReaderSize(conn, 16<<10)
	for seen := 0; ; {
		running := time.Since(begun) < during
		// At a given rate the answers are read before the next window's time.
		if running && len(flight) < most && (gap == 0 || len(flight) == 0) {
			if gap > 0 {
				time.Sleep(time.Until(due))
				due = due.Add(gap)
			}
			w := c.next(part)
			w.sent = time.Now()
			if _, err := conn.Write(c.buf); err != nil {
				return acked, times, fmt.Errorf("sending: %w", err)
			}
			flight = append(flight, w)
			continue
		}
		if len(flight) == 0 {
			return acked, times, nil
		}
		w := flight[0]
		flight = append(flight[:0], flight[1:]...)
		if _, err := in.Discard(w.frames * gt06Answer); err != nil {
			return acked, times, fmt.Errorf("waiting for %d answers: %w", w.frames, err)
		}
		acked += int64(w.fixes)
		if seen++; seen%sampleEvery == 0 {
			times = append(times, time.Since(w.sent))
		}
	}
}

// chain is a connection's devices and where they stand.
type chain struct {
	load   *Load
	own    []int
	count  []int64 // fixes sent, by place in own
	turn   int     // whose turn it is, by place in own
	left   int     // fixes until the next one's turn
	serial uint16
	buf    []byte // the window being built
}

func (l *Load) chain(index int) *chain {
	c := &chain{load: l, turn: -1}
	for d := index; d < l.World.Devices(); d += l.Connections {
		c.own = append(c.own, d)
	}
	c.count = make([]int64, len(c.own))
	return c
}

// next builds the next window of so many fixes in buf.
func (c *chain) next(fixes int) (w window) {
	c.buf = c.buf[:0]
	for w.fixes < fixes {
		if c.left == 0 {
			c.turn, c.left = (c.turn+1)%len(c.own), max(1, c.load.Visit)
			c.serial++
			c.buf = gt06.AppendLogin(c.buf, c.load.UniqueID(c.own[c.turn]), c.serial)
			w.frames++
		}
		at := c.load.Start + fleet.Time(c.count[c.turn]*c.load.Step.Milliseconds())
		c.count[c.turn]++
		f := c.load.World.Drive(c.own[c.turn], at, c.load.Step.Seconds())
		c.serial++
		c.buf = appendGT06(c.buf, &f, c.serial)
		w.frames, w.fixes, c.left = w.frames+1, w.fixes+1, c.left-1
	}
	return w
}
