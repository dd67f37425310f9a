package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/fleetsim"
	"github.com/vigia-track/vigia/ingest/gt06"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// BenchmarkDemoFleetHistory measures what a stored fix of the demo's fleet
// costs on disk, file overhead and all: GT06 frames, decoded, journaled, sorted.
//
//	go test ./cmd/vigia -run '^$' -bench DemoFleetHistory -benchtime 1x
func BenchmarkDemoFleetHistory(b *testing.B) {
	for _, every := range []int{1, 10} {
		b.Run(fmt.Sprintf("every=%ds", every), func(b *testing.B) {
			for b.Loop() {
				fixes, bytes := demoHistory(b, 50, every, 500_000)
				b.ReportMetric(float64(bytes)/float64(fixes), "B/fix")
			}
		})
	}
}

// demoHistory stores about so many fixes and gives their number and the size
// of the day files.
func demoHistory(tb testing.TB, vehicles, every, fixes int) (stored int, bytes int64) {
	dir := tb.TempDir()
	j, err := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), MinFree: -1, ForHistory: true})
	if err != nil {
		tb.Fatal(err)
	}
	h, err := history.Open(dir, j, history.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	codec := gt06.New()
	s := &ingest.Session{Transport: ingest.TCP}
	tours := make([]*fleetsim.Vehicle, vehicles)
	for i := range tours {
		tours[i] = demoCities[i%len(demoCities)].tour(uint64(i))
	}
	start := fleet.Time(1_777_852_800_000) // 2026-05-04T00:00:00Z
	var group []fleet.Entry
	var frame []byte
	for t := start; stored < fixes; t += fleet.Time(every) * fleet.Second {
		group = group[:0]
		for i := range vehicles {
			f := tours[i].At(t)
			frame = gt06.AppendLocation(frame[:0], gt06.Fix{
				Time: f.Time, Place: f.Place, Satellites: f.Satellites, Speed: int(f.Speed), Course: int(f.Course), Valid: true, Ignition: f.Ignition,
			}, 1)
			s.Now = t + 300
			if _, err := codec.Decode(s, frame); err != nil {
				tb.Fatal(err)
			}
			r := s.Reports[0]
			s.Reports = s.Reports[:0]
			r.Device = fleet.DeviceID(uint64(start)<<22 | uint64(i))
			group = append(group, fleet.Entry{Kind: fleet.ReportEntry, Report: r})
			stored++
		}
		if _, err := j.Append(group); err != nil {
			tb.Fatal(err)
		}
	}
	if err := h.SortClosed(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	stored = int(h.SortedUpto()) // what the open segment still holds is not in the files
	if err := errors.Join(h.Close(), j.Close()); err != nil {
		tb.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "tracks-*.db"))
	if err != nil {
		tb.Fatal(err)
	}
	for _, f := range files {
		st, err := os.Stat(f)
		if err != nil {
			tb.Fatal(err)
		}
		bytes += st.Size()
	}
	return stored, bytes
}
