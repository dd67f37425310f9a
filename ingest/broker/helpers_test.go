package broker_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	"go.uber.org/goleak"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/broker"
	"github.com/vigia-track/vigia/ingest/owntracks"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// book is a Sink and a Registry in memory. Devices bus-1 to bus-9 have the
// password "secret", open-1 has none.
type book struct {
	mu      sync.Mutex
	reports []fleet.Report
	told    []string
	err     error
	gate    chan struct{} // when set, Accept waits for it
	waiting chan struct{} // told when Accept waits
}

func (b *book) Accept(ctx context.Context, reports []fleet.Report) error {
	b.mu.Lock()
	gate, waiting := b.gate, b.waiting
	b.mu.Unlock()
	if gate != nil {
		waiting <- struct{}{}
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	b.reports = append(b.reports, reports...)
	return nil
}

func (b *book) Lookup(uid string) (ingest.Identity, error) {
	secret := sha256.Sum256([]byte("secret"))
	switch {
	case strings.HasPrefix(uid, "bus-"):
		return ingest.Identity{Device: fleet.DeviceID(uid[4] - '0'), SecretHash: secret[:]}, nil
	case uid == "jane:phone":
		return ingest.Identity{Device: 50, SecretHash: secret[:]}, nil
	case uid == "inline":
		return ingest.Identity{Device: 77, SecretHash: secret[:]}, nil
	case uid == "open-1":
		return ingest.Identity{Device: 100}, nil
	}
	return ingest.Identity{}, ingest.ErrUnknownDevice
}

func (b *book) Unknown(s ingest.Stranger) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told = append(b.told, s.UniqueID)
}

func (b *book) block() (entered, release chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gate, b.waiting = make(chan struct{}), make(chan struct{}, 16)
	return b.waiting, b.gate
}

func (b *book) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

func (b *book) stored() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, r := range b.reports {
		out = append(out, fmt.Sprintf("%d@%d/%d", r.Device, r.Fix, r.Trust))
	}
	return out
}

type setup struct {
	*book
	addr   string
	set    *metrics.Set
	broker *broker.Broker
	server *ingest.Server
}

// stop closes the server and the broker; counters are final then.
func (s *setup) stop(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.server.Close(ctx); err != nil {
		t.Errorf("close the server: %v", err)
	}
	if err := s.broker.Close(); err != nil {
		t.Errorf("close the broker: %v", err)
	}
}

// start opens a server whose port speaks MQTT; the test's end closes it.
func start(t *testing.T, o broker.Options) *setup {
	t.Helper()
	s := &setup{book: &book{}, set: metrics.NewSet()}
	srv := ingest.NewServer(ingest.Options{Sink: s.book, Registry: s.book, Metrics: s.set})
	o.Intake = srv.Intake(
		ingest.Topic{Name: "vigiajson", ID: fleet.VigiaJSON, Filter: "vigia/+/position", Codec: vigiajson.New()},
		ingest.Topic{Name: "owntracks", ID: fleet.OwnTracks, Filter: "owntracks/+/+", Codec: owntracks.NewMQTT()},
	)
	var err error
	if s.broker, err = broker.New(o); err != nil {
		t.Fatal(err)
	}
	addr, err := srv.ListenConns(t.Context(), "127.0.0.1:0", "mqtt", nil, s.broker)
	if err != nil {
		t.Fatal(err)
	}
	s.addr = addr.String()
	s.server = srv
	t.Cleanup(func() { s.stop(t) })
	return s
}

func (s *setup) count(key string) string {
	var text bytes.Buffer
	s.set.WritePrometheus(&text)
	for line := range strings.Lines(text.String()) {
		if name, value, _ := strings.Cut(strings.TrimSpace(line), " "); name == "vigia_ingest_"+key {
			return value
		}
	}
	return "0"
}

// options are those of a device's client.
func (s *setup) options(user string) *mqtt.ClientOptions {
	return mqtt.NewClientOptions().AddBroker("tcp://" + s.addr).SetProtocolVersion(4).
		SetClientID(strings.ReplaceAll(user, ":", "")).SetUsername(user).SetPassword("secret").
		SetAutoReconnect(false).SetConnectTimeout(30 * time.Second)
}

// connect is a client that the test's end disconnects.
func connect(t *testing.T, o *mqtt.ClientOptions) mqtt.Client {
	t.Helper()
	c := mqtt.NewClient(o)
	if tok := c.Connect(); !tok.WaitTimeout(30*time.Second) || tok.Error() != nil {
		t.Fatalf("connect: %v", tok.Error())
	}
	t.Cleanup(func() { c.Disconnect(0) })
	return c
}

func done(t *testing.T, tok mqtt.Token) {
	t.Helper()
	if !tok.WaitTimeout(30*time.Second) || tok.Error() != nil {
		t.Fatalf("token: %v", tok.Error())
	}
}

func at(ms int) string { return fmt.Sprintf(`{"time":%d,"lat":4.6,"lon":-74.1}`, ms) }

// raw is a connection without a client library.
func raw(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second)) // only so that a failing test ends
	return c
}
