package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// TestCommandsReachTrackersThatComeLater: commands wait in the store while the
// trackers are away and the server is killed; they go out when the trackers
// come, and the trackers' own words come back. All over real sockets.
func TestCommandsReachTrackersThatComeLater(t *testing.T) {
	s := startServer(t, t.TempDir(), serverOptions{})
	api := s.setUp("en")
	const password = "correct horse battery"
	me := api.get("/me")["user"].(body)["id"].(string)
	api.post("/users/"+me+"/activation", body{"method": "password", "password": password})
	api.token = api.post("/login", body{"username": "ana@example.com", "password": password})["token"].(string)
	customer := api.post("/customers", body{"name": "Acme", "code": "A1", "lang": "en", "timezone": "UTC", "commands": true})["id"].(string)

	cars := []struct {
		protocol, kind, heard, answer string
		id, command                   string
		said                          *sayings
	}{
		{protocol: "gt06", kind: "engineStop", heard: "DYD,000000#", answer: "DYD=Success!"},
		{protocol: "teltonika", kind: "interval", heard: "setparam 10050:30", answer: "New value 10050:30;"},
		{protocol: "h02", kind: "engineResume", answer: "S20,"},
	}
	for i := range cars {
		c := &cars[i]
		uid := "86000000000020" + string(rune('0'+i))
		if c.protocol == "h02" {
			uid = uid[:10]
		}
		c.said = &sayings{answer: c.answer}
		c.id = api.post("/devices", body{"name": c.protocol, "uniqueId": uid, "customer": customer})["id"].(string)
		in := body{"device": c.id, "kind": c.kind}
		if c.kind == "interval" {
			in["seconds"] = 30
		}
		confirmation := ""
		if c.kind == "engineStop" {
			api.refused(http.StatusConflict, "/commands", in, "confirm-speed") // nobody knows its speed
			in["anySpeed"] = true
			api.refused(http.StatusForbidden, "/commands", in, "credentials")
			confirmation = api.post("/devices/"+c.id+"/command-confirmation", body{"username": "ana@example.com", "password": password})["confirmation"].(string)
		}
		made := api.confirmed("/commands", in, confirmation)
		if c.command, _ = made["id"].(string); made["state"] != "queued" {
			t.Fatalf("%s: %v", c.protocol, made)
		}
	}

	s.kill()
	s = startServer(t, s.data, serverOptions{})
	api.base = s.url + "/api/v1"

	ctx, stop := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	var stats fleetsim.Stats
	for i := range cars {
		c := &cars[i]
		uid := api.get("/devices/" + c.id)["uniqueId"].(string)
		d := fleetsim.Device{UniqueID: uid, Protocol: c.protocol, Addr: s.door(c.protocol), Source: parked, Obey: c.said.obey}
		wg.Go(func() { d.Run(ctx, 50*time.Millisecond, &stats) })
	}
	for i := range cars {
		c := &cars[i]
		waitFor(t, c.protocol+"'s answer", func() bool { return api.get("/commands/" + c.command)["state"] == "answered" })
		got := api.get("/commands/" + c.command)
		if !strings.HasPrefix(got["answer"].(string), c.answer) || got["attempts"] != 1.0 || got["deviceName"] != c.protocol || got["userName"] != "Ana" {
			t.Errorf("%s: %v", c.protocol, got)
		}
		if c.heard != "" && c.said.all() != c.heard {
			t.Errorf("%s heard %q, want %q once", c.protocol, c.said.all(), c.heard)
		}
		waitFor(t, c.protocol+"'s first position, and nothing waiting", func() bool { // an answer may come before either
			kinds := api.get("/devices/" + c.id + "/command-kinds")
			return kinds["protocol"] == c.protocol && kinds["waiting"] == 0.0
		})
	}
	if got := api.get("/commands?states=answered&limit=2"); len(got["items"].([]any)) != 2 || got["next"] == nil {
		t.Errorf("the first page: %v", got)
	}
	if got := api.all("/commands?limit=2"); len(got) != len(cars) {
		t.Errorf("%d commands are listed, want %d", len(got), len(cars))
	}
	// While it is there it hears at once.
	now := api.post("/commands", body{"device": cars[0].id, "kind": "position"})["id"].(string)
	waitFor(t, "the position", func() bool { return api.get("/commands/" + now)["state"] == "answered" })
	stop()
	wg.Wait()
	s.term()
	s.check()
}

// sayings are the commands that a tracker heard.
type sayings struct {
	answer string
	mu     sync.Mutex // guards heard
	heard  []string
}

func (s *sayings) obey(text string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard = append(s.heard, text)
	return s.answer
}

func (s *sayings) all() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.heard, "|")
}

func parked(now fleet.Time) fleetsim.Fix {
	place, _ := fleet.MakePlace(4.6, -74.1)
	return fleetsim.Fix{Time: now, Place: place, Satellites: 9}
}

// confirmed posts with a confirmation.
func (c *client) confirmed(path string, b body, confirmation string) (out body) {
	c.t.Helper()
	text, err := json.Marshal(b)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), http.MethodPost, c.base+path, bytes.NewReader(text))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Confirmation", confirmation)
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if text, err = io.ReadAll(resp.Body); err != nil || resp.StatusCode/100 != 2 {
		c.t.Fatalf("POST %s: %d %s %v", path, resp.StatusCode, text, err)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		c.t.Fatal(err)
	}
	return out
}
