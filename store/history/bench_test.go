package history_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// BenchmarkSort journals one full segment of 10,000 devices and sorts it.
//
//	go test -run=^$ -bench=Sort ./store/history
func BenchmarkSort(b *testing.B) {
	total := 0
	for b.Loop() {
		b.StopTimer()
		dir := b.TempDir()
		j, h := openBench(b, dir)
		group := make([]fleet.Entry, 1000)
		n := 0
		for len(j.Segments()) < 2 {
			for k := range group {
				i := n + k
				at := noon + fleet.Time(i/10_000)*fleet.Second
				group[k] = fleet.Entry{Kind: fleet.ReportEntry, Report: fleet.Report{
					Device: fleet.DeviceID(uint64(i%10_000) * 7919), Protocol: fleet.GT06, Fix: at, Received: at + fleet.Time(i%300),
					Has:   fleet.HasPlace | fleet.HasSpeed | fleet.HasCourse | fleet.HasSatellites | fleet.FixValid,
					Place: fleet.Place{Lat: 523_000_000 + int32(i/10_000*1200+i%97), Lon: 130_000_000 - int32(i%89)},
					Speed: float32(40 + i%13), Course: float32(i % 360), Satellites: uint8(7 + i%5),
				}}
			}
			if _, err := j.Append(group); err != nil {
				b.Fatal(err)
			}
			n += len(group)
		}
		b.StartTimer()
		if err := h.SortClosed(b.Context()); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		total += int(h.SortedUpto())
		if err := h.Close(); err != nil {
			b.Fatal(err)
		}
		if err := j.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(total), "ns/fix")
}

func openBench(b *testing.B, dir string) (*journal.Journal, *history.History) {
	j, err := journal.Open(journal.Options{Dir: dir + "/journal", MinFree: -1, ForHistory: true})
	if err != nil {
		b.Fatal(err)
	}
	h, err := history.Open(dir, j, history.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return j, h
}

// BenchmarkBytes prints what a stored fix takes on disk.
//
//	go test -run=^$ -bench=Bytes -benchtime=1x ./store/history
func BenchmarkBytes(b *testing.B) {
	for b.Loop() {
		fixes, bytes := fleetDay(b, 60, 1, 0.7)
		b.ReportMetric(float64(bytes)/float64(fixes), "B/fix")
	}
}

// BenchmarkSaveCheckpoints is midnight: the states of so many devices, in no
// order, go into a new day's file.
//
//	go test -run=^$ -bench=SaveCheckpoints -benchtime=1x ./store/history
func BenchmarkSaveCheckpoints(b *testing.B) {
	for _, devices := range []int{10_000, 1_000_000} {
		b.Run(fmt.Sprintf("devices=%d", devices), func(b *testing.B) {
			dir := b.TempDir()
			j, h := openBench(b, dir)
			points := make([]fleet.Checkpoint, devices)
			state := make([]byte, 200)
			for i, d := range rand.New(rand.NewPCG(1, 1)).Perm(devices) {
				points[i] = fleet.Checkpoint{Device: fleet.DeviceID(uint64(noon)<<22 + uint64(d)*7919), State: state}
			}
			day := noon.UTCDay()
			for b.Loop() {
				day += fleet.Day
				for i := range points {
					points[i].Day = day
				}
				if err := h.SaveCheckpoints(b.Context(), points); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(devices), "ns/device")
			if err := errors.Join(h.Close(), j.Close()); err != nil {
				b.Fatal(err)
			}
		})
	}
}
