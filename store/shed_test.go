package store_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestMovedDeviceShedsLabels: a device that changes hands loses the labels of
// whom it leaves, and nothing else; the preview says which.
func TestMovedDeviceShedsLabels(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	all := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North"), customer(c.ID, "South")}}).Customers
	north, south := all[0].ID, all[1].ID
	label := func(owner fleet.OwnerID, name string) fleet.LabelID {
		l, err := a.Labels().Put(fleet.Actor{}, fleet.Label{Head: fleet.Head{Company: c.ID, Owner: owner}, Name: name, Sort: fleet.GroupLabel, Of: fleet.DeviceLabel})
		if err != nil {
			t.Fatal(err)
		}
		return fleet.LabelID(l.ID)
	}
	shared, own, theirs := label(fleet.Owner(c.ID), "all"), label(fleet.Owner(north), "north's"), label(fleet.Owner(south), "south's")
	d := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{{Company: c.ID, Customer: north, Name: "T", UniqueID: "T1", Labels: []fleet.LabelID{shared, own}}}}).Devices[0]
	lost, err := a.Lost(d.ID, fleet.Owner(south))
	if err != nil || len(lost) != 1 || lost[0].Kind != fleet.LabelRecord || lost[0].Name != "north's" {
		t.Errorf("it would lose %+v, %v", lost, err)
	}
	d.Customer, d.Labels = south, []fleet.LabelID{shared, own, theirs}
	d = apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{d}}).Devices[0]
	if want := []fleet.LabelID{shared, theirs}; !slices.Equal(slices.Sorted(slices.Values(d.Labels)), slices.Sorted(slices.Values(want))) {
		t.Errorf("it carries %v, want %v", d.Labels, want)
	}
	d.Customer, d.Labels = north, []fleet.LabelID{own, label(fleet.Owner(south), "another")}
	if _, err := a.Commit(t.Context(), fleet.ChangeSet{Devices: []fleet.Device{d}}, noon); fleet.KindOf(err) != fleet.Invalid {
		t.Errorf("a new label of somebody else's: %v", err)
	}
}
