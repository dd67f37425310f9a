package history_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random tests; 0 takes one from the clock")

func random(t testing.TB) *rand.Rand {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 2))
}

const noon = fleet.Time(1_780_056_000_000) // 2026-05-29 12:00 UTC

// world is a journal, a history over it, and all that was appended.
type world struct {
	t    testing.TB
	dir  string
	j    *journal.Journal
	h    *history.History
	seen []fleet.Report
}

func newWorld(t testing.TB) *world {
	w := &world{t: t, dir: memoryDir(t)}
	w.open()
	t.Cleanup(w.close)
	return w
}

// memoryDir is a folder in memory where there is one: what is proved here does
// not need a disk, and waiting for one takes most of the time.
func memoryDir(t testing.TB) string {
	dir, err := os.MkdirTemp("/dev/shm", "vigia-history-")
	if err != nil {
		return t.TempDir()
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func (w *world) open() {
	w.t.Helper()
	var err error
	w.j, err = journal.Open(journal.Options{Dir: w.dir + "/journal", SegmentBytes: 8 << 10, MinFree: -1, ForHistory: true})
	if err != nil {
		w.t.Fatal(err)
	}
	if w.h, err = history.Open(w.dir, w.j, history.Options{OpenFiles: 2}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) close() {
	if err := w.h.Close(); err != nil {
		w.t.Error(err)
	}
	if err := w.j.Close(); err != nil {
		w.t.Error(err)
	}
}

func (w *world) append(reports ...fleet.Report) {
	w.t.Helper()
	entries := make([]fleet.Entry, len(reports))
	for i, r := range reports {
		entries[i] = fleet.Entry{Kind: fleet.ReportEntry, Report: r}
	}
	if _, err := w.j.Append(entries); err != nil {
		w.t.Fatal(err)
	}
	w.seen = append(w.seen, reports...)
}

func (w *world) sort() {
	w.t.Helper()
	if err := w.h.SortClosed(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) positions(device fleet.DeviceID, from, to fleet.Time) []fleet.Position {
	w.t.Helper()
	var out []fleet.Position
	err := w.h.Positions(w.t.Context(), device, from, to, func(p *fleet.Position) bool {
		out = append(out, *p)
		return true
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// naive is what Positions must give: sorted, each once.
func (w *world) naive(device fleet.DeviceID, from, to fleet.Time) []fleet.Position {
	var out []fleet.Position
next:
	for i := range w.seen {
		r := &w.seen[i]
		if r.Device != device || r.Verdict != fleet.Accepted || !r.Is(fleet.HasPlace) || r.Fix < from || r.Fix >= to {
			continue
		}
		p := r.Position()
		for _, o := range out {
			if o.Received = p.Received; reflect.DeepEqual(o, p) {
				continue next
			}
		}
		out = append(out, p)
	}
	slices.SortStableFunc(out, func(a, b fleet.Position) int { return int(a.Fix - b.Fix) })
	return out
}

func (w *world) check(device fleet.DeviceID, from, to fleet.Time) {
	w.t.Helper()
	got, want := w.positions(device, from, to), w.naive(device, from, to)
	if len(got) != len(want) {
		w.t.Fatalf("device %d: %d positions, want %d", device, len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			w.t.Fatalf("device %d, position %d is\n%+v, want\n%+v", device, i, got[i], want[i])
		}
	}
}

// ride is the next report of one of a few devices, near midnight at times.
func ride(r *rand.Rand, i int) fleet.Report {
	v := bareRide(r, i)
	switch r.UintN(8) {
	case 0, 1, 2:
		v.DeviceTime = v.Fix
	case 3, 4:
		v.DeviceTime = v.Fix + 7*fleet.Second
	case 5:
		v.DeviceTime = fleet.Time(r.Uint64())
	}
	if r.UintN(3) == 0 {
		v.Trust = fleet.TrustCredentials
	}
	return v
}

// bareRide is a ride that says no more than schema 1 kept.
func bareRide(r *rand.Rand, i int) fleet.Report {
	at := noon + fleet.Time(i)*7*fleet.Minute
	v := fleet.Report{
		Device: fleet.DeviceID(1 + r.UintN(4)), Protocol: fleet.GT06, Received: at + fleet.Time(r.Int64N(3000)),
		Has: fleet.Fields(r.UintN(1<<14)) | fleet.HasPlace, Verdict: fleet.Accepted,
	}
	v.Fix = at - fleet.Time(r.Int64N(5))*fleet.Second
	if r.UintN(6) == 0 {
		v.Fix -= fleet.Time(r.Int64N(int64(3 * fleet.Day))) // buffered
	}
	v.Place = fleet.Place{Lat: 523_000_000 + int32(r.IntN(5000)), Lon: int32(r.Uint32())}
	if r.UintN(9) == 0 {
		v.Verdict = fleet.Verdict(r.UintN(7))
	}
	if r.UintN(9) == 0 {
		v.Has &^= fleet.HasPlace
		v.Place = fleet.Place{}
	}
	set := func(f fleet.Fields, p *float32) {
		if v.Is(f) {
			*p = float32(r.IntN(4000)) / 10
			if r.UintN(5) == 0 {
				*p = r.Float32()
			}
		}
	}
	set(fleet.HasAltitude, &v.Altitude)
	set(fleet.HasSpeed, &v.Speed)
	set(fleet.HasCourse, &v.Course)
	set(fleet.HasAccuracy, &v.Accuracy)
	set(fleet.HasHDOP, &v.HDOP)
	if v.Is(fleet.HasOdometer) {
		v.Odometer = float64(i * 10)
	}
	if v.Is(fleet.HasSatellites) {
		v.Satellites = uint8(r.UintN(20))
	}
	if r.UintN(20) == 0 {
		v.Alarms = fleet.SOS
	}
	if r.UintN(2) == 0 {
		v.Attrs = fleet.Attrs{{Key: "battery", Value: fleet.Int(int64(r.IntN(3)))}, {Key: "io7", Value: fleet.Text("on")}}
	}
	return v
}

// TestPositionsAreTheSortedReports compares with a sorted slice at any cut
// between open and sorted, over restarts.
func TestPositionsAreTheSortedReports(t *testing.T) {
	r := random(t)
	w := newWorld(t)
	for i := range 400 {
		var group []fleet.Report
		for range 1 + r.UintN(8) {
			v := ride(r, i)
			group = append(group, v)
			switch r.UintN(20) {
			case 0, 1:
				v.Received += 5
				group = append(group, v) // sent twice
			case 2:
				v.Has ^= fleet.FixValid
				group = append(group, v) // the same place, but now it is (in)valid
			case 3:
				v.DeviceTime++
				group = append(group, v)
			}
		}
		w.append(group...)
		switch r.UintN(25) {
		case 0:
			w.sort()
		case 1:
			w.close()
			w.open()
		case 2:
			if err := w.j.Trim(w.j.Last()); err != nil {
				t.Fatal(err)
			}
		case 3, 4, 5:
			from := noon + fleet.Time(r.Int64N(int64(5*fleet.Day))) - 2*fleet.Day
			w.check(fleet.DeviceID(1+r.UintN(5)), from, from+fleet.Time(r.Int64N(int64(3*fleet.Day))))
		}
	}
	for d := range fleet.DeviceID(6) {
		w.check(d, 0, 1<<62)
	}
}
