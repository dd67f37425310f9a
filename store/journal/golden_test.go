package journal_test

import (
	"flag"
	"os"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

var update = flag.Bool("update", false, "write the golden files of the current format version")

// goldenEntries is what the golden segment of version 1 holds, in two groups.
func goldenEntries() [][]fleet.Entry {
	full := fleet.Report{
		Device: 1<<60 + 7, Protocol: fleet.Teltonika, Verdict: fleet.QuarantinedFuture, Trust: fleet.TrustCredentials,
		Has: 1<<14 - 1, Alarms: fleet.SOS | fleet.ParkingAlarm,
		Fix: noon - 1500, DeviceTime: noon - 900, Received: noon,
		Place: fleet.Place{Lat: -331_234_567, Lon: 1_799_999_999}, Altitude: -12.5, Speed: 87.25, Course: 359.5,
		Accuracy: 3, HDOP: 0.9, Odometer: 123456.75, Satellites: 11,
		Attrs: fleet.SortAttrs(fleet.Attrs{
			{Key: fleet.AttrBattery, Value: fleet.Int(97)}, {Key: fleet.AttrPower, Value: fleet.Float(12.6)},
			{Key: fleet.AttrCharging, Value: fleet.Bool(true)}, {Key: fleet.AttrDriver, Value: fleet.Text("Ünal")},
			{Key: "io9", Value: fleet.Int(-300)}, {Key: "io10", Value: fleet.Float(0.5)}, {Key: "raw", Value: fleet.Text("\xff")},
			{Key: "nothing"},
		}),
	}
	return [][]fleet.Entry{
		{
			{Kind: fleet.TickEntry, Tick: fleet.Tick{At: noon, Resumed: true}},
			{Kind: fleet.ReportEntry, Report: full},
			{Kind: fleet.ReportEntry, Report: fleet.Report{Device: 3, Protocol: fleet.GT06, Verdict: fleet.NoFix, Fix: noon, Received: noon}},
		},
		{{Kind: fleet.ChangeEntry, Change: 1 << 40}},
	}
}

// TestGoldenVersion1: what this version once wrote must be read for ever.
func TestGoldenVersion1(t *testing.T) {
	const golden = "testdata/v1"
	var want []fleet.Entry
	for _, g := range goldenEntries() {
		want = append(want, g...)
	}
	if *update {
		dir := t.TempDir()
		j := open(t, journal.Options{Dir: dir, Semantics: 5, SegmentBytes: 1})
		for _, g := range goldenEntries() {
			if _, err := j.Append(g); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.RemoveAll(golden); err != nil {
			t.Fatal(err)
		}
		if err := j.Backup(golden); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir() + "/j"
	if err := os.CopyFS(dir, os.DirFS(golden)); err != nil {
		t.Fatal(err)
	}
	if _, err := journal.Check(dir, func(d *journal.DamageError) { t.Error(d) }); err != nil {
		t.Fatal(err)
	}
	j := open(t, journal.Options{Dir: dir, Semantics: 5})
	equal(t, scan(t, j, 0), want)
	if s := j.Segments(); len(s) != 2 || s[0].Semantics != 5 {
		t.Errorf("segments %+v", s)
	}
}
