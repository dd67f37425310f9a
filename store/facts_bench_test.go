package store_test

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// BenchmarkCommit: facts of 10,000 devices of 500 owners on a file that holds
// 500,000 events, in batches as a committer makes them, each with its own
// sync. cpu-µs/event is the processor's time, which other work on the machine
// does not disturb much.
//
//	go test -run '^$' -bench Commit -benchtime 500x ./store
func BenchmarkCommit(b *testing.B) {
	for _, deliveries := range []int{0, 1} {
		b.Run(fmt.Sprintf("deliveries=%d", deliveries), func(b *testing.B) {
			path := filepath.Join(b.TempDir(), store.FactsFile)
			f, err := store.OpenFacts(path, store.FactsOptions{})
			if err != nil {
				b.Fatal(err)
			}
			r, at, seq := rand.New(rand.NewPCG(1, 1)), noon, fleet.Seq(0)
			commit := func(size int) {
				facts := busyBatch(r, size, &at)
				seq += fleet.Seq(size)
				facts.Complete = seq
				if facts.Deliveries = facts.Deliveries[:size*deliveries]; len(facts.Deliveries) == 0 {
					facts.Deliveries = nil
				}
				if err := f.Commit(b.Context(), &facts); err != nil {
					b.Fatal(err)
				}
			}
			for range 10 {
				commit(50_000)
			}
			for _, size := range []int{60, 600} {
				b.Run(fmt.Sprintf("batch=%d", size), func(b *testing.B) {
					start := cpuTime(b)
					for b.Loop() {
						commit(size)
					}
					events := float64(size) * float64(b.N)
					b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/events, "cpu-µs/event")
					b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
				})
			}
			if st, err := os.Stat(path); err == nil {
				b.Logf("%d bytes an event", uint64(st.Size())/uint64(seq))
			}
			if err := f.Close(); err != nil {
				b.Error(err)
			}
		})
	}
}

// cpuTime is what the process has used of processors so far.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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

// BenchmarkDeviceEvents: what the second run over late reports asks of a device
// with some twenty events among 200,000 of a day, while 60,000 wait for the
// indexes. revise is what amending one of them takes, its sync left out.
//
//	go test -run '^$' -bench DeviceEvents ./store
func BenchmarkDeviceEvents(b *testing.B) {
	f, err := store.OpenFacts(filepath.Join(b.TempDir(), store.FactsFile), store.FactsOptions{})
	if err != nil {
		b.Fatal(err)
	}
	r, at := rand.New(rand.NewPCG(1, 1)), noon
	for range 20 {
		facts := busyBatch(r, 10_000, &at)
		facts.Deliveries = nil
		if err := f.Commit(b.Context(), &facts); err != nil {
			b.Fatal(err)
		}
	}
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if list, err := f.DeviceEvents(b.Context(), 77, noon, 1<<60); err != nil || len(list) == 0 {
				b.Fatal(len(list), err)
			}
		}
	})
	b.Run("revise", func(b *testing.B) {
		list, err := f.DeviceEvents(b.Context(), 77, noon, 1<<60)
		if err != nil {
			b.Fatal(err)
		}
		start := cpuTime(b)
		for b.Loop() {
			e := list[0]
			e.Flags, e.Revised = fleet.Amended, noon
			if err := f.Commit(b.Context(), &fleet.Facts{Revised: []fleet.Event{e}}); err != nil {
				b.Fatal(err)
			}
		}
		b.ReportMetric(float64((cpuTime(b)-start).Microseconds())/float64(b.N), "cpu-µs/event")
	})
	if err := f.Close(); err != nil {
		b.Error(err)
	}
}
