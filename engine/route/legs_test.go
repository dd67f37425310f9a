package route

import (
	"bufio"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// way makes fixes by a script: each part is "stand SECONDS", "drive SECONDS KMH"
// (eastward), "gap SECONDS METRES" or "spike METRES" (one fix, and back).
func way(step fleet.Time, parts ...string) (out []Fix) {
	const unit = 111_320.0 / 1e7 // metres of 1e-7 degrees at the equator
	at, metres := fleet.Time(0), 0.0
	put := func(off float64) {
		out = append(out, Fix{Time: at, Place: fleet.Place{Lon: int32((metres + off) / unit)}, Speed: -1})
	}
	jitter := rand.New(rand.NewPCG(1, 2))
	put(0)
	for _, p := range parts {
		w := strings.Fields(p)
		n := func(i int) float64 { v, _ := strconv.ParseFloat(w[i], 64); return v }
		switch w[0] {
		case "stand":
			for end := at + fleet.Time(n(1))*fleet.Second; at < end; {
				at += step
				put(4 * jitter.NormFloat64())
			}
		case "drive":
			for end := at + fleet.Time(n(1))*fleet.Second; at < end; {
				at += step
				metres += n(2) / 3.6 * float64(step) / 1000
				put(0)
			}
		case "gap":
			at, metres = at+fleet.Time(n(1))*fleet.Second, metres+n(2)
			put(0)
		case "spike":
			at += step
			put(n(1))
		}
	}
	return out
}

func TestLegs(t *testing.T) {
	const s = fleet.Second
	for _, c := range []struct {
		name  string
		fixes []Fix
		want  string // kinds with their minutes, and kilometres of trips
	}{
		{"no fix", nil, ""},
		{"one fix", way(s), "stop 0"},
		{"standing all day", way(10*s, "stand 36000"), "stop 600"},
		{"a drive", way(s, "drive 600 60"), "trip 10 10.0"},
		{"a drive between two stops", way(s, "stand 1200", "drive 1800 60", "stand 1200"), "stop 20, trip 30 29.9, stop 20"},
		{"a red light is no stop", way(s, "drive 600 50", "stand 120", "drive 600 50"), "trip 22 17.2"},
		{"a delivery is", way(s, "drive 600 50", "stand 240", "drive 600 50"), "trip 10 8.3, stop 4, trip 10 8.3"},
		{"one fix far away does not leave", way(10*s, "stand 600", "spike 150", "stand 600"), "stop 20"},
		{"a spike on the way adds nothing", Clean(way(s, "drive 300 50", "spike 400", "drive 300 50")), "trip 10 8.3"},
		{"a tunnel is no gap", way(s, "drive 600 60", "gap 300 5000", "drive 600 60"), "trip 25 25.0"},
		{"silence on the way", way(s, "drive 600 60", "gap 3600 5000", "drive 600 60"), "trip 10 10.0, gap 60, trip 10 10.0"},
		{"silence while it stands", way(s, "drive 600 60", "gap 3600 5", "drive 600 60"), "trip 10 9.9, stop 60, trip 10 9.9"},
		{"asleep, and awake elsewhere", way(s, "stand 600", "gap 7200 9000", "stand 600"), "stop 10, gap 120, stop 10"},
		{"one that reports every quarter of an hour", way(900*s, "drive 7200 60", "stand 3600", "drive 7200 60"), "trip 120 119.9, stop 60, trip 120 119.9"},
		{"wandering about its place", way(s, "stand 600", "drive 30 10", "stand 600"), "stop 20"},
	} {
		var got []string
		for _, l := range Legs(c.fixes) {
			text := fmt.Sprintf("%s %.0f", l.Kind, float64(c.fixes[l.Last].Time-c.fixes[l.First].Time)/float64(fleet.Minute))
			if l.Kind == fleet.TripLeg {
				text += fmt.Sprintf(" %.1f", l.Metres/1000)
			}
			got = append(got, text)
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s; want %s", c.name, text, c.want)
		}
	}
}

// TestLegsOverTheSeam drives over ±180° and the same way elsewhere.
func TestLegsOverTheSeam(t *testing.T) {
	here := way(fleet.Second, "stand 600", "drive 900 70", "stand 600")
	there := slices.Clone(here)
	for i := range there {
		lon := int64(there[i].Place.Lon) + 1_799_900_000
		there[i].Place.Lon = int32(turn(lon))
	}
	a, b := Legs(here), Legs(there)
	if len(a) != 3 || len(b) != 3 {
		t.Fatalf("%d and %d legs", len(a), len(b))
	}
	for i := range a {
		if a[i].First != b[i].First || a[i].Last != b[i].Last || math.Abs(a[i].Metres-b[i].Metres) > 1 {
			t.Errorf("leg %d: %+v and %+v", i, a[i], b[i])
		}
	}
}

func TestClean(t *testing.T) {
	fixes := way(fleet.Second, "drive 60 50", "drive 60 50")
	far := fixes[30]
	far.Place.Lat += 90_000_000 // nine degrees north
	fixes[30] = far
	if got := Clean(slices.Clone(fixes)); len(got) != len(fixes)-1 {
		t.Errorf("%d of %d are left", len(got), len(fixes))
	}
	// Somebody flew: what three fixes in a row say is believed.
	for i := 30; i < len(fixes); i++ {
		fixes[i].Place.Lat = far.Place.Lat
	}
	if got := Clean(slices.Clone(fixes)); len(got) != len(fixes)-maxDoubts {
		t.Errorf("%d of %d are left", len(got), len(fixes))
	}
}

// TestLegsOfRealTraces cuts walks of real people, and of seeded ones, and sees
// that what is said of them is true.
func TestLegsOfRealTraces(t *testing.T) {
	for _, name := range []string{"beijing", "berlin", "san-francisco"} {
		for device, fixes := range traces(t, name) {
			fixes = Clean(fixes)
			legs := Legs(fixes)
			at, sum := 0, 0.0
			for i, l := range legs {
				if l.First != at {
					t.Fatalf("%s %s: leg %d begins with fix %d, the one before ended with %d", name, device, i, l.First, at)
				}
				at = l.Last
				span := fixes[l.Last].Time - fixes[l.First].Time
				switch l.Kind {
				case fleet.StopLeg:
					if span < standAfter && len(legs) > 1 && l.Last-l.First > 1 {
						t.Errorf("%s %s: a stop of %d s", name, device, span/fleet.Second)
					}
					in := 0
					for _, f := range fixes[l.First : l.Last+1] {
						if metres(l.Middle, f.Place) <= leaveMetres {
							in++
						}
					}
					if n := l.Last - l.First + 1; n > 10 && in*10 < n*6 {
						t.Errorf("%s %s: of %d fixes of a stop %d are there", name, device, n, in)
					}
				case fleet.TripLeg:
					way := 0.0
					for k := l.First + 1; k <= l.Last; k++ {
						way += metres(fixes[k-1].Place, fixes[k].Place)
					}
					if math.Abs(way-l.Metres) > 0.5 {
						t.Errorf("%s %s: a trip of %.0f m is said to be %.0f", name, device, way, l.Metres)
					}
					if l.MaxSpeed < 0 || l.MaxSpeed > maxKPH {
						t.Errorf("%s %s: %.0f km/h", name, device, l.MaxSpeed)
					}
					sum += way
					if k, ok := stood(fixes, l); ok {
						t.Errorf("%s %s: it stood from fix %d on for three minutes within a trip", name, device, k)
					}
				}
			}
			if at != len(fixes)-1 {
				t.Errorf("%s %s: the legs end with fix %d of %d", name, device, at, len(fixes)-1)
			}
			if name == "beijing" {
				t.Logf("%s: %d fixes, %d legs, %.1f km", device, len(fixes), len(legs), sum/1000)
			}
		}
	}
}

// stood looks for three minutes within half of a place's breadth in a trip that
// is not short.
func stood(fixes []Fix, l Leg) (int, bool) {
	if l.Metres < 2*leaveMetres {
		return 0, false
	}
	for i := l.First + 1; i < l.Last; i++ {
		for j := i; j < l.Last && metres(fixes[i].Place, fixes[j].Place) < nearMetres/2; j++ {
			if fixes[j].Time-fixes[i].Time >= standAfter+fleet.Minute {
				return i, true
			}
		}
	}
	return 0, false
}

// traces reads a file of the shared folder, by device.
func traces(t *testing.T, name string) map[string][]Fix {
	dir := os.Getenv("VIGIA_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	f, err := os.Open(filepath.Join(dir, "data", "traces", name+".csv"))
	if err != nil {
		if os.Getenv("VIGIA_REQUIRE_SHARED") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	defer f.Close()
	out := map[string][]Fix{}
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		cells := strings.Split(lines.Text(), ",")
		at, err := time.Parse(time.RFC3339, cells[1])
		if err != nil {
			continue // the head
		}
		lat, _ := strconv.ParseFloat(cells[2], 64)
		lon, _ := strconv.ParseFloat(cells[3], 64)
		place, ok := fleet.MakePlace(lat, lon)
		if !ok {
			t.Fatal(lines.Text())
		}
		out[cells[0]] = append(out[cells[0]], Fix{Time: fleet.At(at), Place: place, Speed: -1})
	}
	if err := lines.Err(); err != nil || len(out) == 0 {
		t.Fatal(name, err)
	}
	for _, fixes := range out {
		slices.SortStableFunc(fixes, func(a, b Fix) int { return int(a.Time - b.Time) })
	}
	return out
}

func BenchmarkLegsOfADay(b *testing.B) {
	fixes := way(fleet.Second, "stand 28800", "drive 7200 50", "stand 3600", "drive 10800 8", "stand 36000")
	for b.Loop() {
		Legs(Clean(slices.Clone(fixes)))
	}
}
