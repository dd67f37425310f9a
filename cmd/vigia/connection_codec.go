package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"unicode/utf8"

	"github.com/eclipse/paho.mqtt.golang/packets"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/mqttsub"
	"github.com/vigia-track/vigia/store/seal"
)

// connectionRegistry lets only the connection's own devices speak through it:
// a broker of one customer must not place another's.
type connectionRegistry struct{ r *connectionRun }

// Lookup is ErrUnknownDevice for devices of others, too.
func (c connectionRegistry) Lookup(uid string) (ingest.Identity, error) {
	id, customer, ok := c.r.m.registry.known(uid)
	c.r.mu.Lock()
	ours := c.r.ours[customer]
	c.r.mu.Unlock()
	if !ok || !ours {
		return ingest.Identity{}, ingest.ErrUnknownDevice
	}
	return id, nil
}

// Unknown tells nobody: the connection heard of it as it read the publication.
func (connectionRegistry) Unknown(ingest.Stranger) {}

// topics are the connection's filters, all read alike.
func (r *connectionRun) topics() []ingest.Topic {
	format := fleet.VigiaJSON
	if r.c.Format == fleet.OwnTracks.String() {
		format = fleet.OwnTracks
	}
	out := make([]ingest.Topic, len(r.c.Topics))
	for i, f := range r.c.Topics {
		out[i] = topic(format, f)
		out[i].Codec = connectionCodec{r, out[i].Codec}
	}
	return out
}

// connectionCodec reads publications whose topics are the customer's, and
// tells the connection of each.
type connectionCodec struct {
	r     *connectionRun
	inner ingest.MessageCodec
}

// DecodeMessage gives the inner codec the topic that it expects.
func (c connectionCodec) DecodeMessage(s *ingest.Session, topic string, payload []byte) error {
	before := len(s.Reports)
	uid, sub, asked, err := readTopic(&c.r.c.Broker, topic)
	if err == nil {
		if err = c.inner.DecodeMessage(s, asked, payload); err == nil {
			s.UniqueID = uid
		}
	}
	c.r.hear(s.Now, topic, sub, uid, payload, len(s.Reports)-before, err)
	return err
}

// readTopic takes the device and its sub-tree out of a topic, and makes of it
// one that the format's codec reads.
func readTopic(b *fleet.Broker, topic string) (uid, sub, asked string, err error) {
	levels := strings.Split(topic, "/")
	level := func(n int) string {
		if n < 1 || n > len(levels) {
			return ""
		}
		return levels[n-1]
	}
	sub = level(b.SubLevel)
	owntracks := b.Format == fleet.OwnTracks.String()
	if uid = level(b.DeviceLevel); owntracks && b.DeviceLevel == 0 {
		// A mail address names a user here, and is no identity as it stands.
		uid = strings.ReplaceAll(level(2)+":"+level(3), "@", ":")
	}
	if err := fleet.ValidUniqueID(uid); err != nil {
		return "", sub, "", fleet.Errorf(fleet.Invalid, "mqtt: topic: %w", err)
	}
	if owntracks {
		return uid, sub, "owntracks/-/" + short(uid), nil
	}
	return uid, sub, "vigia/" + uid + "/position", nil
}

// short leaves room for what the codec puts before an identity.
func short(uid string) string { return uid[:min(len(uid), fleet.MaxUniqueID-2)] }

// clip makes foreign text fit to be shown.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == utf8.RuneError {
			return ' '
		}
		return r
	}, s)
	for len(s) > maxSample {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// connectionError is the key of the words for what went wrong.
func connectionError(err error) string {
	const prefix = "connection.error."
	if _, ok := errors.AsType[*outbound.DeniedError](err); ok {
		return prefix + "private"
	}
	if _, ok := errors.AsType[*net.DNSError](err); ok {
		return prefix + "name"
	}
	if e, ok := errors.AsType[*fleet.Error](err); ok && e.Kind != fleet.Internal {
		return e.Message
	}
	_, certificate := errors.AsType[*tls.CertificateVerificationError](err)
	_, authority := errors.AsType[x509.UnknownAuthorityError](err)
	_, header := errors.AsType[tls.RecordHeaderError](err)
	switch {
	case certificate || authority || header:
		return prefix + "certificate"
	case errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword) || errors.Is(err, packets.ErrorRefusedNotAuthorised):
		return prefix + "credentials"
	case errors.Is(err, packets.ErrorRefusedIDRejected):
		return prefix + "client"
	case errors.Is(err, mqttsub.ErrTopic):
		return prefix + "topic"
	case errors.Is(err, seal.ErrKey):
		return prefix + "key"
	case strings.HasPrefix(err.Error(), "ingest:"):
		return prefix + "storing"
	}
	return prefix + "unreachable"
}
