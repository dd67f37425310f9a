package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/geo"
)

// A yard at 4.7, -74.1 with a truck: the story that explain is asked about.
// All of it lies on 2026-06-15, Bogotá time, UTC-5.
const (
	storyCompany = fleet.CompanyID(1)
	storyTruck   = fleet.DeviceID(0x40)
	storyVan     = fleet.DeviceID(0x41)
	storyUser    = fleet.UserID(7)
)

func storyTime(clock string) fleet.Time {
	t, err := time.Parse(time.RFC3339, "2026-06-15T"+clock+"-05:00")
	if err != nil {
		panic("bug: " + err.Error())
	}
	return fleet.At(t)
}

// installation DIR fills a data directory with the story, through the real
// engine, and stops.
func installation(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: installation DATA_DIR")
	}
	ts.Check(makeStory(ts.MkAbs(args[0])))
}

func makeStory(dir string) error {
	c := defaults()
	c.Data, c.Keep.MinFree = dir, "1MB"
	n, err := openNode(c, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := n.start(ctx); err != nil {
		return err
	}
	if _, err := n.Apply(ctx, storyWorld()); err != nil {
		return err
	}
	if _, err := n.admin.PutUser(fleet.Actor{}, fleet.User{
		ID: storyUser, Company: storyCompany, Name: "Ana Ruiz", Email: "ana@example.com", Lang: fleet.Spanish,
		Timezone: "America/Bogota", Role: fleet.Operator,
	}); err != nil {
		return err
	}
	who, err := n.admin.Users(fleet.Query{Scope: fleet.Scope{Installation: true}})
	if err != nil {
		return err
	}
	if _, err := n.Apply(ctx, storyNotices(who.Items[0].ID)); err != nil {
		return err
	}
	for _, batch := range storyReports() {
		if err := n.engine.Accept(ctx, batch); err != nil {
			return err
		}
	}
	for n.engine.Complete() < n.journal.Last() {
		time.Sleep(time.Millisecond)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if err := storyDeliveries(ctx, n); err != nil {
		return err
	}
	return n.stop()
}

func storyWorld() fleet.ChangeSet {
	yard := func(id fleet.FenceID, name string, east, radius float64) fleet.Fence {
		return fleet.Fence{
			ID: id, Company: storyCompany, Owner: fleet.Owner(storyCompany), Name: name, Colour: "#3366cc",
			Shape:  geo.Shape{Kind: geo.Circle, Centre: geo.Point{-74.1 + east/storyDegree, 4.7}, Radius: radius},
			Inside: true, Outside: true, Preset: fleet.Balanced, Targets: fleet.Targets{All: true},
		}
	}
	gate := yard(0x22, "Weighbridge", 180, 20)
	gate.Targets = fleet.Targets{Devices: []fleet.DeviceID{storyVan}}
	closed := yard(0x23, "Closed lot", -150, 30)
	closed.Paused = true
	device := func(id fleet.DeviceID, name, unique string) fleet.Device {
		return fleet.Device{ID: id, Company: storyCompany, Name: name, UniqueID: unique}
	}
	return fleet.ChangeSet{
		Since:     true,
		Companies: []fleet.Company{{ID: storyCompany, Name: "Control room", Lang: fleet.Spanish, Timezone: "America/Bogota"}},
		Devices:   []fleet.Device{device(storyTruck, "Truck 12", "990000862471854"), device(storyVan, "Van 3", "990000862471862")},
		Fences:    []fleet.Fence{yard(0x21, "Depot", 0, 100), gate, closed},
	}
}

func storyNotices(who fleet.UserID) fleet.ChangeSet {
	notice := func(id fleet.NotificationID, name string, kinds ...fleet.EventKind) fleet.Notification {
		return fleet.Notification{
			ID: id, Company: storyCompany, Owner: fleet.Owner(storyCompany), Description: name, AllDevices: true, AllFences: true,
			Kinds: kinds, Channels: []fleet.Channel{fleet.Email, fleet.SMS}, Recipients: []fleet.UserID{who},
		}
	}
	night := notice(0x31, "Night watch", fleet.Enter, fleet.Exit, fleet.Alarm)
	entries := notice(0x32, "Entries only", fleet.Enter)
	return fleet.ChangeSet{Since: true, Notifications: []fleet.Notification{night, entries}}
}

const storyDegree = 110_900 // metres of a degree of longitude at 4.7°

// storyReports is what the truck sent, in order of arrival.
func storyReports() [][]fleet.Report {
	var out [][]fleet.Report
	send := func(clock string, lag fleet.Time, east, kmh float64, change ...func(*fleet.Report)) {
		at := storyTime(clock)
		r := fleet.Report{Device: storyTruck, Protocol: fleet.GT06, Fix: at, Received: at + lag}
		r.SetPlace(4.7, -74.1+east/storyDegree)
		r.SetSpeed(kmh)
		r.SetAccuracy(5)
		r.SetIgnition(kmh > 0)
		r.SetSatellites(9)
		r.SetValid(true)
		for _, f := range change {
			f(&r)
		}
		out = append(out, []fleet.Report{r})
	}
	invalid := func(r *fleet.Report) { r.SetValid(false) }
	sos := func(r *fleet.Report) { r.Alarms = fleet.SOS }
	const soon = 2 * fleet.Second
	// The night: parked at the edge, jitter of up to 28 m beyond it.
	for i, east := range []float64{60, 66, 90, 112, 128, 118, 96, 88, 104, 70} {
		send(fmt.Sprintf("03:%02d:00", i), soon, east, 0)
	}
	send("03:10:00", soon, 900, 0, invalid)
	// The morning: it drives off; one fix comes late, one is a jump.
	send("07:58:00", soon, 20, 0)
	send("07:59:00", soon, 60, 12)
	send("07:59:30", soon, 96, 25)
	send("07:59:40", soon, 150, 40)
	send("08:00:00", soon, 330, 45)
	send("08:00:20", soon, 30_000, 45)
	send("08:00:40", soon, 790, 45)
	send("07:59:50", 75*fleet.Second, 240, 45)
	send("08:01:00", soon, 1040, 45, sos)
	send("14:01:20", -6*fleet.Hour, 1290, 45) // its clock is ahead
	return out
}

// storyDeliveries ends the messages about the departure as providers would.
func storyDeliveries(ctx context.Context, n *node) error {
	page, err := n.facts.Deliveries(fleet.DeliveryQuery{Scope: fleet.Scope{Installation: true}, Device: storyTruck, Limit: 100})
	if err != nil {
		return err
	}
	var facts fleet.Facts
	for _, d := range page.Items {
		if d.State.Final() {
			continue
		}
		try := fleet.Attempt{At: d.Created + 3*fleet.Second, Took: 240, OK: true, To: "ana@example.com", Provider: "smtp.example.org", Answer: "250 2.0.0 Ok: queued as 4F2A"}
		o := fleet.Outcome{Key: d.Key, State: fleet.Sent, Attempt: &try}
		if d.Key.Channel == fleet.SMS {
			try.OK, try.To, try.Provider, try.Answer, try.Error = false, "+573001234567", "sms.example.org", "21614: not a mobile number", "refused with status 400"
			o.State, o.Reason = fleet.Failed, "refused by the provider"
		}
		facts.Outcomes = append(facts.Outcomes, o)
	}
	return n.facts.Commit(ctx, &facts)
}

// treeDigest is a sum over all files below a directory.
func treeDigest(dir string) (string, error) {
	var lines []string
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || !e.Type().IsRegular() {
			return err
		}
		b, err := os.ReadFile(path)
		lines = append(lines, fmt.Sprintf("%s %x", path, sha256.Sum256(b)))
		return err
	})
	slices.Sort(lines)
	return fmt.Sprint(lines), err
}

// unchanged remember|compare DIR holds the files of a directory against those
// of an earlier call.
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unchanged remember|compare DIR")
	}
	sum, err := treeDigest(ts.MkAbs(args[1]))
	ts.Check(err)
	if args[0] == "remember" {
		ts.Setenv("REMEMBERED", sum)
	} else if sum != ts.Getenv("REMEMBERED") {
		ts.Fatalf("the files of %s changed", args[1])
	}
}
