package store_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// What became of a notification's messages is counted once, by day, for those
// that it shares with others too.
func TestTallies(t *testing.T) {
	f := openFacts(t, t.TempDir())
	noon := 10*fleet.Day + 12*fleet.Hour
	var events []fleet.Event
	var rows []fleet.Delivery
	for i := range 4 {
		e := fleet.Event{Kind: fleet.Enter, Device: 7, Fence: 1, Owner: 5, Company: 2, Time: noon + fleet.Time(i)}
		fleet.NameEvent(&e, []byte{byte(i)})
		events = append(events, e)
		rows = append(rows, fleet.Delivery{
			Key: fleet.DeliveryKey{Event: e.ID, Recipient: 3, Channel: fleet.SMS}, Notification: 11, Device: 7, Owner: 5, Company: 2,
			State: fleet.Queued, Created: e.Time, Due: e.Time,
		})
	}
	rows[1].Also = []fleet.NotificationID{12}
	rows[3].State, rows[3].Reason = fleet.Suppressed, "repeat"
	facts := fleet.Facts{Events: events, Deliveries: rows}
	sent := func(i int, state fleet.DeliveryState, at fleet.Time) fleet.Outcome {
		return fleet.Outcome{Key: rows[i].Key, State: state, Attempt: &fleet.Attempt{At: at, OK: state == fleet.Sent, To: "+57"}}
	}
	done := fleet.Facts{Outcomes: []fleet.Outcome{sent(0, fleet.Sent, noon+fleet.Hour), sent(1, fleet.Sent, noon+fleet.Day), sent(2, fleet.Failed, noon+2*fleet.Hour)}}
	for range 2 { // again: the same
		commit(t, f, facts)
		commit(t, f, done)
	}
	for _, c := range []struct {
		id    fleet.NotificationID
		since fleet.Time
		want  fleet.Tally
	}{
		{11, 0, fleet.Tally{Sent: 2, Failed: 1, Suppressed: 1}},
		{11, noon + fleet.Day, fleet.Tally{Sent: 1}},
		{12, 0, fleet.Tally{Sent: 1}},
		{13, 0, fleet.Tally{}},
	} {
		got, err := f.Tally(c.id, c.since)
		if err != nil || c.want.Sent > 0 && (got.Last.At != noon+fleet.Day || got.Last.State != fleet.Sent || got.Last.To != "+57") {
			t.Error(got, err)
		}
		if got.Last = (fleet.TallyLast{}); got != c.want {
			t.Errorf("notification %d since %d: %+v, want %+v", c.id, c.since, got, c.want)
		}
	}
	if _, err := f.Sweep(t.Context(), 0); err != nil { // of long ago
		t.Fatal(err)
	}
	if got, err := f.Tally(11, 0); err != nil || got != (fleet.Tally{}) {
		t.Error(got, err)
	}
}
