package admin_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestEventsOfEveryKindAreShownAndFound: each kind has its name in the document,
// in the filter and in what is shown, with what belongs to it.
func TestEventsOfEveryKindAreShownAndFound(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name   string
				Schema struct {
					Items struct{ Enum []string }
				}
			}
		}
	}
	w.ok("GET", "/api/openapi.json", "", "").into(t, &doc)
	var listed []string
	for _, p := range doc.Paths["/api/v1/events"]["get"].Parameters {
		if p.Name == "kinds" {
			listed = p.Schema.Items.Enum
		}
	}
	for i, kind := range fleet.EventKinds() {
		if !slices.Contains(listed, kind.String()) {
			t.Errorf("the filter does not list %s", kind)
		}
		e := fleet.Event{
			Kind: kind, Device: a.device, Company: a.company, Owner: fleet.Owner(a.customer), Judge: 77,
			Time: began + fleet.Time(i), Received: began + fleet.Hour, Rule: 5, Value: 81.5,
		}
		fleet.NameEvent(&e, nil)
		if err := w.facts.Commit(t.Context(), &fleet.Facts{Events: []fleet.Event{e}}); err != nil {
			t.Fatal(err)
		}
		page := w.ok("GET", fmt.Sprintf("/api/v1/events?device=%s&kinds=%s", a.device, kind), a.tokens[fleet.CompanyAdmin], "").body
		if !strings.Contains(page, e.ID.String()) || !strings.Contains(page, fmt.Sprintf(`"kind":"%s"`, kind)) {
			t.Errorf("no %s in %s", kind, page)
		}
		for name, kinds := range map[string][]fleet.EventKind{
			`"limit":81.5`: {fleet.Speeding}, `"seconds":81.5`: {fleet.Dwell, fleet.Overstay, fleet.Absent, fleet.Offline},
		} {
			if got := strings.Contains(page, name); got != slices.Contains(kinds, kind) {
				t.Errorf("%s shows %s: %t", kind, name, got)
			}
		}
	}
}

// TestRevisedEventsSayWhatWasFoundOut: flags, first and revised times, what a
// correction is about, and the mark on a message that was sent for nothing.
func TestRevisedEventsSayWhatWasFoundOut(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	base := fleet.Event{
		Kind: fleet.Exit, Device: a.device, Company: a.company, Owner: fleet.Owner(a.customer), Fence: a.fence, Judge: 77,
		Time: began + fleet.Minute, Received: began + fleet.Minute,
	}
	moved, gone := base, base
	gone.Kind = fleet.Enter
	fleet.NameEvent(&moved, nil)
	fleet.NameEvent(&gone, nil)
	told := fleet.Delivery{
		Key:     fleet.DeliveryKey{Event: gone.ID, Recipient: a.users[fleet.CompanyAdmin], Channel: fleet.Email},
		Company: a.company, Owner: gone.Owner, Device: a.device, State: fleet.Sent, Created: began,
	}
	facts := &fleet.Facts{Events: []fleet.Event{moved, gone}, Deliveries: []fleet.Delivery{told}}
	if err := w.facts.Commit(t.Context(), facts); err != nil {
		t.Fatal(err)
	}
	token := a.tokens[fleet.CompanyAdmin]
	before := w.ok("GET", "/api/v1/events/"+gone.ID.String(), token, "").body
	for _, field := range []string{"amended", "retracted", "first", "revised", "about", "rule"} {
		if strings.Contains(before, `"`+field+`"`) {
			t.Errorf("an event as it was recorded shows %s: %s", field, before)
		}
	}
	found := began + fleet.Hour
	moved.Flags, moved.First, moved.Revised, moved.Time = fleet.Amended|fleet.Late, moved.Time, found, moved.Time-30*fleet.Second
	gone.Flags, gone.Revised = fleet.Retracted, found
	correction := base
	correction.Kind, correction.About, correction.Time = fleet.Correction, gone.ID, found
	fleet.NameEvent(&correction, nil)
	err := w.facts.Commit(t.Context(), &fleet.Facts{Events: []fleet.Event{correction}, Revised: []fleet.Event{moved, gone}})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[fleet.EventID][]string{
		moved.ID: {`"amended":true`, `"late":true`, `"time":"` + moved.Time.String(), `"first":"` + moved.First.String(), `"revised":"` + found.String()},
		gone.ID:  {`"retracted":true`, `"revised":"` + found.String()},

		correction.ID: {`"kind":"correction"`, `"about":"` + gone.ID.String()},
	} {
		got := w.ok("GET", "/api/v1/events/"+id.String(), token, "").body
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("no %s in %s", part, got)
			}
		}
	}
	list := w.ok("GET", "/api/v1/events?device="+a.device.String(), token, "").body
	if c, m, g := strings.Index(list, `"id":"`+correction.ID.String()), strings.Index(list, `"id":"`+moved.ID.String()), strings.Index(list, `"id":"`+gone.ID.String()); c < 0 || m < 0 || g < 0 || c > m || c > g {
		t.Errorf("the list has the correction at %d, the amended at %d, the retracted at %d: %s", c, m, g, list)
	}
	if log := w.ok("GET", "/api/v1/deliveries?event="+gone.ID.String(), token, "").body; !strings.Contains(log, `"untrue":true`) || !strings.Contains(log, `"state":"sent"`) {
		t.Errorf("the delivery log does not say that it is untrue: %s", log)
	}
}
