package store_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
	"time"
)

// seeded is the random source of a test; VIGIA_SEED repeats a failure.
func seeded(t *testing.T) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("VIGIA_SEED"); s != "" {
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal("VIGIA_SEED:", err)
		}
		seed = v
	}
	fmt.Printf("%s: VIGIA_SEED=%d\n", t.Name(), seed)
	return rand.New(rand.NewPCG(seed, 1))
}
