package store

import (
	"math/rand/v2"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
)

const anyDay = 20_000 * fleet.Day

func someEvents(r *rand.Rand, n int, at fleet.Time) (f fleet.Facts) {
	for range n {
		e := fleet.Event{
			Kind: fleet.Enter, Device: fleet.DeviceID(1 + r.IntN(50)), Owner: fleet.OwnerID(1 + r.IntN(9)),
			Company: 3, Fence: fleet.FenceID(r.IntN(20)), Time: at + fleet.Time(r.IntN(1e6)),
		}
		fleet.NameEvent(&e, be64(r.Uint64()))
		f.Events = append(f.Events, e)
		f.Deliveries = append(f.Deliveries, fleet.Delivery{
			Key: fleet.DeliveryKey{Event: e.ID, Recipient: 5, Channel: fleet.SMS}, Company: 3, Owner: e.Owner, Device: e.Device, State: fleet.Sent,
		})
	}
	return f
}

func openSmall(t *testing.T, mergeAt int) *Facts {
	t.Helper()
	path := filepath.Join(t.TempDir(), FactsFile)
	f, err := OpenFacts(path, FactsOptions{MergeAt: mergeAt})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.Close(); err != nil {
			t.Error(err)
		}
		for _, p := range CheckFacts(path) {
			t.Error(p)
		}
	})
	return f
}

func waiting(t *testing.T, f *Facts) (n int) {
	t.Helper()
	err := f.db.View(func(tx *bbolt.Tx) error {
		for _, ds := range []*days{openDays(tx, eventsTable), openDays(tx, deliveriesTable)} {
			k, err := ds.countPending()
			if err != nil {
				return err
			}
			n += k
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What waits stays bounded, and what the file's owner believes of it is so.
func TestPendingIsBounded(t *testing.T) {
	const at = 200
	f := openSmall(t, at)
	r := rand.New(rand.NewPCG(7, 7))
	most, merged := 0, false
	for i := range 400 {
		facts := someEvents(r, r.IntN(6), anyDay+fleet.Time(i%3)*fleet.Day)
		if err := f.Commit(t.Context(), &facts); err != nil {
			t.Fatal(err)
		}
		n := waiting(t, f)
		if l := f.lazy; l.known && (l.waiting < n || l.merge == nil && l.waiting != n) {
			t.Fatalf("batch %d: %d records wait, counted %d", i, n, f.lazy.waiting)
		}
		merged = merged || n < most
		most = max(most, n)
	}
	if most > 2*at+12 || !merged {
		t.Errorf("at most %d records waited, merged %v; want at most %d and merges", most, merged, 2*at)
	}
}

// A day that is dropped during a merge does not come back with it, not even in
// part when a late event opens it again.
func TestSweepDuringMerge(t *testing.T) {
	f := openSmall(t, 100)
	r := rand.New(rand.NewPCG(8, 8))
	commit := func(n int, at fleet.Time) {
		t.Helper()
		facts := someEvents(r, n, at)
		if err := f.Commit(t.Context(), &facts); err != nil {
			t.Fatal(err)
		}
	}
	commit(49, anyDay)
	commit(1, anyDay)
	for f.lazy.merge != nil && f.lazy.merge.next < 5 {
		commit(0, anyDay)
	}
	if f.lazy.merge == nil {
		t.Fatal("no merge is under way")
	}
	if s, err := f.Sweep(t.Context(), anyDay+2*fleet.Day); err != nil || s.Days != 1 {
		t.Fatal(s, err)
	}
	commit(2, anyDay)
	for range 30 {
		commit(5, anyDay+fleet.Day)
	}
	page, err := f.Events(fleet.EventQuery{Scope: fleet.Scope{Company: 3}, To: anyDay + fleet.Day, Limit: 100})
	if err != nil || len(page.Items) != 2 {
		t.Errorf("the swept day holds %d events, %v; want 2", len(page.Items), err)
	}
}
