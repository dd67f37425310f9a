package track

import (
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// clockDay is when the clock tests begin.
const clockDay = fleet.Time(1_781_510_400_000) // 2026-06-15T08:00Z

// clocked runs messages through Normalise and a ClockWatch: taken is the true
// time of each fix, received its arrival, err what the device's clock shows
// more than the truth.
type clocked struct {
	t       *testing.T
	watch   ClockWatch
	applied int64
}

func (c *clocked) send(taken, received, err fleet.Time) {
	r := fleet.Report{Device: 1, Fix: taken + err, Received: received}
	r.SetPlace(4.7, -74.1)
	r.SetValid(true)
	Normalise(&r, c.applied)
	c.watch.See(&r, c.applied)
}

// live sends n fixes every so often, each after a delay.
func (c *clocked) live(from fleet.Time, n int, every, err fleet.Time, delay func(i int) fleet.Time) fleet.Time {
	for i := range n {
		at := from + fleet.Time(i)*every
		c.send(at, at+delay(i), err)
	}
	return from + fleet.Time(n)*every
}

func (c *clocked) want(when string, offset fleet.Time, ok bool) {
	c.t.Helper()
	got, _, _, sure := c.watch.Offset()
	if sure != ok || ok && got != int64(offset) {
		c.t.Errorf("%s: offset %v, %v, want %v, %v", when, fleet.Time(got).Std().Sub(time.UnixMilli(0)), sure, offset, ok)
	}
}

func soon(int) fleet.Time { return 2 * fleet.Second }

// TestClockAhead: a GT06 tracker set to UTC+8. All its reports are
// quarantined, and say how far.
func TestClockAhead(t *testing.T) {
	c := clocked{t: t}
	next := c.live(clockDay, 7, time30, 8*fleet.Hour, soon)
	c.want("after seven reports", 0, false)
	next = c.live(next, 40, time30, 8*fleet.Hour, soon)
	c.want("after 20 minutes", -8*fleet.Hour, true)
	c.applied = -8 * int64(fleet.Hour)
	c.live(next, 40, time30, 8*fleet.Hour, soon)
	c.want("with the offset applied", -8*fleet.Hour, true)
}

const time30 = 30 * fleet.Second

// TestClockBehind: three hours behind, every fix is accepted, and old.
func TestClockBehind(t *testing.T) {
	c := clocked{t: t}
	c.live(clockDay, 40, time30, -3*fleet.Hour, soon)
	c.want("after 20 minutes", 3*fleet.Hour, true)
}

// TestClockNepal: zones are no whole hours.
func TestClockNepal(t *testing.T) {
	c := clocked{t: t}
	c.live(clockDay, 40, time30, 5*fleet.Hour+45*fleet.Minute, soon)
	c.want("UTC+5:45", -(5*fleet.Hour + 45*fleet.Minute), true)
}

// TestClockJitter: messages are under way for up to two minutes, and the clock
// is 40 s off beside its zone.
func TestClockJitter(t *testing.T) {
	c := clocked{t: t}
	random := clockSeed(t)
	c.live(clockDay, 60, time30, 8*fleet.Hour-40*fleet.Second, func(int) fleet.Time { return fleet.Time(random.Int64N(int64(2 * fleet.Minute))) })
	c.want("jittering", -8*fleet.Hour, true)
}

// TestClockRight: a right clock, with every kind of delay, proposes nothing
// but no offset.
func TestClockRight(t *testing.T) {
	random := clockSeed(t)
	c := clocked{t: t}
	c.live(clockDay, 2000, time30, 0, func(int) fleet.Time { return fleet.Time(random.ExpFloat64() * float64(4*fleet.Minute)) })
	if offset, _, _, ok := c.watch.Offset(); ok && offset != 0 {
		t.Errorf("a right clock is said to be off by %d ms", offset)
	}
	skew := clocked{t: t}
	skew.live(clockDay, 200, time30, -7*fleet.Minute, soon)
	skew.want("seven minutes are no time zone", 0, false)
}

// TestClockBufferedUpload: fixes of a night arrive in one go, in either order,
// fast and slow, alone and between live ones.
func TestClockBufferedUpload(t *testing.T) {
	night := clockDay - 10*fleet.Hour
	for _, c := range []struct {
		name  string
		fixes int
		every fleet.Time // between fixes
		pace  fleet.Time // between arrivals
		back  bool
	}{
		{"a second apart at once", 36_000, fleet.Second, 1, false},
		{"newest first", 36_000, fleet.Second, 1, true},
		{"every quarter of an hour", 40, 15 * fleet.Minute, fleet.Second, false},
		{"ten times as fast as they were taken", 3600, 10 * fleet.Second, fleet.Second, false},
		{"every quarter of an hour, one a minute", 40, 15 * fleet.Minute, fleet.Minute, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := clocked{t: t}
			for i := range c.fixes {
				n := i
				if c.back {
					n = c.fixes - 1 - i
				}
				w.send(night+fleet.Time(n)*c.every, clockDay+fleet.Time(i)*c.pace, 0)
				if offset, _, _, ok := w.watch.Offset(); ok && offset != 0 {
					t.Fatalf("after %d fixes: %d ms proposed", i+1, offset)
				}
			}
		})
	}
	t.Run("between live fixes of a wrong clock", func(t *testing.T) {
		w := clocked{t: t}
		next := w.live(clockDay, 40, time30, 8*fleet.Hour, soon)
		for i := range 500 {
			w.send(clockDay-fleet.Hour+fleet.Time(i)*7*fleet.Second, next+fleet.Time(i)*100, 8*fleet.Hour)
		}
		w.live(next+fleet.Minute, 5, time30, 8*fleet.Hour, soon)
		w.want("the offset stands", -8*fleet.Hour, true)
	})
}

// TestClockOneOff: a single wild report neither makes nor breaks a proposal.
func TestClockOneOff(t *testing.T) {
	c := clocked{t: t}
	next := c.live(clockDay, 40, time30, 0, soon)
	c.send(next+3*fleet.Hour, next, 0)
	c.want("one report 3 h ahead", 0, true)
	w := clocked{t: t}
	next = w.live(clockDay, 40, time30, 8*fleet.Hour, soon)
	w.send(next, next+soon(0), 0)
	w.send(next, next+soon(0), 11*fleet.Hour)
	w.want("two reports of another clock", -8*fleet.Hour, true)
}

// TestClockDST: local time sent as UTC, and summer time ends or begins.
func TestClockDST(t *testing.T) {
	for _, c := range []struct{ before, after fleet.Time }{{2 * fleet.Hour, fleet.Hour}, {fleet.Hour, 2 * fleet.Hour}, {8 * fleet.Hour, 0}, {-3 * fleet.Hour, 0}} {
		w := clocked{t: t}
		next := w.live(clockDay, 40, time30, c.before, soon)
		w.want("before", -c.before, true)
		next = w.live(next, 5, time30, c.after, soon)
		w.want("just behind", -c.before, true)
		w.live(next, 40, time30, c.after, soon)
		w.want("20 minutes later", -c.after, true)
	}
}

func clockSeed(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("VIGIA_SEED"); s != "" {
		seed, _ = strconv.ParseUint(s, 10, 64)
	}
	t.Logf("VIGIA_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}
