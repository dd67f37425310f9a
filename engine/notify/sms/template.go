package sms

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// TemplateOptions is a gateway described by one request. URL, Headers and Body
// may hold the placeholders {to}, {text}, {from} and {key}; each value is
// escaped for the place where it stands.
type TemplateOptions struct {
	Common
	URL     string
	Method  string            // GET or POST; "" = POST
	Body    string            // POST
	Type    string            // of the body; "" = application/x-www-form-urlencoded
	Headers map[string]string // sent as they are, placeholders filled
	From    string            // for {from}
	Success string            // regular expression that the body of a good answer matches; "" = any 2xx
	IDFrom  string            // regular expression whose first group is the message's ID; "" = none
}

// Validate reports every fault at once, with the names of the settings.
func (o *TemplateOptions) Validate() error {
	var errs []error
	fault := faults(&errs)
	if err := validURL(o.URL); err != nil {
		fault("url", "%v", err)
	}
	switch o.Method {
	case http.MethodGet:
		if o.Body != "" {
			fault("body", "a GET has none; use method = \"POST\"")
		}
	case "", http.MethodPost:
	default:
		fault("method", "%q is neither GET nor POST", o.Method)
	}
	for _, want := range []string{"{to}", "{text}"} {
		if !strings.Contains(o.URL+o.Body, want) {
			fault("url", "neither it nor sms.body holds %s", want)
		}
	}
	for _, name := range placeholders.FindAllString(o.URL, -1) {
		if !known[name] {
			fault("url", "%s is no placeholder; there are {to}, {text}, {from} and {key}", name)
		}
	}
	for name, value := range o.Headers {
		if !headerName.MatchString(name) || strings.ContainsAny(value, "\r\n") {
			fault("headers", "%q is no header name, or its value has a line break", name)
		}
	}
	for key, expr := range map[string]string{"success": o.Success, "id_from": o.IDFrom} {
		re, err := regexp.Compile(expr)
		if err != nil {
			fault(key, "%v", err)
		} else if key == "id_from" && expr != "" && re.NumSubexp() < 1 {
			fault(key, "%q has no group; write the ID's part in parentheses", expr)
		}
	}
	o.validate(fault)
	return errors.Join(errs...)
}

var headerName = regexp.MustCompile("^[-!#$%&'*+.^_`|~0-9A-Za-z]+$")

// Template is a notify.Sender for such a gateway.
type Template struct {
	o       TemplateOptions
	host    string
	success *regexp.Regexp // nil: any 2xx
	id      *regexp.Regexp // nil: none
	client  *http.Client
}

var _ notify.Sender = (*Template)(nil)

// NewTemplate checks the options; it connects to nothing yet.
func NewTemplate(o TemplateOptions) (*Template, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o.Common = o.withDefaults()
	if o.Method == "" {
		o.Method = http.MethodPost
	}
	if o.Type == "" {
		o.Type = "application/x-www-form-urlencoded"
	}
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("sms.url: %w", err)
	}
	t := &Template{o: o, host: u.Host, client: outbound.Client(o.Guard, o.Roots)}
	if o.Success != "" {
		t.success = regexp.MustCompile(o.Success)
	}
	if o.IDFrom != "" {
		t.id = regexp.MustCompile(o.IDFrom)
	}
	return t, nil
}

// Close ends the connections that are kept.
func (t *Template) Close() error {
	t.client.CloseIdleConnections()
	return nil
}

// Send makes the request. Acceptance is a 2xx whose body matches Success.
func (t *Template) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	text, parts := t.o.body(m)
	receipt := notify.Receipt{Provider: t.host, Parts: parts}
	if err := check(m); err != nil {
		return receipt, err
	}
	v := values{"{to}": m.To, "{text}": text, "{from}": t.o.From, "{key}": m.Key.String()}
	req, err := http.NewRequestWithContext(ctx, t.o.Method, v.intoURL(t.o.URL), strings.NewReader(v.into(t.o.Body, escaper(t.o.Type))))
	if err != nil {
		return receipt, notify.Permanent(errors.New("sms.url: the filled template is no URL"))
	}
	if t.o.Method == http.MethodPost {
		req.Header.Set("Content-Type", t.o.Type)
	}
	req.Header.Set("Idempotency-Key", m.Key.String())
	for name, value := range t.o.Headers {
		req.Header.Set(name, v.into(value, oneLine))
	}
	a, err := outbound.Do(t.client, req, t.o.Now())
	if err != nil {
		return receipt, notify.Down(err)
	}
	receipt.Answer = outbound.Words(fmt.Appendf(nil, "%d %s", a.Status, a.Body))
	if err := judge(t.host, a, outbound.Words(a.Body), "sms.url and sms.headers"); err != nil {
		return receipt, err
	}
	if t.success != nil && !t.success.Match(a.Body) {
		return receipt, fmt.Errorf("%s answered %d, but sms.success does not match: %s", t.host, a.Status, outbound.Words(a.Body))
	}
	if t.id != nil {
		if found := t.id.FindSubmatch(a.Body); found != nil {
			receipt.ID = outbound.Words(found[1])
		}
	}
	return receipt, nil
}
