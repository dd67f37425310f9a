package engine_test

import (
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestAcceptIsDurable: what Accept returned for stands in the journal, in the
// order of each caller, from many callers at once.
func TestAcceptIsDurable(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	const callers, each = 20, 50
	r.apply(t, fleetOf(callers))
	var wg sync.WaitGroup
	for n := range callers {
		wg.Go(func() {
			for s := range each {
				if err := r.Accept(t.Context(), []fleet.Report{fix(n, 2*s, 1, 1), fix(n, 2*s+1, 1, 1)}); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	last := map[fleet.DeviceID]fleet.Time{}
	count := 0
	err := r.log.Scan(0, func(_ fleet.Seq, e *fleet.Entry) error {
		if e.Kind == fleet.ReportEntry {
			count++
			if e.Report.Fix <= last[e.Report.Device] {
				t.Errorf("device %s: %s comes after %s", e.Report.Device, e.Report.Fix, last[e.Report.Device])
			}
			last[e.Report.Device] = e.Report.Fix
		}
		return nil
	})
	if err != nil || count != 2*callers*each {
		t.Fatalf("journal has %d reports, %v, want %d", count, err, 2*callers*each)
	}
}

// TestStoppedRefuses: nothing hangs on an engine that does not run.
func TestStoppedRefuses(t *testing.T) {
	r := start(t, t.TempDir(), nil)
	r.stop(t)
	if err := r.Accept(t.Context(), []fleet.Report{fix(0, 0, 1, 1)}); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Accept: %v", err)
	}
	if _, err := r.Apply(t.Context(), fleetOf(1)); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Apply: %v", err)
	}
	if err := r.Record(t.Context(), []fleet.Outcome{{}}); fleet.KindOf(err) != fleet.Unavailable {
		t.Errorf("Record: %v", err)
	}
}
