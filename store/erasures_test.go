package store_test

import (
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestErasureIsOrderedWithTheDeletion: what is to be erased stands in the file
// with the deletion and its audit rows, over restarts, until somebody says that
// it is done.
func TestErasureIsOrderedWithTheDeletion(t *testing.T) {
	dir := t.TempDir()
	a := openAdmin(t, dir)
	co := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	cu := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(co.ID, "C")}}).Customers[0]
	made := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{device(&cu, "1"), device(&cu, "2"), device(&cu, "3")}}).Devices
	want := func(ids ...fleet.DeviceID) {
		t.Helper()
		slices.Sort(ids)
		if got, err := a.Erasures(); !slices.Equal(got, ids) || err != nil {
			t.Fatalf("to be erased are %v, %v; want %v", got, err, ids)
		}
	}

	_, err := a.Commit(t.Context(), fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{made[0].ID}, Erased: []fleet.DeviceID{made[1].ID}}, noon)
	if e, ok := err.(*fleet.Error); fleet.KindOf(err) != fleet.Invalid || !ok || e.Field != "erased[0]" {
		t.Errorf("erasing what stays: %v", err)
	}
	_, err = a.Commit(t.Context(), fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{made[0].ID, 77}, Erased: []fleet.DeviceID{made[0].ID}}, noon)
	if fleet.KindOf(err) != fleet.NotFound {
		t.Errorf("with a device that is not there: %v", err)
	}
	want()

	both := []fleet.DeviceID{made[0].ID, made[1].ID}
	apply(t, a, fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{made[0].ID, made[1].ID, made[2].ID}, Erased: both})
	rows, _, err := a.AuditPage(fleet.AuditQuery{Scope: fleet.Scope{Installation: true}, Limit: 200})
	noted := 0
	for _, r := range rows {
		if r.Action == "erase" {
			noted++
		}
	}
	if noted != 2 || err != nil {
		t.Errorf("%d erasures in the audit, %v", noted, err)
	}
	if err := a.Close(); err != nil {
		t.Fatal(err)
	}
	a = openAdmin(t, dir)
	want(both...)
	for range 2 {
		if err := a.Erased(made[0].ID); err != nil {
			t.Fatal(err)
		}
		want(made[1].ID)
	}
}
