package broker

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"strings"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

// hook is where the MQTT server asks us: who may connect, what they may do,
// and what to do with what they publish. All of it runs in the goroutine of
// the connection that it is about.
type hook struct {
	mqtt.HookBase
	b *Broker
}

// ID names the hook.
func (h *hook) ID() string { return "vigia" }

// Provides lists the questions that the hook answers.
func (h *hook) Provides(what byte) bool {
	switch what {
	case mqtt.OnConnect, mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish:
		return true
	}
	return false
}

var errRefused = errors.New("broker: connection refused")

// OnConnect checks a CONNECT and binds the session to a device.
func (h *hook) OnConnect(cl *mqtt.Client, pk packets.Packet) error {
	g, ok := cl.Net.Conn.(*guard)
	if !ok {
		return errRefused
	}
	code, why := h.b.admit(g, &pk)
	if why != "" {
		h.b.in.Refused(why, 1)
		g.why = why
		if cl.Properties.ProtocolVersion < 5 && code == packets.ErrNotAuthorized {
			code = packets.ErrBadUsernameOrPassword // which 3.1.1 numbers "not authorized"
		}
		_ = h.b.server.SendConnack(cl, code, false, nil) // it ends either way
		return errRefused
	}
	cl.ID = sessionID(g.uid)
	cl.Properties.Will = mqtt.Will{} // allowed, and told to nobody
	return nil
}

// sessionPrefix keeps devices' sessions apart from the server's own, whose name
// a device might have; no client ID that we let in holds a slash.
const sessionPrefix = "device/"

func sessionID(uid string) string { return sessionPrefix + uid }

// OnConnectAuthenticate lets in whom OnConnect bound to a device.
func (h *hook) OnConnectAuthenticate(cl *mqtt.Client, _ packets.Packet) bool {
	g, ok := cl.Net.Conn.(*guard)
	return ok && g.uid != ""
}

// admit finds the device of a CONNECT; why is "" if it may connect.
func (b *Broker) admit(g *guard, pk *packets.Packet) (code packets.Code, why string) {
	c := &pk.Connect
	if c.ClientIdentifier != "" && !validID(c.ClientIdentifier) {
		return packets.ErrClientIdentifierNotValid, "badClientID"
	}
	uid := string(c.Username)
	if uid == "" {
		uid = c.ClientIdentifier
	}
	if !validID(uid) {
		return packets.ErrBadUsernameOrPassword, "badUserName"
	}
	if !b.guesses.may(g.from.Addr(), uid, time.Now()) {
		return packets.ErrBadUsernameOrPassword, "throttled"
	}
	id, err := b.in.Lookup(uid, g.from)
	switch {
	case errors.Is(err, ingest.ErrUnknownDevice):
		return packets.ErrBadUsernameOrPassword, ingest.ReasonUnknown
	case err != nil:
		b.log.Warn("registry failed, connection refused", "device", uid, "err", err)
		return packets.ErrServerUnavailable, "registry"
	}
	trust, ok := b.check(id, c.Password)
	if !ok {
		b.guesses.failed(g.from.Addr(), uid, time.Now())
		return packets.ErrBadUsernameOrPassword, "badPassword"
	}
	if c.WillFlag && !mayPublish(uid, c.WillTopic) {
		return packets.ErrNotAuthorized, "foreignWill"
	}
	g.uid, g.id, g.trust, g.checked = uid, id, trust, time.Now()
	return packets.CodeSuccess, ""
}

// check compares a password; without one of its own a device is only claimed.
func (b *Broker) check(id ingest.Identity, password []byte) (fleet.Trust, bool) {
	if len(id.SecretHash) == 0 {
		return fleet.TrustClaimed, b.open
	}
	sum := sha256.Sum256(password)
	return fleet.TrustCredentials, subtle.ConstantTimeCompare(sum[:], id.SecretHash) == 1
}

// OnACLCheck allows a device its own topics. With write false topic is a
// filter, and no filter with a wildcard is anybody's own.
func (h *hook) OnACLCheck(cl *mqtt.Client, topic string, write bool) bool {
	if cl.Net.Inline {
		return true
	}
	uid := strings.TrimPrefix(cl.ID, sessionPrefix)
	if !write {
		return maySubscribe(uid, topic)
	}
	if !mayPublish(uid, topic) {
		h.b.in.Refused(ingest.ReasonForeign, 1)
		return false
	}
	return true
}

// OnPublish makes a publication durable. On nil the server acks it; the
// subscription tree never sees it. Only ErrRejectPacket keeps the server from
// acking, on 3.1.1 as on 5.0 (see DESIGN.md).
func (h *hook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if cl.Net.Inline { // a command, on its way to a device
		return pk, nil
	}
	g, ok := cl.Net.Conn.(*guard)
	if !ok {
		return pk, packets.ErrRejectPacket
	}
	if why := h.b.recheck(g); why != "" {
		h.b.in.Refused(why, 1)
		h.hangUp(cl, g, why, packets.ErrNotAuthorized)
		return pk, packets.ErrRejectPacket
	}
	err := h.b.in.Take(g.ctx, ingest.Message{
		Topic: pk.TopicName, Payload: pk.Payload, From: g.from, Owner: &g.id, Trust: g.trust,
	})
	if err != nil {
		h.b.log.Debug("publication not stored, connection closed", "device", g.uid, "err", err)
		h.hangUp(cl, g, ingest.ReasonNotStored, packets.ErrServerBusy)
		return pk, packets.ErrRejectPacket
	}
	return pk, packets.CodeSuccessIgnore
}

// hangUp ends a connection in the middle of a packet; version 5 hears why.
func (h *hook) hangUp(cl *mqtt.Client, g *guard, why string, code packets.Code) {
	g.why = why
	if cl.Properties.ProtocolVersion == 5 {
		_ = h.b.server.DisconnectClient(cl, code) // it ends either way
	}
	cl.Stop(code)
}

// recheckAfter bounds how long a device that was disabled goes on publishing.
const recheckAfter = 30 * time.Second

func (b *Broker) recheck(g *guard) (why string) {
	now := time.Now()
	if now.Sub(g.checked) < recheckAfter {
		return ""
	}
	id, err := b.in.Lookup(g.uid, g.from)
	switch {
	case errors.Is(err, ingest.ErrUnknownDevice):
		return ingest.ReasonUnknown
	case err != nil:
		return "registry"
	case string(id.SecretHash) != string(g.id.SecretHash):
		return "badPassword" // it was given another one since
	}
	g.id, g.checked = id, now
	return ""
}
