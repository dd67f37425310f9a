package smpp

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/sms"
)

// Options is an account at a message centre (SMSC).
type Options struct {
	sms.Common
	Host       string // name or address
	Port       int    // 0 = 2775, or 3550 with TLS
	TLS        bool
	SystemID   string // at most 15 characters
	Password   string // at most 8 by the specification; up to 64 are sent
	SystemType string // at most 12
	From       string // number, short code, or a name of up to 11 letters

	ServiceType          string // at most 5; "" = the centre's default
	SourceTON, SourceNPI *int   // nil: by the look of From
	DestTON, DestNPI     *int   // nil: 1, 1 (international, E.164)

	Long       Long // "" = UDH8
	HexIDs     bool // answers give a message's ID in hex, receipts in decimal
	NoReceipts bool // ask for none
	Window     int  // messages without an answer yet, 1 to 100; 0 = 10

	Enquire time.Duration // how often to ask after the link, 0 = 30 s
	Answer  time.Duration // how long the centre may take for a bind or an enquire_link, 0 = 10 s
	Backoff time.Duration // first pause before binding again, doubled up to 64 times it; 0 = 1 s

	// Report takes over what a receipt says and returns when it is durable. An
	// error has the centre send it again. Up to 8 calls at once; nil: dropped.
	Report func(notify.Report) error
	Log    *slog.Logger // nil: silent
}

// Validate reports every fault at once, with the names of the settings.
func (o *Options) Validate() error {
	var errs []error
	fault := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf("sms.%s: %s", key, fmt.Sprintf(format, args...)))
	}
	if o.Host == "" || strings.ContainsAny(o.Host, "/ @?#\r\n\x00") {
		fault("host", "%q is no host name", o.Host)
	}
	if o.Port < 0 || o.Port > 65535 {
		fault("port", "%d is no port", o.Port)
	}
	for _, f := range []struct {
		key, value string
		least      int
		most       int
	}{
		{"account", o.SystemID, 1, 15}, {"token", o.Password, 0, 64}, {"system_type", o.SystemType, 0, 12},
		{"service_type", o.ServiceType, 0, 5}, {"from", o.From, 1, 20},
	} {
		if len(f.value) < f.least || len(f.value) > f.most || !ascii(f.value) {
			fault(f.key, "must have %d to %d plain letters or digits", f.least, f.most)
		}
	}
	for key, v := range map[string]*int{"source_ton": o.SourceTON, "source_npi": o.SourceNPI, "dest_ton": o.DestTON, "dest_npi": o.DestNPI} {
		if v != nil && (*v < 0 || *v > 18) {
			fault(key, "%d is not between 0 and 18", *v)
		}
	}
	switch o.Long {
	case "", UDH8, UDH16, Payload:
	default:
		fault("long", "%q is none of udh8, udh16, payload", o.Long)
	}
	if o.Window < 0 || o.Window > 100 {
		fault("window", "%d is not between 1 and 100", o.Window)
	}
	if o.MaxParts < 0 || o.MaxParts > 10 {
		fault("max_parts", "%d is not between 1 and 10", o.MaxParts)
	}
	return errors.Join(errs...)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7E {
			return false
		}
	}
	return true
}

func (o Options) withDefaults() Options {
	def := func(v *int, to int) {
		if *v == 0 {
			*v = to
		}
	}
	wait := func(v *time.Duration, to time.Duration) {
		if *v <= 0 {
			*v = to
		}
	}
	port := 2775
	if o.TLS {
		port = 3550
	}
	def(&o.Port, port)
	def(&o.MaxParts, 3)
	def(&o.Window, 10)
	wait(&o.Enquire, 30*time.Second)
	wait(&o.Answer, 10*time.Second)
	wait(&o.Backoff, time.Second)
	if o.Long == "" {
		o.Long = UDH8
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// source is TON, NPI (sections 5.2.5 and 5.2.6) and address of the sender.
func (o *Options) source() (ton, npi byte, address string) {
	number := strings.TrimPrefix(o.From, "+")
	switch {
	case strings.Trim(number, "0123456789") != "":
		ton, npi, number = 5, 0, o.From // a name
	case number != o.From || len(number) > 8:
		ton, npi = 1, 1
	default:
		ton, npi = 3, 0 // a short code: network specific
	}
	return pick(o.SourceTON, ton), pick(o.SourceNPI, npi), number
}

func (o *Options) dest(to string) (ton, npi byte, address string) {
	return pick(o.DestTON, 1), pick(o.DestNPI, 1), strings.TrimPrefix(to, "+")
}

func pick(v *int, otherwise byte) byte {
	if v != nil {
		return byte(*v)
	}
	return otherwise
}
