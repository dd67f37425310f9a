package store_test

import (
	"fmt"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

func TestJobs(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	u, err := a.PutUser(fleet.Actor{}, fleet.User{Company: c.ID, Name: "Ana", Email: "ana@example.com", Lang: fleet.Spanish, Timezone: "UTC", Role: fleet.CompanyAdmin})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.PutJob(fleet.Job{User: u.ID + 1, State: fleet.PendingJob}); fleet.KindOf(err) != fleet.NotFound {
		t.Error("nobody's job gave", err)
	}
	var made []fleet.Job
	for range 2 {
		j, err := a.PutJob(fleet.Job{User: u.ID, Company: c.ID, Kind: fleet.ImportJob, Of: fleet.BulkUsers, Lang: fleet.Spanish, State: fleet.PendingJob})
		if err != nil || j.ID == 0 || j.Created != noon {
			t.Fatal(j, err)
		}
		made = append(made, j)
	}
	open := func(want int) {
		t.Helper()
		if got, err := a.OpenJobs(); len(got) != want || err != nil {
			t.Errorf("%d open jobs, want %d, %v", len(got), want, err)
		}
	}
	open(2)
	j := made[0]
	j.State, j.Done, j.Counts.Created = fleet.RunningJob, 5, 4
	if j, err = a.PutJob(j); err != nil {
		t.Fatal(err)
	}
	open(2)
	j.State = fleet.DoneJob
	if _, err = a.PutJob(j); err != nil {
		t.Fatal(err)
	}
	open(1)
	if got, err := a.Job(j.ID); err != nil || got.Counts.Created != 4 || got.State != fleet.DoneJob {
		t.Error(got, err)
	}
	if mine, err := a.Jobs(u.ID); len(mine) != 2 || err != nil {
		t.Error(mine, err)
	}
	if err := a.DeleteUser(fleet.Actor{}, u.ID, u.Version); err != nil {
		t.Fatal(err)
	}
	if all, err := a.AllJobs(); len(all) != 0 || err != nil {
		t.Error("a user's jobs stay when the user is deleted:", all, err)
	}
	open(0)
	if _, err := a.PutJob(made[1]); fleet.KindOf(err) != fleet.NotFound {
		t.Error("a deleted job came back:", err)
	}
	if err := a.DeleteJob(fleet.Actor{}, made[1].ID); err != nil {
		t.Error("deleting twice:", err)
	}
}

func TestManyUsersAreAllOrNone(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	person := func(i int) fleet.User {
		return fleet.User{Company: c.ID, Name: "P", Email: fmt.Sprintf("p%d@example.com", i), Lang: fleet.Spanish, Timezone: "UTC", Role: fleet.Operator}
	}
	made, err := a.PutUsers(fleet.Actor{}, []fleet.User{person(1), person(2)}, []string{"", "$argon2id$x"})
	if err != nil || len(made) != 2 || made[0].Version != 1 {
		t.Fatal(made, err)
	}
	for i, want := range []string{"", "$argon2id$x"} {
		if got, err := a.Credential(made[i].ID); got.Hash != want || err != nil {
			t.Errorf("user %d has the password %q, %v", i, got.Hash, err)
		}
	}
	_, err = a.PutUsers(fleet.Actor{}, []fleet.User{person(3), person(1)}, nil)
	if e, ok := err.(*fleet.Error); !ok || e.Kind != fleet.Conflict || e.Field != "users[1].email" {
		t.Errorf("a taken address gave %#v", err)
	}
	if _, err := a.UserByLogin("p3@example.com"); fleet.KindOf(err) != fleet.NotFound {
		t.Error("the good one was made all the same:", err)
	}
	north := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}}).Customers[0]
	if got, err := a.CustomerByCode(c.ID, "NORTH"); err != nil || got.ID != north.ID {
		t.Error(got, err)
	}
	if _, err := a.CustomerByCode(c.ID+1, "north"); fleet.KindOf(err) != fleet.NotFound {
		t.Error("another company's code gave", err)
	}
}
