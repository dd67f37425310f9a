package enginetest

import (
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Facts is a Committer together with what reads its rows back.
type Facts interface {
	engine.Committer
	Event(id fleet.EventID) (fleet.Event, error)
	Deliveries(q fleet.DeliveryQuery) (fleet.Page[fleet.Delivery], error)
}

// Committer runs the contract of engine.Committer. Open gives the committer of
// one test, empty at first; called again, it reads the same disk anew.
func Committer(t *testing.T, open func(t *testing.T) func() Facts) {
	t.Run("PutIfAbsent", func(t *testing.T) {
		c := open(t)()
		first := event(1)
		commit(t, c, &fleet.Facts{Events: []fleet.Event{first}, Deliveries: []fleet.Delivery{delivery(first)}})
		again := first
		again.Received++
		told := delivery(first)
		told.State = fleet.Suppressed
		commit(t, c, &fleet.Facts{Events: []fleet.Event{again, event(2)}, Deliveries: []fleet.Delivery{told}})
		if got, err := c.Event(first.ID); err != nil || got.Received != first.Received {
			t.Errorf("event received %d, %v, want it as it was first", got.Received, err)
		}
		if _, err := c.Event(event(2).ID); err != nil {
			t.Error(err)
		}
		wantDelivery(t, c, fleet.Queued)
	})
	t.Run("OutcomesReplaceState", func(t *testing.T) {
		c := open(t)()
		e := event(1)
		commit(t, c, &fleet.Facts{Events: []fleet.Event{e}, Deliveries: []fleet.Delivery{delivery(e)}})
		sent := fleet.Outcome{Key: delivery(e).Key, State: fleet.Sent, Attempt: &fleet.Attempt{At: began, OK: true}}
		commit(t, c, &fleet.Facts{Outcomes: []fleet.Outcome{sent}})
		wantDelivery(t, c, fleet.Sent)
		commit(t, c, &fleet.Facts{Deliveries: []fleet.Delivery{delivery(e)}}) // a replay
		wantDelivery(t, c, fleet.Sent)
	})
	t.Run("CompleteRisesAndSurvives", func(t *testing.T) {
		reopen := open(t)
		c := reopen()
		wantComplete(t, c, 0)
		commit(t, c, &fleet.Facts{Complete: 7})
		commit(t, c, &fleet.Facts{Events: []fleet.Event{event(1)}}) // no news
		wantComplete(t, c, 7)
		commit(t, c, &fleet.Facts{Events: []fleet.Event{event(2)}, Complete: 9})
		c = reopen()
		wantComplete(t, c, 9)
		for n := 1; n <= 2; n++ {
			if _, err := c.Event(event(n).ID); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("RevisedReplaceAndStay", func(t *testing.T) {
		reopen := open(t)
		c := reopen()
		e, other := event(1), event(2)
		live := &fleet.Facts{Events: []fleet.Event{e}, Deliveries: []fleet.Delivery{delivery(e)}}
		commit(t, c, live)
		gone := e
		gone.Flags, gone.Revised = fleet.Retracted, began+1000
		other.Flags, other.First, other.Revised = fleet.Amended, other.Time+5, began+1000
		commit(t, c, &fleet.Facts{Revised: []fleet.Event{gone, other}})
		commit(t, c, live) // a replay
		commit(t, c, &fleet.Facts{Events: []fleet.Event{event(2)}})
		c = reopen()
		for _, want := range []fleet.Event{gone, other} {
			if got, err := c.Event(want.ID); err != nil || got != want {
				t.Errorf("event %+v, %v, want %+v", got, err, want)
			}
		}
		wantDelivery(t, c, fleet.Suppressed)
	})
	t.Run("AllOrNone", func(t *testing.T) {
		c := open(t)()
		bad := delivery(event(1))
		bad.Key.Channel = ""
		err := c.Commit(t.Context(), &fleet.Facts{
			Events: []fleet.Event{event(1)}, Deliveries: []fleet.Delivery{bad}, Complete: 3,
		})
		if err == nil {
			t.Fatal("a delivery without a channel was taken")
		}
		if _, err := c.Event(event(1).ID); fleet.KindOf(err) != fleet.NotFound {
			t.Errorf("a part of a failed commit is there: %v", err)
		}
		wantComplete(t, c, 0)
	})
}

func event(n int) fleet.Event {
	e := fleet.Event{
		Kind: fleet.Enter, Device: fleet.DeviceID(n), Company: 1, Owner: 2, Fence: 3, Judge: 1,
		Time: began + fleet.Time(n), Received: began + fleet.Time(n) + 100, Seq: fleet.Seq(n),
	}
	fleet.NameEvent(&e, nil)
	return e
}

func delivery(e fleet.Event) fleet.Delivery {
	return fleet.Delivery{
		Key:     fleet.DeliveryKey{Event: e.ID, Recipient: 9, Channel: fleet.Email},
		Company: e.Company, Owner: e.Owner, Device: e.Device, State: fleet.Queued, Due: e.Received, Created: e.Received,
	}
}

func commit(t *testing.T, c engine.Committer, f *fleet.Facts) {
	t.Helper()
	if err := c.Commit(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func wantComplete(t *testing.T, c engine.Committer, want fleet.Seq) {
	t.Helper()
	if got, err := c.Complete(); err != nil || got != want {
		t.Errorf("complete up to %d, %v, want %d", got, err, want)
	}
}

func wantDelivery(t *testing.T, c Facts, want fleet.DeliveryState) {
	t.Helper()
	page, err := c.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(page.Items) != 1 || page.Items[0].State != want {
		t.Errorf("deliveries %+v, %v, want one that is %s", page.Items, err, want)
	}
}
