package sms_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/notify/sinks"
	"github.com/vigia-track/vigia/engine/notify/sms"
)

var local = sms.Common{Guard: outbound.Guard{AllowLoopback: true}}

func gateway(t *testing.T) *sinks.SMS {
	t.Helper()
	sink, err := sinks.NewSMS(sinks.SMSOptions{Account: "AC1", Token: "t0ken"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	return sink
}

func twilio(t *testing.T, sink *sinks.SMS, change func(*sms.TwilioOptions)) *sms.Twilio {
	t.Helper()
	o := sms.TwilioOptions{Common: local, URL: sink.URL(), Account: "AC1", Token: "t0ken", From: "+15550001111"}
	if change != nil {
		change(&o)
	}
	s, err := sms.NewTwilio(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func message() notify.Message {
	return notify.Message{
		Key: fleet.DeliveryKey{Event: fleet.EventID{9}, Recipient: 1, Channel: fleet.SMS},
		To:  "+573001234567", Text: "Camión \"12\" salió de Depósito & Cía, 20 mar 14:03 UTC-5", URL: "https://track.example.com/?event=09",
	}
}

const body = `Camion "12" salio de Deposito & Cia, 20 mar 14:03 UTC-5 https://track.example.com/?event=09`

func TestTwilioAccepts(t *testing.T) {
	sink := gateway(t)
	s := twilio(t, sink, nil)
	for range 2 {
		r, err := s.Send(t.Context(), message())
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(r.ID, "SM") || r.Answer != "201 queued" || r.Parts != 1 {
			t.Errorf("receipt %+v", r)
		}
	}
	got := sink.Messages()[0]
	if got.Text != body || got.To != "+573001234567" {
		t.Errorf("got %+v", got)
	}
	if n := sink.ByKey()[message().Key.String()]; n != 2 {
		t.Errorf("idempotency key seen %d times, want 2", n)
	}
}

func TestTwilioAnswers(t *testing.T) {
	tests := []struct {
		name      string
		fault     sinks.Fault
		change    func(*sms.TwilioOptions)
		permanent bool
		down      bool
		after     time.Duration
		words     string
	}{
		{name: "400", fault: sinks.Fault{Code: 400, Words: "bad number"}, permanent: true, words: "bad number (code 21211)"},
		{name: "408", fault: sinks.Fault{Code: 408}, down: true},
		{name: "429", fault: sinks.Fault{Code: 429, RetryAfter: "30"}, down: true, after: 30 * time.Second},
		{name: "503", fault: sinks.Fault{Code: 503}, down: true},
		{name: "redirect", fault: sinks.Fault{Code: 302}, down: true, words: "redirect"},
		{name: "drop", fault: sinks.Fault{Drop: true}, down: true},
		{name: "token", change: func(o *sms.TwilioOptions) { o.Token = "x" }, down: true, words: "sms.token"},
		{name: "account", change: func(o *sms.TwilioOptions) { o.Account = "AC2" }, down: true, words: "sms.account"},
		{name: "not the API", change: func(o *sms.TwilioOptions) { o.URL += "/send?x=" }, down: true, words: ""},
		{name: "guard", change: func(o *sms.TwilioOptions) { o.Guard = outbound.Guard{} }, down: true, words: "outbound.allow_private"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := gateway(t)
			sink.Script(func(int) sinks.Fault { return tt.fault })
			_, err := twilio(t, sink, tt.change).Send(t.Context(), message())
			var after time.Duration
			if e, ok := errors.AsType[*notify.RetryAfterError](err); ok {
				after = e.After
			}
			if err == nil || notify.IsPermanent(err) != tt.permanent || notify.IsDown(err) != tt.down || after != tt.after ||
				!strings.Contains(err.Error(), tt.words) {
				t.Errorf("permanent %v, down %v, after %v: %v", notify.IsPermanent(err), notify.IsDown(err), after, err)
			}
			if strings.Contains(err.Error(), "t0ken") {
				t.Errorf("the error tells the token: %v", err)
			}
		})
	}
}

// TestTwilioTakesASIDForAcceptance: a gateway that words other fields in its
// own way has the message; sending it again would make two of one alert.
func TestTwilioTakesASIDForAcceptance(t *testing.T) {
	sink := gateway(t)
	for answer, ok := range map[string]bool{
		`{"sid":"SM1","status":"queued","error_code":"","code":"ok","message":7}`: true,
		`{"sid":"SM1","status":"failed","error_code":"30007"}`:                    false,
		`{"sid":"","status":"queued"}`:                                            false,
		`{"sid":"SM1"`:                                                            false,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusCreated)
			_, _ = io.WriteString(w, answer)
		}))
		r, err := twilio(t, sink, func(o *sms.TwilioOptions) { o.URL = server.URL }).Send(t.Context(), message())
		if (err == nil) != ok || ok && r.ID != "SM1" {
			t.Errorf("%s: %+v, %v", answer, r, err)
		}
		server.Close()
	}
}

func TestNumberIsCheckedFirst(t *testing.T) {
	sink := gateway(t)
	m := message()
	m.To = "3001234567"
	if _, err := twilio(t, sink, nil).Send(t.Context(), m); !notify.IsPermanent(err) || sink.Offered() != 0 {
		t.Errorf("%d requests, %v", sink.Offered(), err)
	}
}

func TestTemplates(t *testing.T) {
	key := message().Key.String()
	tests := []struct {
		name string
		o    sms.TemplateOptions
	}{
		{"GET", sms.TemplateOptions{URL: "/send?to={to}&text={text}&key={key}", Method: http.MethodGet}},
		{"form", sms.TemplateOptions{URL: "/send", Body: "to={to}&text={text}&key={key}"}},
		{"JSON", sms.TemplateOptions{URL: "/send", Type: "application/json", Body: `{"to":"{to}","text":"{text}","key":"{key}"}`}},
		{"key as header alone", sms.TemplateOptions{URL: "/send", Body: "to={to}&text={text}", Headers: map[string]string{"X-Key": "{key}"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink := gateway(t)
			tt.o.Common, tt.o.URL = local, sink.URL()+tt.o.URL
			tt.o.Success, tt.o.IDFrom = "^OK", "id=([A-Za-z0-9]+)"
			s, err := sms.NewTemplate(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			r, err := s.Send(t.Context(), message())
			if err != nil {
				t.Fatal(err)
			}
			got := sink.Messages()[0]
			if got.Text != body || got.To != "+573001234567" || got.Key != key {
				t.Errorf("got %+v", got)
			}
			if !strings.HasPrefix(r.ID, "SM") || !strings.HasPrefix(r.Answer, "200 OK") {
				t.Errorf("receipt %+v", r)
			}
		})
	}
}

func TestTemplateSuccessMustMatch(t *testing.T) {
	sink := gateway(t)
	s, err := sms.NewTemplate(sms.TemplateOptions{Common: local, URL: sink.URL() + "/send?phone={to}&message={text}", Success: "^OK"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := s.Send(t.Context(), message())
	if err == nil || notify.IsPermanent(err) || !strings.Contains(err.Error(), "sms.success") || !strings.Contains(r.Answer, "ERR") {
		t.Errorf("receipt %+v, %v", r, err)
	}
}

func TestValidate(t *testing.T) {
	tests := []struct {
		name string
		err  error
		want []string
	}{
		{"twilio, empty", (&sms.TwilioOptions{}).Validate(), []string{"sms.account", "sms.token", "sms.from"}},
		{"twilio, URL", (&sms.TwilioOptions{URL: "sms.example.com", Common: sms.Common{MaxParts: 11}}).Validate(), []string{"sms.url", "sms.max_parts"}},
		{"template, empty", (&sms.TemplateOptions{}).Validate(), []string{"sms.url", "{to}", "{text}"}},
		{"template, wrong", (&sms.TemplateOptions{
			URL: "https://x.example/?to={to}&m={text}&k={token}", Method: "PUT", Success: "(", IDFrom: "id", Headers: map[string]string{"a b": "x"},
		}).Validate(), []string{"{token}", "sms.method", "sms.success", "sms.id_from", "sms.headers"}},
		{"template, body of a GET", (&sms.TemplateOptions{URL: "https://x.example/{to}/{text}", Method: "GET", Body: "x"}).Validate(), []string{"sms.body"}},
		{"placeholder as host", (&sms.TemplateOptions{URL: "https://{to}.example/{text}"}).Validate(), []string{"sms.url"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for _, want := range tt.want {
				if tt.err == nil || !strings.Contains(tt.err.Error(), want) {
					t.Errorf("got %v, want it to name %s", tt.err, want)
				}
			}
		})
	}
}
