package engine_test

import (
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// beats is a clock that a test moves: ticks come when it says so.
type beats struct {
	now   atomic.Int64
	ticks chan fleet.Time
}

func newBeats(at fleet.Time) *beats {
	b := &beats{ticks: make(chan fleet.Time)}
	b.now.Store(int64(at))
	return b
}

func (b *beats) options(o *engine.Options) {
	o.Now = func() fleet.Time { return fleet.Time(b.now.Load()) }
	o.Ticks = b.ticks
}

// to moves the clock, without a tick.
func (b *beats) to(at fleet.Time) { b.now.Store(int64(at)) }

// tick moves the clock on by a second and lets the engine feel it.
func (b *beats) tick(t testing.TB, r *rig) {
	t.Helper()
	select {
	case b.ticks <- fleet.Time(b.now.Add(int64(fleet.Second))):
	case <-r.Failed():
		t.Fatal(r.Err())
	}
}

// calm lets time pass until no record may change any more.
func (b *beats) calm(t testing.TB, r *rig) {
	t.Helper()
	for began := time.Now(); ; {
		b.tick(t, r)
		r.settled(t)
		if r.Dirty().Devices == 0 {
			return
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("after a minute still dirty: %+v", r.Dirty())
		}
	}
}

// settled waits until the facts of all that was accepted are on disk.
func (r *rig) settled(t testing.TB) {
	t.Helper()
	for r.Complete() < r.log.Last() {
		if r.Err() != nil {
			t.Fatal(r.Err())
		}
		runtime.Gosched()
	}
}

// late starts an engine whose clock the test moves, with a fleet and the yard
// at 0, 0.
func late(t testing.TB, devices int) (*rig, *beats) {
	t.Helper()
	b := newBeats(began)
	r := start(t, t.TempDir(), b.options)
	set := fleetOf(devices)
	set.Fences = []fleet.Fence{fenceAt(0, 0, 0)}
	r.apply(t, set)
	return r, b
}

// arrived is a report that came at a second, however old its fix.
func arrived(r fleet.Report, s int) fleet.Report {
	r.Received = began + fleet.Time(s)*fleet.Second + 200
	return r
}

// what writes events down as a person would, those that did not happen too.
func what(events []fleet.Event) (out []string) {
	for _, e := range events {
		s := e.Kind.String() + " " + e.Time.String()[11:19]
		for _, f := range []struct {
			bit  fleet.EventFlags
			name string
		}{{fleet.Late, "late"}, {fleet.Inferred, "inferred"}, {fleet.Amended, "amended"}, {fleet.Retracted, "retracted"}} {
			if e.Flags&f.bit != 0 {
				s += " " + f.name
			}
		}
		out = append(out, s)
	}
	return out
}

func wantEvents(t testing.TB, r *rig, want ...string) {
	t.Helper()
	if got := what(allEvents(t, r.facts)); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
}

// TestSwappedPackets: of two packets that changed places on their way the
// second says what the first should have: one event, amended.
func TestSwappedPackets(t *testing.T) {
	r, b := late(t, 1)
	r.accept(t, fix(0, 0, 1, 0), arrived(fix(0, 20, 0, 0), 20))
	r.settled(t)
	wantEvents(t, r, "enter 00:00:20")
	r.accept(t, arrived(fix(0, 10, 0.001, 0), 21))
	b.to(began + 21*fleet.Second)
	b.calm(t, r)
	wantEvents(t, r, "enter 00:00:10 amended")
}
