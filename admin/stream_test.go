package admin_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"github.com/vigia-track/vigia/admin"
	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/admin/stream"
	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store"
)

// watcher is a client of the stream.
type watcher struct {
	t  testing.TB
	ws *websocket.Conn
}

// said is a message of the server.
type said struct {
	Type      string
	Cursor    string
	Gone      []fleet.DeviceID
	Places    bool
	Positions []struct {
		Device   fleet.DeviceID
		Lat, Lon float64
	}
	Events []struct {
		ID     fleet.EventID
		Kind   string
		Device fleet.DeviceID
		Fence  fleet.FenceID
	}
	Rights   bool
	Commands []struct {
		ID, State, DeviceName string
		Device                fleet.DeviceID
		Version               uint64
	}
	raw string
}

func (w *world) dial(token, query string, header ...string) (*websocket.Conn, *http.Response, error) {
	h := http.Header{}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return websocket.DefaultDialer.DialContext(w.t.Context(), "ws"+strings.TrimPrefix(w.http.URL, "http")+"/api/v1/stream"+query, h)
}

// watch opens a stream and says hello.
func (w *world) watch(token, hello string) *watcher {
	w.t.Helper()
	ws, res, err := w.dial(token, "")
	if err != nil {
		w.t.Fatalf("%v, %v", err, res)
	}
	w.t.Cleanup(func() { ws.Close() })
	c := &watcher{w.t, ws}
	c.say(hello)
	if m := c.next(); m.Type != "welcome" {
		w.t.Fatalf("instead of a welcome: %s", m.raw)
	}
	return c
}

func (c *watcher) say(s string) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(s)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *watcher) next() said {
	c.t.Helper()
	c.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	_, b, err := c.ws.ReadMessage()
	if err != nil {
		c.t.Fatal(err)
	}
	var m said
	if err := json.Unmarshal(b, &m); err != nil {
		c.t.Fatalf("%v in %s", err, b)
	}
	m.raw = string(b)
	return m
}

// until reads on to a message that fits.
func (c *watcher) until(fits func(said) bool) said {
	c.t.Helper()
	for {
		if m := c.next(); fits(m) {
			return m
		}
	}
}

// closed reads on to the end and gives its code.
func (c *watcher) closed() int {
	c.t.Helper()
	for {
		c.ws.SetReadDeadline(time.Now().Add(20 * time.Second))
		if _, _, err := c.ws.ReadMessage(); err != nil {
			if e, ok := err.(*websocket.CloseError); ok {
				return e.Code
			}
			c.t.Fatalf("ended by %v", err)
		}
	}
}

const everything = `{"type":"hello","watch":{"all":true},"rate":10}`

func (m said) has(d fleet.DeviceID) bool {
	for _, p := range m.Positions {
		if p.Device == d {
			return true
		}
	}
	return false
}

func TestStreamTellsASnapshotThenDeltas(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	c := w.watch(a.tokens[fleet.CompanyAdmin], everything)
	first := c.next()
	if first.Type != "snapshot" || !first.has(a.device) || !first.has(a.spare) || first.Cursor == "" {
		t.Fatalf("first: %s", first.raw)
	}
	if first.has(b.device) || strings.Contains(first.raw, b.device.String()) {
		t.Errorf("the snapshot shows another tenant: %s", first.raw)
	}
	w.drive(b.device, 5, -73)
	w.drive(a.device, 4.3, -74)
	// The trucks' reports are of an hour ago, so they may go off and on line too.
	c.until(func(m said) bool {
		if strings.Contains(m.raw, b.device.String()) || strings.Contains(m.raw, b.fence.String()) {
			t.Errorf("a delta shows another tenant: %s", m.raw)
		}
		for _, e := range m.Events {
			if e.Kind == "exit" {
				if m.Type != "delta" || e.Device != a.device || e.Fence != a.fence {
					t.Errorf("event: %s", m.raw)
				}
				return true
			}
		}
		return false
	})
}

func TestStreamKeepsToTheCallersScope(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	w.watch(a.tokens[fleet.CustomerAdmin], everything)
	user := w.watch(a.tokens[fleet.CustomerUser], everything)
	if m := user.next(); !m.has(a.device) || m.has(a.spare) {
		t.Errorf("a customer's user sees %s", m.raw)
	}
	// Its device is taken away: it goes from the open map, and nothing of it comes.
	u, err := w.admin.User(a.users[fleet.CustomerUser])
	if err != nil {
		t.Fatal(err)
	}
	u.Devices = []fleet.DeviceID{a.spare}
	if _, err := w.admin.PutUser(fleet.Actor{}, u); err != nil {
		t.Fatal(err)
	}
	m := user.until(func(m said) bool { return m.Type == "snapshot" })
	if m.has(a.device) || !m.has(a.spare) {
		t.Errorf("after the change: %s", m.raw)
	}
	if _, res, err := w.dial(a.tokens[fleet.PlatformAdmin], ""); err == nil || res.StatusCode != 403 {
		t.Errorf("a platform admin watches: %v", err)
	}
}

func TestStreamWatchesWhatTheClientSays(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	token := a.tokens[fleet.Operator]
	one := w.watch(token, fmt.Sprintf(`{"type":"hello","watch":{"devices":[%q]},"rate":10}`, a.spare))
	if m := one.next(); m.has(a.device) || !m.has(a.spare) {
		t.Errorf("watching one device: %s", m.raw)
	}
	box := w.watch(token, `{"type":"hello","watch":{"bbox":[-75,4.1,-73,5]},"rate":10}`)
	if m := box.next(); m.has(a.device) || !m.has(a.spare) { // the truck is at 4.0, the spare at 4.2
		t.Errorf("watching a box: %s", m.raw)
	}
	w.drive(a.device, 4.3, -74)
	box.until(func(m said) bool { return m.has(a.device) })
	w.drive(a.device, 2, -74)
	box.until(func(m said) bool { return slices.Contains(m.Gone, a.device) })
	box.say(`{"type":"watch","watch":{"all":true}}`)
	if m := box.until(func(m said) bool { return m.Type == "snapshot" }); !m.has(a.device) || !m.has(a.spare) {
		t.Errorf("after widening: %s", m.raw)
	}
}

func TestStreamResumesByCursor(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	token := a.tokens[fleet.CompanyAdmin]
	c := w.watch(token, everything)
	cursor := c.next().Cursor
	c.ws.Close()
	w.drive(a.device, 4.3, -74) // while nobody watches
	w.until("the event", func() bool {
		p, err := w.facts.Events(fleet.EventQuery{Scope: fleet.Scope{Company: a.company}})
		return err == nil && len(p.Items) == 3
	})
	again := w.watch(token, fmt.Sprintf(`{"type":"hello","cursor":%q,"rate":10}`, cursor))
	events := 0
	again.until(func(m said) bool {
		if m.Type == "snapshot" || m.has(a.spare) {
			t.Errorf("after resuming it begins anew: %s", m.raw)
		}
		events += len(m.Events)
		return events > 0
	})
	for _, bad := range []string{"ffff-1", "nonsense", "-", cursor + "0"} {
		c := w.watch(token, fmt.Sprintf(`{"type":"hello","cursor":%q}`, bad))
		if m := c.next(); m.Type != "snapshot" {
			t.Errorf("cursor %q: %s", bad, m.raw)
		}
	}
}

// TestStreamBeginsAnewUnderOtherRights: a cursor of before a device was
// assigned does not hide it until it moves.
func TestStreamBeginsAnewUnderOtherRights(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	token := a.tokens[fleet.CustomerUser]
	c := w.watch(token, everything)
	cursor := c.next().Cursor
	c.ws.Close()
	u, err := w.admin.User(a.users[fleet.CustomerUser])
	if err != nil {
		t.Fatal(err)
	}
	u.Devices = []fleet.DeviceID{a.device, a.spare}
	if _, err := w.admin.PutUser(fleet.Actor{}, u); err != nil {
		t.Fatal(err)
	}
	again := w.watch(token, fmt.Sprintf(`{"type":"hello","cursor":%q,"rate":10}`, cursor))
	w.drive(a.device, 4.3, -74) // something to tell in any case
	if m := again.next(); m.Type != "snapshot" || !m.has(a.spare) {
		t.Errorf("after the assignment: %s", m.raw)
	}
}

// TestStreamTellsThatRightsChanged: pages that are open learn at once that a
// module was unticked.
func TestStreamTellsThatRightsChanged(t *testing.T) {
	w, a, _ := settled(t)
	c := w.watch(a.tokens[fleet.CustomerAdmin], everything)
	if m := c.next(); m.Rights {
		t.Errorf("told of rights that did not change: %s", m.raw)
	}
	w.ok("PUT", "/api/v1/customers/"+a.customer.String(), a.tokens[fleet.CompanyAdmin],
		`{"name":"CanaryA customer","code":"CanaryA","lang":"es","timezone":"America/Bogota","reseller":true,"version":1,"modules":["map","history"]}`)
	c.until(func(m said) bool { return m.Rights })
	if r := w.do("GET", "/api/v1/fences", a.tokens[fleet.CustomerAdmin], ""); r.status != http.StatusForbidden {
		t.Errorf("the module's API answers %d", r.status)
	}
}

// TestStreamLooksAtRightsBeforeItTells: who was signed out between handshake
// and hello, or after its ticket was made, hears nothing.
func TestStreamLooksAtRightsBeforeItTells(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	ticket := w.ok("POST", "/api/v1/stream/tickets", a.tokens[fleet.Operator], "").field("ticket")
	open, _, err := w.dial(a.tokens[fleet.Operator], "")
	if err != nil {
		t.Fatal(err)
	}
	if err := w.admin.RevokeToken(fleet.Actor{}, a.tokenIDs[fleet.Operator]); err != nil {
		t.Fatal(err)
	}
	late, _, err := w.dial("", "?ticket="+ticket)
	if err != nil {
		t.Fatal(err)
	}
	for _, ws := range []*websocket.Conn{open, late} {
		c := &watcher{t, ws}
		defer ws.Close()
		c.say(everything)
		c.next() // the welcome
		if _, b, err := ws.ReadMessage(); err == nil {
			t.Errorf("signed out, and told %s", b)
		}
	}
}

func TestStreamRefusesWhoMayNot(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	token := a.tokens[fleet.Operator]
	for _, c := range []struct {
		name, token, query string
		header             []string
		status             int
	}{
		{"nobody", "", "", nil, 401},
		{"a wrong token", "wrong", "", nil, 401},
		{"a token in the address", "", "?token=" + token, nil, 401},
		{"a wrong ticket", "", "?ticket=wrong", nil, 401},
		{"another site", token, "", []string{"Origin", "https://evil.example.com"}, 403},
		{"the same host", token, "", []string{"Origin", w.http.URL}, 101},
		{"no browser", token, "", nil, 101},
	} {
		ws, res, err := w.dial(c.token, c.query, c.header...)
		if res == nil || res.StatusCode != c.status {
			t.Errorf("%s: %v, %v, want %d", c.name, res, err, c.status)
		}
		if ws != nil {
			ws.Close()
		}
	}
	if plain := w.do("GET", "/api/v1/stream", token, ""); plain.status != 426 || plain.header.Get("Upgrade") != "websocket" {
		t.Errorf("without upgrade: %d %s", plain.status, plain.body)
	}
}

func TestStreamTicketWorksOnceFromAnyOrigin(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	ticket := w.ok("POST", "/api/v1/stream/tickets", a.tokens[fleet.Operator], "").field("ticket")
	ws, res, err := w.dial("", "?ticket="+ticket, "Origin", "https://portal.example.com")
	if err != nil {
		t.Fatalf("%v, %v", err, res)
	}
	c := &watcher{t, ws}
	defer ws.Close()
	c.say(everything)
	c.next()
	if m := c.next(); !m.has(a.device) {
		t.Errorf("by ticket: %s", m.raw)
	}
	if _, res, _ := w.dial("", "?ticket="+ticket); res.StatusCode != 401 {
		t.Errorf("a second time: %v", res)
	}
}

func TestStreamEndsWithItsToken(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	c := w.watch(a.tokens[fleet.Operator], everything)
	if err := w.admin.RevokeToken(fleet.Actor{}, a.tokenIDs[fleet.Operator]); err != nil {
		t.Fatal(err)
	}
	if code := c.closed(); code != stream.CloseSignedOut {
		t.Errorf("closed with %d", code)
	}
}

func TestStreamRefusesBadMessages(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	for _, hello := range []string{
		`{`, `{"type":"watch"}`, `{"type":"hello","watch":{}}`, `{"type":"hello","watch":{"all":true,"devices":[]}}`, `{"type":"hello","secret":1}`,
		`{"type":"hello","watch":{"bbox":[1,2,3]}}`, `{"type":"hello","watch":{"all":true,"zoom":3}}`, `{"type":"hello","watch":{"bbox":[1,2,3,4],"zoom":30}}`, `{"type":"hello","watch":{"bbox":[1,2,3,4],"owner":"01H8MZ3V7Q2KD"}}`,
		`{"type":"hello","rate":1000}`, `{"type":"hello","watch":{"devices":["x"]}}`,
	} {
		ws, _, err := w.dial(a.tokens[fleet.Operator], "")
		if err != nil {
			t.Fatal(err)
		}
		c := &watcher{t, ws}
		c.say(hello)
		if code := c.closed(); code != websocket.ClosePolicyViolation {
			t.Errorf("%s: closed with %d", hello, code)
		}
		ws.Close()
	}
	c := w.watch(a.tokens[fleet.Operator], everything)
	c.say(everything) // hello twice
	if code := c.closed(); code != websocket.ClosePolicyViolation {
		t.Errorf("hello twice: closed with %d", code)
	}
}

func TestStreamClosesASlowClient(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	h := stream.New(stream.Options{
		Hub: w.hub, Accounts: peopleOnly{w.admin}, Tree: w.admin, Table: auth.Permissions(), Tickets: &auth.Tickets{},
		WriteTimeout: 50 * time.Millisecond, WriteBuffer: 4 << 10,
	})
	defer h.Close()
	who, err := auth.Identify(peopleOnly{w.admin}, a.tokens[fleet.CompanyAdmin], now())
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(rw, r.WithContext(auth.WithCaller(r.Context(), &auth.Caller{Secure: true, Who: &who})))
	})}
	go server.Serve(l)
	defer server.Close()
	d := websocket.Dialer{ReadBufferSize: 1 << 10}
	ws, _, err := d.DialContext(t.Context(), "ws://"+l.Addr().String(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	ws.NetConn().(*net.TCPConn).SetReadBuffer(4 << 10)
	ws.WriteMessage(websocket.TextMessage, []byte(everything))
	// It does not read; the hub goes on, for this client and for everybody.
	i := 0
	w.until("the slow client's end", func() bool {
		for range 20 {
			i++
			e := fleet.Event{Company: a.company, Owner: fleet.OwnerID(a.customer), Device: a.device, Kind: fleet.Enter, Time: fleet.Time(i)}
			w.hub.Publish([]fleet.Event{e})
		}
		return h.Open() == 0 && i > 100
	})
}

func TestStreamClosesALaggard(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	c := w.watch(a.tokens[fleet.CompanyAdmin], `{"type":"hello","rate":1}`)
	c.next()
	// The ring of this hub holds 64: within one frame's time it runs over.
	done := make(chan int, 1)
	go func() { done <- c.closed() }()
	w.until("the laggard's end", func() bool {
		for range 100 {
			w.hub.Publish([]fleet.Event{{Company: a.company, Owner: fleet.OwnerID(a.customer), Device: a.device, Kind: fleet.Enter}})
		}
		return len(done) > 0
	})
	if code := <-done; code != stream.CloseLagged {
		t.Errorf("closed with %d", code)
	}
}

func TestStreamTellsThatFencesChanged(t *testing.T) {
	w := newWorld(t)
	a, b := w.settle("A"), w.settle("B")
	own, foreign := w.watch(a.tokens[fleet.CompanyAdmin], everything), w.watch(b.tokens[fleet.CompanyAdmin], everything)
	own.until(func(m said) bool { return m.Type == "snapshot" })
	foreign.until(func(m said) bool { return m.Type == "snapshot" })
	w.ok("DELETE", "/api/v1/fences/"+a.fence.String(), a.tokens[fleet.CompanyAdmin], "")
	own.until(func(m said) bool { return m.Places })
	// B is told of its own change only: the first word of places is that.
	w.drive(b.device, 5, -73)
	foreign.until(func(m said) bool {
		if m.Places {
			t.Errorf("another company's fence was told: %s", m.raw)
		}
		return m.has(b.device)
	})
	w.ok("DELETE", "/api/v1/fences/"+b.fence.String(), b.tokens[fleet.CompanyAdmin], "")
	foreign.until(func(m said) bool { return m.Places })
}

func TestShutdownEndsStreams(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	c := w.watch(a.tokens[fleet.Operator], everything)
	c.next()
	if err := w.server.Shutdown(t.Context()); err != nil {
		t.Fatal(err)
	}
	if code := c.closed(); code != websocket.CloseGoingAway {
		t.Errorf("closed with %d", code)
	}
	if n := w.hub.Watchers(); n != 0 {
		t.Errorf("%d watchers stay", n)
	}
}

func TestTheStreamAsksTheTable(t *testing.T) {
	w := newWorld(t)
	a := w.settle("A")
	for _, role := range fleet.Roles() {
		table := slices.DeleteFunc(auth.Permissions(), func(r auth.Row) bool { return r.Object == auth.Stream && r.Role == role })
		o := w.with(func(o *admin.Options) { o.Table = table })
		ws, res, err := o.dial(a.tokens[role], "")
		if err == nil || res.StatusCode != 403 {
			t.Errorf("%s watches without a row: %v", role, res)
			ws.Close()
		}
	}
}

// peopleOnly knows no guests.
type peopleOnly struct{ *store.Admin }

// Tie is none.
func (peopleOnly) Exists(fleet.CompanyID) error { return fleet.Errorf(fleet.NotFound, "none") }
func (peopleOnly) Tie(fleet.UserID, fleet.CompanyID) (fleet.AssociationMode, fleet.ModuleSet, error) {
	return "", 0, fleet.Errorf(fleet.NotFound, "no ties here")
}

// Guest is none.
func (peopleOnly) Guest(fleet.RecordID, fleet.Time) (auth.Principal, error) {
	return auth.Principal{}, &fleet.Error{Kind: fleet.Gone}
}
