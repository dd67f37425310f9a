package engine_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// clock is the second of the day of a time as 14:03 or 14:03:20.
func clock(s string) int {
	h, m, sec := 0, 0, 0
	if n, _ := fmt.Sscanf(s, "%d:%d:%d", &h, &m, &sec); n < 2 {
		panic("bug: no time of day: " + s)
	}
	return h*3600 + m*60 + sec
}

// A tale is a truck, its yard at 0, 0, and somebody who hears of both by SMS.
type tale struct {
	*rig
	b *beats
	t *testing.T
}

func tell(t *testing.T, change ...func(*fleet.Notification)) *tale {
	t.Helper()
	r, b := late(t, 1)
	user, err := r.admin.PutUser(fleet.Actor{}, fleet.User{
		Company: company, Name: "Ana", Email: "ana@example.com", Phone: "+573001234567",
		Lang: fleet.English, Role: fleet.Operator, Timezone: "UTC",
	})
	if err != nil {
		t.Fatal(err)
	}
	n := fleet.Notification{
		Company: company, Owner: fleet.Owner(customer), Description: "yard", AllDevices: true, AllFences: true,
		Kinds:    []fleet.EventKind{fleet.Enter, fleet.Exit, fleet.Alarm},
		Channels: []fleet.Channel{fleet.SMS}, Recipients: []fleet.UserID{user.ID},
	}
	for _, f := range change {
		f(&n)
	}
	set := fleet.ChangeSet{Since: true, Notifications: []fleet.Notification{n}}
	r.apply(t, set)
	return &tale{rig: r, b: b, t: t}
}

// in and out are fixes in the yard and far outside of it, at a time of day.
func in(when string) fleet.Report  { return fix(0, clock(when), 0, 0) }
func out(when string) fleet.Report { return fix(0, clock(when), 1, 0) }

// at hands reports over at a time of day, in one batch.
func (a *tale) at(when string, reports ...fleet.Report) *tale {
	a.t.Helper()
	a.b.to(began + fleet.Time(clock(when))*fleet.Second)
	for i := range reports {
		reports[i] = arrived(reports[i], clock(when))
	}
	a.accept(a.t, reports...)
	a.settled(a.t)
	return a
}

// rest lets time pass until nothing is late any more and nothing waits.
func (a *tale) rest() *tale {
	a.t.Helper()
	for range 5 {
		a.b.calm(a.t, a.rig)
	}
	return a
}

// passes lets seconds pass.
func (a *tale) passes(seconds int) *tale {
	a.t.Helper()
	for range seconds {
		a.b.tick(a.t, a.rig)
	}
	return a.rest()
}

// told checks the delivery log, oldest event first: what, and what became of
// it.
func (a *tale) told(want ...string) *tale {
	a.t.Helper()
	if got := toldOf(a.t, a.rig); !slices.Equal(got, want) {
		a.t.Errorf("told\n  %s\nwant\n  %s\nof %q", strings.Join(got, "\n  "), strings.Join(want, "\n  "), what(allEvents(a.t, a.facts)))
	}
	return a
}

func toldOf(t testing.TB, r *rig) (got []string) {
	t.Helper()
	page, err := r.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range page.Items {
		e, err := r.facts.Event(d.Key.Event)
		if err != nil {
			t.Fatal(err)
		}
		line := what([]fleet.Event{e})[0] + ": " + d.State.String()
		if d.Late {
			line += " late"
		}
		if d.Reason != "" {
			line += ", " + d.Reason
		}
		got = append(got, line)
	}
	slices.Reverse(got)
	return got
}

// A truck left at 14:03 and the tracker tells at 14:41, oldest first: one
// notice, marked late.
func TestBufferedUploadOldestFirst(t *testing.T) {
	a := tell(t).at("13:00", in("13:00")).
		at("14:41", in("14:02"), out("14:03"), out("14:10"), out("14:20")).told()
	a.rest().told("exit 14:03:00: queued late").rest().told("exit 14:03:00: queued late")
	wantEvents(t, a.rig, "exit 14:03:00")
}

// The same, and it came back meanwhile: nobody is disturbed, the record has
// both.
func TestBufferedUploadOfATruckThatCameBack(t *testing.T) {
	a := tell(t).at("13:00", in("13:00")).
		at("14:41", out("14:03"), out("14:10"), in("14:20")).rest().
		told("exit 14:03:00: suppressed, too old", "enter 14:20:00: suppressed, too old")
	wantEvents(t, a.rig, "exit 14:03:00", "enter 14:20:00")
}

// The same in any order: newest first, and shuffled, in one batch and in many.
func TestBufferedUploadInAnyOrder(t *testing.T) {
	rng := random(t)
	for _, c := range []struct {
		name    string
		reports []fleet.Report
		want    []string
	}{
		{"left", []fleet.Report{in("14:02"), out("14:03"), out("14:10"), out("14:20")}, []string{"exit 14:03:00: queued late"}},
		{"came back", []fleet.Report{out("14:03"), out("14:10"), in("14:20")}, nil},
	} {
		for _, order := range []string{"newest first", "shuffled"} {
			t.Run(c.name+", "+order, func(t *testing.T) {
				reports := slices.Clone(c.reports)
				slices.Reverse(reports)
				if order == "shuffled" {
					rng.Shuffle(len(reports), func(i, j int) { reports[i], reports[j] = reports[j], reports[i] })
				}
				a := tell(t).at("13:00", in("13:00"))
				for i, r := range reports {
					a.at(fmt.Sprintf("14:41:%02d", i), r)
				}
				a.rest()
				sent := slices.DeleteFunc(toldOf(t, a.rig), func(s string) bool { return strings.Contains(s, ": suppressed") })
				for i := range sent { // found late, by the way
					sent[i] = strings.NewReplacer(" late:", ":", " amended:", ":").Replace(sent[i])
				}
				if !slices.Equal(sent, c.want) {
					t.Errorf("told of %q, want %q; all: %q", sent, c.want, toldOf(t, a.rig))
				}
			})
		}
	}
}

// A report that comes later shows that a truck did not leave, of which
// somebody was told: one correction goes out, to the same person.
func TestToldExitIsRetracted(t *testing.T) {
	a := tell(t)
	yard := fenceAt(0, 0, 0)
	yard.Preset, yard.Version = fleet.Balanced, 1
	set := fleet.ChangeSet{Since: true, Fences: []fleet.Fence{yard}}
	a.apply(t, set)
	beyond := func(when string) fleet.Report { return fix(0, clock(when), 0.006, 0) }                 // 111 m out
	a.at("14:00", in("14:00")).at("14:05", beyond("14:05")).passes(120).told("exit 14:05:00: queued") // nothing spoke against it
	page, err := a.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(page.Items) != 1 {
		t.Fatal(page, err)
	}
	row := page.Items[0]
	o := fleet.Outcome{Key: row.Key, State: fleet.Sent, Attempt: &fleet.Attempt{At: row.Created, OK: true, Parts: 1}}
	if err := a.Record(context.Background(), []fleet.Outcome{o}); err != nil {
		t.Fatal(err)
	}
	// There was a contrary one: it only took its time. What it seemed to say at
	// first may be on its way to somebody, so there is a correction of that too,
	// which waits for how that ends.
	all := []string{
		"exit 14:05:00 retracted: sent", "correction 14:05:00: queued",
		"correction 14:05:10: queued", "enter 14:05:10 retracted: suppressed, retracted",
	}
	a.at("14:08", in("14:05:10")).rest().told(all...)
	events := allEvents(t, a.facts)
	i := slices.IndexFunc(events, func(e fleet.Event) bool { return e.Kind == fleet.Correction })
	if i < 0 || events[i].About != row.Key.Event {
		t.Fatalf("events %+v", events)
	}
	due, err := a.facts.Due(fleet.SMS, events[i].Received, 10)
	if err != nil || len(due) != 1 || due[0].Key.Event != events[i].ID || due[0].Key.Recipient != row.Key.Recipient {
		t.Errorf("due are %+v, %v", due, err)
	}
	a.rest().told(all...)
}

// Two packets change places on their way: one alert.
func TestSwappedPacketsAlertOnce(t *testing.T) {
	tell(t).at("14:00", out("14:00")).at("14:00:21", in("14:00:20")).
		at("14:00:22", fix(0, clock("14:00:10"), 0.001, 0)).rest().
		told("enter 14:00:10 amended: queued")
}

// An SOS of three days ago alerts, marked late, and never expires.
func TestSOSOfThreeDaysAgoAlerts(t *testing.T) {
	a := tell(t)
	r := out("00:00")
	r.Alarms = fleet.SOS
	a.b.to(began + 3*fleet.Day)
	r.Received = began + 3*fleet.Day
	a.accept(t, r)
	a.settled(t)
	a.told("alarm 00:00:00: queued").rest().told("alarm 00:00:00: queued")
	page, err := a.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}})
	if err != nil || len(page.Items) != 1 || page.Items[0].Expires != 0 {
		t.Errorf("%+v, %v", page.Items, err)
	}
}

// Whether the engine stopped or was killed between waiting and settling: one
// notice.
func TestRestartBetweenWaitingAndSettling(t *testing.T) {
	for _, c := range []struct {
		name  string
		crash bool
	}{{"stopped", false}, {"killed", true}} {
		t.Run(c.name, func(t *testing.T) {
			a := tell(t).at("13:00", in("13:00")).at("14:41", out("14:03"), out("14:10")).told()
			dir := a.dir
			if c.crash {
				dir = a.crashed(t)
			}
			a.stop(t)
			for range 2 { // the second finds it done
				b := newBeats(began + fleet.Time(clock("14:42"))*fleet.Second)
				r := start(t, dir, func(o *engine.Options) { b.options(o) })
				for range 5 {
					b.calm(t, r)
				}
				if got := toldOf(t, r); !slices.Equal(got, []string{"exit 14:03:00: queued late"}) {
					t.Errorf("told %q", got)
				}
				r.stop(t)
			}
		})
	}
}
