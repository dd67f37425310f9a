package store_test

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

func commit(t *testing.T, f *store.Facts, facts fleet.Facts) {
	t.Helper()
	if err := f.Commit(t.Context(), &facts); err != nil {
		t.Fatal(err)
	}
}

func deliveriesOf(t *testing.T, f *store.Facts, e *fleet.Event) map[fleet.UserID]fleet.Delivery {
	t.Helper()
	page, err := f.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Event: e.ID})
	if err != nil {
		t.Fatal(err)
	}
	out := map[fleet.UserID]fleet.Delivery{}
	for _, d := range page.Items {
		out[d.Key.Recipient] = d
	}
	return out
}

// TestRetractionCancelsAndMarks: what waits is not sent, what was sent says that
// it is not true, and so does what was on its way at that moment; if the event
// happened after all, what waited waits again. Nothing that the live run writes
// again undoes any of it.
func TestRetractionCancelsAndMarks(t *testing.T) {
	f := openFacts(t, t.TempDir())
	e := event(100, noon)
	live := fleet.Facts{Events: []fleet.Event{e}, Complete: 12}
	for who := range fleet.UserID(4) {
		live.Deliveries = append(live.Deliveries, delivery(&e, who+1, fleet.SMS))
	}
	commit(t, f, live)
	sent := func(who fleet.UserID, state fleet.DeliveryState) fleet.Outcome {
		return fleet.Outcome{
			Key: live.Deliveries[who-1].Key, State: state, Due: noon + fleet.Hour,
			Attempt: &fleet.Attempt{At: noon + 1, OK: state == fleet.Sent},
		}
	}
	commit(t, f, fleet.Facts{Outcomes: []fleet.Outcome{sent(1, fleet.Sent), sent(2, fleet.Retrying)}})

	gone := e
	gone.Flags, gone.Revised = fleet.Retracted, noon+fleet.Hour
	late := delivery(&e, 5, fleet.SMS)
	for range 2 {
		commit(t, f, fleet.Facts{Revised: []fleet.Event{gone}})
		commit(t, f, live)
		commit(t, f, fleet.Facts{Outcomes: []fleet.Outcome{sent(3, fleet.Sent)}, Deliveries: []fleet.Delivery{late}})
	}
	for who, want := range map[fleet.UserID]fleet.DeliveryState{
		1: fleet.Sent, 2: fleet.Suppressed, 3: fleet.Sent, 4: fleet.Suppressed, 5: fleet.Suppressed,
	} {
		d := deliveriesOf(t, f, &e)[who]
		if d.State != want || !d.Untrue || want == fleet.Suppressed && d.Reason != fleet.ReasonRetracted {
			t.Errorf("after the retraction, recipient %d: %s, untrue %t, reason %q", who, d.State, d.Untrue, d.Reason)
		}
	}
	if due, err := f.Due(fleet.SMS, noon+fleet.Day, 10); err != nil || len(due) > 0 {
		t.Errorf("due %v, %v", due, err)
	}
	if got, err := f.Event(e.ID); err != nil || got.Flags != fleet.Retracted {
		t.Errorf("the event is %+v, %v", got, err)
	}

	back := e
	back.Flags, back.Revised, back.First, back.Time = fleet.Amended, noon+2*fleet.Hour, e.Time, e.Time-fleet.Minute
	commit(t, f, fleet.Facts{Revised: []fleet.Event{back}})
	commit(t, f, fleet.Facts{Revised: []fleet.Event{gone}}) // an older revision, once more
	for who, want := range map[fleet.UserID]fleet.DeliveryState{
		1: fleet.Sent, 2: fleet.Retrying, 3: fleet.Sent, 4: fleet.Queued, 5: fleet.Queued,
	} {
		if d := deliveriesOf(t, f, &e)[who]; d.State != want || d.Untrue || d.Reason != "" {
			t.Errorf("when it happened after all, recipient %d: %s, untrue %t, reason %q", who, d.State, d.Untrue, d.Reason)
		}
	}
	if due, err := f.Due(fleet.SMS, back.Revised, 10); err != nil || len(due) != 3 {
		t.Errorf("due %v, %v", due, err)
	}
}

// chronicle is facts as a plain program would keep them.
type chronicle struct {
	events     map[fleet.EventID]fleet.Event
	deliveries map[fleet.DeliveryKey]fleet.Delivery
}

func (c *chronicle) take(facts *fleet.Facts) {
	for _, e := range facts.Events {
		if _, there := c.events[e.ID]; !there {
			c.events[e.ID] = e
		}
	}
	for _, d := range facts.Deliveries {
		if _, there := c.deliveries[d.Key]; !there {
			c.deliveries[d.Key] = d
		}
	}
	for _, e := range facts.Revised {
		c.events[e.ID] = e
	}
}

// revision is a stored event as a late report might leave it.
func revision(r *rand.Rand, e fleet.Event, now fleet.Time) fleet.Event {
	e.Revised = now
	switch r.IntN(3) {
	case 0:
		e.Flags |= fleet.Retracted
	case 1:
		e.Flags &^= fleet.Retracted
		fallthrough
	default:
		e.Flags |= fleet.Amended
		e.First = e.Time
		e.Time += fleet.Time(r.IntN(2*int(fleet.Day))) - fleet.Day
		e.Seq = fleet.Seq(r.IntN(40))
		e.Owner = fleet.OwnerID(uint64(e.Company)*10 + uint64(r.IntN(3)))
	}
	return e
}

// TestRevisionsAgainstAModel commits live facts, revisions and replays in any
// order, with indexes half merged and files opened anew: events, deliveries and
// every query are those of a plain program, and check finds nothing.
func TestRevisionsAgainstAModel(t *testing.T) {
	r := seeded(t)
	dir, mergeAt := t.TempDir(), 1+r.IntN(100)
	f := openMerging(t, dir, mergeAt)
	c := &chronicle{map[fleet.EventID]fleet.Event{}, map[fleet.DeliveryKey]fleet.Delivery{}}
	tale := story(r, 120)
	for i := range tale {
		live := fleet.Facts{Events: tale[i].Events, Deliveries: tale[i].Deliveries, Complete: tale[i].Complete}
		if r.IntN(3) == 0 {
			for _, e := range sortedEvents(c.events) {
				if r.IntN(len(c.events)) < 4 {
					live.Revised = append(live.Revised, revision(r, e, noon+fleet.Time(i)*fleet.Minute))
				}
			}
		}
		commit(t, f, live)
		c.take(&live)
		if r.IntN(4) == 0 { // a restart: the live run once more
			again := join(tale[r.IntN(i+1) : i+1])
			commit(t, f, fleet.Facts{Events: again.Events, Deliveries: again.Deliveries})
		}
		if i%10 == 9 {
			queryEvents(t, r, f, c.events)
			queryDevice(t, r, f, c.events)
		}
	}
	for _, e := range c.events {
		got, err := f.Event(e.ID)
		if err != nil {
			t.Fatal(err)
		}
		if diff := gocmp.Diff(e, got); diff != "" {
			t.Fatal(diff)
		}
		for _, d := range deliveriesOf(t, f, &e) {
			was := c.deliveries[d.Key]
			if gone := e.Flags&fleet.Retracted != 0; gone != d.Untrue || gone != (d.State == fleet.Suppressed) && was.State == fleet.Queued {
				t.Errorf("event %s, retracted %t: %+v", e.ID, gone, d)
			}
		}
	}
}

func sortedEvents(events map[fleet.EventID]fleet.Event) (out []fleet.Event) {
	for _, e := range events {
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b fleet.Event) int {
		return cmp.Or(cmp.Compare(a.Time, b.Time), cmp.Compare(a.Seq, b.Seq), slices.Compare(a.ID[:], b.ID[:]))
	})
	return out
}

func queryDevice(t *testing.T, r *rand.Rand, f *store.Facts, events map[fleet.EventID]fleet.Event) {
	t.Helper()
	device, upto := fleet.DeviceID(1+r.IntN(7)), fleet.Seq(r.IntN(40))
	from := noon + fleet.Time(r.IntN(6*int(fleet.Day))) - fleet.Day
	want := slices.DeleteFunc(sortedEvents(events), func(e fleet.Event) bool {
		return e.Device != device || e.Time < from || e.Seq > upto
	})
	got, err := f.DeviceEvents(t.Context(), device, from, upto)
	if err != nil {
		t.Fatal(err)
	}
	if diff := gocmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		t.Fatalf("device %d from %s up to %d:\n%s", device, from, upto, diff)
	}
}
