package store_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/store"
)

// noon is when the tests happen.
var noon = fleet.At(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC))

func openAdmin(t testing.TB, dir string) *store.Admin {
	t.Helper()
	a, err := store.OpenAdmin(filepath.Join(dir, "admin.db"), store.AdminOptions{Now: func() time.Time { return noon.Std() }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAndCheck(t, filepath.Join(dir, store.AdminFile), a.Close, store.CheckAdmin) })
	return a
}

func openFacts(t testing.TB, dir string) *store.Facts {
	t.Helper()
	return openMerging(t, dir, 0)
}

// openMerging opens a facts.db that merges index entries of so many records.
func openMerging(t testing.TB, dir string, at int) *store.Facts {
	t.Helper()
	f, err := store.OpenFacts(filepath.Join(dir, "facts.db"), store.FactsOptions{MergeAt: at})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeAndCheck(t, filepath.Join(dir, store.FactsFile), f.Close, store.CheckFacts) })
	return f
}

func closeAndCheck(t testing.TB, path string, closeFile func() error, check func(string) []store.Problem) {
	t.Helper()
	if err := closeFile(); err != nil {
		t.Error(err)
	}
	for _, p := range check(path) {
		t.Error("check:", p)
	}
}

func apply(t testing.TB, a *store.Admin, set fleet.ChangeSet) *fleet.ChangeSet {
	t.Helper()
	out, err := a.Commit(t.Context(), set, noon)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func company(name string) fleet.Company {
	return fleet.Company{Name: name, Lang: fleet.English, Timezone: "UTC"}
}

func customer(c fleet.CompanyID, name string) fleet.Customer {
	return fleet.Customer{Company: c, Name: name, Code: name, Lang: fleet.Spanish, Timezone: "America/Caracas"}
}

func device(c *fleet.Customer, uid string) fleet.Device {
	return fleet.Device{Company: c.Company, Customer: c.ID, Name: "Truck " + uid, UniqueID: uid}
}

func circle(c *fleet.Customer, name string) fleet.Fence {
	return fleet.Fence{
		Company: c.Company, Owner: fleet.Owner(c.ID), Name: name, Inside: true, Outside: true, Preset: fleet.Instant,
		Shape: geo.Shape{Kind: geo.Circle, Centre: geo.Point{-66.9, 10.5}, Radius: 200},
	}
}
