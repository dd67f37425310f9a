package store_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

func alarmEvent(device fleet.DeviceID, at fleet.Time, a fleet.Alarms) fleet.Event {
	e := event(device, at)
	e.Kind, e.Alarms, e.Fence = fleet.Alarm, a, 0
	fleet.NameEvent(&e, []byte("cause"))
	return e
}

func queue(t *testing.T, f *store.Facts, states ...string) []fleet.Attention {
	t.Helper()
	var out []fleet.Attention
	q := fleet.AttentionQuery{Scope: fleet.Scope{Company: 3}, States: states, Limit: 2}
	for {
		p, err := f.Attentions(q)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, p.Items...)
		if q.After = p.Next; p.Next == "" {
			return out
		}
	}
}

func TestAlarmRepeatsFoldAndSurviveRestarts(t *testing.T) {
	dir := t.TempDir()
	f := openFacts(t, dir)
	first := alarmEvent(100, noon, fleet.SOS)
	commit(t, f, fleet.Facts{Events: []fleet.Event{first}})
	for n := range 40 {
		again := alarmEvent(100, noon+fleet.Time(n+1)*fleet.Minute, fleet.SOS)
		for range 2 { // a replay brings it again
			commit(t, f, fleet.Facts{Events: []fleet.Event{first, again}})
		}
	}
	commit(t, f, fleet.Facts{Events: []fleet.Event{alarmEvent(101, noon, fleet.SOS), alarmEvent(100, noon, fleet.Vibration)}})
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := store.OpenFacts(dir+"/facts.db", store.FactsOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := queue(t, f)
	if len(all) != 2 {
		t.Fatalf("%d alarms, want one a device", len(all))
	}
	a := all[slices.IndexFunc(all, func(a fleet.Attention) bool { return a.Device == 100 })]
	if a.ID != first.ID || a.Count != 41 || a.Opened != noon || a.Last != noon+40*fleet.Minute || a.State() != fleet.ActiveUnack {
		t.Errorf("folded to %+v", a)
	}
	if len(a.Events) != fleet.MaxFolded || a.Events[0] != first.ID || slices.Contains(a.Events[1:], first.ID) {
		t.Errorf("it names %d events", len(a.Events))
	}
}

func TestAlarmClearsAndComesBack(t *testing.T) {
	f := openFacts(t, t.TempDir())
	cut := alarmEvent(100, noon, fleet.PowerCut)
	commit(t, f, fleet.Facts{Events: []fleet.Event{cut}})
	ack := func(v *fleet.Attention) error {
		v.Acked, v.AckedBy = noon+1, 5
		v.Attend(noon+1, 5, "acknowledged", "")
		return nil
	}
	if _, err := f.Attend(t.Context(), cut.ID, ack); err != nil {
		t.Fatal(err)
	}
	states := []string{queue(t, f)[0].State()}
	for n, a := range []fleet.Alarms{fleet.PowerRestored, fleet.PowerCut, fleet.PowerRestored} {
		commit(t, f, fleet.Facts{Events: []fleet.Event{alarmEvent(100, noon+fleet.Time(n+1)*fleet.Minute, a)}})
		states = append(states, queue(t, f)[0].State())
	}
	if want := []string{fleet.ActiveAck, fleet.ClearedAck, fleet.ActiveUnack, fleet.ClearedUnack}; !slices.Equal(states, want) {
		t.Errorf("states %v, want %v", states, want)
	}
	late := alarmEvent(100, noon+fleet.Second, fleet.PowerRestored) // of before it came back
	commit(t, f, fleet.Facts{Events: []fleet.Event{late}})
	gone := cut
	gone.Flags, gone.Revised = fleet.Retracted, noon+fleet.Hour
	commit(t, f, fleet.Facts{Revised: []fleet.Event{gone}})
	if all := queue(t, f); len(all) != 1 || all[0].Closed != 0 || all[0].Count != 2 {
		t.Errorf("after a retraction: %+v", all)
	}
}

func TestClosedAlarmStaysClosed(t *testing.T) {
	f := openFacts(t, t.TempDir())
	first, second := alarmEvent(100, noon, fleet.Tamper), alarmEvent(100, noon+fleet.Hour, fleet.Tamper)
	commit(t, f, fleet.Facts{Events: []fleet.Event{first}})
	_, err := f.Attend(t.Context(), first.ID, func(v *fleet.Attention) error {
		v.Closed, v.ClosedBy, v.Resolution = noon+5, 5, fleet.ResolvedTest
		v.Attend(noon+5, 5, "closed", "")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	commit(t, f, fleet.Facts{Events: []fleet.Event{first}})
	if n := len(queue(t, f, fleet.ActiveUnack)); n != 0 {
		t.Errorf("a replay opened %d again", n)
	}
	commit(t, f, fleet.Facts{Events: []fleet.Event{second}})
	if all := queue(t, f); len(all) != 2 || all[0].ID != second.ID || all[1].ID != first.ID {
		t.Errorf("open ones do not come first: %+v", all)
	}
	if _, err := f.Sweep(t.Context(), noon+fleet.Day); err != nil {
		t.Fatal(err)
	}
	if all := queue(t, f); len(all) != 1 || all[0].ID != second.ID {
		t.Errorf("after the sweep: %+v", all)
	}
}

// A message about a critical alarm that ends as a dead letter wants attention
// itself; one that a provider took in the end clears it.
func TestUndeliverableAlarmWantsAttention(t *testing.T) {
	var seen []fleet.Attention
	f, err := store.OpenFacts(t.TempDir()+"/facts.db", store.FactsOptions{Seen: func(a []fleet.Attention) { seen = append(seen, a...) }})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	fall, move := alarmEvent(100, noon, fleet.FallDown), alarmEvent(100, noon, fleet.Movement)
	d, other := delivery(&fall, 5, fleet.SMS), delivery(&move, 5, fleet.SMS)
	commit(t, f, fleet.Facts{Events: []fleet.Event{fall, move}, Deliveries: []fleet.Delivery{d, other}})
	if len(seen) != 0 {
		t.Errorf("raised before anything failed: %+v", seen)
	}
	failed := fleet.Facts{Outcomes: []fleet.Outcome{
		{Key: d.Key, State: fleet.Failed, Reason: "no such number", Attempt: &fleet.Attempt{At: noon + 1}},
		{Key: other.Key, State: fleet.Failed, Attempt: &fleet.Attempt{At: noon + 1}},
	}}
	commit(t, f, failed)
	commit(t, f, failed)
	if len(seen) != 1 || !seen[0].Topic.Undelivered || seen[0].ID != fleet.NameUndelivered(d.Key) || seen[0].Events[0] != fall.ID {
		t.Fatalf("seen %+v", seen)
	}
	commit(t, f, fleet.Facts{Outcomes: []fleet.Outcome{{Key: d.Key, State: fleet.Sent, Attempt: &fleet.Attempt{At: noon + 2, OK: true}}}})
	if all := queue(t, f); len(all) != 1 || all[0].State() != fleet.ClearedUnack {
		t.Errorf("sent after all, it is %+v", all)
	}
}

// What a notification raises is as good as an SOS; what happens to devices
// that nobody watches is not raised, however critical.
func TestRaisedAndUnwatched(t *testing.T) {
	f, err := store.OpenFacts(t.TempDir()+"/facts.db", store.FactsOptions{Monitored: func(o fleet.OwnerID) bool { return o != 8 }})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	in, quiet, sos := event(100, noon), event(101, noon), alarmEvent(102, noon, fleet.SOS)
	sos.Owner = 8
	commit(t, f, fleet.Facts{Events: []fleet.Event{in, quiet, sos}, Raised: []fleet.EventID{in.ID}})
	if all := queue(t, f); len(all) != 1 || all[0].ID != in.ID {
		t.Errorf("raised %+v", all)
	}
	out := event(100, noon+fleet.Minute)
	out.Kind = fleet.Exit
	fleet.NameEvent(&out, nil)
	commit(t, f, fleet.Facts{Events: []fleet.Event{out}})
	if all := queue(t, f); all[0].State() != fleet.ClearedUnack {
		t.Errorf("left again: %s", all[0].State())
	}
}
