package api

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// Channels keeps how companies reach their providers, and sends through them.
type Channels interface {
	// Channel is a company's own settings, secrets included; NotFound if it has none.
	Channel(company fleet.CompanyID, ch fleet.Channel) (fleet.ChannelSettings, error)
	// Ready reports whether the installation's own settings have the channel.
	Ready(ch fleet.Channel) bool
	// PutChannel checks, stores and puts to use. Version must be the stored one.
	PutChannel(actor fleet.Actor, company fleet.CompanyID, ch fleet.Channel, s fleet.ChannelSettings) (fleet.ChannelSettings, error)
	// DropChannel goes back to the installation's settings.
	DropChannel(actor fleet.Actor, company fleet.CompanyID, ch fleet.Channel) error
	// TestChannel sends a message through the sender that alerts take.
	TestChannel(ctx context.Context, who *fleet.User, ch fleet.Channel, to, subject, text string) (fleet.ChannelTest, error)
}

// ChannelFields are the settings that are no secrets; exported because the
// document's generator looks into exported embedded types alone.
type ChannelFields struct {
	Kind         string   `json:"kind" enum:"smtp,twilio,template,smpp,webpush" example:"smpp"`
	Host         string   `json:"host,omitempty" maxLength:"253" doc:"smtp, smpp" example:"smpp.example.com"`
	Port         int      `json:"port,omitempty" minimum:"0" maximum:"65535" doc:"smtp, smpp; 0: the customary one"`
	TLS          string   `json:"tls,omitempty" enum:"starttls,opportunistic,tls,none" doc:"smtp: any; smpp: tls or none"`
	URL          string   `json:"url,omitempty" maxLength:"2000" doc:"twilio: base of a compatible gateway; template: with {to}, {text}, {from}, {key}"`
	User         string   `json:"user,omitempty" maxLength:"200" doc:"smtp: user name; twilio: account SID; smpp: system_id"`
	From         string   `json:"from,omitempty" maxLength:"200" doc:"Sender: address, number or name"`
	Method       string   `json:"method,omitempty" enum:"GET,POST" doc:"template"`
	Body         string   `json:"body,omitempty" maxLength:"4000" doc:"template"`
	Type         string   `json:"type,omitempty" maxLength:"200" doc:"template: media type of the body"`
	Success      string   `json:"success,omitempty" maxLength:"500" doc:"template: pattern that a good answer matches"`
	IDFrom       string   `json:"idFrom,omitempty" maxLength:"500" doc:"template: pattern whose first group is the message's ID"`
	MaxParts     int      `json:"maxParts,omitempty" minimum:"0" maximum:"10" doc:"SMS: longest message; 0: 3"`
	SystemType   string   `json:"systemType,omitempty" maxLength:"12" doc:"smpp"`
	SourceTON    *int     `json:"sourceTon,omitempty" minimum:"0" maximum:"18" doc:"smpp; absent: by the look of from"`
	SourceNPI    *int     `json:"sourceNpi,omitempty" minimum:"0" maximum:"18"`
	DestTON      *int     `json:"destTon,omitempty" minimum:"0" maximum:"18" doc:"smpp; absent: international"`
	DestNPI      *int     `json:"destNpi,omitempty" minimum:"0" maximum:"18"`
	Long         string   `json:"long,omitempty" enum:"udh8,udh16,payload" doc:"smpp: how long messages go out"`
	HexIDs       bool     `json:"hexIds,omitempty" doc:"smpp: answers give IDs in hex, receipts in decimal"`
	NoReceipts   bool     `json:"noReceipts,omitempty" doc:"smpp: ask for no delivery receipts"`
	Window       int      `json:"window,omitempty" minimum:"0" maximum:"100" doc:"smpp: messages without an answer at a time; 0: 10"`
	Subject      string   `json:"subject,omitempty" maxLength:"200" doc:"webpush: mailto: or https: contact"`
	AllowPrivate []string `json:"allowPrivate,omitempty" maxItems:"10" doc:"Hosts with private addresses that are meant; the installation's outbound.allow_private must be on too"`
}

type channelInput struct {
	ChannelFields
	Password *string            `json:"password,omitempty" maxLength:"500" doc:"Write-only: password, or auth token. Absent: as it is, unless the provider changes"`
	Headers  *map[string]string `json:"headers,omitempty" doc:"Write-only, template: headers to send. Absent: as they are, unless the provider changes"`
	Version  uint64             `json:"version" doc:"The version that you saw; 0 at first"`
}

type channelShown struct {
	Channel fleet.Channel `json:"channel" enum:"email,sms,push"`
	Source  string        `json:"source" enum:"company,installation,none" doc:"Whose settings are in use"`
	ChannelFields
	PasswordSet bool     `json:"passwordSet" doc:"Whether there is a password; it is never shown"`
	HeaderNames []string `json:"headerNames" nullable:"false" doc:"Their values are never shown"`
	Version     uint64   `json:"version"`
}

type channelTest struct {
	OK       bool   `json:"ok" doc:"A provider took the message over"`
	Provider string `json:"provider,omitempty" example:"smpp.example.com"`
	Answer   string `json:"answer,omitempty" doc:"The provider's words" example:"submit_sm_resp: ESME_ROK 7f3a"`
	ID       string `json:"id,omitempty"`
	Parts    int    `json:"parts,omitempty"`
	Took     int64  `json:"took" doc:"Milliseconds"`
	Error    string `json:"error,omitempty" doc:"What went wrong, in the provider's words where it has any"`
}

// ByChannel names a channel in the path.
type ByChannel struct {
	Channel string `path:"channel" enum:"email,sms,push"`
}

var channelKinds = map[fleet.Channel][]string{
	fleet.Email: {"smtp"}, fleet.SMS: {"twilio", "template", "smpp"}, fleet.Push: {"webpush"},
}

func (a *API) channels() {
	op := operation{tag: "Channels", object: auth.Channel, path: "/channels/{channel}"}

	op.id, op.method, op.action = "getChannel", http.MethodGet, auth.Read
	op.summary = "Read how the company reaches a channel's provider"
	register(a, op, func(c *call, in *ByChannel) (*one[channelShown], error) {
		s, err := c.channel(fleet.Channel(in.Channel))
		return &one[channelShown]{a.showChannel(fleet.Channel(in.Channel), s)}, err
	})

	op.id, op.method, op.action, op.summary = "putChannel", http.MethodPut, auth.Update, "Set how the company reaches a channel's provider"
	op.doc = channelSamples
	password := "…"
	op.example = channelInput{ChannelFields: ChannelFields{Kind: "smpp", Host: "smpp.example.com", Port: 2775, TLS: "none", User: "vigia", From: "VIGIA"}, Password: &password}
	register(a, op, func(c *call, in *struct {
		ByChannel
		Body channelInput
	}) (*one[channelShown], error) {
		ch := fleet.Channel(in.Channel)
		if !slices.Contains(channelKinds[ch], in.Body.Kind) {
			return nil, &fleet.Error{Kind: fleet.Invalid, Field: "kind", Message: "choose one of " + strings.Join(channelKinds[ch], ", ")}
		}
		before, err := c.channel(ch)
		if err != nil {
			return nil, err
		}
		s := in.Body.settings()
		if same := before != nil && before.Target() == s.Target(); in.Body.Password != nil {
			s.Password = *in.Body.Password
		} else if same {
			s.Password = before.Password
		}
		if in.Body.Headers != nil {
			s.Headers = *in.Body.Headers
		} else if before != nil && before.Target() == s.Target() {
			s.Headers = before.Headers
		}
		done, err := a.o.Channels.PutChannel(c.actor(), c.user.Company, ch, s)
		if err != nil {
			return nil, err
		}
		return &one[channelShown]{a.showChannel(ch, &done)}, nil
	})

	op.id, op.method, op.action, op.summary = "deleteChannel", http.MethodDelete, auth.Delete, "Go back to the installation's own provider"
	op.doc, op.example = "", nil
	register(a, op, func(c *call, in *ByChannel) (*struct{}, error) {
		if _, err := c.channel(fleet.Channel(in.Channel)); err != nil {
			return nil, err
		}
		return nil, a.o.Channels.DropChannel(c.actor(), c.user.Company, fleet.Channel(in.Channel))
	})

	op.id, op.method, op.action, op.summary = "testChannel", http.MethodPost, auth.Create, "Send a test message"
	op.path = "/channels/{channel}/test"
	op.doc = "It goes out now, through the sender that alerts take, and the answer has the provider's words. Push goes to your own browsers."
	type testInput struct {
		To string `json:"to,omitempty" maxLength:"254" doc:"Mail address or number in E.164; not for push" example:"+573001234567"`
	}
	op.example = testInput{To: "+573001234567"}
	register(a, op, func(c *call, in *struct {
		ByChannel
		Body testInput
	}) (*one[channelTest], error) {
		ch := fleet.Channel(in.Channel)
		if a.o.Channels == nil {
			return nil, errNotFound()
		}
		switch ch {
		case fleet.SMS:
			if err := fleet.ValidPhone(in.Body.To); err != nil {
				return nil, &fleet.Error{Kind: fleet.Invalid, Field: "to", Message: err.Error()}
			}
		case fleet.Email:
			if !strings.Contains(in.Body.To, "@") || strings.ContainsAny(in.Body.To, " \r\n<>,;") {
				return nil, &fleet.Error{Kind: fleet.Invalid, Field: "to", Message: "write one mail address"}
			}
		}
		if err := a.o.People.Note(c.actor(), "test "+string(ch), fleet.CompanyRecord, uint64(c.user.Company)); err != nil {
			return nil, err
		}
		got, err := a.o.Channels.TestChannel(c, c.user, ch, in.Body.To, say(c.lang, "test.subject"), say(c.lang, "test.text"))
		if err != nil {
			return nil, err
		}
		return &one[channelTest]{channelTest{OK: got.OK, Provider: got.Provider, Answer: got.Answer, ID: got.ID, Parts: got.Parts, Took: int64(got.Took), Error: got.Error}}, nil
	})
}

const channelSamples = "Secrets are write-only. They stay if they are left out, unless kind, host, port, TLS or URL change. It takes effect at once. Samples:\n\n" +
	"* Twilio: `{\"kind\":\"twilio\",\"user\":\"AC0123456789abcdef0123456789abcdef\",\"password\":\"auth token\",\"from\":\"+15550001111\",\"version\":0}`\n" +
	"* Infobip: `{\"kind\":\"template\",\"method\":\"POST\",\"url\":\"https://xyz.api.infobip.com/sms/2/text/advanced\",\"type\":\"application/json\"," +
	"\"body\":\"{\\\"messages\\\":[{\\\"from\\\":\\\"{from}\\\",\\\"destinations\\\":[{\\\"to\\\":\\\"{to}\\\",\\\"messageId\\\":\\\"{key}\\\"}],\\\"text\\\":\\\"{text}\\\"}]}\"," +
	"\"headers\":{\"Authorization\":\"App your-key\"},\"from\":\"VIGIA\",\"idFrom\":\"\\\"messageId\\\":\\\"([^\\\"]+)\\\"\",\"version\":0}`\n" +
	"* SMPP: `{\"kind\":\"smpp\",\"host\":\"smpp.example.com\",\"port\":3550,\"tls\":\"tls\",\"user\":\"vigia\",\"password\":\"secret\",\"from\":\"VIGIA\",\"version\":0}`\n" +
	"* Mail: `{\"kind\":\"smtp\",\"host\":\"smtp.example.com\",\"port\":587,\"tls\":\"starttls\",\"user\":\"vigia\",\"password\":\"secret\",\"from\":\"Vigia <alerts@example.com>\",\"version\":0}`"

// channel is the settings of the caller's company, nil if it has none.
func (c *call) channel(ch fleet.Channel) (*fleet.ChannelSettings, error) {
	if c.api.o.Channels == nil || c.user.Company == 0 {
		return nil, errNotFound()
	}
	s, err := c.api.o.Channels.Channel(c.user.Company, ch)
	if err != nil {
		if fleet.KindOf(err) == fleet.NotFound {
			err = nil
		}
		return nil, err
	}
	return &s, nil
}

func (a *API) showChannel(ch fleet.Channel, s *fleet.ChannelSettings) channelShown {
	out := channelShown{Channel: ch, Source: "none", HeaderNames: []string{}}
	switch {
	case s != nil:
		out.Source, out.ChannelFields, out.PasswordSet, out.Version = "company", fieldsOf(s), s.Password != "", s.Version
		out.HeaderNames = append(out.HeaderNames, slices.Sorted(maps.Keys(s.Headers))...)
	case a.o.Channels != nil && a.o.Channels.Ready(ch):
		out.Source = "installation"
	}
	return out
}

func fieldsOf(s *fleet.ChannelSettings) ChannelFields {
	return ChannelFields{
		Kind: s.Kind, Host: s.Host, Port: s.Port, TLS: s.TLS, URL: s.URL, User: s.User, From: s.From, Method: s.Method, Body: s.Body,
		Type: s.Type, Success: s.Success, IDFrom: s.IDFrom, MaxParts: s.MaxParts, SystemType: s.SystemType, SourceTON: s.SourceTON,
		SourceNPI: s.SourceNPI, DestTON: s.DestTON, DestNPI: s.DestNPI, Long: s.Long, HexIDs: s.HexIDs, NoReceipts: s.NoReceipts,
		Window: s.Window, Subject: s.Subject, AllowPrivate: s.AllowPrivate,
	}
}

func (in *channelInput) settings() fleet.ChannelSettings {
	return fleet.ChannelSettings{
		Kind: in.Kind, Host: in.Host, Port: in.Port, TLS: in.TLS, URL: in.URL, User: in.User, From: in.From, Method: in.Method, Body: in.Body,
		Type: in.Type, Success: in.Success, IDFrom: in.IDFrom, MaxParts: in.MaxParts, SystemType: in.SystemType, SourceTON: in.SourceTON,
		SourceNPI: in.SourceNPI, DestTON: in.DestTON, DestNPI: in.DestNPI, Long: in.Long, HexIDs: in.HexIDs, NoReceipts: in.NoReceipts,
		Window: in.Window, Subject: in.Subject, AllowPrivate: in.AllowPrivate, Version: in.Version,
	}
}
