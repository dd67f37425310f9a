package mail

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// TLS is how the connection to the server is protected.
type TLS string

// The ways.
const (
	StartTLS      TLS = "starttls"      // required; port 587
	Opportunistic TLS = "opportunistic" // STARTTLS if it is offered
	ImplicitTLS   TLS = "tls"           // from the first byte; port 465
	NoTLS         TLS = "none"          // in clear
)

// Options is the SMTP server and how to use it.
type Options struct {
	Host     string
	Port     int    // 0 = 465 for ImplicitTLS, else 587
	TLS      TLS    // "" = StartTLS
	Username string // "" = no sign-in
	Password string
	From     string // "Vigia <alerts@example.com>" or the bare address

	Guard *outbound.Guard  // which addresses may be connected to; nil = any
	Roots *x509.CertPool   // trusted authorities; nil = the system's
	Hello string           // our name in EHLO; "" = the domain of From
	Idle  time.Duration    // how long an unused connection is kept; 0 = 30 s
	Now   func() time.Time // nil = time.Now
}

// Validate reports every fault at once, with the names of the settings.
func (o *Options) Validate() error {
	var errs []error
	fault := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("mail.%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if o.Host == "" || strings.ContainsAny(o.Host, " /\r\n") || strings.Contains(o.Host, "://") {
		fault("host", "%q is no host; write the SMTP server's name, as in smtp.example.com", o.Host)
	}
	if o.Port < 0 || o.Port > 65535 {
		fault("port", "%d is no port; 587 is usual for starttls, 465 for tls", o.Port)
	}
	switch o.TLS {
	case "", StartTLS, Opportunistic, ImplicitTLS:
	case NoTLS:
		if o.Username != "" && !isLocal(o.Host) {
			fault("tls", "none would send the password to %s in clear; use starttls or tls, or no username", o.Host)
		}
	default:
		fault("tls", "%q is not one of starttls, opportunistic, tls, none", string(o.TLS))
	}
	if (o.Username == "") != (o.Password == "") {
		fault("username", "username and password go together; one of them is empty")
	}
	if o.From == "" {
		fault("from", "is needed: the sender's address, as in Vigia <alerts@example.com>")
	} else if _, err := netmail.ParseAddress(o.From); err != nil {
		fault("from", "%q is no mail address: %v", o.From, err)
	}
	return errors.Join(errs...)
}

func (o Options) withDefaults() Options {
	if o.TLS == "" {
		o.TLS = StartTLS
	}
	if o.Port == 0 {
		o.Port = 587
		if o.TLS == ImplicitTLS {
			o.Port = 465
		}
	}
	if o.Idle == 0 {
		o.Idle = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func isLocal(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
