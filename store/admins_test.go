package store_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// TestCustomerWithItsAdministrator: both are made in one transaction, or none.
func TestCustomerWithItsAdministrator(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	ana := fleet.User{Name: "Ana", Email: "ana@example.com", Lang: fleet.Spanish, Timezone: "UTC", Role: fleet.CustomerAdmin}
	made := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}, Admins: []fleet.User{ana}})
	u, err := a.User(made.Admins[0].ID)
	if err != nil || u.Customer != made.Customers[0].ID || u.Company != c.ID || u.Version != 1 {
		t.Fatalf("%+v, %v", u, err)
	}
	if n, err := a.Counts(u.Customer); err != nil || n.Users != 1 {
		t.Errorf("%+v, %v", n, err)
	}
	rows := func() (n int) {
		list, err := a.Audit(0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return len(list)
	}
	before := rows()
	newest, err := a.Newest()
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]fleet.ChangeSet{
		"a taken address":          {Customers: []fleet.Customer{customer(c.ID, "South")}, Admins: []fleet.User{ana}},
		"no address, and no name":  {Customers: []fleet.Customer{customer(c.ID, "South")}, Admins: []fleet.User{{Name: "Bo", Lang: "es", Timezone: "UTC", Role: fleet.CustomerAdmin}}},
		"more people than places":  {Customers: []fleet.Customer{customer(c.ID, "South")}, Admins: []fleet.User{ana, ana}},
		"a customer that is taken": {Customers: []fleet.Customer{customer(c.ID, "North")}, Admins: []fleet.User{{Name: "Bo", Email: "bo@example.com", Lang: "es", Timezone: "UTC", Role: fleet.CustomerAdmin}}},
	} {
		if _, err := a.Commit(t.Context(), set, noon); fleet.KindOf(err) != fleet.Conflict && fleet.KindOf(err) != fleet.Invalid {
			t.Errorf("%s: %v", name, err)
		}
		if now, err := a.Newest(); rows() != before || now != newest || err != nil {
			t.Errorf("%s left something behind", name)
		}
	}
	if _, err := a.UserByLogin("bo@example.com"); fleet.KindOf(err) != fleet.NotFound {
		t.Error("somebody without a customer:", err)
	}
}
