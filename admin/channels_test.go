package admin_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
)

// providers keeps channels in memory: what stands behind the port, sealing and
// real senders, is tested with the server in cmd/vigia.
type providers struct {
	mu   sync.Mutex
	all  map[string]fleet.ChannelSettings
	sent []string
}

func (p *providers) Channel(c fleet.CompanyID, ch fleet.Channel) (fleet.ChannelSettings, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s, ok := p.all[c.String()+string(ch)]
	if !ok {
		return s, fleet.Errorf(fleet.NotFound, "none")
	}
	return s, nil
}

func (p *providers) Ready(ch fleet.Channel) bool { return ch == fleet.Email }

func (p *providers) PutChannel(_ fleet.Actor, c fleet.CompanyID, ch fleet.Channel, s fleet.ChannelSettings) (fleet.ChannelSettings, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	s.Version++
	p.all[c.String()+string(ch)] = s
	return s, nil
}

func (p *providers) DropChannel(_ fleet.Actor, c fleet.CompanyID, ch fleet.Channel) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.all, c.String()+string(ch))
	return nil
}

func (p *providers) TestChannel(_ context.Context, who *fleet.User, ch fleet.Channel, to, _, text string) (fleet.ChannelTest, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.sent = append(p.sent, text)
	return fleet.ChannelTest{OK: true, Provider: "smpp.example.com", Answer: "submit_sm_resp: ESME_ROK 1", ID: "1", Parts: 1}, nil
}

// TestChannelSecretsAreWriteOnly: no answer shows them, they stay while the
// provider stays, and go when it changes, so that nobody sends a password that
// they do not know to a host of theirs.
func TestChannelSecretsAreWriteOnly(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	token := tn.tokens[fleet.CompanyAdmin]
	put := func(body string) answer { return w.do("PUT", "/api/v1/channels/sms", token, body) }
	if a := w.ok("GET", "/api/v1/channels/sms", token, ""); a.field("source") != "none" {
		t.Error(a.body)
	}
	if a := w.ok("GET", "/api/v1/channels/email", token, ""); a.field("source") != "installation" {
		t.Error(a.body)
	}
	for _, tt := range []struct{ body, want string }{
		{`{"kind":"smpp","host":"h.example","user":"u","from":"V","password":"s3cret","version":0}`, `"passwordSet":true`},
		{`{"kind":"smpp","host":"h.example","user":"u","from":"W","version":1}`, `"passwordSet":true`},
		{`{"kind":"smpp","host":"evil.example","user":"u","from":"W","version":2}`, `"passwordSet":false`},
		{`{"kind":"template","url":"https://g.example/{to}/{text}","headers":{"X-Key":"s3cret"},"version":3}`, `"headerNames":["X-Key"]`},
		{`{"kind":"template","url":"https://g.example/{to}/{text}","success":"OK","version":4}`, `"headerNames":["X-Key"]`},
		{`{"kind":"template","url":"https://evil.example/{to}/{text}","version":5}`, `"headerNames":[]`},
	} {
		a := put(tt.body)
		if a.status != 200 || !strings.Contains(a.body, tt.want) || strings.Contains(a.body, "s3cret") {
			t.Errorf("%s: %d %s", tt.body, a.status, a.body)
		}
	}
	if strings.Contains(w.logs.String(), "s3cret") {
		t.Error("the log tells the secret")
	}
	if a := w.do("PUT", "/api/v1/channels/sms", token, `{"kind":"smtp","host":"h","version":6}`, "Accept-Language", "es"); a.status != 422 || !strings.Contains(a.body, "elija entre") {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestChannelTestMessage(t *testing.T) {
	w := newWorld(t)
	tn := w.settle("A")
	token := tn.tokens[fleet.CompanyAdmin]
	a := w.do("POST", "/api/v1/channels/sms/test", token, `{"to":"+573001234567"}`, "Accept-Language", "pt")
	if a.status != 200 || a.field("answer") != "submit_sm_resp: ESME_ROK 1" {
		t.Errorf("%d %s", a.status, a.body)
	}
	for _, body := range []string{`{"to":"3001234567"}`, `{}`} {
		if a := w.do("POST", "/api/v1/channels/sms/test", token, body); a.status != 422 || !strings.Contains(a.body, `"to"`) {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	if a := w.do("POST", "/api/v1/channels/email/test", token, `{"to":"a@b.example, c@d.example"}`); a.status != 422 {
		t.Errorf("%d %s", a.status, a.body)
	}
}
