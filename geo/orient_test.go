package geo

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// seeded gives a generator whose seed is printed when the test fails, and can
// be set: VIGIA_SEED=7 go test ./geo
func seeded(t testing.TB) *rand.Rand {
	t.Helper()
	seed := rand.Uint64()
	if v := os.Getenv("VIGIA_SEED"); v != "" {
		n, err := strconv.ParseUint(v, 10, 64)
		if err != nil {
			t.Fatalf("VIGIA_SEED: %v", err)
		}
		seed = n
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("VIGIA_SEED=%d", seed)
		}
	})
	return rand.New(rand.NewPCG(seed, 1))
}

// exactSide is orient's sign in arithmetic without rounding.
func exactSide(a, b, c Point) int {
	rat := func(v float64) *big.Rat { return new(big.Rat).SetFloat64(v) }
	sub := func(x, y float64) *big.Rat { return new(big.Rat).Sub(rat(x), rat(y)) }
	left := new(big.Rat).Mul(sub(a[0], c[0]), sub(b[1], c[1]))
	right := new(big.Rat).Mul(sub(a[1], c[1]), sub(b[0], c[0]))
	return left.Cmp(right)
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func TestOrientIsExact(t *testing.T) {
	rng := seeded(t)
	for range 5_000 {
		a := Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
		b := Point{rng.Float64()*360 - 180, rng.Float64()*180 - 90}
		f := rng.Float64() * 1.5
		// On the line as well as doubles can say it, then a few steps beside it.
		c := Point{a[0] + f*(b[0]-a[0]), a[1] + f*(b[1]-a[1])}
		for range rng.IntN(3) {
			c[rng.IntN(2)] = math.Nextafter(c[0], 1000)
		}
		if rng.IntN(4) == 0 {
			c = Point{rng.Float64(), rng.Float64()}
		}
		if got, want := sign(orient(a[0], a[1], b[0], b[1], c[0], c[1])), exactSide(a, b, c); got != want {
			t.Fatalf("orient(%v, %v, %v) is %d, want %d", a, b, c, got, want)
		}
	}
}

func TestOrientKnowsPointsOnALine(t *testing.T) {
	for _, c := range []struct{ a, b, c Point }{
		{Point{0, 0}, Point{3, 3}, Point{1, 1}},
		{Point{0.1, 0.1}, Point{0.3, 0.3}, Point{0.2, 0.2}},
		{Point{-180, 5}, Point{180, 5}, Point{0.1, 5}},
		{Point{7, -90}, Point{7, 90}, Point{7, 0.1}},
	} {
		if got := orient(c.a[0], c.a[1], c.b[0], c.b[1], c.c[0], c.c[1]); got != 0 {
			t.Errorf("orient(%v, %v, %v) is %v, want 0", c.a, c.b, c.c, got)
		}
	}
}
