package journal_test

import (
	"fmt"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// plainReport is what most trackers send: place, speed, course, satellites.
func plainReport(i int) fleet.Report {
	return fleet.Report{
		Device: fleet.DeviceID(1<<60 + i%10_000), Protocol: fleet.GT06, Received: noon + fleet.Time(i), Fix: noon + fleet.Time(i) - 1200,
		Has:   fleet.HasPlace | fleet.HasSpeed | fleet.HasCourse | fleet.HasSatellites | fleet.FixValid,
		Place: fleet.Place{Lat: 523_000_000 + int32(i), Lon: 130_000_000 - int32(i)}, Speed: 54, Course: 211, Satellites: 9,
	}
}

// go test -run=^$ -bench=Append ./store/journal
func BenchmarkAppend(b *testing.B) {
	for _, n := range []int{1, 64, 1000} {
		b.Run(fmt.Sprintf("group=%d", n), func(b *testing.B) {
			j := open(b, journal.Options{Dir: b.TempDir()})
			group := make([]fleet.Entry, n)
			for i := range group {
				group[i] = fleet.Entry{Kind: fleet.ReportEntry, Report: plainReport(i)}
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, err := j.Append(group); err != nil {
					b.Fatal(err)
				}
				if err := j.Trim(j.Last()); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "reports/s")
			bytes := journal.AppendReport(nil, &group[0].Report)
			b.SetBytes(int64(n * (len(bytes) + 8)))
		})
	}
}

// go test -run=^$ -bench=Encode ./store/journal
func BenchmarkEncode(b *testing.B) {
	r := plainReport(7)
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		buf = journal.AppendReport(buf[:0], &r)
	}
	b.ReportMetric(float64(len(buf)), "B/report")
}

// go test -run=^$ -bench=Decode ./store/journal
func BenchmarkDecode(b *testing.B) {
	r := plainReport(7)
	buf := journal.AppendReport(nil, &r)
	var d journal.Decoder
	b.ReportAllocs()
	for b.Loop() {
		if err := d.Report(buf, &r); err != nil {
			b.Fatal(err)
		}
	}
}

// go test -run=^$ -bench=Scan ./store/journal
func BenchmarkScan(b *testing.B) {
	j := open(b, journal.Options{Dir: b.TempDir()})
	const n = 200_000
	group := make([]fleet.Entry, 1000)
	for i := 0; i < n; i += len(group) {
		for k := range group {
			group[k] = fleet.Entry{Kind: fleet.ReportEntry, Report: plainReport(i + k)}
		}
		if _, err := j.Append(group); err != nil {
			b.Fatal(err)
		}
	}
	b.SetBytes(j.DiskBytes())
	b.ReportAllocs()
	for b.Loop() {
		if err := j.Scan(0, func(fleet.Seq, *fleet.Entry) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/entry")
}
