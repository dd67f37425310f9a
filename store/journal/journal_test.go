package journal_test

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

var seedFlag = flag.Uint64("seed", 0, "seed of the random tests; 0 takes one from the clock")

func random(t testing.TB) *rand.Rand {
	seed := *seedFlag
	if seed == 0 {
		seed = uint64(time.Now().UnixNano())
	}
	t.Logf("seed %d", seed)
	return rand.New(rand.NewPCG(seed, 1))
}

const noon = fleet.Time(1_780_000_000_000)

func randomReport(r *rand.Rand) fleet.Report {
	v := fleet.Report{
		Device: fleet.DeviceID(r.Uint64N(5) + 1<<60), Protocol: fleet.Protocol(r.UintN(9)), Verdict: fleet.Verdict(r.UintN(7)),
		Trust: fleet.Trust(r.UintN(5)), Has: fleet.Fields(r.UintN(1 << 14)),
		Received: noon + fleet.Time(r.Int64N(1e9)),
	}
	v.Fix = v.Received - fleet.Time(r.Int64N(100_000))
	if r.UintN(8) == 0 {
		v.Fix = fleet.Time(r.Uint64()) // any nonsense of a tracker
	}
	if r.UintN(2) == 0 {
		v.DeviceTime = v.Fix + fleet.Time(r.Int64N(5000))
	}
	if r.UintN(4) == 0 {
		v.Alarms = fleet.Alarms(r.Uint64())
	}
	if v.Is(fleet.HasPlace) {
		v.Place = fleet.Place{Lat: int32(r.Uint32()), Lon: int32(r.Uint32())}
	}
	for i, p := range []*float32{&v.Altitude, &v.Speed, &v.Course, &v.Accuracy, &v.HDOP} {
		if v.Is(fleet.HasAltitude << i) {
			*p = float32(r.IntN(3600)) / 10
		}
	}
	if v.Is(fleet.HasOdometer) {
		v.Odometer = r.Float64() * 1e9
	}
	if v.Is(fleet.HasSatellites) {
		v.Satellites = uint8(r.UintN(256))
	}
	if r.UintN(3) == 0 {
		v.Attrs = randomAttrs(r)
	}
	return v
}

func randomAttrs(r *rand.Rand) fleet.Attrs {
	keys := []string{"battery", "power", "gsm", "io9", "io10", "driver", "a", "", "temperature", "key with a rather long name", "\xff\x00"}
	var a fleet.Attrs
	for range 1 + r.UintN(6) {
		v := fleet.Value{}
		switch r.UintN(6) {
		case 0:
			v = fleet.Bool(r.UintN(2) == 0)
		case 1:
			v = fleet.Int(int64(r.Uint64() >> r.UintN(64)))
		case 2:
			v = fleet.Int(-int64(r.Uint64()>>1>>r.UintN(63)) - 1)
		case 3:
			v = fleet.Float(float64(r.IntN(100000)) / 100)
		case 4:
			v = fleet.Text(string(make([]byte, r.UintN(300))) + "é\xfe"[:r.UintN(4)])
		}
		a = append(a, fleet.Attr{Key: keys[r.IntN(len(keys))], Value: v})
	}
	return fleet.SortAttrs(a)
}

func randomEntry(r *rand.Rand) fleet.Entry {
	switch r.UintN(10) {
	case 0:
		return fleet.Entry{Kind: fleet.TickEntry, Tick: fleet.Tick{At: noon + fleet.Time(r.Int64N(1e9)), Resumed: r.UintN(2) == 0}}
	case 1:
		return fleet.Entry{Kind: fleet.ChangeEntry, Change: fleet.ChangeID(r.Uint64())}
	}
	return fleet.Entry{Kind: fleet.ReportEntry, Report: randomReport(r)}
}

func randomGroup(r *rand.Rand, n int) []fleet.Entry {
	g := make([]fleet.Entry, n)
	for i := range g {
		g[i] = randomEntry(r)
	}
	return g
}

func open(t testing.TB, o journal.Options) *journal.Journal {
	t.Helper()
	if o.MinFree == 0 {
		o.MinFree = -1
	}
	if testing.Verbose() && o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(testWriter{t}, nil))
	}
	j, err := journal.Open(o)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := j.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return j
}

type testWriter struct{ t testing.TB }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}

func scan(t testing.TB, j *journal.Journal, after fleet.Seq) []fleet.Entry {
	t.Helper()
	var out []fleet.Entry
	err := j.Scan(after, func(seq fleet.Seq, e *fleet.Entry) error {
		if want := after + fleet.Seq(len(out)) + 1; seq != want {
			return fmt.Errorf("seq %d, want %d", seq, want)
		}
		out = append(out, *e)
		return nil
	})
	if err != nil {
		t.Fatalf("scan after %d: %v", after, err)
	}
	return out
}

func equal(t testing.TB, got, want []fleet.Entry) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d entries, want %d", len(got), len(want))
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Fatalf("entry %d is\n%+v, want\n%+v", i, got[i], want[i])
		}
	}
}

// TestJournalIsASlice appends, reopens, trims and scans at random, beside a
// plain slice.
func TestJournalIsASlice(t *testing.T) {
	r := random(t)
	dir := t.TempDir()
	o := journal.Options{Dir: dir, SegmentBytes: 20_000, SegmentAge: math.MaxInt64}
	j := open(t, o)
	var model []fleet.Entry
	for range 300 {
		switch r.UintN(20) {
		case 0:
			if err := j.Close(); err != nil {
				t.Fatal(err)
			}
			o.Semantics = uint32(r.UintN(2))
			j = open(t, o)
		case 1:
			if err := j.Trim(fleet.Seq(r.Uint64N(uint64(len(model)) + 1))); err != nil {
				t.Fatal(err)
			}
		case 2:
			after := j.First() - 1 + fleet.Seq(r.Uint64N(uint64(j.Last()-j.First()+2)))
			equal(t, scan(t, j, after), model[after:])
		default:
			g := randomGroup(r, 1+int(r.UintN(40)))
			first, err := j.Append(g)
			if err != nil {
				t.Fatal(err)
			}
			if first != fleet.Seq(len(model)+1) {
				t.Fatalf("first %d, want %d", first, len(model)+1)
			}
			model = append(model, g...)
		}
		if j.Last() != fleet.Seq(len(model)) {
			t.Fatalf("last %d, want %d", j.Last(), len(model))
		}
	}
	if first := j.First(); first > 1 {
		if err := j.Scan(first-2, func(fleet.Seq, *fleet.Entry) error { return nil }); !errors.Is(err, journal.ErrTrimmed) {
			t.Errorf("scan of trimmed entries: %v", err)
		}
	}
	equal(t, scan(t, j, j.First()-1), model[j.First()-1:])
}
