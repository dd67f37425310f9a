package fleet

// ChannelSettings is how a company reaches a channel's provider. Which fields
// count depends on channel and Kind.
type ChannelSettings struct {
	Kind string `json:"kind"` // smtp; twilio, template, smpp; webpush

	Host string `json:"host,omitempty"` // smtp, smpp
	Port int    `json:"port,omitempty"` // 0 = the customary one
	TLS  string `json:"tls,omitempty"`  // smtp: starttls, opportunistic, tls, none; smpp: tls or none
	URL  string `json:"url,omitempty"`  // twilio, template
	User string `json:"user,omitempty"` // smtp user name, account SID, system_id
	From string `json:"from,omitempty"` // sender

	Method   string `json:"method,omitempty"`   // template
	Body     string `json:"body,omitempty"`     // template
	Type     string `json:"type,omitempty"`     // template
	Success  string `json:"success,omitempty"`  // template
	IDFrom   string `json:"idFrom,omitempty"`   // template
	MaxParts int    `json:"maxParts,omitempty"` // SMS

	SystemType string `json:"systemType,omitempty"` // smpp
	SourceTON  *int   `json:"sourceTon,omitempty"`  // smpp; nil: by the look
	SourceNPI  *int   `json:"sourceNpi,omitempty"`
	DestTON    *int   `json:"destTon,omitempty"`
	DestNPI    *int   `json:"destNpi,omitempty"`
	Long       string `json:"long,omitempty"` // smpp: udh8, udh16, payload
	HexIDs     bool   `json:"hexIds,omitempty"`
	NoReceipts bool   `json:"noReceipts,omitempty"`
	Window     int    `json:"window,omitempty"`

	Subject string `json:"subject,omitempty"` // webpush: mailto: or https: contact

	AllowPrivate []string `json:"allowPrivate,omitempty"` // hosts of ours that may be connected to
	Version      uint64   `json:"version"`                // 0: never set

	// Secrets. What is stored has them sealed.
	Password string            `json:"password,omitempty"` // smtp, smpp; the token of twilio
	Headers  map[string]string `json:"headers,omitempty"`  // template
}

// Target is what the secrets are for: where it changes, they must be entered
// again, so that nobody sends a secret that they do not know to a host of
// theirs.
func (s *ChannelSettings) Target() [5]any {
	return [5]any{s.Kind, s.Host, s.Port, s.URL, s.TLS}
}

// ChannelTest is what a provider said to a test message.
type ChannelTest struct {
	OK       bool
	Provider string
	Answer   string // its words
	ID       string
	Parts    int
	Took     Time // ms
	Error    string
}
