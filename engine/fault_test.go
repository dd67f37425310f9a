package engine_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// faulty is a real journal that fails on demand.
type faulty struct {
	*journal.Journal
	fail atomic.Pointer[error]
}

func (f *faulty) Append(entries []fleet.Entry) (fleet.Seq, error) {
	if err := f.fail.Load(); err != nil {
		return 0, *err
	}
	return f.Journal.Append(entries)
}

// break makes every Append fail from now on; nil mends it.
func (f *faulty) breakWith(err error) {
	if err == nil {
		f.fail.Store(nil)
		return
	}
	f.fail.Store(&err)
}

var (
	errFull = fleet.Errorf(fleet.Unavailable, "no space left")
	errDisk = errors.New("input/output error")
)

// stand is an engine over a real journal and the memory.
type stand struct {
	*engine.Engine
	mem *memory
	log *faulty
}

func startOver(t testing.TB, dir string, mem *memory, change func(*engine.Options)) *stand {
	t.Helper()
	j, err := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), Semantics: engine.Semantics, MinFree: -1, ForHistory: true})
	if err != nil {
		t.Fatal(err)
	}
	s := &stand{mem: mem, log: &faulty{Journal: j}}
	o := engine.Options{
		Journal: s.log, Committer: facts{mem}, Changes: edits{mem}, Snapshots: snaps{mem},
		Shards: 2, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&o)
	}
	if s.Engine, err = engine.New(o); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// halt ends the engine, whatever state it is in, and closes its journal.
func (s *stand) halt(t testing.TB) error {
	t.Helper()
	err := s.Stop(context.Background())
	if err := s.log.Close(); err != nil {
		t.Error(err)
	}
	return err
}

// yard makes devices and a fence that walk crosses.
func (s *stand) yard(t testing.TB, devices int) {
	t.Helper()
	for _, set := range []fleet.ChangeSet{fleetOf(devices), {Since: true, Fences: []fleet.Fence{fenceAt(0, 0, 0)}}} {
		if _, err := s.Apply(t.Context(), set); err != nil {
			t.Fatal(err)
		}
	}
}

func (m *memory) eventCount() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.events)
}

func TestTicksAreJournaled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var skip atomic.Int64 // ms that the clock has jumped
		s := startOver(t, t.TempDir(), newMemory(), func(o *engine.Options) {
			o.Now = func() fleet.Time { return fleet.At(time.Now()) + fleet.Time(skip.Load()) }
		})
		time.Sleep(3500 * time.Millisecond)
		skip.Store(int64(fleet.Minute)) // the process stood still, or its machine slept
		time.Sleep(2 * time.Second)
		var got []string
		synctest.Wait()
		if err := s.log.Scan(0, func(_ fleet.Seq, e *fleet.Entry) error {
			if e.Kind == fleet.TickEntry && e.Tick.Resumed {
				got = append(got, "resumed")
			} else if e.Kind == fleet.TickEntry {
				got = append(got, "tick")
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(got, " "), "resumed tick tick tick resumed tick"; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		if err := s.halt(t); err != nil {
			t.Error(err)
		}
	})
}

func TestCommitWaitsTenMilliseconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := newMemory()
		s := startOver(t, t.TempDir(), mem, nil)
		s.yard(t, 1)
		begin := time.Now()
		lon, lat := walk(0, 0)
		if err := s.Accept(t.Context(), []fleet.Report{fix(0, 0, lon, lat), fix(0, 1, 0, 0)}); err != nil {
			t.Fatal(err)
		}
		for mem.eventCount() == 0 {
			time.Sleep(time.Millisecond)
		}
		if took := time.Since(begin); took > 11*time.Millisecond {
			t.Errorf("the event was committed after %s", took)
		}
		synctest.Wait()
		if s.Complete() != s.log.Last() || s.Backlog() != 0 {
			t.Errorf("complete %d of %d, backlog %s", s.Complete(), s.log.Last(), s.Backlog())
		}
		s.halt(t)
	})
}

func TestSnapshotsByTicks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := newMemory()
		s := startOver(t, t.TempDir(), mem, nil)
		time.Sleep(95 * time.Second)
		synctest.Wait()
		mem.mu.Lock()
		saves, seq := mem.saves, mem.snapSeq
		mem.mu.Unlock()
		if saves != 3 || seq < 90 {
			t.Errorf("%d snapshots in 95 s, the last at %d", saves, seq)
		}
		s.halt(t)
	})
}

// TestNthCommitFails: whichever commit fails, the engine stops accepting, and
// the next start records what the failed run could not.
func TestNthCommitFails(t *testing.T) {
	reports := drive(nil, 5, 0, 80)
	run := func(t *testing.T, dir string, mem *memory, from int) (reached int) {
		s := startOver(t, dir, mem, nil)
		if from == 0 && len(mem.changes) == 0 {
			s.yard(t, 5)
		}
		for reached = from; reached < len(reports); reached += 5 {
			if err := s.Accept(t.Context(), copyOf(reports[reached:reached+5])); err != nil {
				if fleet.KindOf(err) != fleet.Unavailable {
					t.Errorf("refused with %v", err)
				}
				break
			}
			if reached%50 == 0 && s.Err() == nil { // let commits fall between
				s.Record(t.Context(), []fleet.Outcome{{}})
			}
		}
		if err := s.halt(t); !errors.Is(err, s.Err()) {
			t.Errorf("stop says %v, Err %v", err, s.Err())
		}
		return reached
	}
	whole := newMemory()
	run(t, t.TempDir(), whole, 0)
	if len(whole.events) == 0 || whole.commits < 5 {
		t.Fatalf("%d events in %d commits", len(whole.events), whole.commits)
	}
	for n := 1; n <= whole.commits; n++ {
		dir, mem := t.TempDir(), newMemory()
		mem.failCommit = func(i int) error {
			if i == n {
				return errDisk
			}
			return nil
		}
		reached := run(t, dir, mem, 0)
		run(t, dir, mem, reached)
		if len(mem.events) != len(whole.events) {
			t.Errorf("commit %d failed: %d events after recovery, want %d", n, len(mem.events), len(whole.events))
		}
		for id := range whole.events {
			if _, there := mem.events[id]; !there {
				t.Errorf("commit %d failed: event %s is missing", n, id)
			}
		}
	}
}

// TestFullDiskPasses: neither a journal nor facts without room lose anything
// that was acknowledged, and both go on when there is space.
func TestFullDiskPasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := newMemory()
		s := startOver(t, t.TempDir(), mem, nil)
		s.yard(t, 1)
		outside := []fleet.Report{fix(0, 0, 1, 1)}
		if err := s.Accept(t.Context(), outside); err != nil {
			t.Fatal(err)
		}

		s.log.breakWith(errFull)
		inside := fix(0, 1, 0, 0)
		if err := s.Accept(t.Context(), []fleet.Report{inside}); fleet.KindOf(err) != fleet.Unavailable {
			t.Errorf("full journal: %v", err)
		}
		if fleet.KindOf(s.Health()) != fleet.Unavailable {
			t.Errorf("full journal, but health is %v", s.Health())
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		set := fleet.ChangeSet{Since: true, Fences: []fleet.Fence{fenceAt(1, 0, 0)}}
		stored, err := s.Apply(ctx, set)
		if fleet.KindOf(err) != fleet.Unavailable || stored == nil {
			t.Errorf("full journal: change %v, %v", stored, err)
		}
		s.log.breakWith(nil)
		time.Sleep(2 * time.Second) // the next tick brings the change along

		tries := 0
		mem.mu.Lock()
		mem.failCommit = func(int) error {
			if tries++; tries <= 3 {
				return errFull
			}
			return nil
		}
		mem.mu.Unlock()
		if err := s.Accept(t.Context(), []fleet.Report{inside}); err != nil {
			t.Errorf("with space again: %v", err)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if s.Health() != nil {
			t.Errorf("health: %v", s.Health())
		}
		if got := mem.eventCount(); got != 2 || tries < 4 { // both fences
			t.Errorf("%d events after %d tries, want 2", got, tries)
		}
		if err := s.halt(t); err != nil {
			t.Error(err)
		}
	})
}

// TestChangesThatWaitedGoFirst: a change that the full journal kept waiting
// holds for whatever is accepted after it was made, though its caller has gone.
func TestChangesThatWaitedGoFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := newMemory()
		s := startOver(t, t.TempDir(), mem, nil)
		if _, err := s.Apply(t.Context(), fleet.ChangeSet{Since: true, Fences: []fleet.Fence{fenceAt(0, 0, 0)}}); err != nil {
			t.Fatal(err)
		}
		s.log.breakWith(errFull)
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		set := fleetOf(1)
		set.Devices[0].ClockOffset = -8 * int64(fleet.Hour)
		if stored, err := s.Apply(ctx, set); fleet.KindOf(err) != fleet.Unavailable || stored == nil {
			t.Fatalf("full journal: change %v, %v", stored, err)
		}
		s.log.breakWith(nil)
		outside, inside := fix(0, 0, 1, 1), fix(0, 1, 0, 0)
		if err := s.Accept(t.Context(), []fleet.Report{outside}); err != nil { // brings the change along
			t.Fatal(err)
		}
		inside.Fix += 8 * fleet.Hour
		if err := s.Accept(t.Context(), []fleet.Report{inside}); err != nil {
			t.Fatal(err)
		}
		if err := s.halt(t); err != nil {
			t.Error(err)
		}
		if got := mem.eventCount(); got != 1 {
			t.Errorf("%d events, want 1: the first fix is the new device's, the second has its clock offset", got)
		}
	})
}

// slow is a journal whose syncs take long, and that knows when one runs.
type slow struct {
	engine.Journal
	takes   time.Duration
	running atomic.Bool
}

func (s *slow) Append(entries []fleet.Entry) (fleet.Seq, error) {
	s.running.Store(true)
	defer s.running.Store(false)
	time.Sleep(s.takes)
	return s.Journal.Append(entries)
}

// TestStopWaitsForTheJournalOfABrokenEngine: whoever stops an engine closes its
// files next; nobody may write to them any more.
func TestStopWaitsForTheJournalOfABrokenEngine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := newMemory()
		log := &slow{}
		s := startOver(t, t.TempDir(), mem, func(o *engine.Options) {
			log.Journal = o.Journal
			o.Journal = log
		})
		s.yard(t, 1)
		if err := s.Accept(t.Context(), []fleet.Report{fix(0, 0, 1, 1)}); err != nil {
			t.Fatal(err)
		}
		mem.mu.Lock()
		mem.failCommit = func(int) error { return errDisk }
		mem.mu.Unlock()
		if err := s.Accept(t.Context(), []fleet.Report{fix(0, 1, 0, 0)}); err != nil { // an event, which cannot be committed
			t.Fatal(err)
		}
		log.takes = 3 * time.Second
		late := make(chan error, 1)
		go func() { late <- s.Accept(t.Context(), []fleet.Report{fix(0, 2, 0, 0)}) }()
		<-s.Failed()
		if err := s.Stop(context.Background()); !errors.Is(err, errDisk) {
			t.Errorf("stopped with %v", err)
		}
		if log.running.Load() {
			t.Error("after Stop the journal is still being written")
		}
		<-late
		if err := s.log.Close(); err != nil {
			t.Error(err)
		}
	})
}

// TestBrokenJournalStopsAll: after an error of unknown end nobody is
// acknowledged, nobody hangs, nothing is appended.
func TestBrokenJournalStopsAll(t *testing.T) {
	s := startOver(t, t.TempDir(), newMemory(), nil)
	s.yard(t, 20)
	s.log.breakWith(errDisk)
	var wg sync.WaitGroup
	for n := range 20 {
		wg.Go(func() {
			for range 3 {
				if err := s.Accept(t.Context(), []fleet.Report{fix(n, 1, 1, 1)}); err == nil {
					t.Error("acknowledged")
				}
			}
		})
	}
	wg.Wait()
	<-s.Failed()
	s.log.breakWith(nil)
	last := s.log.Last()
	if err := s.Accept(t.Context(), []fleet.Report{fix(0, 2, 1, 1)}); !errors.Is(err, errDisk) || fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Accept: %v", err)
	}
	if _, err := s.Apply(t.Context(), fleetOf(1)); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Apply: %v", err)
	}
	if err := s.Record(t.Context(), []fleet.Outcome{{}}); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Record: %v", err)
	}
	if s.log.Last() != last {
		t.Error("appended after an error")
	}
	if err := s.halt(t); !errors.Is(err, errDisk) {
		t.Errorf("stop: %v", err)
	}
}

// TestStopHasADeadline: a disk that never answers does not keep the process.
func TestStopHasADeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		mem := newMemory()
		s := startOver(t, t.TempDir(), mem, nil)
		s.yard(t, 1)
		gate := make(chan struct{})
		mem.mu.Lock()
		mem.failCommit = func(int) error { <-gate; return nil }
		mem.mu.Unlock()
		if err := s.Accept(t.Context(), []fleet.Report{fix(0, 0, 1, 1), fix(0, 1, 0, 0)}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if err := s.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("stop: %v", err)
		}
		close(gate)
		synctest.Wait()
		s.log.Close()
	})
}

// TestAcceptGivesUp: a caller whose context ends while the engine is busy is
// not kept, and its reports are not touched afterwards.
func TestAcceptGivesUp(t *testing.T) {
	mem := newMemory()
	s := startOver(t, t.TempDir(), mem, nil)
	s.yard(t, 1)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for range 100 {
		err := s.Accept(ctx, []fleet.Report{fix(0, 1, 1, 1)})
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
	}
	if err := s.halt(t); err != nil {
		t.Error(err)
	}
}
