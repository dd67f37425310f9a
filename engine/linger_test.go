package engine_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// timed is a real journal that notes when it was told to sync reports, and how
// many of them.
type timed struct {
	*journal.Journal
	begin time.Time
	mu    sync.Mutex // guards what follows
	at    []time.Duration
	n     []int
}

func (j *timed) Append(entries []fleet.Entry) (fleet.Seq, error) {
	reports := 0
	for i := range entries {
		if entries[i].Kind == fleet.ReportEntry {
			reports++
		}
	}
	if reports > 0 {
		j.mu.Lock()
		j.at, j.n = append(j.at, time.Since(j.begin)), append(j.n, reports)
		j.mu.Unlock()
	}
	return j.Journal.Append(entries)
}

// TestFewReportsShareASync: one alone is on disk at once, those that come
// sooner than Linger after it wait for each other, many wait for nobody, and
// neither a change nor the stop waits.
func TestFewReportsShareASync(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var log *timed
		s := startOver(t, t.TempDir(), newMemory(), func(o *engine.Options) {
			log = &timed{Journal: o.Journal.(*faulty).Journal}
			o.Journal, o.Linger = log, 10*time.Millisecond
		})
		s.yard(t, 50)
		time.Sleep(100*time.Millisecond + time.Microsecond) // beside the second's ticks
		log.begin = time.Now()
		var sent sync.WaitGroup
		send := func(after time.Duration, devices ...int) {
			sent.Go(func() {
				time.Sleep(after)
				var all []fleet.Report
				for _, d := range devices {
					lon, lat := walk(d, 0)
					all = append(all, fix(d, int(after/time.Millisecond), lon, lat))
				}
				if err := s.Accept(t.Context(), all); err != nil {
					t.Error(err)
				}
			})
		}
		const ms = time.Millisecond
		send(0, 1)     // at once
		send(2*ms, 2)  // these two at 10 ms
		send(7*ms, 3)  //
		send(12*ms, 4) // with the many that come at 15 ms
		many := make([]int, 15)
		for i := range many {
			many[i] = 10 + i
		}
		send(15*ms, many...)
		send(17*ms, 5) // with the change
		send(40*ms, 6) // at once again
		send(42*ms, 7) // with the stop
		time.Sleep(18 * ms)
		if _, err := s.Apply(t.Context(), fleet.ChangeSet{Since: true, Fences: []fleet.Fence{fenceAt(1, 0, 0)}}); err != nil {
			t.Error(err)
		}
		if took := time.Since(log.begin); took != 18*ms {
			t.Errorf("the change was in force after %s", took)
		}
		time.Sleep(25 * ms)
		s.halt(t)
		sent.Wait()
		want := []struct {
			at time.Duration
			n  int
		}{{0, 1}, {10 * ms, 2}, {15 * ms, 16}, {18 * ms, 1}, {40 * ms, 1}, {43 * ms, 1}}
		if len(log.at) != len(want) {
			t.Fatalf("synced at %v, %v reports", log.at, log.n)
		}
		for i, w := range want {
			if log.at[i] != w.at || log.n[i] != w.n {
				t.Errorf("sync %d at %s of %d reports, want at %s of %d", i, log.at[i], log.n[i], w.at, w.n)
			}
		}
	})
}

// TestLingeringDoesNotSlowWhoWaitsForAnswers: a gateway that sends one report
// after the other is soon as fast as without.
func TestLingeringDoesNotSlowWhoWaitsForAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := startOver(t, t.TempDir(), newMemory(), func(o *engine.Options) { o.Linger = 20 * time.Millisecond })
		s.yard(t, 50)
		time.Sleep(100*time.Millisecond + time.Microsecond)
		begin := time.Now()
		for i := range 500 {
			time.Sleep(100 * time.Microsecond) // on the way
			lon, lat := walk(i%50, 0)
			if err := s.Accept(t.Context(), []fleet.Report{fix(i%50, i/50, lon, lat)}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(begin); took > 120*time.Millisecond {
			t.Errorf("500 reports one after the other took %s", took)
		}
		s.halt(t)
	})
}
