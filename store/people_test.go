package store_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

func hash(s string) []byte {
	sum := sha256.Sum256([]byte(s))
	return sum[:]
}

func TestPeople(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	if empty, err := a.Empty(); !empty || err != nil {
		t.Error("empty:", empty, err)
	}
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	north := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North")}}).Customers[0]
	u, err := a.PutUser(fleet.Actor{}, fleet.User{
		Company: c.ID, Customer: north.ID, Name: "Ana", Email: "Ana@example.com", Lang: fleet.Spanish, Timezone: "UTC", Role: fleet.CustomerAdmin,
	})
	if err != nil {
		t.Fatal(err)
	}
	if empty, err := a.Empty(); empty || err != nil {
		t.Error("empty:", empty, err)
	}
	twin := u
	twin.ID, twin.Version, twin.Email = 0, 0, "ANA@example.com"
	if _, err := a.PutUser(fleet.Actor{}, twin); fleet.KindOf(err) != fleet.Conflict {
		t.Error("a taken address gave", err)
	}
	token, err := a.PutToken(fleet.Actor{}, fleet.Token{Hash: hash("secret"), User: u.ID, Description: "cli"})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := a.TokenByHash(hash("secret")); err != nil || got.ID != token.ID {
		t.Error(got, err)
	}
	if _, err := a.TokenByHash(hash("guess")); fleet.KindOf(err) != fleet.NotFound {
		t.Error("a guess gave", err)
	}
	for range 2 {
		if err := a.RevokeToken(fleet.Actor{}, token.ID); err != nil {
			t.Error(err)
		}
	}
	if got, _ := a.TokenByHash(hash("secret")); got.Revoked != noon {
		t.Error("revoked:", got.Revoked)
	}
	notice := apply(t, a, fleet.ChangeSet{Notifications: []fleet.Notification{{
		Company: c.ID, Owner: fleet.Owner(north.ID), Description: "All", AllDevices: true, AllFences: true,
		Kinds: []fleet.EventKind{fleet.Enter}, Channels: []fleet.Channel{fleet.Push}, Recipients: []fleet.UserID{u.ID},
	}}}).Notifications[0]
	if err := a.DeleteUser(fleet.Actor{}, u.ID, u.Version); fleet.KindOf(err) != fleet.Conflict {
		t.Error("deleting a recipient gave", err)
	}
	apply(t, a, fleet.ChangeSet{RemovedNotifications: []fleet.NotificationID{notice.ID}})
	if err := a.DeleteUser(fleet.Actor{}, u.ID, u.Version); fleet.KindOf(err) != fleet.Conflict {
		t.Error("deleting the last administrator gave", err)
	}
	second := u
	second.ID, second.Version, second.Email = 0, 0, "second@example.com"
	if _, err := a.PutUser(fleet.Actor{}, second); err != nil {
		t.Fatal(err)
	}
	if err := a.DeleteUser(fleet.Actor{}, u.ID, u.Version); err != nil {
		t.Error(err)
	}
	if left, err := a.Tokens(u.ID); len(left) != 0 || err != nil {
		t.Error("tokens left:", left, err)
	}
}

func TestBrowserHasOneUser(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	var people []fleet.User
	for i := range 2 {
		u, err := a.PutUser(fleet.Actor{}, fleet.User{Name: "Root", Email: fmt.Sprintf("root%d@example.com", i), Lang: fleet.English, Timezone: "UTC", Role: fleet.PlatformAdmin})
		if err != nil {
			t.Fatal(err)
		}
		people = append(people, u)
	}
	put := func(u fleet.User, endpoint string) fleet.Subscription {
		t.Helper()
		s, err := a.PutSubscription(fleet.Actor{User: u.ID}, fleet.Subscription{User: u.ID, Endpoint: endpoint, Auth: []byte("0123456789abcdef")})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	first := put(people[0], "https://push.example/1")
	if again := put(people[0], "https://push.example/1"); again.ID != first.ID {
		t.Error("the same browser got another ID")
	}
	put(people[1], "https://push.example/1")
	if left, err := a.Subscriptions(people[0].ID); len(left) != 0 || err != nil {
		t.Error("the browser still has its first user:", left, err)
	}
	for i := range store.MaxSubscriptions + 3 {
		put(people[0], fmt.Sprintf("https://push.example/n%d", i))
	}
	subs, err := a.Subscriptions(people[0].ID)
	if len(subs) != store.MaxSubscriptions || err != nil {
		t.Error(len(subs), err)
	}
	for range 2 {
		if err := a.DropSubscription(subs[0].ID); err != nil {
			t.Error(err)
		}
	}
}

func TestSetupLinkWorksOnce(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	dead := func(what string, hash []byte, now fleet.Time) {
		t.Helper()
		if _, err := a.UseSetupLink(hash, now); fleet.KindOf(err) != fleet.Unauthorised {
			t.Error(what, "gave", err)
		}
	}
	dead("an unknown link", hash("guess"), noon)
	dead("no link", nil, noon)
	if err := a.PutSetupLink(fleet.SetupLink{Hash: hash("a"), Expires: noon + fleet.Hour}); err != nil {
		t.Fatal(err)
	}
	dead("an expired link", hash("a"), noon+fleet.Hour)
	if l, err := a.UseSetupLink(hash("a"), noon); err != nil || l.Used != 0 {
		t.Error(l, err)
	}
	dead("a used link", hash("a"), noon)
}

func TestSettingsAreNotInTheAudit(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	if err := a.PutSetting(fleet.Actor{User: 4}, "smtp", []byte("sealed-password")); err != nil {
		t.Fatal(err)
	}
	if v, err := a.Setting("smtp"); string(v) != "sealed-password" || err != nil {
		t.Error(string(v), err)
	}
	rows, err := a.Audit(0, 10)
	if err != nil || len(rows) != 1 || rows[0].Actor.User != 4 || rows[0].Record != "setting" {
		t.Fatal(rows, err)
	}
	if rows[0].Before != nil || rows[0].After != nil || string(rows[0].Key) != "smtp" {
		t.Error("the audit tells the setting")
	}
	if err := a.PutSetting(fleet.Actor{}, "smtp", nil); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Setting("smtp"); fleet.KindOf(err) != fleet.NotFound {
		t.Error("a forgotten setting gave", err)
	}
}

// A device that moves leaves the fences, notifications and people of its old
// owner behind, in the same change, and the engine hears of it.
func TestMovedDeviceIsUntied(t *testing.T) {
	a := openAdmin(t, t.TempDir())
	c := apply(t, a, fleet.ChangeSet{Companies: []fleet.Company{company("Acme")}}).Companies[0]
	two := apply(t, a, fleet.ChangeSet{Customers: []fleet.Customer{customer(c.ID, "North"), customer(c.ID, "South")}}).Customers
	d := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{device(&two[0], "1")}}).Devices[0]
	u, err := a.PutUser(fleet.Actor{}, fleet.User{
		Company: c.ID, Customer: two[0].ID, Name: "Ana", Email: "ana@example.com", Lang: fleet.Spanish, Timezone: "UTC",
		Role: fleet.CustomerUser, Devices: []fleet.DeviceID{d.ID},
	})
	if err != nil {
		t.Fatal(err)
	}
	own, above := circle(&two[0], "Depot"), circle(&two[0], "City")
	above.Owner = fleet.Owner(c.ID)
	own.Targets.Devices, above.Targets.Devices = []fleet.DeviceID{d.ID}, []fleet.DeviceID{d.ID}
	set := apply(t, a, fleet.ChangeSet{Fences: []fleet.Fence{own, above}})
	d.Customer = two[1].ID
	out := apply(t, a, fleet.ChangeSet{Devices: []fleet.Device{d}})
	if len(out.Fences) != 1 || out.Fences[0].ID != set.Fences[0].ID || len(out.Fences[0].Targets.Devices) != 0 || out.Fences[0].Judge != 2 {
		t.Errorf("drawn along: %+v", out.Fences)
	}
	if f, err := a.Fence(set.Fences[1].ID); err != nil || !slices.Equal(f.Targets.Devices, []fleet.DeviceID{d.ID}) {
		t.Error("the company's fence lost the device:", f.Targets, err)
	}
	if u, err = a.User(u.ID); err != nil || len(u.Devices) != 0 {
		t.Error("the old owner's user still has the device:", u.Devices, err)
	}
	f := set.Fences[0]
	f.Version, f.Targets.Devices = 2, []fleet.DeviceID{d.ID}
	if _, err := a.Commit(t.Context(), fleet.ChangeSet{Fences: []fleet.Fence{f}}, noon); fleet.KindOf(err) != fleet.Invalid {
		t.Error("a fence took another owner's device:", err)
	}
}
