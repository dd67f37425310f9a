package push_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/notify/push"
	"github.com/vigia-track/vigia/engine/notify/sinks"
)

func setUp(t *testing.T, guard outbound.Guard) (*sinks.Push, *push.Sender, notify.Message) {
	t.Helper()
	sink, err := sinks.NewPush()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = sink.Close() })
	keys, err := push.GenerateVAPID()
	if err != nil {
		t.Fatal(err)
	}
	s, err := push.New(push.Options{Keys: keys, Subject: "mailto:ops@example.com", Guard: guard, Roots: sink.Roots()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	sub, err := sink.Subscribe(1)
	if err != nil {
		t.Fatal(err)
	}
	return sink, s, notify.Message{
		Key:     fleet.DeliveryKey{Event: fleet.EventID{1}, Recipient: 1, Channel: fleet.Push},
		Subject: `Truck "12" left <Depot>`, Text: "20 Mar 14:03", URL: "https://track.example.com/?event=1", Lang: fleet.English,
		Browser: sub,
	}
}

func TestSendIsDecryptedByTheBrowser(t *testing.T) {
	sink, s, m := setUp(t, outbound.Guard{AllowLoopback: true})
	for range 2 {
		r, err := s.Send(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(r.Answer, "201") || r.ID == "" || r.Provider == "" {
			t.Errorf("receipt %+v", r)
		}
	}
	if n := sink.ByKey()[m.Key.String()]; n != 2 {
		t.Errorf("key was seen %d times, want 2", n)
	}
	var p push.Payload
	if err := json.Unmarshal(sink.Messages()[0].Raw, &p); err != nil {
		t.Fatal(err)
	}
	want := push.Payload{Title: m.Subject, Body: m.Text, URL: m.URL, Tag: m.Key.String(), Lang: "en"}
	if p != want {
		t.Errorf("payload %+v, want %+v", p, want)
	}
}

func TestLongNamesFit(t *testing.T) {
	sink, s, m := setUp(t, outbound.Guard{AllowLoopback: true})
	m.Subject, m.Text = strings.Repeat(`"ж`, 1000), strings.Repeat(`\<`, 3000)
	if _, err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	if sink.Accepted() != 1 {
		t.Error("nothing arrived")
	}
}

func TestAnswers(t *testing.T) {
	tests := []struct {
		name      string
		fault     sinks.Fault
		permanent bool
		down      bool
		gone      bool
		after     time.Duration
	}{
		{name: "404", fault: sinks.Fault{Code: 404}, gone: true},
		{name: "410", fault: sinks.Fault{Code: 410}, gone: true},
		{name: "413", fault: sinks.Fault{Code: 413}, permanent: true},
		{name: "400", fault: sinks.Fault{Code: 400}, permanent: true},
		{name: "403", fault: sinks.Fault{Code: 403}, permanent: true},
		{name: "429", fault: sinks.Fault{Code: 429, RetryAfter: "17"}, down: true, after: 17 * time.Second},
		{name: "503", fault: sinks.Fault{Code: 503}, down: true},
		{name: "302", fault: sinks.Fault{Code: 302}, permanent: true},
		{name: "dropped", fault: sinks.Fault{Drop: true}, down: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			sink, s, m := setUp(t, outbound.Guard{AllowLoopback: true})
			tt.fault.Words = "because"
			sink.Script(func(int) sinks.Fault { return tt.fault })
			_, err := s.Send(t.Context(), m)
			if err == nil {
				t.Fatal("no error")
			}
			var after time.Duration
			if e, ok := errors.AsType[*notify.RetryAfterError](err); ok {
				after = e.After
			}
			if notify.IsPermanent(err) != tt.permanent || notify.IsDown(err) != tt.down ||
				errors.Is(err, notify.ErrGone) != tt.gone || after != tt.after {
				t.Errorf("permanent %v, down %v, gone %v, after %v: %v",
					notify.IsPermanent(err), notify.IsDown(err), errors.Is(err, notify.ErrGone), after, err)
			}
		})
	}
}

func TestUnsubscribedBrowserIsGone(t *testing.T) {
	sink, s, m := setUp(t, outbound.Guard{AllowLoopback: true})
	sink.Unsubscribe(m.Browser)
	if _, err := s.Send(t.Context(), m); !errors.Is(err, notify.ErrGone) {
		t.Errorf("got %v, want ErrGone", err)
	}
}

func TestEndpointsInsideAreRefused(t *testing.T) {
	_, s, m := setUp(t, outbound.Guard{})
	if _, err := s.Send(t.Context(), m); !notify.IsPermanent(err) || !strings.Contains(err.Error(), "loopback") {
		t.Errorf("loopback: %v", err)
	}
	for _, endpoint := range []string{"http://push.example.com/x", "https://", "ftp://x/y", "https://u:p@push.example.com/", "\x00"} {
		m.Browser.Endpoint = endpoint
		if _, err := s.Send(t.Context(), m); !notify.IsPermanent(err) {
			t.Errorf("%q: %v, want a permanent error", endpoint, err)
		}
	}
}

func TestSendEndsWithItsContext(t *testing.T) {
	sink, s, m := setUp(t, outbound.Guard{AllowLoopback: true})
	ctx, cancel := context.WithCancel(t.Context())
	sink.Script(func(int) sinks.Fault { cancel(); return sinks.Fault{Hang: true} })
	if _, err := s.Send(ctx, m); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestValidate(t *testing.T) {
	o := push.Options{Subject: "ops@example.com"}
	err := o.Validate()
	if err == nil || !strings.Contains(err.Error(), "push.subject") || !strings.Contains(err.Error(), "VAPID") {
		t.Errorf("got %v, want both faults", err)
	}
}
