package broker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/vigia-track/vigia/ingest"
)

// Options are what a broker needs. Intake is required.
type Options struct {
	Intake *ingest.Intake
	Log    *slog.Logger // nil: nothing is logged
	Limits Limits       // zero fields take their defaults

	// AllowNoSecret lets a device without a password of its own connect by
	// its name alone. Off, it must be given a password first. A device that
	// has one is always asked for it.
	AllowNoSecret bool
}

// Limits bound what a connection may cost. A zero field means its default.
type Limits struct {
	Packet   int           // bytes of a packet; 64 KiB
	Connect  int           // bytes of the first packet; 4 KiB
	Clients  int64         // sessions with a connection; 50,000
	Identify time.Duration // from connecting to CONNECT; 30 s
	Frame    time.Duration // from a packet's first byte to its last; 30 s
	Idle     time.Duration // between packets of a client that asks for no keep-alive; 1 h
	Write    time.Duration // a packet's way into the socket; 10 s, up to twice that
	Session  time.Duration // how long a session outlives its connection, at most; 24 h
}

func (l Limits) withDefaults() Limits {
	preset(&l.Packet, 64<<10)
	preset(&l.Connect, 4<<10)
	preset(&l.Clients, 50_000)
	preset(&l.Identify, 30*time.Second)
	preset(&l.Frame, 30*time.Second)
	preset(&l.Idle, time.Hour)
	preset(&l.Write, 10*time.Second)
	preset(&l.Session, 24*time.Hour)
	return l
}

func preset[T int | int64 | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

// Broker talks MQTT on connections that others accepted.
type Broker struct {
	in     *ingest.Intake
	log    *slog.Logger
	limits Limits
	open   bool // AllowNoSecret

	server  *mqtt.Server
	guesses *throttle
	close   sync.Once
}

// New starts a broker; Close ends it.
func New(o Options) (*Broker, error) {
	if o.Intake == nil {
		panic("bug: broker.New without an Intake")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	b := &Broker{
		in: o.Intake, log: o.Log.With("part", "ingest", "proto", "mqtt"), limits: o.Limits.withDefaults(),
		open: o.AllowNoSecret, guesses: newThrottle(),
	}
	b.server = mqtt.New(b.options())
	if err := b.server.AddHook(&hook{b: b}, nil); err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	if err := b.server.Serve(); err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	return b, nil
}

// options switches off what devices must not have and bounds the rest.
func (b *Broker) options() *mqtt.Options {
	c := mqtt.NewDefaultServerCapabilities()
	c.MaximumClients = b.limits.Clients
	c.MaximumPacketSize = uint32(b.limits.Packet)
	c.MaximumClientWritesPending = 32
	c.MaximumInflight = 64
	c.ReceiveMaximum = 256
	c.MaximumSessionExpiryInterval = uint32(b.limits.Session / time.Second)
	c.TopicAliasMaximum = 0 // an alias would be checked before it is resolved
	c.SharedSubAvailable = 0
	c.WildcardSubAvailable = 0
	c.Compatibilities.NoInheritedPropertiesOnAck = true
	return &mqtt.Options{
		Capabilities:             c,
		ClientNetReadBufferSize:  256, // guard has a buffer of its own
		ClientNetWriteBufferSize: 1 << 10,
		SysTopicResendInterval:   24 * 60 * 60, // nobody may read them, and making them stops the world
		InlineClient:             true,
		Logger:                   slog.New(slog.DiscardHandler), // it logs whole packets, with payloads and passwords
	}
}

// ServeConn talks on one connection until it ends and says why, a word for
// metrics. The context ends what waits for the Sink.
func (b *Broker) ServeConn(ctx context.Context, c net.Conn) (closed string) {
	g := newGuard(ctx, c, b.limits)
	defer func() {
		if bug := recover(); bug != nil { // the decoder is not ours
			b.log.Error("bug: the broker's packet decoder panicked, connection closed", "device", g.uid, "err", fmt.Sprint(bug))
			_ = g.Close()
			closed = "bug"
		}
	}()
	err := b.server.EstablishConnection("ingest", g)
	_ = g.Close() // it is, but for a client that was refused
	switch {
	case g.why != "":
		return g.why
	case err != nil:
		if code, ok := errors.AsType[packets.Code](err); ok && code.Code != 0 {
			return "protocol"
		}
		return "reset"
	}
	return "peer"
}

// ErrNotConnected is Command's answer for a device without a session.
var ErrNotConnected = errors.New("broker: the device has no session")

// Command sends a payload to a device that subscribed to its command topic;
// to one whose session waits for it, it goes out once it is back.
func (b *Broker) Command(uid string, payload []byte) error {
	cl, ok := b.server.Clients.Get(sessionID(uid))
	if !ok {
		return ErrNotConnected
	}
	topic := commandTopic(uid)
	if _, ok := cl.State.Subscriptions.Get(topic); !ok {
		return fmt.Errorf("%w on %s", ErrNotConnected, topic)
	}
	if err := b.server.Publish(topic, payload, false, 1); err != nil {
		return fmt.Errorf("broker: publish to %s: %w", topic, err)
	}
	return nil
}

// Close ends the broker once its connections have ended. It may be called
// again.
func (b *Broker) Close() (err error) {
	b.close.Do(func() { err = b.server.Close() })
	return err
}
