package sms

import (
	"crypto/x509"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/gsm"
	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// Common is what all gateways share.
type Common struct {
	MaxParts int              // longest message, 1 to 10; 0 = 3
	AsIs     bool             // letters outside GSM 7-bit stay, at the price of shorter parts
	Guard    outbound.Guard   // which addresses may be connected to
	Roots    *x509.CertPool   // trusted authorities; nil = the system's
	Now      func() time.Time // nil = time.Now
}

func (c *Common) validate(fault func(key, format string, args ...any)) {
	if c.MaxParts < 0 || c.MaxParts > 10 {
		fault("max_parts", "%d is not between 1 and 10", c.MaxParts)
	}
}

func (c Common) withDefaults() Common {
	if c.MaxParts == 0 {
		c.MaxParts = 3
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

// body is the text to send and its parts.
func (c *Common) body(m notify.Message) (string, int) {
	return gsm.Fit(m.Text, m.URL, c.MaxParts, !c.AsIs)
}

// check refuses a number before it costs anything.
func check(m notify.Message) error {
	if err := fleet.ValidPhone(m.To); err != nil {
		return notify.Permanent(err)
	}
	return nil
}

func faults(errs *[]error) func(key, format string, args ...any) {
	return func(key, format string, args ...any) {
		*errs = append(*errs, fmt.Errorf("sms.%s: %s", key, fmt.Sprintf(format, args...)))
	}
}

func validURL(s string) error {
	u, err := url.Parse(s)
	switch {
	case err != nil:
		return fmt.Errorf("%q is no URL", s)
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return fmt.Errorf("%q is no web address; write it as https://sms.example.com/send", s)
	case u.User != nil:
		return fmt.Errorf("holds a user name; put it into a header instead")
	case strings.ContainsAny(u.Host, "{}"):
		return fmt.Errorf("%q has a placeholder in its host", s)
	}
	return nil
}
