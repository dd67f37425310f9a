package main

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

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/sinks"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// TestServeFromSetUpLinkToSMSMailAndPush is the product's main job from
// outside: a real server in its own process, set up by its one-time link,
// administered over its API, and trackers in every protocol that drive into a
// fence and out again. Each crossing is one event, and each event one mail,
// one SMS and one push at real servers.
func TestServeFromSetUpLinkToSMSMailAndPush(t *testing.T) {
	to, err := openSinks()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = to.close() }()
	s := startServer(t, t.TempDir(), serverOptions{sinks: to})
	api := s.setUp("fr")

	// The customer, the person who is told, the fence, and a bad one.
	customer := api.post("/customers", body{"name": "Ferme", "code": "F1", "lang": "fr", "timezone": "Europe/Paris"})["id"].(string)
	user := api.post("/users", body{"name": "Zoé", "email": "zoe@example.com", "phone": "+33612345678", "role": "customerAdmin",
		"customer": customer, "lang": "fr", "timezone": "Europe/Paris"})["id"].(string)
	s.subscribe(api, to.push, user)
	api.refused(http.StatusUnprocessableEntity, "/fences", body{"name": "Nœud", "owner": customer, "shape": body{"type": "Polygon",
		"coordinates": [][][2]float64{{{0, 0}, {1, 1}, {1, 0}, {0, 1}, {0, 0}}}}}, `"position":[0.5,0.5]`)
	api.post("/fences", body{"name": "Cour", "owner": customer, "preset": "instant", "shape": body{"type": "Polygon",
		"coordinates": [][][2]float64{{{2.300, 48.800}, {2.302, 48.800}, {2.302, 48.802}, {2.300, 48.802}, {2.300, 48.800}}}}})
	api.post("/notifications", body{"description": "Cour", "owner": customer, "allDevices": true, "allFences": true,
		"kinds": []string{"enter", "exit"}, "channels": []string{"email", "sms", "push"}, "recipients": []string{user}})

	// A tracker for each protocol: one knocks as a stranger and is adopted,
	// the others are registered.
	names := map[string]string{} // device ID -> name
	secret := ""
	for i, p := range fleetsim.Protocols() {
		identity := fmt.Sprint(860000000000100 + i)
		var id string
		if p == "osmand" {
			if s.drive(p, identity, "", fleet.At(time.Now()), 0) {
				t.Fatal("a device that nobody registered was acknowledged")
			}
			if got := api.get("/strangers")["items"].([]any); len(got) != 1 || got[0].(body)["uniqueId"] != identity {
				t.Fatalf("strangers: %v, want %s", got, identity)
			}
			id = api.post("/strangers/"+identity+"/adopt", body{"name": "Tracteur " + p, "customer": customer})["id"].(string)
			if got := api.get("/strangers")["items"].([]any); len(got) != 0 {
				t.Errorf("strangers after the adoption: %v", got)
			}
		} else {
			id = api.post("/devices", body{"name": "Tracteur " + p, "uniqueId": identity, "customer": customer})["id"].(string)
		}
		if p == "mqtt" {
			secret = api.post("/devices/"+id+"/secret", body{})["secret"].(string)
		}
		names[id] = "Tracteur " + p
	}
	live := s.watch(api)

	// Outside, inside, outside, ten seconds apart; a fence never judges fixes
	// from before it was drawn.
	begun := fleet.At(time.Now().Add(time.Second).Truncate(time.Second))
	for i, p := range fleetsim.Protocols() {
		for step := range 3 {
			if !s.drive(p, fmt.Sprint(860000000000100+i), secret, begun, step) {
				t.Fatalf("%s: fix %d was not acknowledged", p, step)
			}
		}
	}
	want := 2 * len(names)
	t.Run("watchers see every event over the websocket/C-10", func(*testing.T) { live.until(want) })
	events := api.get("/events?limit=100")["items"].([]any)
	kinds := map[string]int{}
	for _, e := range events {
		kinds[e.(body)["kind"].(string)+" "+e.(body)["device"].(string)]++
	}
	t.Run("each crossing is one event/C-5", func(t *testing.T) {
		for id, name := range names {
			for _, kind := range []string{"enter", "exit"} {
				if kinds[kind+" "+id] != 1 {
					t.Errorf("%s: %d events %s, want 1", name, kinds[kind+" "+id], kind)
				}
			}
		}
	})
	for id, name := range names {
		if got := api.get("/devices/" + id + "/positions?from=" + stamp(-time.Hour) + "&to=" + stamp(time.Hour))["items"].([]any); len(got) != 3 {
			t.Errorf("%s: %d positions kept, want 3", name, len(got))
		}
	}
	if len(events) != want {
		t.Errorf("%d events, want %d", len(events), want)
	}

	// One message per event, recipient and channel, in the recipient's words.
	for channel, sink := range map[string]interface {
		Messages() []sinks.Message
		Changed() <-chan struct{}
	}{"sms/C-6": to.sms, "email/C-7": to.mail, "push/C-8": to.push} {
		t.Run(channel, func(t *testing.T) {
			notices := func() []sinks.Message { // beside the mail that invited the recipient
				return slices.DeleteFunc(slices.Clone(sink.Messages()), func(m sinks.Message) bool { return strings.Contains(m.Text, "/activate?token=") })
			}
			waitFor(t, channel, func() bool { return len(notices()) >= want })
			keys := map[string]int{}
			for _, m := range notices() {
				keys[m.Key]++
				if text := m.Subject + m.Text; !strings.Contains(text, "Tracteur") || !strings.Contains(text, "Cour") {
					t.Errorf("%s names neither device nor fence: %q", channel, text)
				}
				if strings.Contains(m.Text, "127.0.0.1") || strings.HasPrefix(channel, "sms") && !strings.Contains(m.Text, "openstreetmap.org") {
					t.Errorf("%s: without public_url it does not lead to the public map: %q", channel, m.Text)
				}
			}
			if len(keys) != want || len(notices()) != want {
				t.Errorf("%s: %d messages under %d keys, want %d of each", channel, len(notices()), len(keys), want)
			}
		})
	}
	t.Run("the customer's person is told of all/C-11", func(t *testing.T) {
		waitFor(t, "deliveries", func() bool {
			return !slices.ContainsFunc(api.get("/deliveries?limit=100")["items"].([]any), func(d any) bool { return d.(body)["state"] != "sent" })
		})
		if got := api.get("/deliveries?limit=100")["items"].([]any); len(got) != 3*want {
			t.Errorf("%d deliveries, want %d", len(got), 3*want)
		}
	})

	c, err := net.Dial("tcp", "127.0.0.1:"+s.ports["gt06"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	waitFor(t, "the connection to be listed", func() bool { return fmt.Sprint(openAt(api)["gt06"]) == "1" })
	if got := api.get("/system"); fmt.Sprint(got["outbox"]) != "0" || fmt.Sprint(openAt(api)["osmand"]) != "0" {
		t.Errorf("all is sent and one tracker is here: %v", got)
	}

	s.term()
	s.check()
}

// openAt are the connections of each door, as GET /system has them.
func openAt(api *client) map[string]any {
	out := map[string]any{}
	for _, l := range api.get("/system")["listeners"].([]any) {
		out[l.(body)["name"].(string)] = l.(body)["open"]
	}
	return out
}

// TestServeWithoutRoom: a disk with less space than keep.min_free. Nothing is
// acknowledged or changed, everybody is told why, and nobody is kept waiting.
func TestServeWithoutRoom(t *testing.T) {
	s := startServer(t, t.TempDir(), serverOptions{set: []string{"keep.min_free=900000GB"}})
	root := &client{t: t, base: s.url}
	if status, text := root.do(http.MethodGet, "/readyz", nil); status != http.StatusServiceUnavailable || !strings.Contains(string(text), "keep.min_free") {
		t.Errorf("/readyz: %d %s, want 503 that names keep.min_free", status, text)
	}
	if status, text := root.do(http.MethodGet, "/healthz", nil); status != http.StatusOK {
		t.Errorf("/healthz: %d %s", status, text)
	}
	api := &client{t: t, base: s.url + "/api/v1"}
	for range 2 { // the link is not used up
		api.refused(http.StatusServiceUnavailable, "/setup", body{"token": s.token, "name": "Ana", "email": "ana@example.com",
			"company": body{"name": "A", "lang": "en", "timezone": "UTC"}}, "space")
	}
	s.term()
}

// TestServeWhileAnOutsideBrokerIsAway: that is said, and stops nothing else.
func TestServeWhileAnOutsideBrokerIsAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close() // nobody listens there now
	s := startServer(t, t.TempDir(), serverOptions{set: []string{
		`mqtt.outside=[{url = "tcp://` + l.Addr().String() + `", topics = ["vigia/+/position"]}]`}})
	root := &client{t: t, base: s.url}
	status, text := root.do(http.MethodGet, "/readyz", nil)
	if status != http.StatusOK || !strings.Contains(string(text), `"name":"mqtt.outside[0]","ok":false`) {
		t.Errorf("/readyz: %d %s, want 200 that names the broker", status, text)
	}
	s.term()
}

// drive lets a tracker of a protocol send one fix of its way: outside of the
// yard, inside, outside. It reports whether the server acknowledged it.
func (s *server) drive(protocol, identity, secret string, begun fleet.Time, step int) bool {
	s.t.Helper()
	return s.driveWith(protocol, identity, secret, begun, step, 0)
}

// driveWith reports a step with alarms.
func (s *server) driveWith(protocol, identity, secret string, begun fleet.Time, step int, alarms fleet.Alarms) bool {
	s.t.Helper()
	d := fleetsim.Device{UniqueID: identity, Protocol: protocol, Addr: s.door(protocol), Secret: secret}
	place, _ := fleet.MakePlace(48.801, 2.2985+0.0025*float64(step))
	err := d.Send(s.t.Context(), fleetsim.Fix{
		Time: begun + fleet.Time(step)*10*fleet.Second, Place: place,
		Speed: 66, Course: 90, Altitude: 80, Satellites: 9, Alarms: alarms,
	})
	return err == nil
}

// watcher reads the live stream.
type watcher struct {
	t      testing.TB
	ws     *websocket.Conn
	events map[string]bool
}

func (s *server) watch(c *client) *watcher {
	s.t.Helper()
	ws, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(s.url, "http")+"/api/v1/stream",
		http.Header{"Authorization": {"Bearer " + c.token}})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = ws.Close() })
	if err := ws.WriteJSON(body{"type": "hello"}); err != nil {
		s.t.Fatal(err)
	}
	return &watcher{s.t, ws, map[string]bool{}}
}

// until reads until so many different events came; each may come once.
func (w *watcher) until(want int) {
	w.t.Helper()
	_ = w.ws.SetReadDeadline(time.Now().Add(time.Minute))
	for len(w.events) < want {
		var said struct {
			Events []struct{ ID string }
		}
		_, b, err := w.ws.ReadMessage()
		if err == nil {
			err = json.Unmarshal(b, &said)
		}
		if err != nil {
			w.t.Fatalf("live stream after %d of %d events: %v", len(w.events), want, err)
		}
		for _, e := range said.Events {
			if w.events[e.ID] {
				w.t.Errorf("the live stream told event %s twice", e.ID)
			}
			w.events[e.ID] = true
		}
	}
}
