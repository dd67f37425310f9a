package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
)

func event(device fleet.DeviceID, at fleet.Time) fleet.Event {
	e := fleet.Event{
		Kind: fleet.Enter, Device: device, Owner: 7, Company: 3, Fence: 9, Judge: 1, Time: at, Received: at + 500,
		Place: fleet.Place{Lat: 105000000, Lon: -669000000}, Speed: 31.5, Course: 270, Seq: 12,
		Trace: fleet.Trace{PriorTime: at - 1000, EdgeMetres: -3.25, Gates: 5},
	}
	fleet.NameEvent(&e, []byte("cause"))
	return e
}

func delivery(e *fleet.Event, who fleet.UserID, ch fleet.Channel) fleet.Delivery {
	return fleet.Delivery{
		Key: fleet.DeliveryKey{Event: e.ID, Recipient: who, Channel: ch}, Notification: 4,
		Company: e.Company, Owner: e.Owner, Device: e.Device, State: fleet.Queued, Due: e.Received, Created: e.Received,
	}
}

func TestCommitTwiceIsOnce(t *testing.T) {
	f := openFacts(t, t.TempDir())
	e := event(100, noon)
	d := delivery(&e, 5, fleet.SMS)
	facts := &fleet.Facts{
		Events: []fleet.Event{e, e}, Deliveries: []fleet.Delivery{d}, Complete: 12,
		Memories: []fleet.Memory{{Device: 100, Rule: 4, Value: []byte("told")}},
	}
	for range 2 {
		if err := f.Commit(t.Context(), facts); err != nil {
			t.Fatal(err)
		}
	}
	got, err := f.Event(e.ID)
	if diff := cmp.Diff(e, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	page, err := f.Events(fleet.EventQuery{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(page.Items) != 1 || page.Next != "" {
		t.Errorf("events %+v, %v", page, err)
	}
	due, err := f.Due(fleet.SMS, noon+500, 10)
	if diff := cmp.Diff([]fleet.Delivery{d}, due); err != nil || diff != "" {
		t.Error(err, diff)
	}
	if due, err := f.Due(fleet.Email, noon+500, 10); err != nil || len(due) != 0 {
		t.Error("mail due:", due, err)
	}
	if n, err := f.Waiting(); n != 1 || err != nil {
		t.Error("waiting:", n, err)
	}
	if at, err := f.NextDue(fleet.SMS, noon); at != noon+500 || err != nil {
		t.Error("next due", at, err)
	}
	if seq, err := f.Complete(); seq != 12 || err != nil {
		t.Error("complete", seq, err)
	}
}
