package mail

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/textproto"
	"strings"

	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// Sender is a notify.Sender over SMTP. Close it after use.
type Sender struct {
	o      Options
	from   netmail.Address
	domain string // of from, for Message-IDs
	pool   pool
}

var _ notify.Sender = (*Sender)(nil)

// New checks the options; it connects to nothing yet.
func New(o Options) (*Sender, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	o = o.withDefaults()
	from, err := netmail.ParseAddress(o.From)
	if err != nil {
		return nil, err
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	if o.Hello == "" {
		o.Hello = domain
	}
	return &Sender{o: o, from: *from, domain: domain, pool: pool{idle: o.Idle, now: o.Now}}, nil
}

// Close ends the connections that are kept. Senders under way are not waited
// for; theirs are ended as they finish.
func (s *Sender) Close() error {
	s.pool.close()
	return nil
}

// Send hands one message over. The receipt's ID is the Message-ID.
func (s *Sender) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	receipt := notify.Receipt{Provider: s.o.Host, Parts: 1}
	raw, id, err := s.compose(m)
	if err != nil {
		return receipt, notify.Permanent(err)
	}
	receipt.ID = id
	c, err := s.session(ctx)
	if err != nil {
		receipt.Answer = words(err)
		return receipt, notify.Down(err)
	}
	receipt.Answer, err = s.hand(ctx, c, m.To, raw)
	if err != nil && receipt.Answer == "" {
		receipt.Answer = words(err)
	}
	return receipt, err
}

// hand gives one composed message to the server and returns its answer. The
// session goes back to the pool if it is in a known state.
func (s *Sender) hand(ctx context.Context, c *session, to string, raw []byte) (answer string, err error) {
	defer c.follow(ctx)()
	// An address of ASCII is no reason to ask for SMTPUTF8: what is asked of this
	// server it must ask of the next, which may not have it (RFC 6531 section 3.5).
	c.client.SkipSMTPUTF8(ascii(s.from.Address) && ascii(to))
	if err := c.client.Mail(path(s.from.Address)); err != nil {
		s.pool.leave(c, c.client.Reset() == nil)
		if code(err) >= 500 {
			return "", notify.Down(fmt.Errorf("%s does not take mail from %s (check mail.from): %w", s.o.Host, s.from.Address, err))
		}
		return "", s.verdict("sender", err)
	}
	if err := c.client.Rcpt(path(to)); err != nil {
		s.pool.leave(c, c.client.Reset() == nil)
		return "", s.verdict("recipient", err)
	}
	w, err := c.client.Data()
	if err != nil {
		s.pool.leave(c, false)
		return "", s.verdict("data", err)
	}
	_, err = bytes.NewReader(raw).WriteTo(w)
	err = errors.Join(err, w.Close())
	s.pool.leave(c, err == nil || code(err) != 0)
	if err != nil {
		return "", s.verdict("message", err)
	}
	if r, ok := w.(interface{ ServerResponse() string }); ok {
		answer = outbound.Words([]byte("250 " + r.ServerResponse()))
	}
	return answer, nil
}

// path is an address as the envelope has it (RFC 5321 section 4.1.2): many
// servers take it without the brackets, strict ones do not.
func path(address string) string { return "<" + address + ">" }

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// verdict says what a failure at a stage means for the delivery.
func (s *Sender) verdict(stage string, err error) error {
	wrapped := fmt.Errorf("%s: %s: %w", s.o.Host, stage, err)
	switch n := code(err); {
	case n == 0 || n == 421 || n == 530: // connection lost, closing, sign-in wanted
		return notify.Down(wrapped)
	case n >= 500:
		return notify.Permanent(wrapped)
	}
	return wrapped
}

// code is the server's reply code in err, 0 if it gave none.
func code(err error) int {
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return e.Code
	}
	return 0
}

// words is the server's answer in err, "" if it gave none.
func words(err error) string {
	if e, ok := errors.AsType[*textproto.Error](err); ok {
		return outbound.Words(fmt.Appendf(nil, "%d %s", e.Code, e.Msg))
	}
	return ""
}
