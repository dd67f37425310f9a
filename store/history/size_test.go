package history_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
	"github.com/vigia-track/vigia/store/journal"
)

// vehicle drives: it turns, brakes and stops, and its receiver errs by a metre
// or two, slowly.
type vehicle struct {
	id                   fleet.DeviceID
	lat, lon             float64 // metres
	errLat, errLon       float64
	speed, want, heading float64 // m/s, m/s, radians
}

func (v *vehicle) step(r *rand.Rand, seconds float64) {
	if r.Float64() < 0.02*seconds {
		v.want = max(0, float64(r.IntN(35)-8))
	}
	v.speed += math.Max(-2, math.Min(1.5, v.want-v.speed)) * min(seconds, 3)
	v.speed = max(0, v.speed)
	if v.speed > 1 {
		v.heading += r.NormFloat64() * 0.05 * math.Sqrt(seconds)
	}
	v.lat += v.speed * seconds * math.Cos(v.heading)
	v.lon += v.speed * seconds * math.Sin(v.heading)
	v.errLat = v.errLat*0.98 + r.NormFloat64()*0.15
	v.errLon = v.errLon*0.98 + r.NormFloat64()*0.15
}

func (v *vehicle) report(at, received fleet.Time) fleet.Report {
	rep := fleet.Report{
		Device: v.id, Protocol: fleet.GT06, Fix: at, DeviceTime: at, Received: received,
		Has: fleet.HasPlace | fleet.HasSpeed | fleet.HasCourse | fleet.FixValid,
		Place: fleet.Place{
			Lat: 523_000_000 + int32((v.lat+v.errLat)/0.0111),
			Lon: 130_000_000 + int32((v.lon+v.errLon)/0.0068),
		},
		Speed: float32(math.Round(v.speed * 3.6)),
	}
	deg := math.Mod(v.heading*180/math.Pi, 360)
	rep.Course = float32(math.Mod(math.Round(deg+360), 360))
	return rep
}

// fleetDay journals and sorts hours of a fleet that reports every few seconds,
// with a segment every 10 minutes, and gives fixes and bytes on disk.
func fleetDay(t testing.TB, vehicles, every int, hours float64) (fixes int, bytes int64) {
	r := rand.New(rand.NewPCG(7, 7))
	dir := t.TempDir()
	j, err := journal.Open(journal.Options{Dir: dir + "/journal", MinFree: -1, ForHistory: true, SegmentBytes: 16 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer j.Close()
	h, err := history.Open(dir, j, history.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	cars := make([]vehicle, vehicles)
	for i := range cars {
		cars[i] = vehicle{id: fleet.DeviceID(uint64(noon)<<22 | uint64(i*7919)&(1<<22-1)), lat: r.Float64() * 50_000, lon: r.Float64() * 50_000}
	}
	start := noon.UTCDay() + fleet.Hour
	var group []fleet.Entry
	for s := 0; s < int(hours*3600); s += every {
		group = group[:0]
		for i := range cars {
			cars[i].step(r, float64(every))
			at := start + fleet.Time(s)*fleet.Second
			rep := cars[i].report(at, at+200+fleet.Time(r.IntN(300)))
			group = append(group, fleet.Entry{Kind: fleet.ReportEntry, Report: rep})
		}
		if _, err := j.Append(group); err != nil {
			t.Fatal(err)
		}
		fixes += len(group)
		if err := h.SortClosed(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := j.Trim(j.Last()); err != nil {
			t.Fatal(err)
		}
	}
	unsorted := int(j.Last() - h.SortedUpto())
	files, err := filepath.Glob(dir + "/tracks-*.db")
	if err != nil || len(files) != 1 {
		t.Fatalf("files %v, %v", files, err)
	}
	st, err := os.Stat(files[0])
	if err != nil {
		t.Fatal(err)
	}
	return fixes - unsorted, st.Size()
}

// TestBytesPerFix holds the promise of 12 bytes a fix (place, speed, course,
// time) over the size of the file, with room for bbolt's first pages.
func TestBytesPerFix(t *testing.T) {
	for _, c := range []struct {
		name            string
		vehicles, every int
		hours           float64
	}{{"every second", 60, 1, 0.7}, {"every 10 seconds", 400, 10, 1}, {"every 30 seconds", 1000, 30, 1}} {
		t.Run(c.name, func(t *testing.T) {
			fixes, bytes := fleetDay(t, c.vehicles, c.every, c.hours)
			perFix := float64(bytes-300<<10) / float64(fixes) // a file begins with 256 KiB
			t.Logf("%d fixes, %d bytes, %.2f B/fix", fixes, bytes, float64(bytes)/float64(fixes))
			if perFix > 12 {
				t.Errorf("%.2f bytes a fix, want at most 12", perFix)
			}
		})
	}
}
