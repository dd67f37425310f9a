package sms

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// TwilioURL is Twilio's own API.
const TwilioURL = "https://api.twilio.com"

// TwilioOptions is an account at a gateway that speaks Twilio's API, version
// 2010-04-01.
type TwilioOptions struct {
	Common
	URL     string // base, "" = TwilioURL
	Account string // account SID
	Token   string // auth token
	From    string // number, sender name, or messaging service SID (MG…)
}

// Validate reports every fault at once, with the names of the settings.
func (o *TwilioOptions) Validate() error {
	var errs []error
	fault := faults(&errs)
	if o.URL != "" {
		if err := validURL(o.URL); err != nil {
			fault("url", "%v", err)
		}
	}
	if o.Account == "" || strings.ContainsAny(o.Account, "/?#: \r\n") {
		fault("account", "%q is no account SID", o.Account)
	}
	if o.Token == "" {
		fault("token", "is needed: the account's auth token")
	}
	if o.From == "" {
		fault("from", "is needed: a number, a sender name or a messaging service SID")
	}
	o.validate(fault)
	return errors.Join(errs...)
}

// Twilio is a notify.Sender for such an account.
type Twilio struct {
	o        TwilioOptions
	endpoint string
	host     string
	client   *http.Client
}

var _ notify.Sender = (*Twilio)(nil)

// NewTwilio checks the options; it connects to nothing yet.
func NewTwilio(o TwilioOptions) (*Twilio, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o.Common = o.withDefaults()
	if o.URL == "" {
		o.URL = TwilioURL
	}
	endpoint := strings.TrimRight(o.URL, "/") + "/2010-04-01/Accounts/" + url.PathEscape(o.Account) + "/Messages.json"
	u, err := url.Parse(endpoint)
	if err != nil {
		return nil, fmt.Errorf("sms.url: %w", err)
	}
	return &Twilio{o: o, endpoint: endpoint, host: u.Host, client: outbound.Client(o.Guard, o.Roots)}, nil
}

// Close ends the connections that are kept.
func (t *Twilio) Close() error {
	t.client.CloseIdleConnections()
	return nil
}

// twilioAnswer is the part of Message and error answers that we read.
type twilioAnswer struct {
	SID          string `json:"sid"`
	Status       any    `json:"status"` // a word in a message, a number in an error
	ErrorCode    *int   `json:"error_code"`
	ErrorMessage string `json:"error_message"`
	Code         int    `json:"code"`
	Message      string `json:"message"`
}

// Send posts one message. A 201 with a SID is acceptance; what becomes of the
// message later is the gateway's business.
func (t *Twilio) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	body, parts := t.o.body(m)
	receipt := notify.Receipt{Provider: t.host, Parts: parts}
	if err := check(m); err != nil {
		return receipt, err
	}
	form := url.Values{"To": {m.To}, "Body": {body}}
	if strings.HasPrefix(t.o.From, "MG") && len(t.o.From) == 34 {
		form.Set("MessagingServiceSid", t.o.From)
	} else {
		form.Set("From", t.o.From)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return receipt, notify.Permanent(err)
	}
	req.SetBasicAuth(t.o.Account, t.o.Token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Idempotency-Key", m.Key.String())

	a, err := outbound.Do(t.client, req, t.o.Now())
	if err != nil {
		return receipt, notify.Down(err)
	}
	receipt.Answer = outbound.Words(fmt.Appendf(nil, "%d %s", a.Status, a.Body))
	var said twilioAnswer
	_ = json.Unmarshal(a.Body, &said) // what a gateway words otherwise than Twilio is left out; the SID counts
	detail := outbound.Words(a.Body)
	if said.Message != "" {
		detail = outbound.Words(fmt.Appendf(nil, "%s (code %d)", said.Message, said.Code))
	}
	if err := judge(t.host, a, detail, "sms.account, sms.token and sms.url"); err != nil {
		return receipt, err
	}
	status, _ := said.Status.(string)
	switch {
	case said.SID == "":
		return receipt, notify.Down(fmt.Errorf("%s answered %d, but not with a message and its sid (check sms.url)", t.host, a.Status))
	case said.ErrorCode != nil && *said.ErrorCode != 0, status == "failed", status == "undelivered":
		code := 0
		if said.ErrorCode != nil {
			code = *said.ErrorCode
		}
		return receipt, notify.Permanent(fmt.Errorf("%s: message %s: %s (code %d)", t.host, status, outbound.Words([]byte(said.ErrorMessage)), code))
	}
	receipt.ID = said.SID
	receipt.Answer = outbound.Words(fmt.Appendf(nil, "%d %s", a.Status, status))
	return receipt, nil
}
