package smpp_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/notify/sinks"
	"github.com/vigia-track/vigia/engine/notify/sms"
	"github.com/vigia-track/vigia/engine/notify/sms/smpp"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func centre(t *testing.T, o sinks.SMSCOptions) *sinks.SMSC {
	t.Helper()
	o.SystemID, o.Password = "vigia", "s3cret"
	c, err := sinks.NewSMSC(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// heard collects receipts.
type heard struct {
	mu  sync.Mutex
	all []notify.Report
	any chan struct{}
	err func(n int) error
}

func (h *heard) report(r notify.Report) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = append(h.all, r)
	select {
	case h.any <- struct{}{}:
	default:
	}
	if h.err != nil {
		return h.err(len(h.all))
	}
	return nil
}

// wait returns once n receipts have come.
func (h *heard) wait(t *testing.T, n int) []notify.Report {
	t.Helper()
	for {
		h.mu.Lock()
		all := append([]notify.Report(nil), h.all...)
		h.mu.Unlock()
		if len(all) >= n {
			return all
		}
		select {
		case <-h.any:
		case <-t.Context().Done():
			t.Fatal("no receipts")
		}
	}
}

func sender(t *testing.T, port int, change func(*smpp.Options)) (*smpp.Sender, *heard) {
	t.Helper()
	h := &heard{any: make(chan struct{}, 100)}
	o := smpp.Options{
		Common: sms.Common{Guard: outbound.Guard{AllowLoopback: true}}, Host: "127.0.0.1", Port: port,
		SystemID: "vigia", Password: "s3cret", From: "VIGIA", Backoff: time.Millisecond, Report: h.report,
	}
	if change != nil {
		change(&o)
	}
	s, err := smpp.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s, h
}

func message() notify.Message {
	return notify.Message{
		Key: fleet.DeliveryKey{Event: fleet.EventID{9}, Recipient: 1, Channel: fleet.SMS},
		To:  "+573001234567", Text: "Camión \"12\" salió de Depósito", URL: "https://t.example/9",
	}
}

// again sends until the centre takes the message, as the dispatcher would.
func again(t *testing.T, s *smpp.Sender, m notify.Message) notify.Receipt {
	t.Helper()
	for {
		r, err := s.Send(t.Context(), m)
		if err == nil {
			return r
		}
		if t.Context().Err() != nil || notify.IsPermanent(err) {
			t.Fatal(err)
		}
	}
}

func TestSendsAndHears(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{Receipt: "DELIVRD"})
	s, h := sender(t, c.Port(), nil)
	m := message()
	m.Expires = fleet.At(time.Now().Add(90*time.Minute + 30*time.Second))
	r, err := s.Send(t.Context(), m)
	if err != nil || r.ID != "00000001" || r.Parts != 1 || r.Provider != "127.0.0.1" || r.Answer != "submit_sm_resp: ESME_ROK 00000001" {
		t.Fatalf("%+v, %v", r, err)
	}
	got := c.Messages()[0]
	if got.Text != `Camion "12" salio de Deposito https://t.example/9` || got.To != "573001234567" || got.From != "VIGIA" ||
		got.Registered != 1 || got.Reference == 0 || got.UCS2 || !strings.HasPrefix(got.Validity, "0000000130") {
		t.Errorf("%+v", got)
	}
	want := notify.Report{Provider: "127.0.0.1", ID: "00000001", State: fleet.Delivered, Done: "2603201404",
		Words: "id:00000001 sub:001 dlvrd:001 submit date:2603201403 done date:2603201404 stat:DELIVRD err:000 text:x"}
	if got := h.wait(t, 1)[0]; got != want {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

func TestLongMessages(t *testing.T) {
	for _, tt := range []struct {
		name   string
		long   smpp.Long
		text   string
		pdus   int
		parts  int
		header int
	}{
		{"7-bit, 8-bit reference", smpp.UDH8, strings.Repeat("salio ", 50), 2, 2, 6},
		{"7-bit, 16-bit reference", smpp.UDH16, strings.Repeat("salio ", 50), 2, 2, 7},
		{"wide", smpp.UDH8, strings.Repeat("вышел ", 30), 3, 3, 6},
		{"payload", smpp.Payload, strings.Repeat("вышел ", 30), 1, 3, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := centre(t, sinks.SMSCOptions{})
			s, _ := sender(t, c.Port(), func(o *smpp.Options) { o.Long = tt.long })
			m := message()
			m.Text, m.URL = strings.TrimSpace(tt.text), ""
			r, err := s.Send(t.Context(), m)
			got := c.Messages()
			if err != nil || r.Parts != tt.parts || len(got) != tt.pdus || len(strings.Fields(r.ID)) != tt.pdus {
				t.Fatalf("%d PDUs, %+v, %v", len(got), r, err)
			}
			whole := ""
			for i, p := range got {
				whole += p.Text
				if len(p.Header) != tt.header || tt.header > 0 && int(p.Header[len(p.Header)-1]) != i+1 || p.Reference != got[0].Reference {
					t.Errorf("part %d: %x", i, p.Header)
				}
			}
			if whole != m.Text {
				t.Errorf("%q", whole)
			}
		})
	}
}

func TestAnswers(t *testing.T) {
	for _, tt := range []struct {
		name      string
		fault     sinks.SMSCFault
		permanent bool
		down      bool
		after     time.Duration
		words     string
	}{
		{"throttled", sinks.SMSCFault{Status: 0x58}, false, true, 5 * time.Second, "throttled"},
		{"queue full", sinks.SMSCFault{Status: 0x14}, false, true, 5 * time.Second, "queue is full"},
		{"bad number", sinks.SMSCFault{Status: 0x0B}, true, false, 0, "destination"},
		{"bad sender", sinks.SMSCFault{Status: 0x0A}, false, true, 0, "sms.from"},
		{"system error", sinks.SMSCFault{Status: 0x08}, false, true, 0, "system error"},
		{"submit failed", sinks.SMSCFault{Status: 0x45}, false, false, 0, "submitting failed"},
		{"its own", sinks.SMSCFault{Status: 0x410}, false, false, 0, "0x00000410"},
		{"nack", sinks.SMSCFault{Nack: true}, true, false, 0, "length"},
		{"drop", sinks.SMSCFault{Drop: true}, false, true, 0, "may have been taken"},
		{"half an answer", sinks.SMSCFault{Half: true}, false, true, 0, "unexpected EOF"},
		{"unbind", sinks.SMSCFault{Unbind: true}, false, true, 0, "unbound"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := centre(t, sinks.SMSCOptions{})
			c.Script(func(int) sinks.SMSCFault { return tt.fault })
			s, _ := sender(t, c.Port(), nil)
			_, err := s.Send(t.Context(), message())
			var after time.Duration
			if e, ok := errors.AsType[*notify.RetryAfterError](err); ok {
				after = e.After
			}
			if err == nil || notify.IsPermanent(err) != tt.permanent || notify.IsDown(err) != tt.down || after != tt.after || !strings.Contains(err.Error(), tt.words) {
				t.Errorf("permanent %v, down %v, after %v: %v", notify.IsPermanent(err), notify.IsDown(err), after, err)
			}
		})
	}
}

// TestSameReferenceAfterUnknownEnd: what may have been taken goes out again
// under the same name, over a new connection.
func TestSameReferenceAfterUnknownEnd(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{})
	c.Script(func(n int) sinks.SMSCFault { return sinks.SMSCFault{Drop: n == 0, Half: n == 1, Unbind: n == 2} })
	s, _ := sender(t, c.Port(), nil)
	again(t, s, message())
	other := message()
	other.Key.Recipient = 2
	again(t, s, other)
	got := c.Messages()
	if len(got) != 4 || got[0].Reference != got[1].Reference || got[1].Reference != got[2].Reference || got[3].Reference == got[0].Reference {
		t.Errorf("%+v", got)
	}
	if c.Binds() != 4 {
		t.Errorf("%d binds", c.Binds())
	}
}

func TestWrongSequenceAndReceiptFirst(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{Receipt: "UNDELIV"})
	c.Script(func(n int) sinks.SMSCFault { return sinks.SMSCFault{WrongSeq: n == 0, ReceiptFirst: n == 1} })
	s, h := sender(t, c.Port(), nil)
	for range 2 {
		if _, err := s.Send(t.Context(), message()); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range h.wait(t, 2) {
		if r.State != fleet.Failed {
			t.Errorf("%+v", r)
		}
	}
}

// TestReceiptIsAskedForAgain: one that could not be recorded is not lost.
func TestReceiptIsAskedForAgain(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{})
	s, h := sender(t, c.Port(), nil)
	h.err = func(n int) error {
		if n == 1 {
			return errors.New("the disk is full")
		}
		return nil
	}
	r, err := s.Send(t.Context(), message())
	if err != nil {
		t.Fatal(err)
	}
	for i, tlv := range []bool{true, false} {
		if err := c.Deliver(r.ID, "DELIVRD", tlv); err != nil {
			t.Fatal(err)
		}
		if got := h.wait(t, i+1)[i]; got.ID != r.ID || got.State != fleet.Delivered {
			t.Errorf("%+v", got)
		}
	}
	_ = s.Close() // the answers are out
	if got := c.Acked(); len(got) < 1 || got[0] != 0x64 {
		t.Errorf("answers %x", got)
	}
}

func TestSilentCentre(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{})
	c.Script(func(int) sinks.SMSCFault { return sinks.SMSCFault{Silent: true} })
	s, _ := sender(t, c.Port(), func(o *smpp.Options) { o.Window = 1 })
	ctx, cancel := context.WithCancel(t.Context())
	var wg sync.WaitGroup
	for range 3 { // one is out, two wait for the window
		wg.Go(func() {
			if _, err := s.Send(ctx, message()); !notify.IsDown(err) {
				t.Error(err)
			}
		})
	}
	for len(c.Messages()) == 0 {
		time.Sleep(time.Millisecond)
	}
	cancel()
	wg.Wait()
	if n := len(c.Messages()); n > 3 {
		t.Errorf("%d messages", n)
	}
}

func TestWindowUnderLoad(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{Receipt: "DELIVRD"})
	s, h := sender(t, c.Port(), func(o *smpp.Options) { o.Window = 4 })
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 5 {
				if _, err := s.Send(t.Context(), message()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	h.wait(t, 1)
	if len(c.Messages()) != 80 || c.Binds() != 1 {
		t.Errorf("%d messages, %d binds", len(c.Messages()), c.Binds())
	}
}

func TestBindRefused(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{})
	s, _ := sender(t, c.Port(), func(o *smpp.Options) { o.Password = "wrong" })
	_, err := s.Send(t.Context(), message())
	if !notify.IsDown(err) || !strings.Contains(err.Error(), "sms.token") || strings.Contains(err.Error(), "wrong\"") {
		t.Error(err)
	}
}

func TestGuardAndClose(t *testing.T) {
	c := centre(t, sinks.SMSCOptions{})
	s, _ := sender(t, c.Port(), func(o *smpp.Options) { o.Guard = outbound.Guard{} })
	if _, err := s.Send(t.Context(), message()); !notify.IsDown(err) || !strings.Contains(err.Error(), "loopback") {
		t.Error(err)
	}
	s, _ = sender(t, c.Port(), nil)
	again(t, s, message())
	_ = s.Close()
	_ = s.Close()
	if _, err := s.Send(t.Context(), message()); !notify.IsDown(err) {
		t.Error(err)
	}
}

func TestValidate(t *testing.T) {
	ton := 19
	err := (&smpp.Options{Port: -1, Password: strings.Repeat("x", 65), From: "ñ", SourceTON: &ton, Long: "x", Window: 101}).Validate()
	for _, want := range []string{"sms.host", "sms.port", "sms.account", "sms.token", "sms.from", "sms.source_ton", "sms.long", "sms.window"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}
