package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestCommitGivesIDsAndVersions(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	one := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}})
	c := one.Companies[0]
	if one.ID != 1 || one.At != noon || c.ID == 0 || c.Version != 1 {
		t.Fatalf("first change is %+v", one)
	}
	two := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}})
	north := two.Customers[0]
	three := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{device(&north, "868")}, Fences: []fleet.Fence{circle(&north, "Depot")}})
	if f := three.Fences[0]; f.Judge != 1 || f.From != noon || f.Version != 1 {
		t.Errorf("fence is %+v", f)
	}
	f := three.Fences[0]
	f.Name = "Yard"
	four := apply(t, a, fleet.ChangeSet{Fences: []fleet.Fence{f}})
	if f := four.Fences[0]; f.Judge != 1 || f.Version != 2 {
		t.Errorf("a new name gave judge %d, version %d", f.Judge, f.Version)
	}
	f = four.Fences[0]
	f.Shape.Radius = 300
	five := apply(t, a, fleet.ChangeSet{Fences: []fleet.Fence{f}})
	if f := five.Fences[0]; f.Judge != 2 || f.Version != 3 {
		t.Errorf("a new shape gave judge %d, version %d", f.Judge, f.Version)
	}
	loaded, err := a.Load(five.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(five, loaded); diff != "" {
		t.Error("loaded differs:", diff)
	}
	if _, err := a.Commit(t.Context(), fleet.ChangeSet{Fences: []fleet.Fence{f}}, noon); fleet.KindOf(err) != fleet.Conflict {
		t.Errorf("an edit of an old version gave %v", err)
	}
	for upto, fences := range []int{0, 0, 0, 1, 1, 1} {
		w, err := a.World(fleet.ChangeID(upto))
		if err != nil {
			t.Fatal(err)
		}
		if len(w.Fences) != fences {
			t.Errorf("world %d has %d fences, want %d", upto, len(w.Fences), fences)
		}
	}
	w, _ := a.World(4)
	if diff := cmp.Diff(four.Fences, w.Fences); diff != "" {
		t.Error("world 4:", diff)
	}
}
