package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// clockRig is a node with two trucks that drive the same way: the clock of the
// second is wrong.
type clockRig struct {
	*node
	t     *testing.T
	begin fleet.Time
}

func newClockRig(t *testing.T) *clockRig {
	t.Helper()
	c := defaults()
	c.Data, c.Keep.MinFree = t.TempDir(), "1MB"
	n, err := openNode(c, slog.New(slog.DiscardHandler))
	if err == nil {
		err = n.start(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = n.stop() })
	if _, err := n.Apply(t.Context(), storyWorld()); err != nil {
		t.Fatal(err)
	}
	return &clockRig{node: n, t: t, begin: fleet.At(time.Now()).UTCDay() - 12*fleet.Hour}
}

// drive sends the fixes from one number to another, each twice: in and out of
// the depot for ten minutes each, with an SOS at fix 30. err is what the
// second truck's clock shows more than the truth.
func (r *clockRig) drive(from, to int, err fleet.Time, change ...func(*fleet.Report)) {
	r.t.Helper()
	for i := from; i < to; i++ {
		at := r.begin + fleet.Time(i)*30*fleet.Second
		p := fleet.Report{Device: storyTruck, Protocol: fleet.GT06, Fix: at, Received: at + 2*fleet.Second}
		east := 10.0 + float64(i%20)*2
		if i/20%2 == 1 {
			east += 400
		}
		p.SetPlace(4.7, -74.1+east/storyDegree)
		p.SetSpeed(20)
		p.SetSatellites(8)
		p.SetValid(true)
		if i == 30 {
			p.Alarms = fleet.SOS
		}
		for _, f := range change {
			f(&p)
		}
		q := p
		q.Device, q.Fix = storyVan, p.Fix+err
		if err := r.engine.Accept(r.t.Context(), []fleet.Report{p, q}); err != nil {
			r.t.Fatal(err)
		}
	}
}

// events are a device's crossings, and the number of its alarms.
func (r *clockRig) events(d fleet.DeviceID) (crossings []string, alarms int) {
	r.t.Helper()
	q := fleet.EventQuery{Scope: fleet.Scope{Installation: true}, Device: d, Limit: 1000}
	for {
		p, err := r.facts.Events(q)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, e := range p.Items {
			switch {
			case e.Kind == fleet.Alarm:
				alarms++
			case e.Flags&fleet.Retracted == 0 && e.Fence == 0x21:
				crossings = append(crossings, fmt.Sprint(e.Kind, " ", e.Time))
			}
		}
		if q.After = p.Next; q.After == "" {
			slices.Sort(crossings)
			return crossings, alarms
		}
	}
}

// settled waits until both trucks have the same crossings.
func (r *clockRig) settled(want int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(r.t.Context(), 30*time.Second)
	defer cancel()
	for {
		a, alarmsA := r.events(storyTruck)
		b, alarmsB := r.events(storyVan)
		if len(a) == want && slices.Equal(a, b) && alarmsA == 1 && alarmsB == 1 {
			return
		}
		select {
		case <-ctx.Done():
			r.t.Fatalf("right clock: %d alarms, %v\nwrong clock: %d alarms, %v", alarmsA, a, alarmsB, b)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// TestClockCorrected: a tracker set to UTC+8 crosses a fence for an hour, all
// of it quarantined. Once the proposal is applied its record is that of a
// tracker with a right clock, its alarm was raised once, and applying it again
// changes nothing.
func TestClockCorrected(t *testing.T) {
	r := newClockRig(t)
	r.drive(0, 120, 8*fleet.Hour)
	all := r.engine.ClockProposals()
	if len(all) != 1 || all[0].Device != storyVan || all[0].Offset != -8*int64(fleet.Hour) {
		t.Fatalf("proposals: %+v", all)
	}
	set := storyWorld()
	van := set.Devices[1]
	van.Version, van.ClockOffset = 1, all[0].Offset
	if _, err := r.Apply(t.Context(), fleet.ChangeSet{Devices: []fleet.Device{van}}); err != nil {
		t.Fatal(err)
	}
	for round, want := range []admin.Corrected{{Replayed: 120}, {Already: 120}} {
		got, err := deviceClocks{r.node}.Correct(t.Context(), storyVan)
		if err != nil || got != want {
			t.Fatalf("round %d: %+v, %v, want %+v", round, got, err, want)
		}
		r.settled(5)
	}
	if _, still := r.engine.ClockProposal(storyVan); still {
		t.Error("the offset is proposed again")
	}
	received := 0
	err := r.history.Positions(t.Context(), storyVan, r.begin, r.begin+fleet.Hour, func(p *fleet.Position) bool {
		if p.Received == p.Fix+2*fleet.Second {
			received++
		}
		return true
	})
	if err != nil || received != 120 {
		t.Errorf("%d of 120 fixes stand in history with their first arrival: %v", received, err)
	}
	// It goes on with the right time.
	r.drive(120, 160, 8*fleet.Hour)
	r.settled(7)
}

// TestClockCorrectedLate: fixes with the right time come in before the old ones
// are judged again, which are late then.
func TestClockCorrectedLate(t *testing.T) {
	r := newClockRig(t)
	r.drive(0, 120, 8*fleet.Hour)
	van := storyWorld().Devices[1]
	van.Version, van.ClockOffset = 1, -8*int64(fleet.Hour)
	if _, err := r.Apply(t.Context(), fleet.ChangeSet{Devices: []fleet.Device{van}}); err != nil {
		t.Fatal(err)
	}
	r.drive(120, 160, 8*fleet.Hour)
	if got, err := (deviceClocks{r.node}).Correct(t.Context(), storyVan); err != nil || got != (admin.Corrected{Replayed: 120}) {
		t.Fatalf("%+v, %v", got, err)
	}
	r.settled(7)
}

// TestClockKept: reports that the offset does not make believable stay apart.
func TestClockKept(t *testing.T) {
	r := newClockRig(t)
	r.drive(0, 25, 8*fleet.Hour)
	r.drive(25, 30, 13*fleet.Hour)
	van := storyWorld().Devices[1]
	van.Version, van.ClockOffset = 1, -8*int64(fleet.Hour)
	first, err := r.Apply(t.Context(), fleet.ChangeSet{Devices: []fleet.Device{van}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := deviceClocks{r.node}.Correct(t.Context(), storyVan)
	if want := (admin.Corrected{Replayed: 25, Kept: 5}); err != nil || got != want {
		t.Errorf("%+v, %v, want %+v", got, err, want)
	}
	// What came while the offset was wrong is told from what came before.
	r.begin = first.At - 36*30*fleet.Second
	r.drive(30, 35, 13*fleet.Hour, func(p *fleet.Report) { p.Received = first.At })
	van.Version, van.ClockOffset = 2, -13*int64(fleet.Hour)
	if _, err := r.Apply(t.Context(), fleet.ChangeSet{Devices: []fleet.Device{van}}); err != nil {
		t.Fatal(err)
	}
	got, err = deviceClocks{r.node}.Correct(t.Context(), storyVan)
	if want := (admin.Corrected{Replayed: 10, Already: 25}); err != nil || got != want {
		t.Errorf("with the other offset: %+v, %v, want %+v", got, err, want)
	}
}
