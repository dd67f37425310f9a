package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/vigia-track/vigia/engine/fleet"
)

// outsideBroker is a mosquitto of its own; its address.
func outsideBroker(t *testing.T) string {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		path = "/usr/sbin/mosquitto"
		if _, err := os.Stat(path); err != nil {
			if os.Getenv("VIGIA_REQUIRE_MOSQUITTO") == "1" {
				t.Fatal("mosquitto is not installed, and VIGIA_REQUIRE_MOSQUITTO=1; apt-get install mosquitto")
			}
			t.Skip("mosquitto is not installed; apt-get install mosquitto")
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	_ = free.Close()
	_, port, _ := net.SplitHostPort(addr)
	conf := filepath.Join(t.TempDir(), "mosquitto.conf")
	text := "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\n"
	if os.Geteuid() == 0 {
		text += "user root\n"
	}
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, "-c", conf)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	waitFor(t, "mosquitto listens", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
	return addr
}

// publisher sends to a broker.
func publisher(t *testing.T, addr string) func(topic string, retained bool, payload string) {
	t.Helper()
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker("tcp://" + addr).SetAutoReconnect(false).SetClientID("trucks"))
	if tok := c.Connect(); !tok.WaitTimeout(30*time.Second) || tok.Error() != nil {
		t.Fatal(tok.Error())
	}
	t.Cleanup(func() { c.Disconnect(100) })
	return func(topic string, retained bool, payload string) {
		t.Helper()
		if tok := c.Publish(topic, 1, retained, payload); !tok.WaitTimeout(30*time.Second) || tok.Error() != nil {
			t.Fatal(tok.Error())
		}
	}
}

// standing is the part of a connection that moves.
func standing(c body) body { return c["status"].(body) }

// TestConnection takes a customer's broker with three sub-trees from disabled
// to monitoring, as the wizard does.
func TestConnection(t *testing.T) {
	addr := outsideBroker(t)
	publish := publisher(t, addr)
	at := fleet.At(time.Now().Add(-time.Minute))
	fix := func(ms fleet.Time) string { return fmt.Sprintf(`{"time":%d,"lat":48.8,"lon":2.3}`, ms) }
	publish("fleet/north/truck-1/position", true, fix(at))
	publish("fleet/south/truck-2/position", true, fix(at))
	publish("fleet/maria@example.com/truck-3/position", true, fix(at))
	publish("fleet/south/truck-4/position", true, fix(at))
	publish("fleet/south/bad truck/position", true, fix(at))

	s := startServer(t, t.TempDir(), serverOptions{set: []string{"outbound.allow_private=true"}})
	api := s.setUp("es")
	customer := api.post("/customers", body{"name": "Finca", "code": "F1", "lang": "es", "timezone": "America/Bogota"})["id"].(string)
	api.post("/users", body{"name": "María", "email": "maria@example.com", "role": "customerAdmin", "customer": customer, "lang": "es", "timezone": "America/Bogota"})
	other := api.post("/customers", body{"name": "Otra", "code": "F2", "lang": "es", "timezone": "America/Bogota"})["id"].(string)
	theirs := api.post("/devices", body{"name": "Suyo", "uniqueId": "truck-4", "customer": other})["id"].(string)

	var id string
	get := func() body { return api.get("/connections/" + id) }
	devices := func() map[string]body {
		out := map[string]body{}
		for _, d := range api.all("/devices") {
			out[d.(body)["uniqueId"].(string)] = d.(body)
		}
		return out
	}
	change := func(edit body) body {
		c := get()
		for _, k := range []string{"id", "company", "created", "updated", "status", "subAccounts", "ownerName", "passwordSet", "lastSync"} {
			delete(c, k)
		}
		for k, v := range edit {
			c[k] = v
		}
		return c
	}
	t.Run("S3-30/S3-31", func(t *testing.T) {
		api.post("/connection-templates", body{"name": "Nuestro broker", "isDefault": true, "url": "tcp://" + addr, "private": true,
			"topics": []string{"fleet/+/+/position"}, "deviceLevel": 3, "subLevel": 2})
		c := api.post("/connections", body{"owner": customer, "name": "Camiones", "autoProvision": true})
		if id = c["id"].(string); c["url"] != "tcp://"+addr || c["deviceLevel"] != 3. || c["ownerName"] != "Finca" {
			t.Errorf("made of the template: %v", c)
		}
		api.refused(409, "/connection-templates", body{"name": "Otro", "isDefault": true}, "ya lo tiene otra plantilla")
		api.refused(422, "/connections", body{"name": "De nadie"}, "owner")
	})
	t.Run("S3-36", func(t *testing.T) {
		if st := standing(get()); st["state"] != "disabled" || st["received"] != 0. || len(devices()) != 1 {
			t.Errorf("disabled, it is %v, with %d devices", st, len(devices()))
		}
		api.refused(409, "/connections/"+id+"/sync", nil, "deshabilitada")
	})
	t.Run("S3-35", func(t *testing.T) {
		if code, answer := api.do("PUT", "/connections/"+id, change(body{"autoProvision": false})); code != 422 || !strings.Contains(string(answer), "se elige al crear") {
			t.Errorf("auto-provision can be changed later: %d %s", code, answer)
		}
	})
	t.Run("S3-37/S3-32/S3-38", func(t *testing.T) {
		api.want("PUT", "/connections/"+id, change(body{"enabled": true}))
		seen := map[string]bool{}
		waitFor(t, "it monitors", func() bool {
			st := standing(get())
			seen[st["state"].(string)] = true
			return st["state"] == "monitoring"
		})
		if !seen["discovering"] || seen["error"] || seen["disabled"] {
			t.Errorf("the states were %v", seen)
		}
		c := get()
		st := standing(c)
		if st["found"] != 4. || st["new"] != 3. || st["done"] != 4. || st["refused"] != 1. || c["lastSync"] == nil {
			t.Errorf("%v", c)
		}
		if r := fmt.Sprint(st["refusals"]); !strings.Contains(r, "truck-4") || !strings.Contains(r, "otro dispositivo") {
			t.Errorf("truck-4 is another customer's: %v", r)
		}
	})
	t.Run("S3-34", func(t *testing.T) {
		for _, sub := range get()["subAccounts"].([]any) {
			a := sub.(body)
			inner := api.get("/customers/" + a["customer"].(string))
			if linked := a["linked"] == true; linked != (a["name"] == "maria@example.com") {
				t.Errorf("%v", a)
			} else if !linked && (inner["parent"] != customer || inner["name"] != a["name"] || a["pending"] != true || devices()["truck-1"]["customer"] == customer) {
				t.Errorf("%v became %v", a, inner)
			}
		}
	})
	t.Run("S3-28", func(t *testing.T) {
		if d := devices()["truck-3"]; d["customer"] != customer || d["connection"] != id {
			t.Errorf("the sub-tree with the primary user's address went to %v", d)
		}
	})
	t.Run("S3-33", func(t *testing.T) {
		publish("fleet/north/truck-1/position", false, fix(at+fleet.Second))
		publish("fleet/north/truck-4/position", false, fix(at+fleet.Second))
		publish("fleet/north/truck-1/position", false, fix(at+fleet.Second)) // again
		truck := devices()["truck-1"]["id"].(string)
		track := func(device string) []any { return api.track(device, stamp(-time.Hour), stamp(time.Hour)) }
		waitFor(t, "positions arrive", func() bool { return len(track(truck)) >= 2 })
		if got := track(truck); len(got) != 2 {
			t.Errorf("%d positions, want the retained one and the live one, each once", len(got))
		}
		if got := track(theirs); len(got) != 0 {
			t.Errorf("another customer's device was placed: %v", got)
		}
		publish("fleet/west/truck-9/position", false, fix(at))
		waitFor(t, "a late one is found", func() bool { return devices()["truck-9"] != nil })
		if sample := standing(get())["sample"].(body); sample["uniqueId"] != "truck-9" || sample["subAccount"] != "west" {
			t.Errorf("%v", sample)
		}
	})

	api.want("POST", "/connections/"+id+"/sync", nil)
	waitFor(t, "it synchronised again", func() bool {
		st := standing(get())
		return st["state"] == "monitoring" && st["new"] == 0. && st["missing"] == 1.
	})
	api.want("PUT", "/connections/"+id, change(body{"enabled": false}))
	if st := standing(get()); st["state"] != "disabled" {
		t.Errorf("%v", st)
	}
	if code, answer := api.do("DELETE", "/connections/"+id, nil); code != 204 {
		t.Fatalf("%d %s", code, answer)
	}
	if d := devices()["truck-1"]; d == nil || d["sourceRemoved"] != true {
		t.Errorf("after the connection was deleted: %v", d)
	}

	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	for url, want := range map[string]string{"tcp://" + closed.Addr().String(): "No se puede llegar", "tcp://169.254.169.254:1883": "privada"} {
		id = api.post("/connections", body{"owner": customer, "name": "Rota", "url": url, "private": true, "enabled": true})["id"].(string)
		waitFor(t, "it fails", func() bool { return standing(get())["state"] == "error" })
		if st := standing(get()); !strings.Contains(st["lastError"].(string), want) || st["errorDetail"] == "" {
			t.Errorf("%v", st)
		}
	}
	s.term()
	s.check()
}
