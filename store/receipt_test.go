package store

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestReceipts: parts arrive in any order, before a report of failure and
// after it; what says nothing new changes nothing.
func TestReceipts(t *testing.T) {
	said := func(id string, s fleet.DeliveryState) fleet.Outcome {
		return fleet.Outcome{Receipt: &fleet.Receipt{ID: id, State: s, Words: "w " + id}}
	}
	row := func() fleet.Delivery {
		return fleet.Delivery{State: fleet.Sent, Attempts: []fleet.Attempt{{ID: "x"}, {OK: true, ID: "a b"}}}
	}
	for _, tt := range []struct {
		name string
		outs []fleet.Outcome
		want fleet.DeliveryState
		news int
	}{
		{"one part of two", []fleet.Outcome{said("a", fleet.Delivered)}, fleet.Sent, 1},
		{"both", []fleet.Outcome{said("b", fleet.Delivered), said("a", fleet.Delivered)}, fleet.Delivered, 2},
		{"twice the same", []fleet.Outcome{said("a", fleet.Delivered), said("a", fleet.Delivered)}, fleet.Sent, 1},
		{"one lost", []fleet.Outcome{said("a", fleet.Delivered), said("b", fleet.Failed)}, fleet.Failed, 2},
		{"lost and found", []fleet.Outcome{said("b", fleet.Failed), said("a", fleet.Delivered), said("b", fleet.Delivered)}, fleet.Delivered, 3},
		{"found is not lost again", []fleet.Outcome{said("b", fleet.Delivered), said("a", fleet.Delivered), said("b", fleet.Failed)}, fleet.Delivered, 2},
		{"of another attempt", []fleet.Outcome{said("x", fleet.Failed)}, fleet.Sent, 0},
		{"no state", []fleet.Outcome{said("a", fleet.Queued)}, fleet.Sent, 0},
	} {
		v, news := row(), 0
		for i := range tt.outs {
			if apply(&v, &tt.outs[i]) {
				news++
			}
		}
		if v.State != tt.want || news != tt.news || (v.State == fleet.Failed) != (v.Reason != "") {
			t.Errorf("%s: %s %q with %d changes, want %s with %d", tt.name, v.State, v.Reason, news, tt.want, tt.news)
		}
	}
	v := fleet.Delivery{State: fleet.Retrying, Attempts: []fleet.Attempt{{OK: true, ID: "a"}}}
	if o := said("a", fleet.Delivered); apply(&v, &o) {
		t.Error("a receipt ended what is on its way")
	}
	v = row()
	for _, o := range []fleet.Outcome{said("a", fleet.Delivered), said("b", fleet.Delivered), {State: fleet.Sent}} {
		apply(&v, &o)
	}
	if v.State != fleet.Delivered {
		t.Errorf("an outcome of before took the arrival back: %s", v.State)
	}
}
