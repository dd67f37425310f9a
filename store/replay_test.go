package store_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// story is what an engine might commit: batches of facts in their order.
func story(r *rand.Rand, batches int) (out []fleet.Facts) {
	var open []fleet.Delivery
	for i := range batches {
		f := fleet.Facts{Complete: fleet.Seq(i + 1)}
		for range r.IntN(8) {
			e := randomEvent(r)
			f.Events = append(f.Events, e)
			if r.IntN(6) == 0 {
				f.Raised = append(f.Raised, e.ID)
			}
			for range r.IntN(3) {
				d := delivery(&e, fleet.UserID(1+r.IntN(4)), fleet.Channels()[r.IntN(3)])
				d.Due = noon + fleet.Time(r.IntN(5))*fleet.Second
				if slices.ContainsFunc(f.Deliveries, func(o fleet.Delivery) bool { return o.Key == d.Key }) {
					continue
				}
				f.Deliveries = append(f.Deliveries, d)
				open = append(open, d)
			}
			f.Memories = append(f.Memories, fleet.Memory{Device: e.Device, Rule: 1, Value: []byte{byte(i), 1}})
		}
		if len(open) > 0 && r.IntN(2) == 0 {
			d := open[r.IntN(len(open))]
			f.Outcomes = append(f.Outcomes, fleet.Outcome{
				Key: d.Key, State: fleet.DeliveryState(2 + r.IntN(4)), Due: noon + fleet.Time(i)*fleet.Minute,
				Attempt: &fleet.Attempt{At: noon + fleet.Time(i), Provider: "smtp.example", Answer: "250 ok"},
				Done:    []string{"browser"},
			})
		}
		out = append(out, f)
	}
	return out
}

func randomEvent(r *rand.Rand) fleet.Event {
	e := event(fleet.DeviceID(1+r.IntN(6)), noon+fleet.Time(r.IntN(5))*fleet.Day+fleet.Time(r.IntN(1e6)))
	e.Company = fleet.CompanyID(1 + r.IntN(2))
	e.Owner = fleet.OwnerID(uint64(e.Company)*10 + uint64(e.Device)%3)
	e.Fence = fleet.FenceID(r.IntN(4))
	e.Kind = fleet.EventKind(1 + r.IntN(3))
	if e.Kind == fleet.Alarm {
		e.Alarms = []fleet.Alarms{fleet.SOS, fleet.PowerCut, fleet.PowerRestored, fleet.Vibration}[r.IntN(4)]
	}
	fleet.NameEvent(&e, []byte{byte(r.Uint32())})
	return e
}

// join makes one batch of several that follow each other.
func join(batches []fleet.Facts) (out fleet.Facts) {
	for _, f := range batches {
		out.Events = append(out.Events, f.Events...)
		out.Deliveries = append(out.Deliveries, f.Deliveries...)
		out.Outcomes = append(out.Outcomes, f.Outcomes...)
		out.Raised = append(out.Raised, f.Raised...)
		out.Memories = append(out.Memories, f.Memories...)
		out.Complete = max(out.Complete, f.Complete)
	}
	return out
}

// Committing a story in any batching, with any stretches committed again as a
// replay does, leaves the same file.
func TestReplayLeavesTheSameFacts(t *testing.T) {
	r := seeded(t)
	tale := story(r, 60)
	want := ""
	for run := range 4 {
		f := openMerging(t, t.TempDir(), 1+r.IntN(60))
		for at := 0; at < len(tale); {
			from, to := at, min(at+1+r.IntN(9), len(tale))
			if run == 0 {
				to = at + 1
			} else if r.IntN(3) == 0 {
				from = max(0, at-r.IntN(3)) // a restart: what came last comes again
			}
			facts := join(tale[from:to])
			for range 1 + r.IntN(2) {
				if err := f.Commit(t.Context(), &facts); err != nil {
					t.Fatal(err)
				}
			}
			at = to
		}
		got, err := f.Digest()
		if err != nil {
			t.Fatal(err)
		}
		if want == "" {
			want = got
		}
		if got != want {
			t.Errorf("run %d left %s, the first %s", run, got, want)
		}
	}
}

// Every query gives, page by page, what filtering everything gives, whatever
// of it waits for the indexes or is half merged.
func TestQueriesAgreeWithFiltering(t *testing.T) {
	r := seeded(t)
	f := openMerging(t, t.TempDir(), 1+r.IntN(150))
	events := map[fleet.EventID]fleet.Event{}
	var deliveries []fleet.Delivery
	for _, batch := range story(r, 150) {
		if err := f.Commit(t.Context(), &batch); err != nil {
			t.Fatal(err)
		}
		for _, e := range batch.Events {
			if _, ok := events[e.ID]; !ok {
				events[e.ID] = e
			}
		}
		deliveries = append(deliveries, batch.Deliveries...)
		for range 3 {
			queryEvents(t, r, f, events)
		}
		if len(deliveries) > 0 {
			queryDeliveries(t, r, f, deliveries)
		}
	}
}

func queryEvents(t *testing.T, r *rand.Rand, f *store.Facts, events map[fleet.EventID]fleet.Event) {
	t.Helper()
	q := fleet.EventQuery{Scope: randomScope(r), Limit: 1 + r.IntN(40)}
	if r.IntN(3) == 0 {
		q.Device = fleet.DeviceID(1 + r.IntN(7))
	}
	if r.IntN(3) == 0 {
		q.Fence = fleet.FenceID(1 + r.IntN(4))
	}
	if r.IntN(3) == 0 {
		q.Kinds = []fleet.EventKind{fleet.Enter, fleet.Alarm}
	}
	if r.IntN(2) == 0 {
		q.From = noon + fleet.Time(r.IntN(5*int(fleet.Day)))
		q.To = q.From + fleet.Time(r.IntN(3*int(fleet.Day)))
	}
	var want []fleet.EventID
	for _, e := range events {
		if q.Scope.SeesDevice(e.Device, e.Company, e.Owner) && (q.Device == 0 || q.Device == e.Device) &&
			(q.Fence == 0 || q.Fence == e.Fence) && (q.Kinds == nil || slices.Contains(q.Kinds, e.Kind)) &&
			(q.From == 0 || e.Time >= q.From) && (q.To == 0 || e.Time < q.To) {
			want = append(want, e.ID)
		}
	}
	slices.SortFunc(want, func(a, b fleet.EventID) int { return slices.Compare(b[:], a[:]) })
	var got []fleet.EventID
	for page, more := (fleet.Page[fleet.Event]{}), true; more; more = q.After != "" {
		var err error
		if page, err = f.Events(q); err != nil {
			t.Fatal(err)
		}
		for _, e := range page.Items {
			got = append(got, e.ID)
		}
		q.After = page.Next
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("query %+v:\n%s", q, diff)
	}
}

func queryDeliveries(t *testing.T, r *rand.Rand, f *store.Facts, all []fleet.Delivery) {
	rows := map[fleet.DeliveryKey]fleet.Delivery{}
	for _, d := range all {
		if _, ok := rows[d.Key]; !ok {
			rows[d.Key] = d
		}
	}
	for range 2 {
		q := fleet.DeliveryQuery{Scope: randomScope(r), Limit: 1 + r.IntN(40)}
		switch r.IntN(3) {
		case 0:
			q.Device = fleet.DeviceID(1 + r.IntN(7))
		case 1:
			q.Event = all[r.IntN(len(all))].Key.Event
		}
		want, got := 0, 0
		for _, d := range rows {
			if q.Scope.SeesDevice(d.Device, d.Company, d.Owner) && (q.Device == 0 || q.Device == d.Device) &&
				(q.Event == fleet.EventID{} || q.Event == d.Key.Event) {
				want++
			}
		}
		for more := true; more; more = q.After != "" {
			page, err := f.Deliveries(q)
			if err != nil {
				t.Fatal(err)
			}
			got, q.After = got+len(page.Items), page.Next
		}
		if got != want {
			t.Fatalf("query %+v gives %d deliveries, want %d", q, got, want)
		}
	}
}

func randomScope(r *rand.Rand) fleet.Scope {
	s := fleet.Scope{Company: fleet.CompanyID(1 + r.IntN(3)), Installation: r.IntN(4) == 0}
	if r.IntN(2) == 0 {
		s.Customers = []fleet.CustomerID{10, 21, 12}[:r.IntN(4)]
	}
	if r.IntN(3) == 0 {
		s.Devices = []fleet.DeviceID{3, 1, 5}[:r.IntN(4)]
	}
	return s
}
