package store_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// BenchmarkCommit: facts of 10,000 devices of 500 owners, one delivery an
// event, in batches as a committer makes them, each with its own sync.
//
//	go test -run '^$' -bench Commit -benchtime 20x ./store
func BenchmarkCommit(b *testing.B) {
	for _, size := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprintf("events=%d", size), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), store.FactsFile)
			f, err := store.OpenFacts(path, store.FactsOptions{})
			if err != nil {
				b.Fatal(err)
			}
			r, at, seq := rand.New(rand.NewPCG(1, 1)), noon, fleet.Seq(0)
			for b.Loop() {
				b.StopTimer()
				facts := busyBatch(r, size, &at)
				seq += fleet.Seq(size)
				facts.Complete = seq
				b.StartTimer()
				if err := f.Commit(b.Context(), &facts); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
			if st, err := os.Stat(path); err == nil {
				b.ReportMetric(float64(st.Size())/float64(size*b.N), "B/event")
			}
			if err := f.Close(); err != nil {
				b.Error(err)
			}
		})
	}
}

func busyBatch(r *rand.Rand, size int, at *fleet.Time) (facts fleet.Facts) {
	for range size {
		*at += fleet.Time(r.IntN(3))
		e := event(fleet.DeviceID(1+r.IntN(10_000)), *at)
		e.Owner, e.Company, e.Fence = fleet.OwnerID(e.Device%500), 3, fleet.FenceID(r.IntN(10_000))
		fleet.NameEvent(&e, binary.BigEndian.AppendUint64(nil, r.Uint64()))
		facts.Events = append(facts.Events, e)
		facts.Deliveries = append(facts.Deliveries, delivery(&e, fleet.UserID(e.Owner+1), fleet.Push))
	}
	return facts
}

// BenchmarkEvents: a page of 100 out of 200,000 events.
//
//	go test -run '^$' -bench Events ./store
func BenchmarkEvents(b *testing.B) {
	f, err := store.OpenFacts(filepath.Join(b.TempDir(), store.FactsFile), store.FactsOptions{})
	if err != nil {
		b.Fatal(err)
	}
	r, at := rand.New(rand.NewPCG(1, 1)), noon
	for range 20 {
		facts := busyBatch(r, 10_000, &at)
		if err := f.Commit(b.Context(), &facts); err != nil {
			b.Fatal(err)
		}
	}
	for name, q := range map[string]fleet.EventQuery{
		"installation": {Scope: fleet.Scope{Installation: true}},
		"company":      {Scope: fleet.Scope{Company: 3}},
		"customers=20": {Scope: fleet.Scope{Company: 3, Customers: []fleet.CustomerID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}}},
		"device":       {Scope: fleet.Scope{Company: 3}, Device: 77},
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := f.Events(q); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	if err := f.Close(); err != nil {
		b.Error(err)
	}
}
