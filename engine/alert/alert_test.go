package alert_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/alert"
	"github.com/vigia-track/vigia/engine/fleet"
)

const noon = fleet.Time(1_770_000_000_000)

func entered() *fleet.Event {
	e := &fleet.Event{
		Kind: fleet.Enter, Device: 7, Fence: 9, Company: 1, Owner: 2,
		Time: noon, Received: noon + 2*fleet.Second,
	}
	fleet.NameEvent(e, nil)
	return e
}

func sos() *fleet.Event {
	e := entered()
	e.Kind, e.Fence, e.Alarms = fleet.Alarm, 0, fleet.SOS
	return e
}

func rule() *fleet.Notification {
	return &fleet.Notification{
		ID: 5, Company: 1, Owner: 2, Description: "yard", AllDevices: true, AllFences: true,
		Kinds: []fleet.EventKind{fleet.Enter, fleet.Alarm}, Channels: []fleet.Channel{fleet.Email, fleet.SMS},
		Recipients: []fleet.UserID{11, 12},
	}
}

func TestApplies(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*fleet.Notification)
		event  *fleet.Event
		want   bool
	}{
		{"everything", func(*fleet.Notification) {}, entered(), true},
		{"paused", func(n *fleet.Notification) { n.Paused = true }, entered(), false},
		{"another kind", func(n *fleet.Notification) { n.Kinds = []fleet.EventKind{fleet.Exit} }, entered(), false},
		{"listed device", func(n *fleet.Notification) { n.AllDevices, n.Devices = false, []fleet.DeviceID{7} }, entered(), true},
		{"another device", func(n *fleet.Notification) { n.AllDevices, n.Devices = false, []fleet.DeviceID{8} }, entered(), false},
		{"listed fence", func(n *fleet.Notification) { n.AllFences, n.Fences = false, []fleet.FenceID{9} }, entered(), true},
		{"another fence", func(n *fleet.Notification) { n.AllFences, n.Fences = false, []fleet.FenceID{8} }, entered(), false},
		{"an alarm needs no fence", func(n *fleet.Notification) { n.AllFences = false }, sos(), true},
		{"listed alarm", func(n *fleet.Notification) { n.Alarms = fleet.SOS | fleet.Tamper }, sos(), true},
		{"another alarm", func(n *fleet.Notification) { n.Alarms = fleet.Tamper }, sos(), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := rule()
			c.change(n)
			if got := alert.Applies(n, c.event); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestDecideOneDeliveryPerRecipientAndChannel(t *testing.T) {
	second := rule()
	second.ID, second.Recipients = 6, []fleet.UserID{12, 13}
	got := alert.Decide(entered(), []*fleet.Notification{rule(), second}, nil)
	seen := map[fleet.DeliveryKey]fleet.NotificationID{}
	for _, d := range got {
		if _, double := seen[d.Key]; double {
			t.Errorf("%s twice", d.Key)
		}
		seen[d.Key] = d.Notification
		if d.State != fleet.Queued || d.Due != noon+2*fleet.Second || d.Expires != noon+fleet.DefaultMaxAge {
			t.Errorf("%+v", d)
		}
		if shared := d.Key.Recipient == 12; shared != slices.Equal(d.Also, []fleet.NotificationID{6}) {
			t.Errorf("recipient %d also for %v", d.Key.Recipient, d.Also)
		}
		if d.Company != 1 || d.Owner != 2 || d.Device != 7 {
			t.Errorf("%+v", d)
		}
	}
	if len(got) != 6 {
		t.Errorf("%d deliveries, want 3 people on 2 channels", len(got))
	}
	if by := seen[fleet.DeliveryKey{Event: entered().ID, Recipient: 12, Channel: fleet.SMS}]; by != 5 {
		t.Errorf("the shared delivery belongs to %d, want the first notification", by)
	}
}

func TestDecideByAge(t *testing.T) {
	old := entered()
	old.Received = noon + 20*fleet.Minute
	patient := rule()
	patient.ID, patient.MaxAge, patient.Recipients = 6, fleet.Hour, []fleet.UserID{12}
	for _, d := range alert.Decide(old, []*fleet.Notification{rule(), patient}, nil) {
		switch d.Key.Recipient {
		case 11:
			if d.State != fleet.Suppressed || d.Reason != alert.ReasonTooOld || d.Due != 0 {
				t.Errorf("20 minutes old: %+v", d)
			}
		case 12: // the notification that may still be sent wins
			if d.State != fleet.Queued || d.Notification != 6 || d.Expires != noon+fleet.Hour {
				t.Errorf("20 minutes old, an hour allowed: %+v", d)
			}
		}
	}
	alarm := sos()
	alarm.Received = noon + fleet.Day
	for _, d := range alert.Decide(alarm, []*fleet.Notification{rule()}, nil) {
		if d.State != fleet.Queued || d.Expires != 0 {
			t.Errorf("an alarm does not age: %+v", d)
		}
	}
}

// TestNeverTooOldIsNotAlreadyTooOld: an age that no sum of times can hold.
func TestNeverTooOldIsNotAlreadyTooOld(t *testing.T) {
	n := rule()
	n.MaxAge = 1<<63 - 1
	if n.Validate() == nil {
		t.Error("it may be saved")
	}
	for _, d := range alert.Decide(entered(), []*fleet.Notification{n}, nil) { // saved before the rule was there
		if d.State != fleet.Queued || d.Expires != noon+fleet.LongestMaxAge {
			t.Errorf("%+v", d)
		}
	}
}

func TestDecideKeepsWhatIsThere(t *testing.T) {
	dst := make([]fleet.Delivery, 1, 8)
	if got := alert.Decide(entered(), []*fleet.Notification{rule()}, dst); len(got) != 5 {
		t.Errorf("%d deliveries, want 1 + 4", len(got))
	}
	gone := entered()
	gone.Flags = fleet.Retracted
	if got := alert.Decide(gone, []*fleet.Notification{rule()}, nil); len(got) != 0 {
		t.Errorf("a retracted event makes %d deliveries", len(got))
	}
}

// A crossing that was only concluded alerts those who asked for such.
func TestInferredCrossingsAreOptIn(t *testing.T) {
	ev := &fleet.Event{Kind: fleet.Enter, Device: 1, Fence: 2, Flags: fleet.Inferred}
	n := &fleet.Notification{AllDevices: true, AllFences: true, Kinds: []fleet.EventKind{fleet.Enter}}
	if alert.Applies(n, ev) {
		t.Error("it alerts though nobody asked")
	}
	if n.Inferred = true; !alert.Applies(n, ev) {
		t.Error("it does not alert whoever asked")
	}
}
