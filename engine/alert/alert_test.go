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

func utc(fleet.OwnerID) string { return "UTC" }

func compile(rules ...*fleet.Notification) *alert.Rules { return alert.Compile(rules, utc) }

// decide hands an event over at the time it was received.
func decide(b *alert.Book, ev *fleet.Event, rules *alert.Rules) []fleet.Delivery {
	var out alert.Result
	b.Decide(alert.Input{Seq: 1, At: ev.Received}, ev, rules, &out)
	return out.Deliveries
}

func TestAbout(t *testing.T) {
	speed := entered()
	speed.Kind, speed.Fence, speed.Rule = fleet.Speeding, 0, 3
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
		{"listed device, another fence", func(n *fleet.Notification) {
			n.AllDevices, n.Devices, n.AllFences, n.Fences = false, []fleet.DeviceID{7}, false, []fleet.FenceID{8}
		}, entered(), false},
		{"an alarm needs no fence", func(n *fleet.Notification) { n.AllFences = false }, sos(), true},
		{"listed alarm", func(n *fleet.Notification) { n.Alarms = fleet.SOS | fleet.Tamper }, sos(), true},
		{"another alarm", func(n *fleet.Notification) { n.Alarms = fleet.Tamper }, sos(), false},
		{"speed anywhere", func(n *fleet.Notification) { n.AllFences = false }, speed, true},
		{"speed in another fence", func(n *fleet.Notification) { n.AllFences, n.Fences = false, []fleet.FenceID{8} }, speed, false},
		{"its rule", func(n *fleet.Notification) { n.Rules = []fleet.RuleID{2, 3} }, speed, true},
		{"another rule", func(n *fleet.Notification) { n.Rules = []fleet.RuleID{2} }, speed, false},
		{"no rule made it", func(n *fleet.Notification) { n.Rules = []fleet.RuleID{2} }, entered(), true},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := rule()
			n.Kinds = append(n.Kinds, fleet.Speeding)
			c.change(n)
			if got := len(decide(&alert.Book{}, c.event, compile(n))) > 0; got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestDecideOneDeliveryPerRecipientAndChannel(t *testing.T) {
	second := rule()
	second.ID, second.Recipients = 6, []fleet.UserID{12, 13}
	got := decide(&alert.Book{}, entered(), compile(second, rule()))
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

// Addresses that belong to no user are told on their own channel, once.
func TestDecideTellsAddresses(t *testing.T) {
	first, second := rule(), rule()
	first.Recipients, first.Emails, first.Phones = nil, []string{"a@example.com", "b@example.com"}, []string{"+573001234567"}
	second.ID, second.Recipients, second.Emails = 6, nil, []string{"B@example.com"}
	got := decide(&alert.Book{}, entered(), compile(first, second))
	want := map[fleet.UserID]fleet.Channel{
		fleet.Addressee(fleet.Email, "a@example.com"): fleet.Email, fleet.Addressee(fleet.Email, "b@example.com"): fleet.Email,
		fleet.Addressee(fleet.SMS, "+573001234567"): fleet.SMS,
	}
	if len(got) != len(want) {
		t.Errorf("%d deliveries", len(got))
	}
	for _, d := range got {
		if want[d.Key.Recipient] != d.Key.Channel || !fleet.IsAddressee(d.Key.Recipient) {
			t.Errorf("%+v", d)
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
	for _, d := range decide(&alert.Book{}, entered(), compile(n)) { // saved before the rule was there
		if d.State != fleet.Queued || d.Expires != noon+fleet.LongestMaxAge {
			t.Errorf("%+v", d)
		}
	}
}

func TestDecideKeepsWhatIsThere(t *testing.T) {
	out := alert.Result{Deliveries: make([]fleet.Delivery, 1, 8)}
	var b alert.Book
	b.Decide(alert.Input{Seq: 1, At: noon}, entered(), compile(rule()), &out)
	if len(out.Deliveries) != 5 {
		t.Errorf("%d deliveries, want 1 + 4", len(out.Deliveries))
	}
	gone := entered()
	gone.Flags = fleet.Retracted
	if got := decide(&alert.Book{}, gone, compile(rule())); len(got) != 0 {
		t.Errorf("a retracted event makes %d deliveries", len(got))
	}
}

// A crossing that was only concluded alerts those who asked for such.
func TestInferredCrossingsAreOptIn(t *testing.T) {
	ev, n := entered(), rule()
	ev.Flags = fleet.Inferred
	if len(decide(&alert.Book{}, ev, compile(n))) > 0 {
		t.Error("it alerts though nobody asked")
	}
	if n.Inferred = true; len(decide(&alert.Book{}, ev, compile(n))) == 0 {
		t.Error("it does not alert whoever asked")
	}
}

func TestMuted(t *testing.T) {
	n := rule()
	n.Raise, n.Kinds = true, append(n.Kinds, fleet.Exit)
	rules, b := compile(n), &alert.Book{}
	left := entered()
	left.Kind, left.Time = fleet.Exit, noon+fleet.Minute
	fleet.NameEvent(left, nil)
	tell := func(ev *fleet.Event, why string) (out alert.Result) {
		b.Decide(alert.Input{Seq: 1, At: ev.Time + fleet.Second, Muted: why}, ev, rules, &out)
		return out
	}
	if out := tell(entered(), ""); len(out.Deliveries) != 4 || len(out.Raised) != 1 {
		t.Fatalf("before: %d deliveries, %d raised", len(out.Deliveries), len(out.Raised))
	}
	pressed := sos()
	fleet.NameEvent(pressed, []byte("pressed"))
	for _, ev := range []*fleet.Event{pressed, left} {
		out := tell(ev, alert.ReasonTest)
		if len(out.Deliveries) != 4 || len(out.Raised) != 0 {
			t.Errorf("%v: %d deliveries, %d raised", ev.Kind, len(out.Deliveries), len(out.Raised))
		}
		for _, d := range out.Deliveries {
			if d.State != fleet.Suppressed || d.Reason != alert.ReasonTest {
				t.Errorf("%v: %v %q", ev.Kind, d.State, d.Reason)
			}
		}
	}
	fleet.NameEvent(pressed, []byte("pressed again"))
	if out := tell(pressed, ""); len(out.Deliveries) != 4 || out.Deliveries[0].State != fleet.Queued || out.Deliveries[0].Repeats != 0 {
		t.Errorf("an SOS after it: %+v", out.Deliveries)
	}
}
