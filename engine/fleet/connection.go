package fleet

import (
	"net/url"
	"strings"
)

// The bounds of connections.
const (
	MaxConnections      = 200 // of a company
	MaxCustomerConnects = 10  // of one customer
	MaxSubAccounts      = 200 // of one connection
	maxTopics           = 20
	maxTopic            = 200 // bytes
	maxCertificates     = 16_000
	maxLevel            = 20
)

// Broker says how to reach an outside broker and how to read it. In a template
// all of it may be left out.
type Broker struct {
	Via         string   `cbor:"20,keyasint,omitempty" json:"kind,omitempty" enum:"mqtt" doc:"Absent: mqtt" example:"mqtt"`
	URL         string   `cbor:"21,keyasint,omitempty" json:"url,omitempty" maxLength:"500" doc:"tcp://host:1883, or ssl://host:8883 over TLS" example:"ssl://broker.example.com:8883"`
	CA          string   `cbor:"22,keyasint,omitempty" json:"ca,omitempty" maxLength:"16000" doc:"PEM of the authorities to trust; absent: those of the server's system"`
	User        string   `cbor:"23,keyasint,omitempty" json:"user,omitempty" maxLength:"200" example:"vigia"`
	Topics      []string `cbor:"24,keyasint,omitempty" json:"topics,omitempty" maxItems:"20" doc:"Filters to subscribe to; absent: those of the format" example:"[\"fleet/+/+/position\"]"`
	Format      string   `cbor:"25,keyasint,omitempty" json:"format,omitempty" enum:"vigiajson,owntracks" doc:"What publications hold; absent: vigiajson" example:"vigiajson"`
	DeviceLevel int      `cbor:"26,keyasint,omitempty" json:"deviceLevel,omitempty" minimum:"0" maximum:"20" doc:"Which level of the topic, counted from 1, names the device; absent: as the format has it" example:"3"`
	SubLevel    int      `cbor:"27,keyasint,omitempty" json:"subLevel,omitempty" minimum:"0" maximum:"20" doc:"Which level of the topic names the sub-account; absent: as the format has it" example:"2"`
	Private     bool     `cbor:"28,keyasint,omitempty" json:"private,omitempty" doc:"The broker's address is private, and that is meant; the installation's outbound.allow_private must be on too"`
}

// ConnectionTemplate is what connections of a company begin with.
type ConnectionTemplate struct {
	Head
	Name    string `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Our usual broker"`
	Default bool   `cbor:"11,keyasint,omitempty" json:"isDefault,omitempty" doc:"Used where a new connection names none; a company has one"`
	Broker
}

// Connection is a customer's own broker, whose devices we watch.
type Connection struct {
	Head
	Name          string   `cbor:"10,keyasint" json:"name" maxLength:"120" example:"Fleet broker"`
	Template      RecordID `cbor:"11,keyasint,omitempty" json:"template,omitzero" doc:"What a new connection takes over where it says nothing itself; absent: the company's default"`
	Enabled       bool     `cbor:"12,keyasint,omitempty" json:"enabled,omitempty" doc:"Absent: it neither connects nor imports"`
	AutoProvision bool     `cbor:"13,keyasint,omitempty" json:"autoProvision,omitempty" doc:"Each topic sub-tree becomes an inner customer. Chosen on creation; it does not change"`
	Broker
	ClientID string  `cbor:"14,keyasint" json:"clientId,omitempty" maxLength:"64" doc:"Absent: one of its own" example:"vigia-1f0c2a94d7e3"`
	Password *string `cbor:"-" json:"password,omitempty" maxLength:"500" doc:"Write-only. Absent: as it is, unless url or user change; empty: none"`

	Sealed      string       `cbor:"15,keyasint,omitempty" json:"-"`
	Synced      Time         `cbor:"16,keyasint,omitempty" json:"lastSync,omitzero" readOnly:"true" doc:"When the last synchronisation ended"`
	SubAccounts []SubAccount `cbor:"17,keyasint,omitempty" json:"subAccounts,omitempty" readOnly:"true" doc:"Which customers the sub-trees became"`

	// What the API adds.
	OwnerName   string            `cbor:"-" json:"ownerName,omitempty" readOnly:"true"`
	PasswordSet bool              `cbor:"-" json:"passwordSet,omitempty" readOnly:"true" doc:"Whether there is a password; it is never shown"`
	Status      *ConnectionStatus `cbor:"-" json:"status,omitempty" readOnly:"true"`
}

// SubAccount is a topic sub-tree of a connection.
type SubAccount struct {
	Name     string     `cbor:"1,keyasint" json:"name" doc:"The topic level" example:"north"`
	Customer CustomerID `cbor:"2,keyasint" json:"customer"`
	Linked   bool       `cbor:"3,keyasint,omitempty" json:"linked,omitempty" doc:"The customer was there before: one of its users has the sub-tree's name as mail address"`
	Pending  bool       `cbor:"-" json:"pending,omitempty" readOnly:"true" doc:"Nobody can sign in: the customer has no administrator yet"`
}

// The states of a connection.
const (
	ConnectionDisabled      = "disabled"
	ConnectionConnecting    = "connecting"
	ConnectionDiscovering   = "discovering"
	ConnectionSynchronising = "synchronising"
	ConnectionMonitoring    = "monitoring"
	ConnectionFailed        = "error" // it goes on trying
)

// ConnectionStatus is how a connection stands now.
type ConnectionStatus struct {
	State       string              `json:"state" enum:"disabled,connecting,discovering,synchronising,monitoring,error" doc:"error: it goes on trying"`
	Since       Time                `json:"since,omitzero" doc:"When that began"`
	Found       int                 `json:"found" doc:"Devices heard since the last synchronisation began"`
	New         int                 `json:"new" doc:"Of them, devices that were made"`
	Updated     int                 `json:"updated" doc:"Of them, devices that were there and are the connection's from now on"`
	Missing     int                 `json:"missing" doc:"Devices of the connection that were not heard"`
	Refused     int                 `json:"refused" doc:"Identities that became no device"`
	Refusals    []ConnectionRefusal `json:"refusals,omitempty" doc:"The first of them, with the reason"`
	Done        int                 `json:"done" doc:"Of those found, how many are settled; the progress of a synchronisation"`
	Received    uint64              `json:"received" doc:"Publications since it connected first"`
	Rate        int                 `json:"rate" doc:"Publications in the last minute"`
	LastMessage Time                `json:"lastMessage,omitzero"`
	LastError   string              `json:"lastError,omitempty" doc:"What is wrong, in your language"`
	ErrorDetail string              `json:"errorDetail,omitempty" doc:"The same in the words of the network or the broker"`
	Sample      *ConnectionSample   `json:"sample,omitempty" doc:"The latest publication, and how it was read"`
}

// ConnectionRefusal is an identity that became no device.
type ConnectionRefusal struct {
	Name   string `json:"name" example:"990000862471854"`
	Reason string `json:"reason" example:"is taken by another device"`
}

// ConnectionSample is a publication and how it was read.
type ConnectionSample struct {
	At         Time   `json:"at"`
	Topic      string `json:"topic" example:"fleet/north/truck-12/position"`
	Payload    string `json:"payload" doc:"Its beginning" example:"{\"time\":1893484800000,\"lat\":4.6,\"lon\":-74.1}"`
	UniqueID   string `json:"uniqueId,omitempty" example:"truck-12"`
	SubAccount string `json:"subAccount,omitempty" example:"north"`
	Positions  int    `json:"positions"`
	Error      string `json:"error,omitempty" doc:"Why it could not be read"`
}

// Kind is ConnectionRecord.
func (*Connection) Kind() RecordKind { return ConnectionRecord }

// Kind is ConnectionTemplateRecord.
func (*ConnectionTemplate) Kind() RecordKind { return ConnectionTemplateRecord }

// Fill lays a template below what the connection says itself.
func (b *Broker) Fill(t *Broker) {
	if b.URL == "" { // whose address it is decides whom to trust, and whether it may be ours
		b.URL, b.Private = t.URL, b.Private || t.Private
		if b.CA == "" {
			b.CA = t.CA
		}
	}
	if b.User == "" {
		b.User = t.User
	}
	if b.Format == "" {
		b.Format = t.Format
	}
	if len(b.Topics) == 0 {
		b.Topics, b.DeviceLevel, b.SubLevel = t.Topics, orLevel(b.DeviceLevel, t.DeviceLevel), orLevel(b.SubLevel, t.SubLevel)
	}
}

func orLevel(a, b int) int {
	if a != 0 {
		return a
	}
	return b
}

// Complete fills in what every connection has.
func (b *Broker) Complete() {
	if b.Via == "" {
		b.Via = "mqtt"
	}
	if b.Format == "" {
		b.Format = "vigiajson"
	}
	owntracks := b.Format == "owntracks"
	if len(b.Topics) == 0 {
		if b.Topics = []string{"vigia/+/position"}; owntracks {
			b.Topics = []string{"owntracks/+/+"}
		}
	}
	if b.DeviceLevel == 0 && !owntracks {
		b.DeviceLevel = 2
	}
	if b.SubLevel == 0 && owntracks {
		b.SubLevel = 2
	}
}

// TLS reports whether the broker is asked over TLS.
func (b *Broker) TLS() bool {
	scheme, _, _ := strings.Cut(b.URL, "://")
	return scheme == "ssl" || scheme == "tls" || scheme == "mqtts"
}

func (b *Broker) validate() error {
	if b.Via != "" && b.Via != "mqtt" {
		return FieldError("kind", "%q is not one of the choices", b.Via)
	}
	if b.URL != "" {
		u, err := url.Parse(b.URL)
		switch {
		case err != nil || u.Hostname() == "" || u.Path != "" || u.RawQuery != "" || len(b.URL) > 500 || !b.TLS() && u.Scheme != "tcp" && u.Scheme != "mqtt":
			return FieldError("url", "write tcp://host:1883 or ssl://host:8883")
		case u.User != nil:
			return FieldError("url", "write user and password in their own fields")
		}
	}
	if len(b.CA) > maxCertificates || b.CA != "" && !strings.Contains(b.CA, "-----BEGIN CERTIFICATE-----") {
		return FieldError("ca", "is no certificate in PEM")
	}
	if err := validText("user", b.User, 200); err != nil {
		return err
	}
	if b.Format != "" && b.Format != "vigiajson" && b.Format != "owntracks" {
		return FieldError("format", "%q is not one of the choices", b.Format)
	}
	if len(b.Topics) > maxTopics {
		return FieldError("topics", "more than %d", maxTopics)
	}
	for _, f := range b.Topics {
		if !validFilter(f) {
			return FieldError("topics", "%q is no topic filter", f)
		}
	}
	for field, n := range map[string]int{"deviceLevel": b.DeviceLevel, "subLevel": b.SubLevel} {
		if n < 0 || n > maxLevel {
			return FieldError(field, "%d is not within 0 to %d", n, maxLevel)
		}
	}
	return nil
}

// validFilter checks a filter by MQTT 3.1.1 section 4.7. Topics of brokers
// about themselves, and shared subscriptions, are not meant here.
func validFilter(f string) bool {
	if f == "" || len(f) > maxTopic || strings.HasPrefix(f, "$") || validText("", f, maxTopic) != nil || strings.ContainsAny(f, "\n\r\t") {
		return false
	}
	levels := strings.Split(f, "/")
	for i, l := range levels {
		if strings.Contains(l, "+") && l != "+" || strings.Contains(l, "#") && (l != "#" || i != len(levels)-1) {
			return false
		}
	}
	return true
}

// Validate reports the first rule that the template breaks.
func (t *ConnectionTemplate) Validate() error {
	if err := validName("name", t.Name); err != nil {
		return err
	}
	return t.validate()
}

// Validate reports the first rule that the connection breaks.
func (c *Connection) Validate() error {
	if err := validName("name", c.Name); err != nil {
		return err
	}
	switch {
	case c.URL == "":
		return FieldError("url", "is required")
	case uint64(c.Owner) == uint64(c.Company):
		return FieldError("owner", "is required")
	case c.ClientID == "" || len(c.ClientID) > 64 || validText("", c.ClientID, 64) != nil:
		return FieldError("clientId", "has 1 to %d characters", 64)
	case c.AutoProvision && c.SubLevel == 0:
		return FieldError("subLevel", "is required")
	case len(c.SubAccounts) > MaxSubAccounts:
		return FieldError("subAccounts", "more than %d", MaxSubAccounts)
	}
	return c.validate()
}

// Refs are the template, without which it goes on, and the customers of its
// sub-trees.
func (c *Connection) Refs() (refs []Ref) {
	if c.Template != 0 {
		refs = append(refs, Ref{Field: "template", Kind: ConnectionTemplateRecord, ID: uint64(c.Template), Then: Forget})
	}
	for i, s := range c.SubAccounts {
		refs = RefTo(refs, "subAccounts."+itoa(i), CustomerRecord, s.Customer, Forget)
	}
	return refs
}

// Forget drops the template or a sub-tree's customer; heard again, the sub-tree
// becomes another one.
func (c *Connection) Forget(kind RecordKind, id uint64) {
	if kind == ConnectionTemplateRecord && uint64(c.Template) == id {
		c.Template = 0
	}
	if kind == CustomerRecord {
		kept := []SubAccount(nil)
		for _, s := range c.SubAccounts {
			if uint64(s.Customer) != id {
				kept = append(kept, s)
			}
		}
		c.SubAccounts = kept
	}
}

// Refs are none.
func (*ConnectionTemplate) Refs() []Ref { return nil }

// Unique is nothing: two customers may call their broker the same.
func (*Connection) Unique() []UniqueText { return nil }

// Unique are the name, and being the default.
func (t *ConnectionTemplate) Unique() []UniqueText {
	u := []UniqueText{{Field: "name", Text: t.Name}}
	if t.Default {
		u = append(u, DefaultTemplate())
	}
	return u
}

// DefaultTemplate is the unique text by which a company's default is found.
func DefaultTemplate() UniqueText { return UniqueText{Field: "isDefault", Text: "default"} }

// Words are the name and the address.
func (c *Connection) Words() []string { return []string{c.Name, c.URL} }

// Words are the name and the address.
func (t *ConnectionTemplate) Words() []string { return []string{t.Name, t.URL} }

// Public is the connection without its secret.
func (c *Connection) Public() any {
	p := *c
	p.Sealed = ""
	return &p
}
