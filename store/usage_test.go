package store_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A month has the most that a customer had at once; a month without a change
// what the next one began with; and the last month outlives the customer.
func TestUsageOfMonths(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	const day = fleet.Day
	now := noon
	commit := func(set fleet.ChangeSet) *fleet.ChangeSet {
		t.Helper()
		out, err := a.Commit(t.Context(), set, now)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	co := commit(fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	c := commit(fleet.ChangeSet{Customers: []fleet.Customer{customer(co.ID, "North")}}).Customers[0]
	months := []fleet.Month{fleet.MonthOf(now), fleet.MonthOf(now + 31*day), fleet.MonthOf(now + 62*day), fleet.MonthOf(now + 93*day)}
	devices := commit(fleet.ChangeSet{Devices: []fleet.Device{device(&c, "1"), device(&c, "2"), device(&c, "3")}, Fences: []fleet.Fence{circle(&c, "f")}}).Devices
	commit(fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{devices[0].ID}})
	want := func(month fleet.Month, devices, fences int) {
		t.Helper()
		if got, err := a.Usage(c.ID, month); err != nil || got.Devices != devices || got.Fences != fences {
			t.Errorf("%s: %+v %v, want %d devices and %d fences", month, got, err, devices, fences)
		}
	}
	want(months[0], 3, 1)
	want(months[1], 2, 1)
	now += 62 * day // nothing changed in the second month
	commit(fleet.ChangeSet{Devices: []fleet.Device{device(&c, "4")}, RemovedDevices: []fleet.DeviceID{devices[1].ID, devices[2].ID}})
	want(months[0], 3, 1)
	want(months[1], 2, 1)
	want(months[2], 2, 1)
	want(months[3], 1, 1)

	last, err := a.Devices(fleet.Query{Scope: fleet.Scope{Company: co.ID}})
	if err != nil {
		t.Fatal(err)
	}
	commit(fleet.ChangeSet{RemovedDevices: []fleet.DeviceID{last.Items[0].ID}, RemovedCustomers: []fleet.CustomerID{c.ID}})
	closed, err := a.Closed(co.ID, months[2])
	if err != nil || len(closed) != 1 || closed[0].Customer.Name != "North" || closed[0].Usage.Devices != 2 {
		t.Errorf("%+v %v", closed, err)
	}
}
