package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// upload is what a tracker kept for many hours, newest first.
func upload(n, fixes int) []fleet.Report {
	var reports []fleet.Report
	for s := range fixes {
		lon, lat := walk(n, s)
		reports = append(reports, arrived(fix(n, s, lon, lat), fixes))
	}
	slices.Reverse(reports)
	return reports
}

// TestLongUploadHoldsUpNobody: while 100,000 fixes of one device are judged
// again, another's late report has its turn, and its events come first.
func TestLongUploadHoldsUpNobody(t *testing.T) {
	const fixes = 100_000
	r, b := late(t, 2)
	b.to(began + fixes*fleet.Second)
	r.accept(t, arrived(fix(1, fixes-100, 1, 0), fixes), arrived(fix(1, fixes-60, 0, 0), fixes), arrived(fix(1, fixes-80, 0.001, 0), fixes))
	for chunk := range slices.Chunk(upload(0, fixes), 1000) {
		r.accept(t, chunk...)
	}
	watch := r.hub.Subscribe(fleet.Scope{Installation: true})
	defer watch.Close()
	b.calm(t, r)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for revised := false; !revised; {
		frame, err := watch.Next(ctx)
		if err != nil {
			t.Fatalf("%v before the short run's event", err)
		}
		for _, e := range frame.Events {
			if revised = revised || e.Device == deviceID(1) && e.Flags&fleet.Amended != 0; revised {
				break
			}
			if e.Flags&fleet.Late != 0 {
				t.Fatalf("the long run came first: %s", what([]fleet.Event{e.Event}))
			}
		}
	}
	if got := len(allEvents(t, r.facts)); got != 1+2*fixes/40 {
		t.Errorf("%d events, want one of the one and two each lap of the other: %d", got, 1+2*fixes/40)
	}
}

// BenchmarkLateUpload sends 100,000 fixes newest first, while 100 other devices
// send a fix each turn. It tells how long the upload takes until it is on disk,
// how long until the record is right, and how long the others waited until
// their fixes were stepped: at most, and at most while nothing else went on.
//
//	go test ./engine -run '^$' -bench LateUpload -benchtime 1x
func BenchmarkLateUpload(b *testing.B) {
	const fixes, others = 100_000, 100
	for b.Loop() {
		r, clock := late(b, 1+others)
		clock.to(began + fixes*fleet.Second)
		second := fixes
		turn := func() time.Duration {
			began := time.Now()
			var batch []fleet.Report
			for n := range others {
				lon, lat := walk(n, second)
				batch = append(batch, fix(1+n, second, lon, lat))
			}
			second++
			r.accept(b, batch...)
			for last := r.log.Last(); r.Complete() < last; {
				time.Sleep(50 * time.Microsecond)
			}
			return time.Since(began)
		}
		var quiet, busy []time.Duration
		for range 200 {
			quiet = append(quiet, turn())
		}
		reports := upload(0, fixes)
		start := time.Now()
		for chunk := range slices.Chunk(reports, 1000) {
			r.accept(b, chunk...)
		}
		stored := time.Since(start)
		start = time.Now()
		var wg sync.WaitGroup
		done := make(chan struct{})
		wg.Go(func() {
			defer close(done)
			clock.calm(b, r)
		})
		for over := false; !over; {
			busy = append(busy, turn())
			select {
			case <-done:
				over = true
			default:
			}
		}
		wg.Wait()
		b.ReportMetric(stored.Seconds(), "upload-s")
		b.ReportMetric(time.Since(start).Seconds(), "reconcile-s")
		for name, l := range map[string][]time.Duration{"quiet": quiet, "busy": busy} {
			slices.Sort(l)
			b.ReportMetric(l[len(l)/2].Seconds()*1e3, fmt.Sprint(name, "-median-ms"))
			b.ReportMetric(l[len(l)-1].Seconds()*1e3, fmt.Sprint(name, "-most-ms"))
		}
		r.stop(b)
	}
}
