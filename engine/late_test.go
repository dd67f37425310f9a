package engine_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/fleet"
)

// beats is a clock that a test moves: ticks come when it says so.
type beats struct {
	now   atomic.Int64
	ticks chan fleet.Time
}

func newBeats(at fleet.Time) *beats {
	b := &beats{ticks: make(chan fleet.Time)}
	b.now.Store(int64(at))
	return b
}

func (b *beats) options(o *engine.Options) {
	o.Now = func() fleet.Time { return fleet.Time(b.now.Load()) }
	o.Ticks = b.ticks
}

// to moves the clock, without a tick.
func (b *beats) to(at fleet.Time) { b.now.Store(int64(at)) }

// tick moves the clock on by a second and lets the engine feel it.
func (b *beats) tick(t testing.TB, r *rig) {
	t.Helper()
	select {
	case b.ticks <- fleet.Time(b.now.Add(int64(fleet.Second))):
	case <-r.Failed():
		t.Fatal(r.Err())
	}
}

// calm lets time pass until no record may change any more.
func (b *beats) calm(t testing.TB, r *rig) {
	t.Helper()
	for began := time.Now(); ; {
		b.tick(t, r)
		r.settled(t)
		if r.Dirty().Devices == 0 {
			return
		}
		if time.Since(began) > time.Minute {
			t.Fatalf("after a minute still dirty: %+v", r.Dirty())
		}
	}
}

// settled waits until the facts of all that was accepted are on disk.
func (r *rig) settled(t testing.TB) {
	t.Helper()
	for r.Complete() < r.log.Last() {
		if r.Err() != nil {
			t.Fatal(r.Err())
		}
		runtime.Gosched()
	}
}

// late starts an engine whose clock the test moves, with a fleet and the yard
// at 0, 0.
func late(t testing.TB, devices int) (*rig, *beats) {
	t.Helper()
	b := newBeats(began)
	r := start(t, t.TempDir(), b.options)
	set := fleetOf(devices)
	set.Fences = []fleet.Fence{fenceAt(0, 0, 0)}
	r.apply(t, set)
	return r, b
}

// arrived is a report that came at a second, however old its fix.
func arrived(r fleet.Report, s int) fleet.Report {
	r.Received = began + fleet.Time(s)*fleet.Second + 200
	return r
}

// what writes events down as a person would, those that did not happen too.
func what(events []fleet.Event) (out []string) {
	for _, e := range events {
		s := e.Kind.String() + " " + e.Time.String()[11:19]
		for _, f := range []struct {
			bit  fleet.EventFlags
			name string
		}{{fleet.Late, "late"}, {fleet.Inferred, "inferred"}, {fleet.Amended, "amended"}, {fleet.Retracted, "retracted"}} {
			if e.Flags&f.bit != 0 {
				s += " " + f.name
			}
		}
		out = append(out, s)
	}
	return out
}

func wantEvents(t testing.TB, r *rig, want ...string) {
	t.Helper()
	if got := what(allEvents(t, r.facts)); !slices.Equal(got, want) {
		t.Errorf("events %q, want %q", got, want)
	}
}

// TestSwappedPackets: of two packets that changed places on their way the
// second says what the first should have: one event, amended.
func TestSwappedPackets(t *testing.T) {
	r, b := late(t, 1)
	r.accept(t, fix(0, 0, 1, 0), arrived(fix(0, 20, 0, 0), 20))
	r.settled(t)
	wantEvents(t, r, "enter 00:00:20")
	r.accept(t, arrived(fix(0, 10, 0.001, 0), 21))
	b.to(began + 21*fleet.Second)
	b.calm(t, r)
	wantEvents(t, r, "enter 00:00:10 amended")
}

// mail tells somebody of all crossings.
func (r *rig) mail(t testing.TB, owner fleet.OwnerID) {
	t.Helper()
	user, err := r.admin.PutUser(fleet.Actor{}, fleet.User{
		Company: company, Name: "Ana", Email: "ana@example.com", Lang: fleet.English, Role: fleet.Operator, Timezone: "UTC",
	})
	if err != nil {
		t.Fatal(err)
	}
	r.apply(t, fleet.ChangeSet{Since: true, Notifications: []fleet.Notification{{
		Company: company, Owner: owner, Description: "crossings", Kinds: []fleet.EventKind{fleet.Enter, fleet.Exit},
		AllFences: true, AllDevices: true, Recipients: []fleet.UserID{user.ID}, Channels: []fleet.Channel{fleet.Email},
	}}})
}

// deliveries lists those that are not suppressed, and those that are.
func (r *rig) deliveries(t testing.TB) (due, suppressed []fleet.Delivery) {
	t.Helper()
	page, err := r.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range page.Items {
		if d.State == fleet.Suppressed {
			suppressed = append(suppressed, d)
		} else {
			due = append(due, d)
		}
	}
	return due, suppressed
}

// TestBufferedUploadNewestFirst: what a tracker kept for half an hour and sends
// backwards makes the events of the way that it went.
func TestBufferedUploadNewestFirst(t *testing.T) {
	r, b := late(t, 1)
	var reports []fleet.Report
	for s := range 1800 {
		lon, lat := walk(0, s)
		reports = append(reports, arrived(fix(0, s, lon, lat), 1800))
	}
	slices.Reverse(reports)
	b.to(began + 1800*fleet.Second)
	for chunk := range slices.Chunk(reports, 100) {
		r.accept(t, chunk...)
	}
	b.calm(t, r)

	plain, pb := late(t, 1)
	slices.Reverse(reports)
	plain.accept(t, copyOf(reports)...)
	pb.to(began + 1800*fleet.Second)
	pb.calm(t, plain)
	got, want := kinds(allEvents(t, r.facts)), kinds(allEvents(t, plain.facts))
	if len(want) < 80 || !slices.Equal(got, want) {
		t.Errorf("%d events backwards, %d forwards\n got %q\nwant %q", len(got), len(want), got, want)
	}
}

// kinds writes down what happened and when, retracted events left out.
func kinds(events []fleet.Event) (out []string) {
	for _, e := range events {
		if e.Flags&fleet.Retracted == 0 {
			out = append(out, fmt.Sprint(e.Device, " ", e.Fence, " ", e.Kind, " ", e.Time, " ", e.Owner))
		}
	}
	slices.Sort(out)
	return out
}

// TestEditBetweenFixAndArrival: a fix from before an edit is judged by the
// fences of its own time, though it arrives after it.
func TestEditBetweenFixAndArrival(t *testing.T) {
	r, b := late(t, 1)
	r.accept(t, fix(0, 0, 1, 0))
	b.to(began + 60*fleet.Second)
	moved := fenceAt(0, 0.5, 0)
	moved.Version = 1
	r.apply(t, fleet.ChangeSet{Fences: []fleet.Fence{moved}})
	r.accept(t,
		arrived(fix(0, 30, 0, 0), 61),   // in the yard as it was then
		arrived(fix(0, 50, 1, 0), 61),   // and out again
		arrived(fix(0, 61, 0, 0), 61),   // where the yard is no more
		arrived(fix(0, 62, 0.5, 0), 62), // where it is now
	)
	b.calm(t, r)
	wantEvents(t, r, "enter 00:00:30 late", "exit 00:00:50", "enter 00:01:02")

	// The same, but the fixes come after newer ones, over a restart.
	r.accept(t, arrived(fix(0, 40, 0.001, 0), 70), arrived(fix(0, 20, 0, 0), 70))
	b.to(began + 70*fleet.Second)
	dir := r.dir
	r.stop(t)
	r = start(t, dir, b.options)
	b.calm(t, r)
	wantEvents(t, r, "enter 00:00:20 late amended", "exit 00:00:50", "enter 00:01:02")
}

// TestMovedDevice: reports from before a device changed hands belong to the
// fences and to the notifications of its old owner.
func TestMovedDevice(t *testing.T) {
	b := newBeats(began)
	r := start(t, t.TempDir(), b.options)
	other := customer + 1
	set := fleetOf(2) // the second stays
	set.Customers = append(set.Customers, fleet.Customer{ID: other, Company: company, Name: "Other", Code: "O", Lang: fleet.English, Timezone: "UTC"})
	theirs := fenceAt(1, 0, 0)
	theirs.Owner = fleet.Owner(other)
	set.Fences = []fleet.Fence{fenceAt(0, 0, 0), theirs}
	r.apply(t, set)
	r.mail(t, fleet.Owner(customer))
	r.accept(t, fix(0, 0, 1, 0))
	b.to(began + 60*fleet.Second)
	d := device(0)
	d.Customer, d.Version = other, 1
	r.apply(t, fleet.ChangeSet{Devices: []fleet.Device{d}})
	r.accept(t, arrived(fix(0, 90, 1, 0), 90))
	r.accept(t, arrived(fix(0, 30, 0, 0), 91), arrived(fix(0, 40, 1, 0), 91), arrived(fix(0, 70, 0, 0), 91))
	b.to(began + 91*fleet.Second)
	b.calm(t, r)
	dir := r.dir
	for range 2 { // the second time after a restart, which must know of the move
		wantEvents(t, r, "enter 00:00:30 late", "exit 00:00:40 late", "enter 00:01:10", "exit 00:01:30")
		events := allEvents(t, r.facts)
		for i, want := range []fleet.OwnerID{fleet.Owner(customer), fleet.Owner(customer), fleet.Owner(other), fleet.Owner(other)} {
			if i < len(events) && events[i].Owner != want {
				t.Errorf("%s at %s belongs to %d, want %d", events[i].Kind, events[i].Time, events[i].Owner, want)
			}
		}
		due, _ := r.deliveries(t)
		for _, d := range due {
			if d.Owner != fleet.Owner(customer) {
				t.Errorf("delivery of %d's", d.Owner)
			}
		}
		if len(due) != 2 {
			t.Errorf("%d deliveries, want those of the old owner's two crossings", len(due))
		}
		r.stop(t)
		r = start(t, dir, b.options)
		r.accept(t, arrived(fix(0, 35, 0.001, 0), 100))
		b.calm(t, r)
	}
}

// TestRetractedAndAmended: facts and hub say of an event that it did not
// happen, or at another time, and its delivery is held back.
func TestRetractedAndAmended(t *testing.T) {
	b := newBeats(began)
	r := start(t, t.TempDir(), b.options)
	set := fleetOf(1)
	strict := fenceAt(0, 0, 0)
	strict.NoPasses = true
	set.Fences = []fleet.Fence{strict}
	r.apply(t, set)
	r.mail(t, fleet.Owner(customer))
	watch := r.hub.Subscribe(fleet.Scope{Installation: true})
	defer watch.Close()
	r.accept(t, fix(0, 0, 1, 0), arrived(fix(0, 20, 0, 0), 20))
	r.settled(t)
	// Better than the fix of the same second: the device was outside.
	better := arrived(fix(0, 20, 1, 0), 21)
	better.SetSatellites(12)
	r.accept(t, better, arrived(fix(0, 40, 0, 0), 40))
	b.to(began + 40*fleet.Second)
	b.calm(t, r)
	r.accept(t, arrived(fix(0, 30, 0.001, 0), 44))
	b.calm(t, r)
	events := slices.DeleteFunc(allEvents(t, r.facts), func(e fleet.Event) bool { return e.Kind == fleet.Correction })
	if got, want := what(events), []string{"exit 00:00:20 retracted", "enter 00:00:20 retracted", "enter 00:00:30 amended"}; !slices.Equal(got, want) {
		t.Fatalf("events %q, want %q", got, want)
	}
	due, held := r.deliveries(t)
	for i, want := range []int{0, 0, 1} {
		of := func(d fleet.Delivery) bool { return d.Key.Event == events[i].ID }
		if slices.ContainsFunc(due, of) != (want == 1) || slices.ContainsFunc(held, of) != (want == 0) {
			t.Errorf("%s: due %v, held back %v", what(events[i:i+1]), due, held)
		}
	}
	for _, d := range held {
		if d.Reason != fleet.ReasonRetracted {
			t.Errorf("held back: %q", d.Reason)
		}
	}

	// The hub told of it each time, under the same identity.
	told := map[fleet.EventID][]string{}
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	for len(told[events[2].ID]) < 2 {
		frame, err := watch.Next(ctx)
		if err != nil {
			t.Fatalf("%v, after %q", err, told)
		}
		for _, e := range frame.Events {
			told[e.ID] = append(told[e.ID], what([]fleet.Event{e.Event})...)
		}
	}
	for i, want := range [][]string{
		{"exit 00:00:20", "exit 00:00:20 retracted"}, {"enter 00:00:20", "enter 00:00:20 retracted"}, {"enter 00:00:40", "enter 00:00:30 amended"},
	} {
		if got := told[events[i].ID]; !slices.Equal(got, want) {
			t.Errorf("the hub told %q, want %q", got, want)
		}
	}
}

// TestRunThatChangesNothingEnds: a late report that changes no event leaves
// nothing waiting, though nothing else happens.
func TestRunThatChangesNothingEnds(t *testing.T) {
	r, b := late(t, 1)
	for s := range 50 {
		r.accept(t, arrived(fix(0, 1000+10*s, 1, 0), 1000+10*s), arrived(fix(0, 995+10*s, 1, 0), 1000+10*s))
		b.to(began + fleet.Time(1000+10*s)*fleet.Second)
		b.calm(t, r)
	}
	wantEvents(t, r)
}
