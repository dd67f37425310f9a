package mail_test

import (
	"context"
	"errors"
	netmail "net/mail"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/mail"
	"github.com/vigia-track/vigia/engine/notify/sinks"
)

func setUp(t *testing.T, so sinks.SMTPOptions, change func(*mail.Options)) (*sinks.SMTP, *mail.Sender) {
	t.Helper()
	sink, err := sinks.NewSMTP(so)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	o := mail.Options{
		Host: sink.Host(), Port: sink.Port(), From: "Vigia <alerts@example.com>", Roots: sink.Roots(),
		Username: so.Username, Password: so.Password,
	}
	if change != nil {
		change(&o)
	}
	s, err := mail.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return sink, s
}

func message(n byte) notify.Message {
	return notify.Message{
		Key: fleet.DeliveryKey{Event: fleet.EventID{n}, Recipient: 1, Channel: fleet.Email},
		To:  "ana@example.com", Name: "Ana Núñez", Lang: fleet.Spanish,
		Subject: "Camión 12 salió de Depósito <norte>", Text: "Camión 12 salió de Depósito <norte>\n\nHora: 14:03\n\nPie",
		Links: []notify.Link{{Label: "Ver en el mapa", URL: "https://track.example.com/?event=1&x=2"}},
	}
}

var login = sinks.SMTPOptions{Username: "vigia", Password: "s3cret"}

func TestSendOverSTARTTLSWithSignIn(t *testing.T) {
	sink, s := setUp(t, login, nil)
	m := message(1)
	r, err := s.Send(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(r.Answer, "250 ") || r.Provider != "127.0.0.1" || r.ID != m.Key.String()+"@example.com" {
		t.Errorf("receipt %+v", r)
	}
	got := sink.Messages()[0]
	if got.Key != m.Key.String() || got.To != m.To || got.Subject != m.Subject {
		t.Errorf("got %+v", got)
	}
	if want := m.Text + "\n\nVer en el mapa:\nhttps://track.example.com/?event=1&x=2\n"; got.Text != want {
		t.Errorf("text %q, want %q", got.Text, want)
	}
	raw := string(got.Raw)
	for _, want := range []string{
		"Auto-Submitted: auto-generated", "X-Vigia-Delivery: " + m.Key.String(), "<" + r.ID + ">",
		"text/html", "norte&gt;</h2>", "&amp;x=3D2", "multipart/alternative",
	} {
		if !strings.Contains(raw, want) {
			t.Errorf("the mail lacks %q:\n%s", want, raw)
		}
	}
}

func TestWaysOfTLS(t *testing.T) {
	tests := []struct {
		name string
		sink sinks.SMTPOptions
		tls  mail.TLS
		err  string // "" = goes through
	}{
		{"required, offered", sinks.SMTPOptions{}, mail.StartTLS, ""},
		{"required, not offered", sinks.SMTPOptions{NoSTARTTLS: true}, mail.StartTLS, `mail.tls = "tls"`},
		{"opportunistic, offered", sinks.SMTPOptions{}, mail.Opportunistic, ""},
		{"opportunistic, not offered", sinks.SMTPOptions{NoSTARTTLS: true}, mail.Opportunistic, ""},
		{"implicit", sinks.SMTPOptions{ImplicitTLS: true}, mail.ImplicitTLS, ""},
		{"implicit on a STARTTLS port", sinks.SMTPOptions{}, mail.ImplicitTLS, "check mail.tls"},
		{"none", sinks.SMTPOptions{NoSTARTTLS: true}, mail.NoTLS, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink, s := setUp(t, tt.sink, func(o *mail.Options) { o.TLS = tt.tls })
			_, err := s.Send(t.Context(), message(1))
			switch {
			case tt.err == "" && (err != nil || sink.Accepted() != 1):
				t.Errorf("%d accepted, %v", sink.Accepted(), err)
			case tt.err != "" && (err == nil || !strings.Contains(err.Error(), tt.err) || !notify.IsDown(err)):
				t.Errorf("got %v, want a failure of the provider that holds %q", err, tt.err)
			}
		})
	}
}

func TestCertificateIsChecked(t *testing.T) {
	_, s := setUp(t, login, func(o *mail.Options) { o.Roots = nil })
	_, err := s.Send(t.Context(), message(1))
	if !notify.IsDown(err) || !strings.Contains(err.Error(), "certificate") || !strings.Contains(err.Error(), "mail.host") {
		t.Errorf("got %v", err)
	}
}

func TestRefusedSignInNamesTheSettings(t *testing.T) {
	_, s := setUp(t, login, func(o *mail.Options) { o.Password = "wrong" })
	r, err := s.Send(t.Context(), message(1))
	if !notify.IsDown(err) || !strings.Contains(err.Error(), "mail.password") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("got %v", err)
	}
	if !strings.HasPrefix(r.Answer, "535") {
		t.Errorf("receipt %+v", r)
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name            string
		fault           sinks.Fault
		permanent, down bool
	}{
		{"450 recipient", sinks.Fault{Code: 450, Stage: "rcpt"}, false, false},
		{"550 recipient", sinks.Fault{Code: 550, Stage: "rcpt"}, true, false},
		{"451 data", sinks.Fault{Code: 451}, false, false},
		{"554 data", sinks.Fault{Code: 554}, true, false},
		{"553 sender", sinks.Fault{Code: 553, Stage: "mail"}, false, true},
		{"451 sender", sinks.Fault{Code: 451, Stage: "mail"}, false, false},
		{"421", sinks.Fault{Code: 421, Stage: "rcpt"}, false, true},
		{"accepted, then dropped", sinks.Fault{Drop: true}, false, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink, s := setUp(t, login, nil)
			tt.fault.Words = "not today"
			sink.Script(func(n int) sinks.Fault {
				if n == 1 {
					return tt.fault
				}
				return sinks.Fault{}
			})
			m := message(1)
			r, err := s.Send(t.Context(), m)
			if err == nil || notify.IsPermanent(err) != tt.permanent || notify.IsDown(err) != tt.down {
				t.Errorf("permanent %v, down %v: %v", notify.IsPermanent(err), notify.IsDown(err), err)
			}
			if tt.fault.Code != 0 && tt.fault.Code != 421 && !strings.Contains(r.Answer, "not today") {
				t.Errorf("answer %q", r.Answer)
			}
			if _, err := s.Send(t.Context(), m); err != nil {
				t.Errorf("the next try: %v", err)
			}
			want := 1
			if tt.fault.Drop {
				want = 2 // the same key both times
			}
			if n := sink.ByKey()[m.Key.String()]; n != want {
				t.Errorf("the key was accepted %d times, want %d", n, want)
			}
		})
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	sink, s := setUp(t, login, nil)
	ctx, cancel := context.WithCancel(t.Context())
	sink.Script(func(int) sinks.Fault { cancel(); return sinks.Fault{Hang: true} })
	if _, err := s.Send(ctx, message(1)); err == nil {
		t.Error("no error")
	}
}

func TestServerAwayIsDown(t *testing.T) {
	sink, s := setUp(t, login, nil)
	if _, err := s.Send(t.Context(), message(1)); err != nil {
		t.Fatal(err)
	}
	if err := sink.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Send(t.Context(), message(2)); !notify.IsDown(err) || !strings.Contains(err.Error(), "mail.host") {
		t.Errorf("got %v", err)
	}
}

func TestHeadersCannotBeInjected(t *testing.T) {
	sink, s := setUp(t, login, nil)
	m := message(1)
	m.Name = "Ana\r\nBcc: everyone@example.com"
	m.Subject = "x\r\nBcc: everyone@example.com\r\n\r\nbody"
	if _, err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(string(sink.Messages()[0].Raw), "\r\n\r\n")
	for line := range strings.SplitSeq(head, "\r\n") {
		if strings.HasPrefix(line, "Bcc") {
			t.Errorf("header injected:\n%s", head)
		}
	}
	m = message(2)
	m.To = "ana@example.com>\r\nRCPT TO:<eve@example.com"
	if _, err := s.Send(t.Context(), m); !notify.IsPermanent(err) {
		t.Errorf("address with a line break: %v", err)
	}
}

// TestNamesAreNoReasonToFail: whatever people are called, their alerts go out,
// to their own address alone.
func TestNamesAreNoReasonToFail(t *testing.T) {
	sink, s := setUp(t, login, func(o *mail.Options) { o.From = `"Vigia \"24/7\" \\" <alerts@example.com>` })
	for i, name := range []string{
		`Juan "Pepe" Pérez`, `"`, `back\slash\`, `x" <eve@example.com>, "y`, "<eve@example.com>", "Pérez, Ana (jefa); @", "=?utf-8?q?x?=", "🚚", " ", "\x80",
	} {
		m := message(byte(i + 1))
		m.Name = name
		if _, err := s.Send(t.Context(), m); err != nil {
			t.Errorf("name %q: %v", name, err)
			continue
		}
		got := sink.Messages()[len(sink.Messages())-1]
		head, _, _ := strings.Cut(string(got.Raw), "\r\n\r\n")
		parsed, err := netmail.ReadMessage(strings.NewReader(string(got.Raw)))
		if err != nil {
			t.Fatal(err)
		}
		to, err := parsed.Header.AddressList("To")
		if err != nil || len(to) != 1 || to[0].Address != "ana@example.com" {
			t.Errorf("name %q: to %v, %v in\n%s", name, to, err, head)
		}
		if from, err := parsed.Header.AddressList("From"); err != nil || len(from) != 1 || from[0].Name != `Vigia "24/7" \` {
			t.Errorf("from %v, %v in\n%s", from, err, head)
		}
	}
}

func TestManyOverFewConnections(t *testing.T) {
	sink, s := setUp(t, login, nil)
	errs := make(chan error, 4)
	for w := range 4 {
		go func() {
			var all error
			for i := range 60 {
				_, err := s.Send(t.Context(), message(byte(w*60+i)))
				all = errors.Join(all, err)
			}
			errs <- all
		}()
	}
	for range 4 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(sink.ByKey()); n != 240 || sink.Accepted() != 240 {
		t.Errorf("%d keys, %d accepted, want 240", n, sink.Accepted())
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name string
		o    mail.Options
		want []string
	}{
		{"empty", mail.Options{}, []string{"mail.host", "mail.from"}},
		{"URL as host", mail.Options{Host: "smtp://x", From: "a@b.example"}, []string{"mail.host"}},
		{"port, tls, from", mail.Options{Host: "x", Port: 70000, TLS: "ssl", From: "nobody"}, []string{"mail.port", "mail.tls", "mail.from"}},
		{"password in clear", mail.Options{Host: "x", TLS: "none", Username: "u", Password: "p", From: "a@b.example"}, []string{"mail.tls"}},
		{"half a sign-in", mail.Options{Host: "x", Username: "u", From: "a@b.example"}, []string{"mail.username"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := mail.New(tt.o)
			for _, want := range tt.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want it to name %s", err, want)
				}
			}
		})
	}
}
