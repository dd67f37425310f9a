package admin_test

import (
	"context"
	"testing"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/engine/fleet"
)

// TestClockProposal: a device whose clock is eight hours ahead is found in the
// list, says so, and one call mends it; another tenant learns nothing.
func TestClockProposal(t *testing.T) {
	var w *world
	w = newWorld(t, func(o *admin.Options) { o.Clocks = watchedClocks{&w} })
	a, b := w.settle("Ada"), w.settle("Bob")
	for i := range 30 {
		at := began + fleet.Hour + fleet.Time(i)*30*fleet.Second
		r := fleet.Report{Device: a.spare, Protocol: fleet.GT06, Fix: at + 8*fleet.Hour, Received: at}
		r.SetPlace(4.2, -74)
		r.SetValid(true)
		if err := w.engine.Accept(t.Context(), []fleet.Report{r}); err != nil {
			t.Fatal(err)
		}
	}
	token, path := a.tokens[fleet.CompanyAdmin], "/api/v1/devices/"+a.spare.String()
	got := w.ok("GET", path, token, "")
	if got.field("clock.offset") != "-2.88e+07" || got.field("clock.hours") != "8" {
		t.Errorf("the device says %s", got.body)
	}
	got = w.ok("GET", "/api/v1/devices?clock=proposed", token, "")
	if got.field("items.0.id") != a.spare.String() || got.field("items.1.id") != "" {
		t.Errorf("the list: %s", got.body)
	}
	if other := w.ok("GET", "/api/v1/devices?clock=proposed", b.tokens[fleet.CompanyAdmin], ""); other.field("items.0.id") != "" {
		t.Errorf("another tenant sees %s", other.body)
	}
	if refused := w.do("POST", path+"/clock", token, `{"offset":99999999999}`); refused.status != 422 {
		t.Errorf("an offset of years: %d", refused.status)
	}
	if stale := w.do("POST", path+"/clock", token, `{"offset":-28800000,"version":9}`); stale.status != 409 {
		t.Errorf("another version: %d", stale.status)
	}
	done := w.ok("POST", path+"/clock", token, `{"offset":-28800000,"version":1}`)
	if done.field("device.clockOffset") != "-2.88e+07" || done.field("replayed") != "3" || done.field("device.clock") != "<nil>" {
		t.Errorf("applied: %s", done.body)
	}
	if got = w.ok("GET", "/api/v1/devices?clock=proposed", token, ""); got.field("items.0.id") != "" {
		t.Errorf("proposed again: %s", got.body)
	}
}

// watchedClocks asks the world's engine, and corrects nothing: that needs a
// history, which cmd brings.
type watchedClocks struct{ w **world }

// Proposal is the engine's.
func (c watchedClocks) Proposal(id fleet.DeviceID) (fleet.ClockProposal, bool) {
	return (*c.w).engine.ClockProposal(id)
}

// Proposals are the engine's.
func (c watchedClocks) Proposals() []fleet.ClockProposal { return (*c.w).engine.ClockProposals() }

// Correct counts three.
func (watchedClocks) Correct(context.Context, fleet.DeviceID) (admin.Corrected, error) {
	return admin.Corrected{Replayed: 3}, nil
}
