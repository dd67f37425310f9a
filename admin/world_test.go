package admin_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine"
	"github.com/vigia-track/vigia/engine/command"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/live"
	"github.com/vigia-track/vigia/engine/why"
	"github.com/vigia-track/vigia/geo"
	"github.com/vigia-track/vigia/store"
	"github.com/vigia-track/vigia/store/journal"
)

// world is a whole server without its device ports: real store, real engine,
// real HTTP on loopback.
type world struct {
	t       testing.TB
	http    *httptest.Server
	admin   *store.Admin
	facts   *store.Facts
	engine  *engine.Engine
	hub     *live.Hub
	server  *admin.Server
	tracks  *tracks
	known   *strangers
	heard   rawHeard
	desk    *command.Desk
	backups *copies
	checks  []admin.Check
	logs    *bytes.Buffer
	more    int // devices of a tenant beyond its two
}

// tracks is a history in memory: what stands behind the port is store/history.
type tracks struct{ all []fleet.Position }

// Positions walks them in order.
func (tr *tracks) Positions(_ context.Context, d fleet.DeviceID, from, to fleet.Time, each func(*fleet.Position) bool) error {
	for i := range tr.all {
		p := &tr.all[i]
		if p.Device == d && p.Fix >= from && p.Fix < to && !each(p) {
			break
		}
	}
	return nil
}

// Quarantined has none.
func (*tracks) Quarantined(context.Context, fleet.DeviceID, fleet.Time, fleet.Time, func(*fleet.Position) bool) error {
	return nil
}

// why explains as the server does.
func (w *world) why(ctx context.Context, q admin.WhyQuestion) (*fleet.Explanation, error) {
	zone, err := time.LoadLocation(q.Zone)
	if err != nil {
		return nil, err
	}
	return why.Explain(ctx, why.Sources{Tracks: w.tracks, Facts: w.facts, Changes: w.admin, People: w.admin, Now: fleet.At(time.Now())}, why.Question{
		Device: q.Device, At: q.At, Window: q.Window, Event: q.Event, Lang: q.Lang, Zone: zone,
		Devices: q.Devices, Fences: q.Fences, Notifications: q.Notifications, Deliveries: q.Deliveries,
	})
}

// rawHeard has what devices sent, as ingest.Recorder does.
type rawHeard map[fleet.DeviceID][]fleet.RawMessage

// Listen knows since when.
func (h rawHeard) Listen(d fleet.DeviceID, _ fleet.Time) (fleet.Time, []fleet.RawMessage) {
	return began, h[d]
}

// Forget drops a device's.
func (h rawHeard) Forget(d fleet.DeviceID) { delete(h, d) }

type strangers struct{ all []admin.Stranger }

// Strangers lists them.
func (s *strangers) Strangers() []admin.Stranger { return s.all }

// Forget drops one.
func (s *strangers) Forget(id string) {
	s.all = slices.DeleteFunc(s.all, func(x admin.Stranger) bool { return x.UniqueID == id })
}

func newWorld(t testing.TB, change ...func(*admin.Options)) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{t: t, hub: live.NewHub(64), tracks: &tracks{}, known: &strangers{}, heard: rawHeard{}, backups: new(copies), logs: &bytes.Buffer{}}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	var err error
	w.admin, err = store.OpenAdmin(filepath.Join(dir, "admin.db"), store.AdminOptions{})
	must(err)
	t.Cleanup(func() { w.admin.Close() })
	w.facts, err = store.OpenFacts(filepath.Join(dir, "facts.db"), store.FactsOptions{Seen: w.hub.Raise, Monitored: func(o fleet.OwnerID) bool {
		c, err := w.admin.Customer(fleet.CustomerID(o))
		return err != nil || !c.NoMonitoring
	}})
	must(err)
	t.Cleanup(func() { w.facts.Close() })
	snapshots, err := store.OpenSnapshots(dir, store.SnapshotOptions{})
	must(err)
	j, err := journal.Open(journal.Options{Dir: filepath.Join(dir, "journal"), MinFree: -1})
	must(err)
	t.Cleanup(func() { j.Close() })
	quiet := slog.New(slog.DiscardHandler)
	w.engine, err = engine.New(engine.Options{
		Journal: j, Committer: w.facts, Changes: w.admin, Snapshots: snapshots, Hub: w.hub, Shards: 2, Log: quiet,
		Ticks: make(chan fleet.Time), // no clock: trucks whose reports are of an hour ago stay on line
	})
	must(err)
	must(w.engine.Start(t.Context()))
	t.Cleanup(func() { w.engine.Stop(context.WithoutCancel(t.Context())) })

	w.desk = command.New(command.Options{Book: w.admin.Commands(), Changed: w.hub.Order})
	o := admin.Options{
		Commands: told{w.desk, w.admin.Commands()},
		Channels: &providers{all: map[string]fleet.ChannelSettings{}},
		Records:  w.admin, Books: books(w.admin), People: w.admin, Applier: w.engine, Facts: w.facts, Tracks: w.tracks, Hub: w.hub,
		Strangers: w.known, Messages: w.heard, Health: func() []admin.Check { return w.checks }, VAPIDKey: "BKey",
		System:  func() admin.SystemReport { return admin.SystemReport{DiskFree: 5, DiskTotal: 10} },
		Backups: w.backups,
		Why:     w.why,
		Route:   w.reportRoute,
		SMSUsed: func(*fleet.Customer) (int, error) { return 500, nil },
		Bulk:    w.admin, BulkDir: filepath.Join(dir, "bulk"),
		Version: "1.2.3", Log: slog.New(slog.NewTextHandler(w.logs, nil)),
	}
	for _, f := range change {
		f(&o)
	}
	w.server, err = admin.New(o)
	must(err)
	w.http = httptest.NewServer(w.server.Handler())
	t.Cleanup(func() {
		w.server.Shutdown(context.WithoutCancel(t.Context()))
		w.http.Close()
	})
	return w
}

// answer is a response, read.
type answer struct {
	status int
	header http.Header
	body   string
}

// into decodes the body.
func (a answer) into(t testing.TB, v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), v); err != nil {
		t.Fatalf("%v in %s", err, a.body)
	}
}

// field is a string of the body at a dotted path.
func (a answer) field(path string) string {
	var v any
	json.Unmarshal([]byte(a.body), &v)
	for key := range strings.SplitSeq(path, ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[key]
		case []any:
			var i int
			fmt.Sscan(key, &i)
			if i >= len(at) {
				return ""
			}
			v = at[i]
		default:
			return ""
		}
	}
	return fmt.Sprint(v)
}

// do sends a request; header holds pairs.
func (w *world) do(method, path, token, body string, header ...string) answer {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), method, w.http.URL+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(b)}
}

// ok is do for what must succeed.
func (w *world) ok(method, path, token, body string) answer {
	w.t.Helper()
	a := w.do(method, path, token, body)
	if a.status >= 300 {
		w.t.Fatalf("%s %s: %d %s", method, path, a.status, a.body)
	}
	return a
}

func (w *world) apply(set fleet.ChangeSet) *fleet.ChangeSet {
	w.t.Helper()
	out, err := w.engine.Apply(w.t.Context(), set)
	if err != nil {
		w.t.Fatal(err)
	}
	return out
}

// tenant is a company with one of everything, and somebody in every role.
type tenant struct {
	name         string
	company      fleet.CompanyID
	customer     fleet.CustomerID
	inner        fleet.CustomerID
	device       fleet.DeviceID   // the customer's, assigned to its user
	spare        fleet.DeviceID   // the customer's, not assigned
	devices      []fleet.DeviceID // all of the customer's, of which its user has the first and the third
	fence        fleet.FenceID
	rule         fleet.RuleID
	notification fleet.NotificationID
	event        fleet.EventID
	alarm        fleet.EventID
	command      string // queued, for device
	users        map[fleet.Role]fleet.UserID
	tokens       map[fleet.Role]string
	visitor      visitor                      // an operator of elsewhere, tied to the company
	tokenIDs     map[fleet.Role]fleet.TokenID // of the session that tokens belongs to
	programs     map[fleet.Role]fleet.TokenID // of a token for programs
	subscription map[fleet.Role]fleet.SubscriptionID
	jobs         map[fleet.Role]fleet.JobID // that ended
	calendar     string                     // of the company, that shifts name
	plain        map[string]string          // by path: the ID of a plain record of each kind
}

// canary stands in every name of a tenant, to be looked for elsewhere.
func (tn *tenant) canary() string { return "Canary" + tn.name }

// email is the address of a person in a role.
func (tn *tenant) email(role fleet.Role) string {
	return fmt.Sprintf("%s.%d@example.com", strings.ToLower(tn.canary()), slices.Index(fleet.Roles(), role))
}

// settle makes a tenant. Its event is a real one: its truck drives out of and
// back into its fence.
func (w *world) settle(name string) *tenant {
	w.t.Helper()
	company := w.apply(fleet.ChangeSet{Companies: []fleet.Company{{Name: "Canary" + name, Lang: "en", Timezone: "UTC"}}}).Companies[0].ID
	return w.furnish(name, company, 0, nil)
}

// furnish makes a customer of a company with all that a tenant has, below
// another customer or not. The company's own things and people are those of
// staff; nil: they are made too.
func (w *world) furnish(name string, company fleet.CompanyID, parent fleet.CustomerID, staff *tenant) *tenant {
	w.t.Helper()
	tn := &tenant{
		name: name, company: company, users: map[fleet.Role]fleet.UserID{}, tokens: map[fleet.Role]string{},
		tokenIDs: map[fleet.Role]fleet.TokenID{}, programs: map[fleet.Role]fleet.TokenID{}, subscription: map[fleet.Role]fleet.SubscriptionID{}, jobs: map[fleet.Role]fleet.JobID{},
	}
	c := tn.canary()
	tn.customer = w.apply(fleet.ChangeSet{Customers: []fleet.Customer{{
		Company: tn.company, Parent: parent, Name: c + " customer", Code: c, Lang: "es", Timezone: "America/Bogota",
		Service: fleet.Service{Reseller: true, Commands: true},
	}}}).Customers[0].ID
	tn.inner = w.apply(fleet.ChangeSet{Customers: []fleet.Customer{{
		Company: tn.company, Parent: tn.customer, Name: c + " inner", Code: c + "i", Lang: "es", Timezone: "America/Bogota",
	}}}).Customers[0].ID
	change := fleet.ChangeSet{
		Since: true,
		Devices: []fleet.Device{
			{Company: tn.company, Customer: tn.customer, Name: c + " truck", UniqueID: c + "1"},
			{Company: tn.company, Customer: tn.customer, Name: c + " spare", UniqueID: c + "2"},
		},
		Fences: []fleet.Fence{{
			Company: tn.company, Owner: fleet.OwnerID(tn.customer), Name: c + " depot", Inside: true, Outside: true, Preset: fleet.Instant,
			Shape: geo.Shape{Kind: geo.Circle, Centre: geo.Point{-74, 4}, Radius: 500}, Targets: fleet.Targets{All: true},
		}},
	}
	for i := range w.more {
		change.Devices = append(change.Devices, fleet.Device{
			Company: tn.company, Customer: tn.customer, Name: fmt.Sprint(c, " truck ", i+3), UniqueID: fmt.Sprint(c, i+3),
		})
	}
	set := w.apply(change)
	assigned := []fleet.DeviceID{set.Devices[0].ID}
	if w.more > 0 {
		assigned = append(assigned, set.Devices[2].ID)
	}
	for _, d := range set.Devices {
		tn.devices = append(tn.devices, d.ID)
	}
	tn.device, tn.spare, tn.fence = set.Devices[0].ID, set.Devices[1].ID, set.Fences[0].ID
	for i, role := range fleet.Roles() {
		if staff != nil && role != fleet.CustomerAdmin && role != fleet.CustomerUser {
			tn.users[role], tn.tokens[role], tn.tokenIDs[role] = staff.users[role], staff.tokens[role], staff.tokenIDs[role]
			tn.programs[role], tn.subscription[role], tn.jobs[role] = staff.programs[role], staff.subscription[role], staff.jobs[role]
			continue
		}
		u := fleet.User{
			Company: tn.company, Name: c + " " + string(role), Email: tn.email(role),
			Phone: "+57300123456" + fmt.Sprint(i), Lang: "en", Timezone: "UTC", Role: role,
		}
		if role == fleet.CustomerAdmin || role == fleet.CustomerUser {
			u.Customer = tn.customer
		}
		u.Commands = role == fleet.Operator || role == fleet.CustomerUser
		if role == fleet.CustomerUser {
			u.Devices = assigned
		}
		u, err := w.admin.PutUser(fleet.Actor{}, u)
		if err != nil {
			w.t.Fatal(err)
		}
		tn.users[role], tn.tokens[role] = u.ID, w.token(u.ID)
		all, _ := w.admin.Tokens(u.ID)
		for _, t := range all {
			if t.App == "" {
				tn.programs[role] = t.ID
			} else {
				tn.tokenIDs[role] = t.ID
			}
		}
		if err := w.admin.PutCredential(fleet.Actor{}, "", fleet.Credential{User: u.ID, Hash: knownHash(), Changed: began}); err != nil {
			w.t.Fatal(err)
		}
		s, err := w.admin.PutSubscription(fleet.Actor{}, fleet.Subscription{User: u.ID, Endpoint: "https://push.example.com/" + u.ID.String()})
		if err != nil {
			w.t.Fatal(err)
		}
		tn.subscription[role] = s.ID
		j, err := w.admin.PutJob(fleet.Job{User: u.ID, Company: tn.company, Kind: fleet.ExportJob, Of: fleet.BulkUsers, Lang: "en", State: fleet.DoneJob, Finished: fleet.At(time.Now())})
		if err != nil {
			w.t.Fatal(err)
		}
		tn.jobs[role] = j.ID
	}
	tn.rule = w.apply(fleet.ChangeSet{Rules: []fleet.Rule{{
		Company: tn.company, Owner: fleet.OwnerID(tn.customer), Name: c + " long", Trigger: fleet.Dwell, After: fleet.Hour, AllFences: true, Targets: fleet.Targets{All: true},
	}}}).Rules[0].ID
	tn.notification = w.apply(fleet.ChangeSet{Notifications: []fleet.Notification{{
		Company: tn.company, Owner: fleet.OwnerID(tn.customer), Description: c + " leaves", AllDevices: true, AllFences: true,
		Kinds: []fleet.EventKind{fleet.Enter, fleet.Exit}, Channels: []fleet.Channel{fleet.Email}, Recipients: []fleet.UserID{tn.users[fleet.CustomerAdmin]},
	}}}).Notifications[0].ID
	w.drive(tn.device, 4, -74)
	w.drive(tn.device, 4.1, -74)
	w.drive(tn.device, 4, -74)
	w.drive(tn.spare, 4.2, -74)
	w.settlePlain(tn, staff)
	tn.command = w.tell(cmp.Or(staff, tn).tokens[fleet.CompanyAdmin], tn.device)
	w.until("two events", func() bool {
		p, err := w.facts.Events(fleet.EventQuery{Scope: fleet.Scope{Company: tn.company}, Device: tn.device, Kinds: []fleet.EventKind{fleet.Enter, fleet.Exit}})
		if err == nil && len(p.Items) == 2 {
			tn.event = p.Items[0].ID
		}
		_, shown := w.hub.Latest(tn.spare)
		return tn.event != fleet.EventID{} && shown
	})
	return tn
}

// known is the password of everybody in a tenant.
const known = "correct horse battery"

var knownHash = sync.OnceValue(func() string {
	h, err := auth.HashPassword(context.Background(), known)
	if err != nil {
		panic(err)
	}
	return h
})

// token opens a session for a user, who has a token for programs too.
func (w *world) token(u fleet.UserID) string {
	w.t.Helper()
	secret := auth.NewSecret()
	for _, t := range []fleet.Token{
		{Hash: auth.Hash(auth.NewSecret()), User: u, Description: "test"},
		{Hash: auth.Hash(secret), User: u, Description: "Session", App: fleet.Web},
	} {
		if _, err := w.admin.PutToken(fleet.Actor{}, t); err != nil {
			w.t.Fatal(err)
		}
	}
	return secret
}

// began is when the trucks start to drive; each fix is a minute later.
var began = fleet.At(time.Now()) - fleet.Hour

// drive accepts one fix of a device, and its place in history.
func (w *world) drive(d fleet.DeviceID, lat, lon float64) {
	w.t.Helper()
	w.driveAt(d, began+fleet.Time(len(w.tracks.all))*fleet.Minute, lat, lon)
}

// driveAt reports where a device was at a time.
func (w *world) driveAt(d fleet.DeviceID, at fleet.Time, lat, lon float64) {
	w.t.Helper()
	r := fleet.Report{Device: d, Protocol: fleet.Simulated}
	r.Fix = at
	r.Received = r.Fix + fleet.Second
	r.SetPlace(lat, lon)
	r.SetSpeed(36)
	r.SetCourse(90)
	r.SetValid(true)
	if err := w.engine.Accept(w.t.Context(), []fleet.Report{r}); err != nil {
		w.t.Fatal(err)
	}
	w.tracks.all = append(w.tracks.all, r.Position())
	w.heard[d] = append(w.heard[d], fleet.RawMessage{At: r.Received, Protocol: r.Protocol, Transport: "tcp", From: "203.0.113.7:4000", Size: 4, Frame: fmt.Appendf(nil, "%s at %v", d, at), Reports: []fleet.Position{r.Position()}, Count: 1})
}

// until waits for what another goroutine does.
func (w *world) until(what string, done func() bool) {
	w.t.Helper()
	deadline := time.NewTimer(2 * time.Minute) // a machine with much to do
	defer deadline.Stop()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-deadline.C:
			w.t.Fatalf("waited in vain for %s", what)
		}
	}
}

// with is a second server over the same store and engine.
func (w *world) with(change func(*admin.Options)) *world {
	w.t.Helper()
	o := admin.Options{
		Records: w.admin, Books: books(w.admin), People: w.admin, Applier: w.engine, Facts: w.facts, Tracks: w.tracks, Hub: w.hub, Strangers: w.known,
		Commands: told{w.desk, w.admin.Commands()},
	}
	change(&o)
	server, err := admin.New(o)
	if err != nil {
		w.t.Fatal(err)
	}
	other := *w
	other.server = server
	other.http = httptest.NewServer(server.Handler())
	w.t.Cleanup(func() {
		server.Shutdown(context.WithoutCancel(w.t.Context()))
		other.http.Close()
	})
	return &other
}
