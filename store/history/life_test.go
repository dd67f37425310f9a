package history_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// fillWorld appends rides over about two days.
func fillWorld(t *testing.T, sorted bool) *world {
	t.Helper()
	r := random(t)
	w := newWorld(t)
	for i := range 400 {
		w.append(ride(r, i), ride(r, i))
	}
	if sorted {
		w.sort()
	}
	return w
}

// TestCrashBeforeMark: blocks are committed, the mark is not; sorting again
// doubles nothing.
func TestCrashBeforeMark(t *testing.T) {
	w := fillWorld(t, false)
	crash := errors.New("crash")
	for n := range 4 {
		left := n
		w.h.BeforeMark(func() error {
			if left--; left < 0 {
				return crash
			}
			return nil
		})
		if err := w.h.SortClosed(t.Context()); !errors.Is(err, crash) {
			t.Fatalf("sorting ended with %v", err)
		}
		for d := range fleet.DeviceID(5) {
			w.check(d, 0, 1<<62)
		}
		w.close()
		w.open()
	}
	w.sort()
	w.checkFiles()
	for d := range fleet.DeviceID(5) {
		w.check(d, 0, 1<<62)
	}
}

// checkFiles proves the day files, which are closed for it.
func (w *world) checkFiles() history.Summary {
	w.t.Helper()
	w.close()
	s, err := history.Check(w.dir, func(d *history.DamageError) { w.t.Error(d) })
	if err != nil {
		w.t.Fatal(err)
	}
	w.open()
	return s
}

func TestTrimWaitsForHistory(t *testing.T) {
	w := fillWorld(t, false)
	if err := w.j.Trim(w.j.Last()); err != nil {
		t.Fatal(err)
	}
	if first := w.j.First(); first != 1 {
		t.Fatalf("trimmed to %d before it was sorted", first)
	}
	w.check(1, 0, 1<<62) // makes indexes, which pin segments
	w.sort()
	if err := w.j.Trim(w.j.Last()); err != nil {
		t.Fatal(err)
	}
	if first, sorted := w.j.First(), w.h.SortedUpto(); first != sorted+1 {
		t.Errorf("first %d, sorted up to %d", first, sorted)
	}
	w.check(1, 0, 1<<62)
}

func TestSweepDropsWholeDays(t *testing.T) {
	w := fillWorld(t, true)
	cut := noon.UTCDay() + fleet.Day
	dropped, err := w.h.Sweep(t.Context(), cut+fleet.Hour)
	if err != nil || dropped == 0 {
		t.Fatalf("dropped %d, %v", dropped, err)
	}
	for _, p := range w.positions(1, 0, 1<<62) {
		if p.Fix < cut && p.Received < cut {
			t.Fatalf("a fix of %s is still there", p.Fix)
		}
	}
	w.check(1, cut+fleet.Day, 1<<62)
}

// TestEraseIsForGood looks for the device's ID in every file afterwards.
func TestEraseIsForGood(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	const gone = fleet.DeviceID(0x1122334455667788)
	for i := range 300 {
		a, b := ride(r, i), ride(r, i)
		b.Device = gone
		b.Attrs = fleet.Attrs{{Key: "driver", Value: fleet.Text("a very private name")}}
		w.append(a, b)
		if i == 200 {
			w.sort()
		}
	}
	if len(w.positions(gone, 0, 1<<62)) == 0 {
		t.Fatal("nothing to erase")
	}
	if err := w.h.Erase(t.Context(), gone); err != nil {
		t.Fatal(err)
	}
	w.seen = dropDevice(w.seen, gone)
	for range 3 {
		for d := range fleet.DeviceID(5) {
			w.check(d, 0, 1<<62)
		}
		if left := w.positions(gone, 0, 1<<62); len(left) > 0 {
			t.Fatalf("%d positions are left", len(left))
		}
		w.close()
		w.open()
		w.sort()
	}
	w.checkFiles()
	files, err := filepath.Glob(w.dir + "/*.db")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, []byte("a very private name")) {
			t.Errorf("%s still holds its bytes", f)
		}
	}
}

func dropDevice(seen []fleet.Report, d fleet.DeviceID) (out []fleet.Report) {
	for _, r := range seen {
		if r.Device != d {
			out = append(out, r)
		}
	}
	return out
}

// TestDamageIsNeverServed flips bytes of a day file: right positions or an error.
func TestDamageIsNeverServed(t *testing.T) {
	r := random(t)
	w := fillWorld(t, true)
	w.close()
	files, err := filepath.Glob(w.dir + "/*.db")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	refused, checked := 0, 0
	for range 60 {
		path := files[r.IntN(len(files))]
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		used := len(bytes.TrimRight(whole, "\x00"))
		harmed := bytes.Clone(whole)
		harmed[2*4096+r.IntN(used-2*4096)] ^= 1 << r.IntN(8) // behind the meta pages
		if err := os.WriteFile(path, harmed, 0o640); err != nil {
			t.Fatal(err)
		}
		_, _ = history.Check(w.dir, func(*history.DamageError) { checked++ })
		w.open()
		for d := range fleet.DeviceID(5) {
			var got []fleet.Position
			err := w.h.Positions(t.Context(), d, 0, 1<<62, func(p *fleet.Position) bool {
				got = append(got, *p)
				return true
			})
			if err != nil {
				refused++
				continue
			}
			if want := w.naive(d, 0, 1<<62); len(got) != len(want) {
				t.Fatalf("device %d: %d positions of %d, and no error", d, len(got), len(want))
			}
		}
		w.close()
		if err := os.WriteFile(path, whole, 0o640); err != nil {
			t.Fatal(err)
		}
	}
	w.open()
	t.Logf("%d reads refused, %d findings", refused, checked)
	if refused == 0 || checked == 0 {
		t.Error("no harm was noticed at all")
	}
}

func TestQuarantinedHasItsOwnLane(t *testing.T) {
	w := newWorld(t)
	wild := fleet.Report{Device: 1, Has: fleet.HasPlace, Fix: noon + 9*365*fleet.Day, Received: noon, Verdict: fleet.QuarantinedFuture}
	odd := wild
	odd.Verdict, odd.Fix = fleet.Accepted, 5
	w.append(wild, odd)
	for range 2 {
		var n int
		err := w.h.Quarantined(t.Context(), 1, noon, noon+1, func(p *fleet.Position) bool { n++; return true })
		if err != nil || n != 2 {
			t.Errorf("%d quarantined, %v; want 2", n, err)
		}
		if got := w.positions(1, 0, 1<<62); len(got) != 0 {
			t.Errorf("they are tracks: %+v", got)
		}
		for range 400 { // closes the segment
			w.append(fleet.Report{Device: 2, Has: fleet.HasPlace, Fix: noon, Received: noon})
		}
		w.sort()
	}
}

func TestBackupRestores(t *testing.T) {
	w := fillWorld(t, true)
	dir := t.TempDir()
	release := w.j.Hold()
	if err := w.h.Backup(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if err := w.j.Backup(dir + "/journal"); err != nil {
		t.Fatal(err)
	}
	release()
	w.close()
	w.dir = dir
	w.open()
	for d := range fleet.DeviceID(5) {
		w.check(d, 0, 1<<62)
	}
}

// TestRunSortsWhatCloses runs the sorter beside ingest and readers.
func TestRunSortsWhatCloses(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- w.h.Run(ctx) }()
	for i := range 400 {
		w.append(ride(r, i), ride(r, i))
		if i%50 == 0 {
			w.check(1, 0, 1<<62)
			if err := w.j.Trim(w.j.Last()); err != nil {
				t.Fatal(err)
			}
		}
	}
	w.check(2, 0, 1<<62)
	stop()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.check(3, 0, 1<<62)
}

// TestJournalLost: a journal that ends before what is sorted is refused.
func TestJournalLost(t *testing.T) {
	w := fillWorld(t, true)
	w.close()
	if err := os.RemoveAll(w.dir + "/journal"); err != nil {
		t.Fatal(err)
	}
	j, err := journal.Open(journal.Options{Dir: w.dir + "/journal", MinFree: -1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := history.Open(w.dir, j, history.Options{}); err == nil {
		t.Error("opened over an empty journal")
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(w.dir); err != nil {
		t.Fatal(err)
	}
	w.open()
}

// TestSweepBesideReaders: a reader that opens a file just before it goes must
// not leave it in use, for what is sorted into it then would be lost.
func TestSweepBesideReaders(t *testing.T) {
	w := newWorld(t)
	r := random(t)
	var stop atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !stop.Load() {
				err := w.h.Positions(t.Context(), 1, 0, noon, func(*fleet.Position) bool { return true })
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	for i := range 20 {
		w.append(ride(r, i))
		w.sort()
		if _, err := w.h.Sweep(t.Context(), noon+400*fleet.Day); err != nil {
			t.Error(err)
		}
		if left := w.h.Unlinked(); len(left) > 0 {
			t.Errorf("round %d: %s is open and has no name", i, left)
			break
		}
	}
	stop.Store(true)
	readers.Wait()
}
