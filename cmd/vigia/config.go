package main

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"time"
)

// Config is every start-time setting. Values come from defaults, then the
// file, then the environment (VIGIA_HTTP_LISTEN for http.listen), then flags.
// A field tagged secret is masked when printed.
type Config struct {
	Data      string         `toml:"data" help:"directory that holds everything; made if absent"`
	PublicURL string         `toml:"public_url" help:"address that people reach this server under; goes into messages and links"`
	HTTP      HTTPConfig     `toml:"http"`
	Ingest    IngestConfig   `toml:"ingest"`
	MQTT      MQTTConfig     `toml:"mqtt"`
	Mail      MailConfig     `toml:"mail"`
	SMS       SMSConfig      `toml:"sms"`
	Push      PushConfig     `toml:"push"`
	Keep      KeepConfig     `toml:"keep"`
	Log       LogConfig      `toml:"log"`
	Outbound  OutboundConfig `toml:"outbound"`
}

// HTTPConfig is the admin's door: pages, API and live stream.
type HTTPConfig struct {
	Listen         string   `toml:"listen" help:"address of pages, API and live stream; without it :8080, or :443 with a domain"`
	Domain         []string `toml:"domain" help:"names this server has; certificates for them are obtained by ACME unless tls_cert names one"`
	ACMEEmail      string   `toml:"acme_email" help:"contact for the certificate authority, which tells it of problems"`
	ACMEDirectory  string   `toml:"acme_directory" help:"directory URL of another certificate authority than Let's Encrypt"`
	Redirect       string   `toml:"redirect" help:"with a domain: plain address that sends browsers to HTTPS and answers ACME challenges; empty: none"`
	TLSCert        string   `toml:"tls_cert" help:"certificate file (PEM), with its chain; read again when it changes"`
	TLSKey         string   `toml:"tls_key" help:"key file (PEM)"`
	TrustedProxies []string `toml:"trusted_proxies" help:"addresses (CIDR) of proxies whose X-Forwarded headers count"`
}

// IngestConfig is where trackers knock. An empty address leaves a door closed.
type IngestConfig struct {
	GT06           string   `toml:"gt06" help:"TCP address for GT06"`
	Teltonika      string   `toml:"teltonika" help:"TCP and UDP address for Teltonika"`
	H02            string   `toml:"h02" help:"TCP and UDP address for H02"`
	OsmAnd         string   `toml:"osmand" help:"HTTP address for OsmAnd and phone apps that speak it"`
	OwnTracks      string   `toml:"owntracks" help:"HTTP address for OwnTracks"`
	Shared         string   `toml:"shared" help:"TCP address that finds the protocol out from the first bytes"`
	SharedTLS      bool     `toml:"shared_tls" help:"with a certificate, the shared port takes TLS too"`
	TeltonikaTLS   string   `toml:"teltonika_tls" help:"TCP address for Teltonika over TLS"`
	OsmAndTLS      string   `toml:"osmand_tls" help:"HTTPS address for OsmAnd"`
	OwnTracksTLS   string   `toml:"owntracks_tls" help:"HTTPS address for OwnTracks"`
	MaxConnections int      `toml:"max_connections" help:"connections in all; more are refused"`
	MaxPerAddress  int      `toml:"max_per_address" help:"connections from one address; trackers of one mobile operator may share it"`
	Idle           Duration `toml:"idle" help:"a silent connection is closed after this long"`
}

// MQTTConfig is the broker inside, and brokers outside that we listen at.
type MQTTConfig struct {
	Listen        string        `toml:"listen" help:"TCP address of the embedded broker"`
	ListenTLS     string        `toml:"listen_tls" help:"TLS address of the embedded broker; open where there is a certificate"`
	AllowNoSecret bool          `toml:"allow_no_secret" help:"let devices in that have no password set"`
	Outside       []OutsideMQTT `toml:"outside" help:"other brokers to take positions from"`
}

// OutsideMQTT is one broker that is not ours.
type OutsideMQTT struct {
	URL      string   `toml:"url" help:"tcp://host:1883 or ssl://host:8883"`
	ClientID string   `toml:"client_id" help:"stays the same over restarts, so that the broker keeps what we missed"`
	Username string   `toml:"username"`
	Password string   `toml:"password" secret:"true"`
	Topics   []string `toml:"topics" help:"what to subscribe to"`
}

// MailConfig is the SMTP server for email; without host there is no email.
type MailConfig struct {
	Host     string `toml:"host" help:"SMTP server; empty: no email"`
	Port     int    `toml:"port" help:"587 for STARTTLS, 465 for TLS"`
	TLS      string `toml:"tls" help:"starttls, opportunistic, tls or none"`
	Username string `toml:"username"`
	Password string `toml:"password" secret:"true"`
	From     string `toml:"from" help:"sender, as in Vigia <alerts@example.com>"`
}

// SMSConfig is the gateway for SMS; without kind there is no SMS.
type SMSConfig struct {
	Kind     string            `toml:"kind" help:"twilio (or compatible), template, smpp, or empty: no SMS"`
	URL      string            `toml:"url" help:"base URL (twilio) or URL template with {to} {text} {key}"`
	Account  string            `toml:"account" help:"account SID (twilio), system_id (smpp)"`
	Token    string            `toml:"token" secret:"true" help:"auth token (twilio), password (smpp)"`
	From     string            `toml:"from" help:"sender number or name"`
	Method   string            `toml:"method" help:"GET or POST (template)"`
	Body     string            `toml:"body" help:"body template (template, POST)"`
	Type     string            `toml:"type" help:"content type of the body (template)"`
	Headers  map[string]string `toml:"headers" secret:"true" help:"headers to send (template)"`
	Success  string            `toml:"success" help:"pattern that a good answer matches (template)"`
	IDFrom   string            `toml:"id_from" help:"pattern whose first group is the message's ID (template)"`
	MaxParts int               `toml:"max_parts" help:"longest message, in SMS parts"`

	Host       string `toml:"host" help:"message centre (smpp)"`
	Port       int    `toml:"port" help:"its port; 0: 2775, or 3550 with tls (smpp)"`
	TLS        bool   `toml:"tls" help:"speak TLS to it (smpp)"`
	SystemType string `toml:"system_type" help:"system_type of the bind (smpp)"`
	SourceTON  int    `toml:"source_ton" help:"type of number of from; -1: by its look (smpp)"`
	SourceNPI  int    `toml:"source_npi" help:"numbering plan of from; -1: by its look (smpp)"`
	DestTON    int    `toml:"dest_ton" help:"type of number of recipients; -1: international (smpp)"`
	DestNPI    int    `toml:"dest_npi" help:"numbering plan of recipients; -1: E.164 (smpp)"`
	Long       string `toml:"long" help:"long messages: udh8, udh16 or payload (smpp)"`
	HexIDs     bool   `toml:"hex_ids" help:"the centre answers with IDs in hex and writes them in decimal into receipts (smpp)"`
	NoReceipts bool   `toml:"no_receipts" help:"ask for no delivery receipts (smpp)"`
	Window     int    `toml:"window" help:"messages without an answer at a time; 0: 10 (smpp)"`
}

// PushConfig is Web Push. Keys are made at the first start and kept in the data directory.
type PushConfig struct {
	Subject string `toml:"subject" help:"mailto: or https: contact that push services may use (RFC 8292)"`
}

// OutboundConfig says where notifiers may connect to.
type OutboundConfig struct {
	AllowPrivate bool `toml:"allow_private" help:"let notifiers connect to private and loopback addresses"`
}

// KeepConfig is how long things are kept, and how much disk is left free.
type KeepConfig struct {
	TracksDays int    `toml:"tracks_days" help:"days that positions are kept"`
	EventsDays int    `toml:"events_days" help:"days that events and deliveries are kept"`
	MinFree    string `toml:"min_free" help:"free disk space below which trackers are no longer acked, as in 512MB"`
}

// LogConfig is the log on standard error.
type LogConfig struct {
	Level  string `toml:"level" help:"debug, info, warn or error"`
	Format string `toml:"format" help:"text or json"`
}

// defaults work without a file: everything in ./vigia-data, every door open on
// its customary port, no notifier configured.
func defaults() Config {
	return Config{
		Data: "vigia-data",
		HTTP: HTTPConfig{Listen: ":8080", Redirect: ":80"},
		Ingest: IngestConfig{
			GT06: ":5023", Teltonika: ":5027", H02: ":5013", OsmAnd: ":5055", OwnTracks: ":5144",
			Shared: ":5000", SharedTLS: true, MaxConnections: 20000, MaxPerAddress: 2000, Idle: Duration(time.Hour),
		},
		MQTT: MQTTConfig{Listen: ":1883", ListenTLS: ":8883"},
		Mail: MailConfig{Port: 587, TLS: "starttls"},
		SMS:  SMSConfig{MaxParts: 3, Method: "POST", SourceTON: -1, SourceNPI: -1, DestTON: -1, DestNPI: -1, Long: "udh8"},
		Keep: KeepConfig{TracksDays: 180, EventsDays: 730, MinFree: "512MB"},
		Log:  LogConfig{Level: "info", Format: "text"},
	}
}

// Validate reports every fault at once, each with its key.
func (c *Config) Validate() error {
	var errs []error
	fault := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf(key+": "+format, args...))
	}
	if c.Data == "" {
		fault("data", "is empty; name a directory")
	}
	for key, addr := range map[string]string{
		"http.listen": c.HTTP.Listen, "ingest.gt06": c.Ingest.GT06, "ingest.teltonika": c.Ingest.Teltonika,
		"ingest.h02": c.Ingest.H02, "ingest.osmand": c.Ingest.OsmAnd, "ingest.owntracks": c.Ingest.OwnTracks,
		"ingest.shared": c.Ingest.Shared, "mqtt.listen": c.MQTT.Listen, "mqtt.listen_tls": c.MQTT.ListenTLS,
		"ingest.teltonika_tls": c.Ingest.TeltonikaTLS, "ingest.osmand_tls": c.Ingest.OsmAndTLS,
		"ingest.owntracks_tls": c.Ingest.OwnTracksTLS, "http.redirect": c.HTTP.Redirect,
	} {
		if addr == "" {
			continue
		}
		if _, port, err := net.SplitHostPort(addr); err != nil || port == "" {
			fault(key, "%q is no address; write :8080 or 127.0.0.1:8080", addr)
		}
	}
	if c.PublicURL != "" {
		if u, err := url.Parse(c.PublicURL); err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			fault("public_url", "%q is no URL; write https://track.example.com", c.PublicURL)
		}
	}
	c.validateTLS(fault)
	for _, p := range c.HTTP.TrustedProxies {
		if _, _, err := net.ParseCIDR(p); err != nil && net.ParseIP(p) == nil {
			fault("http.trusted_proxies", "%q is neither an address nor a network such as 10.0.0.0/8", p)
		}
	}
	if c.Ingest.MaxConnections < 1 {
		fault("ingest.max_connections", "is %d, want at least 1", c.Ingest.MaxConnections)
	}
	if c.Ingest.MaxPerAddress < 1 {
		fault("ingest.max_per_address", "is %d, want at least 1", c.Ingest.MaxPerAddress)
	}
	if time.Duration(c.Ingest.Idle) < time.Minute {
		fault("ingest.idle", "is %s, want at least 1m", c.Ingest.Idle)
	}
	for i, o := range c.MQTT.Outside {
		if u, err := url.Parse(o.URL); err != nil || u.Host == "" {
			fault(fmt.Sprintf("mqtt.outside[%d].url", i), "%q is no URL; write tcp://broker.example.com:1883", o.URL)
		}
	}
	if c.Keep.TracksDays < 1 {
		fault("keep.tracks_days", "is %d, want at least 1", c.Keep.TracksDays)
	}
	if c.Keep.EventsDays < 1 {
		fault("keep.events_days", "is %d, want at least 1", c.Keep.EventsDays)
	}
	if _, err := parseBytes(c.Keep.MinFree); err != nil {
		fault("keep.min_free", "%v", err)
	}
	if _, err := parseLevel(c.Log.Level); err != nil {
		fault("log.level", "%v", err)
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		fault("log.format", "%q is neither text nor json", c.Log.Format)
	}
	for _, key := range c.maskedSecrets() {
		fault(key, "is %q, as 'vigia config' prints secrets; write the secret itself", masked)
	}
	errs = append(errs, c.validateNotifiers()...)
	return errors.Join(errs...)
}

// maskedSecrets are the keys of secrets that hold the mask of a print.
func (c *Config) maskedSecrets() (out []string) {
	for key, s := range settings(c) {
		if s.secret && s.value.Kind() == reflect.String && s.value.String() == masked {
			out = append(out, key)
		}
	}
	for name, value := range c.SMS.Headers {
		if value == masked {
			out = append(out, "sms.headers."+name)
		}
	}
	for i, o := range c.MQTT.Outside {
		if o.Password == masked {
			out = append(out, fmt.Sprintf("mqtt.outside[%d].password", i))
		}
	}
	slices.Sort(out)
	return out
}

func (c *Config) validateNotifiers() (errs []error) {
	fault := func(key, format string, args ...any) {
		errs = append(errs, fmt.Errorf(key+": "+format, args...))
	}
	if c.Mail.Host != "" {
		if c.Mail.From == "" {
			fault("mail.from", "is needed with mail.host")
		}
		if c.Mail.Port < 1 || c.Mail.Port > 65535 {
			fault("mail.port", "%d is no port", c.Mail.Port)
		}
		switch c.Mail.TLS {
		case "starttls", "opportunistic", "tls", "none":
		default:
			fault("mail.tls", "%q is not one of starttls, opportunistic, tls, none", c.Mail.TLS)
		}
	}
	switch c.SMS.Kind {
	case "":
	case "twilio":
		if c.SMS.Account == "" || c.SMS.Token == "" || c.SMS.From == "" {
			fault("sms", "kind twilio needs account, token and from")
		}
	case "template":
		if !strings.Contains(c.SMS.URL+c.SMS.Body, "{text}") {
			fault("sms.url", "neither it nor sms.body holds {text}")
		}
	case "smpp":
		o := c.smpp()
		if err := o.Validate(); err != nil {
			errs = append(errs, err)
		}
	default:
		fault("sms.kind", "%q is none of twilio, template, smpp", c.SMS.Kind)
	}
	if s := c.Push.Subject; s != "" && !strings.HasPrefix(s, "mailto:") && !strings.HasPrefix(s, "https:") {
		fault("push.subject", "%q must begin with mailto: or https:", s)
	}
	return errs
}

// Duration is a time.Duration that settings write as 30s or 1h.
type Duration time.Duration

// String is as in time.Duration.
func (d Duration) String() string { return time.Duration(d).String() }

// UnmarshalText reads 30s or 1h.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	if err != nil {
		return fmt.Errorf("%q is no duration; write 30s or 1h", b)
	}
	*d = Duration(v)
	return nil
}
