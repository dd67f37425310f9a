package ingest_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// seed is VIGIA_SEED, or the time's.
func seed(t *testing.T) uint64 {
	t.Helper()
	n, err := strconv.ParseUint(os.Getenv("VIGIA_SEED"), 10, 64)
	if err != nil {
		n = uint64(time.Now().UnixNano())
	}
	t.Logf("VIGIA_SEED=%d", n)
	return n
}

// TestEachFrameEndsInOneCounter sends a random conversation, in random pieces,
// and adds the counters up.
func TestEachFrameEndsInOneCounter(t *testing.T) {
	random := rand.New(rand.NewPCG(seed(t), 1))
	addr, _, b, set := startTCP(t, ingest.Limits{Strangers: 1 << 20, Batch: 7})
	const frames = 2000
	reports := 0
	var text strings.Builder
	for range frames {
		switch random.IntN(8) {
		case 0:
			text.WriteString("L nobody\n")
		case 1, 2:
			fmt.Fprintf(&text, "L d%d\n", 1+random.IntN(3))
		case 3:
			text.WriteString("E checksum\n")
			reports++
		case 4:
			text.WriteString("what?\n")
		default:
			fmt.Fprintf(&text, "P %d\n", random.IntN(2))
			reports++
		}
	}
	c := dial(t, addr)
	go func() { // the replies must be read while this is sent
		for rest := text.String(); rest != ""; {
			n := 1 + random.IntN(min(len(rest), 200))
			if _, err := c.Write([]byte(rest[:n])); err != nil {
				return
			}
			rest = rest[n:]
		}
		_, _ = c.Write([]byte("X\n")) // one more frame, which hangs up
	}()
	ended(t, c)
	sum := map[string]int{}
	stored := 0
	for k, v := range counts(set) {
		n, _ := strconv.Atoi(v)
		name, labels, _ := strings.Cut(k, "{")
		sum[name] += n
		if name == "reports_total" && !strings.Contains(labels, "dropped") {
			stored += n
		}
	}
	if got := sum["frames_total"]; got != frames+1 {
		t.Errorf("%d frames counted of %d: %v", got, frames+1, counts(set))
	}
	if got := sum["reports_total"]; got != reports {
		t.Errorf("%d reports counted of %d: %v", got, reports, counts(set))
	}
	if got := len(b.fixes()); got != stored {
		t.Errorf("%d reports counted as stored, %d are", stored, got)
	}
}

func TestReasonsOfCodecsAreBounded(t *testing.T) {
	addr, _, _, set := startTCP(t, ingest.Limits{})
	c := dial(t, addr)
	send(t, c, "L d1\nE \"};drop\n")
	for i := range 100 {
		send(t, c, fmt.Sprintf("E word%d\n", i))
	}
	send(t, c, "X\n")
	ended(t, c)
	names := 0
	for k := range counts(set) {
		if strings.HasPrefix(k, "frames_total") {
			names++
		}
	}
	if names > 40 || counts(set)[`frames_total{proto="word",result="rejected",reason="other"}`] == "0" {
		t.Errorf("%d counters of frames: %v", names, counts(set))
	}
}

func TestRegistryIsToldOfFewStrangers(t *testing.T) {
	addr, _, b, _ := startTCP(t, ingest.Limits{Strangers: 500})
	c := dial(t, addr)
	send(t, c, strings.Repeat("L nobody\n", 500))
	ended(t, c)
	told := b.told()
	if len(told) == 0 || len(told) > 50 {
		t.Errorf("the registry was told %d times of one address's 500 frames", len(told))
	}
	for _, s := range told {
		if s.UniqueID != "nobody" || s.Protocol != fleet.FileReplay || s.Addr != c.LocalAddr().String() || string(s.Frame) != "L nobody" {
			t.Fatalf("told of %+v", s)
		}
	}
}
