package push

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// Options is how push services are spoken to.
type Options struct {
	Keys    *VAPID
	Subject string           // mailto: or https: contact for the push services' operators
	TTL     time.Duration    // how long a service keeps a message that never expires; 0 = 24 h
	Guard   outbound.Guard   // which addresses may be connected to: endpoints come from browsers
	Roots   *x509.CertPool   // trusted authorities; nil = the system's
	Now     func() time.Time // nil = time.Now
}

// Validate reports every fault at once, with the names of the settings.
func (o *Options) Validate() error {
	var errs []error
	if o.Keys == nil {
		errs = append(errs, errors.New("push: no VAPID keys; make them once with GenerateVAPID and keep them"))
	}
	if u, err := url.Parse(o.Subject); err != nil || u.Scheme != "mailto" && u.Scheme != "https" {
		errs = append(errs, fmt.Errorf("push.subject: %q is no contact; write mailto:admin@example.com or an https: address", o.Subject))
	}
	return errors.Join(errs...)
}

// Sender is a notify.Sender for Web Push: one message to one browser.
type Sender struct {
	o      Options
	client *http.Client
}

var _ notify.Sender = (*Sender)(nil)

// New checks the options; it connects to nothing yet.
func New(o Options) (*Sender, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.TTL == 0 {
		o.TTL = 24 * time.Hour
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Sender{o: o, client: outbound.Client(o.Guard, o.Roots)}, nil
}

// Close ends the connections that are kept.
func (s *Sender) Close() error {
	s.client.CloseIdleConnections()
	return nil
}

// Payload is what the service worker gets.
type Payload struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	URL   string `json:"url,omitempty"`
	Tag   string `json:"tag"` // the delivery's key: same tag, same notification
	Lang  string `json:"lang,omitempty"`
}

// Send hands one message to the push service of m.Browser. A subscription that
// no longer exists is notify.ErrGone.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	receipt := notify.Receipt{Provider: "push", Parts: 1}
	u, err := url.Parse(m.Browser.Endpoint)
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return receipt, notify.Permanent(errors.New("push: the subscription's endpoint is no https address"))
	}
	receipt.Provider = u.Host
	var payload bytes.Buffer
	enc := json.NewEncoder(&payload)
	enc.SetEscapeHTML(false) // < as six bytes would not fit
	if err := enc.Encode(Payload{
		Title: clip(m.Subject, 300), Body: clip(m.Text, 1000), URL: m.URL, Tag: m.Key.String(), Lang: string(m.Lang),
	}); err != nil {
		return receipt, notify.Permanent(err)
	}
	body, err := encrypt(payload.Bytes(), m.Browser.P256DH, m.Browser.Auth)
	if err != nil {
		return receipt, notify.Permanent(fmt.Errorf("push: %s: %w", u.Host, err))
	}
	now := s.o.Now()
	auth, err := s.o.Keys.authorization(u.Scheme+"://"+u.Host, s.o.Subject, now)
	if err != nil {
		return receipt, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Browser.Endpoint, bytes.NewReader(body))
	if err != nil {
		return receipt, notify.Permanent(errors.New("push: the subscription's endpoint is no https address"))
	}
	req.Header.Set("Authorization", auth)
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Content-Encoding", "aes128gcm")
	req.Header.Set("TTL", strconv.FormatInt(int64(s.ttl(m, now)/time.Second), 10))
	req.Header.Set("Urgency", "high") // RFC 8030 section 5.3: wakes a dozing phone
	req.Header.Set("Topic", topic(m.Key))

	a, err := outbound.Do(s.client, req, now)
	if denied, ok := errors.AsType[*outbound.DeniedError](err); ok {
		return receipt, notify.Permanent(fmt.Errorf("push: %s: %w", u.Host, denied))
	}
	if err != nil {
		return receipt, notify.Down(fmt.Errorf("push: %w", err))
	}
	receipt.Answer = outbound.Words(fmt.Appendf(nil, "%d %s", a.Status, a.Body))
	receipt.ID = outbound.Words([]byte(a.Header.Get("Location")))
	return receipt, judge(u.Host, a)
}

// judge says what a push service's answer means (RFC 8030 section 5 and 7.2).
func judge(host string, a outbound.Answer) error {
	if a.Status >= 200 && a.Status < 300 {
		return nil
	}
	err := fmt.Errorf("push: %s answered %d: %s", host, a.Status, outbound.Words(a.Body))
	switch {
	case a.Status == http.StatusNotFound, a.Status == http.StatusGone:
		return fmt.Errorf("%w: %w", notify.ErrGone, err)
	case a.Status == http.StatusTooManyRequests, a.Status >= 500, a.Status == http.StatusRequestTimeout:
		if a.RetryAfter > 0 {
			err = &notify.RetryAfterError{Err: err, After: a.RetryAfter}
		}
		return notify.Down(err)
	case a.Status == http.StatusRequestEntityTooLarge:
		return notify.Permanent(err)
	case a.Status == http.StatusUnauthorized, a.Status == http.StatusForbidden:
		return notify.Permanent(fmt.Errorf("%w (the browser subscribed with other VAPID keys; it must subscribe again)", err))
	}
	return notify.Permanent(err)
}

// ttl is how long the push service should keep the message.
func (s *Sender) ttl(m notify.Message, now time.Time) time.Duration {
	if m.Expires == 0 {
		return s.o.TTL
	}
	return max(0, min(s.o.TTL, m.Expires.Std().Sub(now)))
}

// topic is at most 32 characters of base64url (RFC 8030 section 5.4).
func topic(key fleet.DeliveryKey) string {
	sum := sha256.Sum256([]byte(key.String()))
	return base64.RawURLEncoding.EncodeToString(sum[:24])
}

// clip cuts s to at most n bytes, at a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n-3], "") + "..."
}
