package history_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/history"
)

func TestColumnRoundTrip(t *testing.T) {
	r := random(t)
	makers := map[string]func(n int) []int64{
		"constant": func(n int) []int64 { return slices.Repeat([]int64{r.Int64() - r.Int64()}, n) },
		"wild": func(n int) []int64 {
			return fill(n, func(int) int64 { return int64(r.Uint64()) })
		},
		"extremes": func(n int) []int64 {
			return fill(n, func(int) int64 { return []int64{math.MinInt64, math.MaxInt64, 0, -1}[r.IntN(4)] })
		},
		"steady": func(n int) []int64 { return fill(n, func(i int) int64 { return 1e12 + int64(i)*1000 }) },
		"small":  func(n int) []int64 { return fill(n, func(int) int64 { return r.Int64N(4) }) },
		"noisy":  func(n int) []int64 { return fill(n, func(i int) int64 { return int64(i)*1300 + r.Int64N(200) }) },
		"runs":   func(n int) []int64 { return fill(n, func(i int) int64 { return int64(i / 50) }) },
	}
	for name, make := range makers {
		for _, n := range []int{0, 1, 2, 3, 31, 32, 33, 34, 65, 1000} {
			want := make(n)
			p := history.PackInts(want)
			got, rest, err := history.UnpackInts(append(p, 0xEE), n)
			if err != nil || !slices.Equal(got, want) || len(rest) != 1 {
				t.Fatalf("%s, %d values: %v, rest %d", name, n, err, len(rest))
			}
			if len(p) > 10*n+2 {
				t.Errorf("%s, %d values: %d bytes", name, n, len(p))
			}
		}
	}
}

func fill(n int, f func(int) int64) []int64 {
	v := make([]int64, n)
	for i := range v {
		v[i] = f(i)
	}
	return v
}

func rides(r *rand.Rand, n int) []fleet.Report { return ridesOf(r, n, ride) }

func ridesOf(r *rand.Rand, n int, one func(*rand.Rand, int) fleet.Report) []fleet.Report {
	v := make([]fleet.Report, n)
	for i := range v {
		v[i] = one(r, i)
		v[i].Device = 9
		v[i].Has |= fleet.HasPlace
		if r.UintN(30) == 0 { // any bits must come back
			v[i].Speed = math.Float32frombits(r.Uint32())
			v[i].Odometer = math.Float64frombits(r.Uint64())
			v[i].Has |= fleet.HasSpeed | fleet.HasOdometer
			if v[i].Speed != v[i].Speed || v[i].Odometer != v[i].Odometer {
				v[i].Speed, v[i].Odometer = 0, -1 // NaN does not compare
			}
		}
		if r.UintN(9) == 0 {
			v[i].Speed, v[i].Has = float32(float64(r.IntN(9000))/100*1.852), v[i].Has|fleet.HasSpeed
		}
	}
	return v
}

func TestBlockRoundTrip(t *testing.T) {
	r := random(t)
	for n := range 200 {
		v := rides(r, 1+n)
		p, err := history.Pack(v, noon)
		if err != nil {
			t.Fatal(err)
		}
		got, err := history.Unpack(p, 9, noon)
		if err != nil {
			t.Fatal(err)
		}
		for i := range v {
			if want := v[i].Position(); !reflect.DeepEqual(got[i], want) {
				t.Fatalf("fix %d of %d is\n%+v, want\n%+v", i, n, got[i], want)
			}
		}
	}
}

func FuzzBlock(f *testing.F) {
	r := random(f)
	for n := range 8 {
		p, err := history.Pack(rides(r, 1+n*n), noon)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, p []byte) {
		_, _ = history.ChunkBlocks(p)
		got, err := history.Unpack(p, 9, noon)
		if err != nil {
			return
		}
		if len(got) > 1<<14 {
			t.Fatalf("%d fixes of %d bytes", len(got), len(p))
		}
		for i := range got { // what was read can be asked for everything
			_ = got[i].Alarms.String()
			_, _ = got[i].Attrs.Get("battery")
		}
	})
}
