package alert_test

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

// random prints its seed; VIGIA_SEED repeats a run.
func random(t testing.TB) *rand.Rand {
	t.Helper()
	seed := uint64(time.Now().UnixNano())
	if s := os.Getenv("VIGIA_SEED"); s != "" {
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatalf("VIGIA_SEED: %v", err)
		}
		seed = v
	}
	t.Logf("VIGIA_SEED=%d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// A step of a random story: an event, a tick, or a restart.
type step struct {
	ev     *fleet.Event
	at     fleet.Time
	inside []fleet.FenceID
}

// story is a device's days: crossings of two fences in order, some of them
// long before they arrive, and ticks.
func story(rng *rand.Rand) (steps []step, inside map[fleet.FenceID]bool) {
	inside = map[fleet.FenceID]bool{8: rng.IntN(2) == 0, 9: rng.IntN(2) == 0}
	list := func() (out []fleet.FenceID) {
		for _, f := range []fleet.FenceID{8, 9} {
			if inside[f] {
				out = append(out, f)
			}
		}
		return out
	}
	now := at("00:00:00")
	fix, end := now, now
	for range 60 {
		switch rng.IntN(4) {
		case 0: // the tracker is silent, and empties its memory afterwards
			now += fleet.Time(rng.IntN(7200)) * fleet.Second
		default:
			now += fleet.Time(rng.IntN(900)) * fleet.Second
			if rng.IntN(2) == 0 {
				fix = now
			}
		}
		fix = min(fix+fleet.Time(1+rng.IntN(300))*fleet.Second, now)
		f := fleet.FenceID(8 + rng.IntN(2))
		e := &fleet.Event{Kind: fleet.Enter, Device: 7, Fence: f, Company: 1, Owner: 2, Time: fix, Received: now}
		if inside[f] {
			e.Kind = fleet.Exit
		}
		inside[f] = !inside[f]
		fleet.NameEvent(e, []byte{byte(len(steps)), byte(len(steps) >> 8)})
		steps = append(steps, step{ev: e, at: now, inside: list()})
		for range rng.IntN(4) {
			now += fleet.Time(1+rng.IntN(3)) * fleet.Second
			steps = append(steps, step{at: now, inside: list()})
		}
		if fix == now {
			fix--
		}
	}
	end = now + 2*fleet.Day
	for range 5 { // one of them is in no quiet hours
		end += 5 * fleet.Hour
		steps = append(steps, step{at: end, inside: list()})
	}
	return steps, inside
}

// run plays a story; after each step the book may be lost and loaded, and
// inputs whose facts were stored may come again.
func run(t testing.TB, steps []step, n *fleet.Notification, restart func() bool) (out alert.Result, stored []byte) {
	t.Helper()
	rules, book := compile(n), &alert.Book{}
	for i := range steps {
		for again := true; again; {
			s := &steps[i]
			in := alert.Input{Seq: fleet.Seq(i + 1), At: s.at}
			if s.ev != nil {
				book.Decide(in, s.ev, rules, &out)
			} else {
				book.Settle(in, 7, s.inside, rules, &out)
			}
			book.Flush(7, &out)
			for _, m := range out.Memories {
				stored = m.Value
			}
			out.Memories = nil
			if again = restart != nil && restart(); again {
				book = &alert.Book{}
				if len(stored) > 0 {
					if err := book.Load(&fleet.Memory{Device: 7, Rule: n.ID, Value: stored}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	}
	return out, stored
}

// Whatever is late, quiet or held back: each event ends as one row for each
// recipient and channel, and in the end the last that went out says how things
// stand.
func TestInTheEndRecipientsKnow(t *testing.T) {
	rng := random(t)
	for range 300 {
		n := watch()
		if rng.IntN(2) == 0 {
			n.Quiet = every("01:00", "05:00")
		}
		if rng.IntN(2) == 0 {
			n.Cooldown = fleet.Time(rng.IntN(3600)) * fleet.Second
		}
		steps, inside := story(rng)
		out, _ := run(t, steps, n, nil)
		rows := map[fleet.EventID]int{}
		for i := range out.Deliveries {
			rows[out.Deliveries[i].Key.Event]++
		}
		events := map[fleet.EventID]*fleet.Event{}
		for i := range steps {
			if e := steps[i].ev; e != nil {
				events[e.ID] = e
				if rows[e.ID] != 1 {
					t.Fatalf("event %d has %d rows", i, rows[e.ID])
				}
			}
		}
		for f, in := range inside {
			last := slices.Clone(out.Deliveries)
			last = slices.DeleteFunc(last, func(d fleet.Delivery) bool {
				return d.State != fleet.Queued || events[d.Key.Event].Fence != f
			})
			if len(last) > 0 && (events[last[len(last)-1].Key.Event].Kind == fleet.Enter) != in {
				t.Fatalf("fence %d: the last told is %v, but inside is %v", f, events[last[len(last)-1].Key.Event].Kind, in)
			}
		}
	}
}

// Restarts and replays anywhere change nothing and double nothing.
func TestRestartsDoubleNothing(t *testing.T) {
	rng := random(t)
	for range 200 {
		n := watch()
		n.Cooldown = fleet.Time(rng.IntN(1800)) * fleet.Second
		steps, _ := story(rng)
		want, memory := run(t, steps, n, nil)
		got, again := run(t, steps, n, func() bool { return rng.IntN(5) == 0 })
		if string(memory) != string(again) {
			t.Fatalf("memory %x, with restarts %x", memory, again)
		}
		rows := map[fleet.DeliveryKey]fleet.DeliveryState{}
		for i := range want.Deliveries {
			rows[want.Deliveries[i].Key] = want.Deliveries[i].State
		}
		seen := map[fleet.DeliveryKey]bool{}
		for i := range got.Deliveries {
			d := &got.Deliveries[i]
			if !seen[d.Key] && rows[d.Key] != d.State { // the store keeps the first
				t.Fatalf("%s is %v, with restarts %v", d.Key, rows[d.Key], d.State)
			}
			seen[d.Key] = true
		}
		if len(seen) != len(rows) {
			t.Fatalf("%d rows, with restarts %d", len(rows), len(seen))
		}
	}
}
