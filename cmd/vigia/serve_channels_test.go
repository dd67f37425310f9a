package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/sinks"
)

// TestServeCompanyChannels: a company enters its own message centre over the
// API, tries it, and a signal of a device reaches its people through it, with
// the centre's receipt in the delivery log; no restart, and all of it again
// after a kill -9.
func TestServeCompanyChannels(t *testing.T) {
	to, err := openSinks()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = to.close() }()
	centre, err := sinks.NewSMSC(sinks.SMSCOptions{SystemID: "vigia", Password: "s3cret-of-ours", Receipt: "DELIVRD"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = centre.Close() }()
	data := t.TempDir()
	s := startServer(t, data, serverOptions{sinks: to})
	api := s.setUp("es")

	settings := body{"kind": "smpp", "host": "127.0.0.1", "port": centre.Port(), "tls": "none", "user": "vigia", "password": "s3cret-of-ours", "from": "VIGIA", "version": 0}
	api.want("PUT", "/channels/sms", settings)
	if got := api.post("/channels/sms/test", body{"to": "+573001234567"}); got["ok"] == true || !strings.Contains(got["error"].(string), "loopback") {
		t.Errorf("an address of ours that the company did not name: %v", got)
	}
	settings["version"], settings["allowPrivate"] = 1, []string{"127.0.0.1"}
	api.want("PUT", "/channels/sms", settings)
	got := api.post("/channels/sms/test", body{"to": "+573001234567"})
	if got["ok"] != true || !strings.Contains(got["answer"].(string), "ESME_ROK") || len(centre.Messages()) != 1 || !strings.Contains(centre.Messages()[0].Text, "mensaje de prueba") {
		t.Fatalf("%v, %+v", got, centre.Messages())
	}

	customer := api.post("/customers", body{"name": "Finca", "code": "F1", "lang": "es", "timezone": "America/Bogota"})["id"].(string)
	user := api.post("/users", body{"name": "Zoé", "email": "zoe@example.com", "phone": "+573001234567", "role": "customerAdmin",
		"customer": customer, "lang": "es", "timezone": "America/Bogota"})["id"].(string)
	s.subscribe(api, to.push, user)
	api.post("/fences", body{"name": "Patio", "owner": customer, "preset": "instant", "shape": body{"type": "Polygon",
		"coordinates": [][][2]float64{{{2.300, 48.800}, {2.302, 48.800}, {2.302, 48.802}, {2.300, 48.802}, {2.300, 48.800}}}}})
	api.post("/notifications", body{"description": "Patio", "owner": customer, "allDevices": true, "allFences": true,
		"kinds": []string{"enter", "exit"}, "channels": []string{"email", "sms", "push"}, "recipients": []string{user}})
	device := api.post("/devices", body{"name": "Tractor", "uniqueId": "860000000000777", "customer": customer})["id"].(string)
	begun := fleet.At(time.Now().Add(time.Second).Truncate(time.Second))
	for step := range 3 {
		if !s.drive("h02", "860000000000777", "", begun, step) {
			t.Fatalf("fix %d was not acknowledged", step)
		}
	}
	for _, tt := range []struct{ name, channel, state, address, words string }{
		{"SMS sent for a signal/S2-95/S2-122", "sms", "delivered", "+573001234567", "ESME_ROK"},
		{"email sent for a signal/S2-96/S2-123", "email", "sent", "zoe@example.com", "250"},
		{"push for a signal/S2-98", "push", "sent", "1 browser", "201"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			path := "/deliveries?limit=100&device=" + device + "&channel=" + tt.channel
			waitFor(t, tt.channel, func() bool { return len(api.get(path + "&states=" + tt.state)["items"].([]any)) == 2 })
			for _, item := range api.get(path)["items"].([]any) {
				d := item.(body)
				a := d["attempts"].([]any)[0].(body)
				if d["channel"] != tt.channel || a["ok"] != true || a["to"] != tt.address || !strings.Contains(a["answer"].(string), tt.words) || a["at"] == "" {
					t.Errorf("%v", d)
				}
				if tt.channel == "sms" {
					r := d["receipts"].([]any)[0].(body)
					if r["state"] != "delivered" || r["done"] != "2603201404" || !strings.Contains(r["words"].(string), "stat:DELIVRD") || r["id"] != a["id"] {
						t.Errorf("receipt %v", r)
					}
				}
			}
		})
	}
	t.Run("the list counts them/S2-93", func(t *testing.T) {
		var n body
		waitFor(t, "six messages", func() bool {
			n = api.get("/notifications?owner=" + customer)["items"].([]any)[0].(body)
			return n["sent"] == 6.0
		})
		last := n["last"].(body)
		if n["failed"] != 0.0 || n["suppressed"] != 0.0 || last["at"] == "" || last["to"] == "" || last["state"] != "sent" && last["state"] != "delivered" {
			t.Errorf("%v", n)
		}
	})
	if n := len(to.sms.Messages()); n != 0 {
		t.Errorf("%d SMS went through the installation's account", n)
	}

	s.kill()
	for _, name := range []string{"admin.db", "facts.db"} {
		b, err := os.ReadFile(filepath.Join(data, name))
		if err != nil || bytes.Contains(b, []byte("s3cret-of-ours")) {
			t.Errorf("%s holds the password in clear, or: %v", name, err)
		}
	}
	s = startServer(t, data, serverOptions{sinks: to})
	api.base = s.url + "/api/v1"
	if got := api.post("/channels/sms/test", body{"to": "+573001234567"}); got["ok"] != true {
		t.Errorf("after the restart: %v", got)
	}
	if got := api.get("/channels/sms"); got["source"] != "company" || got["passwordSet"] != true || got["password"] != nil {
		t.Errorf("%v", got)
	}
	s.term()
	s.check()
}

// TestServeCompanyLetters: invitations and links for a new password go over the
// company's own mail server, and over the installation's where it has none any
// more.
func TestServeCompanyLetters(t *testing.T) {
	to, err := openSinks()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = to.close() }()
	own, err := sinks.NewSMTP(sinks.SMTPOptions{Username: "guardian", Password: "s3cret-of-ours", NoSTARTTLS: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = own.Close() }()
	s := startServer(t, t.TempDir(), serverOptions{sinks: to, set: []string{"public_url=http://track.example.com"}})
	api := s.setUp("es")
	api.want("PUT", "/channels/email", body{"kind": "smtp", "host": own.Host(), "port": own.Port(), "tls": "none", "user": "guardian", "password": "s3cret-of-ours",
		"from": "Guardian <noreply@guardian.example.com>", "allowPrivate": []string{own.Host()}, "version": 0})
	invite := func(name string) {
		made := api.post("/users", body{"name": name, "email": name + "@example.com", "role": "operator", "lang": "es", "timezone": "UTC", "activation": body{"method": "email"}})
		if how := made["activation"].(body); how["method"] != "email" {
			t.Errorf("invited by %v", how)
		}
	}
	got := func(m *sinks.SMTP, name string) int {
		n := 0
		for _, x := range m.Messages() {
			if x.To == name+"@example.com" && strings.Contains(x.Text, "token=") {
				n++
			}
		}
		return n
	}
	invite("zoe")
	if mine, others := got(own, "zoe"), got(to.mail, "zoe"); mine != 1 || others != 0 {
		t.Errorf("%d letters over the company's server, %d over the installation's", mine, others)
	}
	for _, m := range own.Messages() {
		if raw := string(m.Raw); !strings.Contains(raw, "noreply@guardian.example.com") {
			t.Errorf("from somebody else: %s", raw)
		}
	}
	own.Script(func(int) sinks.Fault { return sinks.Fault{Code: 550, Words: "no"} })
	made := api.post("/users", body{"name": "Luc", "email": "luc@example.com", "role": "operator", "lang": "es", "timezone": "UTC", "activation": body{"method": "email"}})
	if how := made["activation"].(body); how["method"] != "link" || how["link"] == "" || how["why"] == "" || got(to.mail, "luc") != 0 {
		t.Errorf("a server that refuses: %v", how)
	}
	if status, text := api.do("DELETE", "/channels/email", nil); status/100 != 2 {
		t.Fatalf("%d %s", status, text)
	}
	invite("ana2")
	if mine, others := got(own, "ana2"), got(to.mail, "ana2"); mine != 0 || others != 1 {
		t.Errorf("without settings of its own: %d and %d", mine, others)
	}
	s.term()
	s.check()
}
