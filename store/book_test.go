package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

func TestBook(t *testing.T) {
	dir := t.TempDir()
	a := openAdmin(t, dir)
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	set := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North"), customer(c.ID, "South")}})
	north, south := set.Customers[0], set.Customers[1]
	truck := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{
		{Company: c.ID, Customer: north.ID, Name: "Truck", UniqueID: "1"},
	}}).Devices[0]

	contact := func(owner fleet.CustomerID, name string, devices ...fleet.DeviceID) fleet.Contact {
		return fleet.Contact{
			Head: fleet.Head{Company: c.ID, Owner: fleet.Owner(owner)}, Name: name, Lang: fleet.Spanish, Devices: devices,
		}
	}
	contacts := a.Contacts()
	v, err := contacts.Put(fleet.Actor{}, contact(north.ID, "Zoe", truck.ID))
	if err != nil || v.ID == 0 || v.Version != 1 || v.Created != noon {
		t.Fatalf("%+v %v", v, err)
	}
	if _, err := contacts.Put(fleet.Actor{}, contact(south.ID, "Yan", truck.ID)); fleet.KindOf(err) != fleet.Invalid {
		t.Error("a contact of another branch names the truck:", err)
	}
	for i := range 5 {
		if _, err := contacts.Put(fleet.Actor{}, contact(south.ID, fmt.Sprint("Ana ", 4-i))); err != nil {
			t.Fatal(err)
		}
	}
	old := v
	if v.Name = "Zoë"; true {
		if v, err = contacts.Put(fleet.Actor{}, v); err != nil || v.Version != 2 {
			t.Fatal(v, err)
		}
	}
	if _, err := contacts.Put(fleet.Actor{}, old); fleet.KindOf(err) != fleet.Conflict {
		t.Error("an old version was taken:", err)
	}

	var names []string
	q := fleet.Query{Scope: fleet.Scope{Company: c.ID}, Limit: 2}
	for {
		page, err := contacts.List(q)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range page.Items {
			names = append(names, v.Name)
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	if got := fmt.Sprint(names); got != "[Ana 0 Ana 1 Ana 2 Ana 3 Ana 4 Zoë]" {
		t.Error("listed", got)
	}
	q = fleet.Query{Scope: fleet.Scope{Company: c.ID}, Owner: fleet.Owner(south.ID), Search: "ANA 3"}
	if page, err := contacts.List(q); err != nil || len(page.Items) != 1 {
		t.Error("found", page, err)
	}

	t.Run("a device that moves away is forgotten", func(t *testing.T) {
		truck.Customer = south.ID
		truck = apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{truck}}).Devices[0]
		if got, err := contacts.Get(v.ID); err != nil || len(got.Devices) != 0 || got.Version != 3 {
			t.Error(got, err)
		}
	})
	t.Run("an owner's records go with it", func(t *testing.T) {
		apply(t, a, fleet.ChangeSet{RemovedCustomers: []fleet.CustomerID{north.ID}})
		if _, err := contacts.Get(v.ID); fleet.KindOf(err) != fleet.NotFound {
			t.Error(err)
		}
	})
	if err := errors.Join(a.Close()); err != nil {
		t.Fatal(err)
	}
	for _, p := range store.CheckAdmin(filepath.Join(dir, "admin.db")) {
		t.Error(p)
	}
}
