package roll_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vigia-track/vigia/store/roll"
)

// A plain map and a whole sort give the same pages, whatever came and went.
func TestPickEqualsPlainSort(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if text := os.Getenv("VIGIA_SEED"); text != "" {
		seed, _ = strconv.ParseUint(text, 10, 64)
	}
	t.Logf("VIGIA_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 2))
	var r roll.Roll
	type place struct{ company, id uint64 }
	all := map[place]roll.Entry{}
	word := func() string {
		return strings.Repeat("ab"[:1+random.IntN(2)], random.IntN(6)) + strconv.Itoa(random.IntN(20)) + strings.Repeat("x", random.IntN(2)*random.IntN(120))
	}
	for step := range 2500 {
		p := place{uint64(1 + random.IntN(2)), uint64(1 + random.IntN(900))}
		if random.IntN(4) == 0 {
			r.Remove(p.company, p.id)
			delete(all, p)
		} else {
			e := roll.Entry{Company: p.company, ID: p.id, Owner: uint64(random.IntN(5)), Number: uint64(random.IntN(4)), Status: uint8(1 + random.IntN(3)), Class: uint8(random.IntN(3))}
			for range 6 {
				e.Words = append(e.Words, word())
			}
			r.Put(&e)
			all[p] = e
		}
		if r.Len() != len(all) {
			t.Fatalf("%d records, want %d", r.Len(), len(all))
		}
		if step%20 != 0 {
			continue
		}
		compare(t, random, &r, all)
	}
	for owner := range uint64(5) {
		n := 0
		for _, e := range all {
			if e.Owner == owner {
				n++
			}
		}
		if got := r.Owned(owner); got != n {
			t.Errorf("owner %d has %d records, want %d", owner, got, n)
		}
	}
}

// compare pages through a random question and through its plain answer.
func compare[K comparable](t *testing.T, random *rand.Rand, r *roll.Roll, all map[K]roll.Entry) {
	t.Helper()
	p := roll.Pick{All: random.IntN(3) == 0, Company: uint64(1 + random.IntN(2)), Sort: roll.Sort(random.IntN(11) - 5), Down: random.IntN(2) == 0,
		Limit: 1 + random.IntN(30), Count: func(id uint64) int { return int(id % 7) }}
	if random.IntN(2) == 0 {
		p.Owners = []uint64{uint64(random.IntN(3)), 4}
	}
	if random.IntN(3) == 0 {
		p.Search = []string{"b", "bab", "ab1", "1xxxxxxx", "17xxx"}[random.IntN(5)] + strconv.Itoa(random.IntN(20))[:random.IntN(2)]
	}
	if random.IntN(3) == 0 {
		p.Status = 2
	}
	if random.IntN(3) == 0 {
		p.IDs = []uint64{}
		for id := range uint64(920) {
			if random.IntN(3) == 0 {
				p.IDs = append(p.IDs, id)
			}
		}
	}
	key := func(e *roll.Entry) string {
		switch p.Sort {
		case roll.ByID:
			return ""
		case roll.ByNumber:
			return fmt.Sprintf("%9d", e.Number)
		case roll.ByStatus:
			return fmt.Sprintf("%9d", e.Status)
		case roll.ByClass:
			return fmt.Sprintf("%9d", e.Class)
		case roll.ByCount:
			return fmt.Sprintf("%9d", e.ID%7)
		}
		w := e.Words[p.Sort]
		return w[:min(len(w), roll.MaxKey)]
	}
	var want []roll.Entry
	for _, e := range all {
		if (p.All || e.Company == p.Company) && (p.Owners == nil || slices.Contains(p.Owners, e.Owner)) && (p.IDs == nil || slices.Contains(p.IDs, e.ID)) &&
			(p.Status == 0 || e.Status == p.Status) && (p.Search == "" || slices.ContainsFunc(e.Words, func(w string) bool { return strings.Contains(w, p.Search) })) {
			want = append(want, e)
		}
	}
	slices.SortFunc(want, func(a, b roll.Entry) int {
		c := cmp.Or(cmp.Compare(key(&a), key(&b)), cmp.Compare(a.ID, b.ID))
		if p.Down {
			c = -c
		}
		return c
	})
	if p.All { // the same ID may be in two companies here, and is passed over with its twin
		want = slices.CompactFunc(want, func(a, b roll.Entry) bool { return a.ID == b.ID && key(&a) == key(&b) })
	}
	var got []uint64
	for {
		page := r.Pick(&p)
		for i := range page {
			if n := len(got); n == 0 || got[n-1] != page[i].ID || !p.All {
				got = append(got, page[i].ID)
			}
		}
		if len(page) < p.Limit {
			break
		}
		p.After = &page[len(page)-1]
	}
	ids := make([]uint64, len(want))
	for i := range want {
		ids[i] = want[i].ID
	}
	if !p.All && !slices.Equal(got, ids) {
		t.Fatalf("%+v\ngave %v\nwant %v", p, got, ids)
	}
	if p.All && !slices.Equal(slices.Compact(got), slices.Compact(ids)) {
		t.Fatalf("%+v\ngave %v\nwant %v", p, got, ids)
	}
}

// What a list compares first never contradicts the words.
func TestBeginningSortsLikeWords(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func() string {
		b := make([]byte, random.IntN(12))
		for i := range b {
			if b[i] = "ab12 -.z~"[random.IntN(9)]; random.IntN(4) == 0 {
				b[i] = byte(1 + random.IntN(255))
			}
		}
		return string(b)
	}
	for range 30_000 {
		a, b := word(), word()
		if random.IntN(2) == 0 {
			b = a[:random.IntN(len(a)+1)] + b
		}
		if x, y := roll.Beginning(a), roll.Beginning(b); x != y && (x < y) != (a < b) {
			t.Errorf("%q begins with %d, %q with %d", a, x, b, y)
		}
	}
}

// A million rows of one company, and what it costs to ask them.
func BenchmarkPick(b *testing.B) {
	var r roll.Roll
	for i := range uint64(1_000_000) {
		n := strconv.FormatUint((i*2654435761)%1_000_000, 10)
		r.Put(&roll.Entry{Company: 1, ID: i + 1, Owner: i / 10, Status: 1, Words: []string{"truck " + n, "86000000" + fmt.Sprintf("%07d", i), "abc" + n, "fmb920", "+5730012345" + n}})
	}
	b.ReportMetric(float64(r.Bytes())/1e6, "B/row")
	for _, q := range []struct {
		name string
		p    roll.Pick
	}{
		{"id", roll.Pick{Sort: roll.ByID}},
		{"name", roll.Pick{Sort: 0}},
		{"down", roll.Pick{Sort: 0, Down: true}},
		{"unique", roll.Pick{Sort: 1, Down: true}},
		{"owners", roll.Pick{Sort: 0, Owners: []uint64{5, 6, 77, 78, 900}}},
		{"search", roll.Pick{Sort: roll.ByID, Search: "8600000099999"}},
		{"common", roll.Pick{Sort: 0, Search: "truck"}},
		{"nothing", roll.Pick{Sort: 0, Search: "elephant"}},
	} {
		b.Run(q.name, func(b *testing.B) {
			q.p.Company, q.p.Limit = 1, 51
			begin, n := processor(b), 0
			for b.Loop() {
				r.Pick(&q.p)
				n++
			}
			b.ReportMetric((processor(b)-begin).Seconds()*1000/float64(n), "cpu-ms/op")
			b.ReportMetric(float64(r.Bytes())/1e6, "B/row")
		})
	}
}

// processor is the time that the process has used, which says more than the
// clock on a machine that others use.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
