package mqttsub_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"
	mqtt "github.com/eclipse/paho.mqtt.golang"
	"go.uber.org/goleak"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/mqttsub"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// book is a Sink and a Registry in memory; device n is "bus-<n>".
type book struct {
	mu     sync.Mutex
	fixes  []string
	err    error
	tried  chan struct{} // told of each Accept that failed
	stored chan string   // told of each fix
}

func newBook() *book {
	return &book{tried: make(chan struct{}, 1000), stored: make(chan string, 10_000)}
}

func (b *book) Accept(_ context.Context, reports []fleet.Report) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		b.tried <- struct{}{}
		return b.err
	}
	for _, r := range reports {
		fix := fmt.Sprintf("%d@%d", r.Device, r.Fix)
		b.fixes = append(b.fixes, fix)
		b.stored <- fix
	}
	return nil
}

func (b *book) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

func (b *book) Lookup(uid string) (ingest.Identity, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(uid, "bus-"), 10, 64)
	if err != nil {
		return ingest.Identity{}, ingest.ErrUnknownDevice
	}
	return ingest.Identity{Device: fleet.DeviceID(n)}, nil
}

func (*book) Unknown(ingest.Stranger) {}

// mosquitto is an outside broker in a process of our own.
type mosquitto struct {
	port string
	conf string
	cmd  *exec.Cmd
}

func startMosquitto(t *testing.T) *mosquitto {
	t.Helper()
	path, err := exec.LookPath("mosquitto")
	if err != nil {
		path = "/usr/sbin/mosquitto"
		if _, err := os.Stat(path); err != nil {
			if os.Getenv("VIGIA_REQUIRE_MOSQUITTO") == "1" {
				t.Fatal("mosquitto is not installed, and VIGIA_REQUIRE_MOSQUITTO=1; apt-get install mosquitto")
			}
			t.Skip("mosquitto is not installed; apt-get install mosquitto")
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	_ = free.Close()
	m := &mosquitto{port: port, conf: filepath.Join(t.TempDir(), "mosquitto.conf")}
	text := "listener " + port + " 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\n"
	if os.Geteuid() == 0 {
		text += "user root\n" // else it looks for a user of its own
	}
	if err := os.WriteFile(m.conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m.run(t, path)
	t.Cleanup(func() { m.stop() })
	return m
}

func (m *mosquitto) run(t *testing.T, path string) {
	t.Helper()
	m.cmd = exec.Command(path, "-c", m.conf)
	if err := m.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) { // it cannot tell when it listens
		c, err := net.Dial("tcp", "127.0.0.1:"+m.port)
		if err == nil {
			_ = c.Close()
			return
		}
		if time.Since(began) > 20*time.Second {
			t.Fatalf("mosquitto does not listen: %v", err)
		}
	}
}

func (m *mosquitto) stop() {
	if m.cmd != nil {
		_ = m.cmd.Process.Kill()
		_ = m.cmd.Wait() // killed, as asked
		m.cmd = nil
	}
}

func (m *mosquitto) url() string { return "tcp://127.0.0.1:" + m.port }

// told hands the log's messages on, so that a test can wait for one.
type told struct{ ch chan string }

func (told) Enabled(context.Context, slog.Level) bool { return true }
func (h told) Handle(_ context.Context, r slog.Record) error {
	select {
	case h.ch <- r.Message:
	default:
	}
	return nil
}
func (h told) WithAttrs([]slog.Attr) slog.Handler { return h }
func (h told) WithGroup(string) slog.Handler      { return h }

func (h told) wait(t *testing.T, message string) {
	t.Helper()
	for late := time.After(60 * time.Second); ; {
		select {
		case m := <-h.ch:
			if m == message {
				return
			}
		case <-late:
			t.Fatalf("never logged %q", message)
		}
	}
}

const subscribed = "subscribed at outside broker"

func subscribe(t *testing.T, m *mosquitto, b *book) (*mqttsub.Subscriber, told) {
	t.Helper()
	log := told{make(chan string, 1000)}
	s, err := mqttsub.Start(mqttsub.Options{
		URL: m.url(), ClientID: "vigia", Log: slog.New(log), Packet: 4096,
		Intake: ingest.NewIntake(ingest.Options{Sink: b, Registry: b, Metrics: metrics.NewSet()},
			ingest.Topic{Name: "vigiajson", ID: fleet.VigiaJSON, Filter: "vigia/+/position", Codec: vigiajson.New()}),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { stop(t, s) })
	log.wait(t, subscribed)
	return s, log
}

func stop(t *testing.T, s *mqttsub.Subscriber) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := s.Close(ctx); err != nil {
		t.Errorf("close: %v", err)
	}
}

var publishers atomic.Int64 // for client IDs

func publisher(t *testing.T, m *mosquitto) mqtt.Client {
	t.Helper()
	c := mqtt.NewClient(mqtt.NewClientOptions().AddBroker(m.url()).SetAutoReconnect(false).
		SetClientID(fmt.Sprintf("trucks-%d", publishers.Add(1))))
	if tok := c.Connect(); !tok.WaitTimeout(30*time.Second) || tok.Error() != nil {
		t.Fatal(tok.Error())
	}
	t.Cleanup(func() { c.Disconnect(100) })
	return c
}

func publish(t *testing.T, c mqtt.Client, device, ms int, qos byte) {
	t.Helper()
	tok := c.Publish(fmt.Sprintf("vigia/bus-%d/position", device), qos, false, fmt.Sprintf(`{"time":%d,"lat":1,"lon":2}`, ms))
	if !tok.WaitTimeout(30*time.Second) || tok.Error() != nil {
		t.Fatal(tok.Error())
	}
}

func (b *book) next(t *testing.T) string {
	t.Helper()
	select {
	case fix := <-b.stored:
		return fix
	case <-time.After(60 * time.Second):
		t.Fatal("nothing arrived")
		return ""
	}
}

func TestStoresWhatTheBrokerSends(t *testing.T) { t.Run("C-1", checkStoresWhatTheBrokerSends) }

func checkStoresWhatTheBrokerSends(t *testing.T) {
	m, b := startMosquitto(t), newBook()
	s, _ := subscribe(t, m, b)
	c := publisher(t, m)
	var want []string
	for i := 1; i <= 300; i++ {
		publish(t, c, i, i, byte(i%3))
		want = append(want, fmt.Sprintf("%d@%d", i, i))
	}
	var got []string
	for range want {
		got = append(got, b.next(t))
	}
	slices.Sort(got) // the broker sends QoS 0 at once and QoS 2 after a handshake
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
	if st := s.State(); !st.Connected || !st.Subscribed || st.Error != "" || st.Received != 300 {
		t.Errorf("state %+v", st)
	}
}

func TestUnstoredIsNotAckedAndComesAgain(t *testing.T) {
	m, b := startMosquitto(t), newBook()
	b.fail(errors.New("disk full"))
	first, _ := subscribe(t, m, b)
	publish(t, publisher(t, m), 7, 70, 1)
	<-b.tried
	<-b.tried // it tries again by itself
	if st := first.State(); st.Stored != 0 || !strings.Contains(st.Error, "disk full") {
		t.Errorf("state %+v", st)
	}
	stop(t, first)
	b.fail(nil)
	second, _ := subscribe(t, m, b)
	if got := b.next(t); got != "7@70" {
		t.Errorf("stored %s", got)
	}
	stop(t, second)
	third, _ := subscribe(t, m, b)
	publish(t, publisher(t, m), 8, 80, 1)
	if got := b.next(t); got != "8@80" {
		t.Errorf("%s came again although it was acked", got)
	}
	stop(t, third)
}

func TestSubscribesAgainAtABrokerThatForgot(t *testing.T) {
	m, b := startMosquitto(t), newBook()
	s, log := subscribe(t, m, b)
	path := m.cmd.Path
	m.stop()
	log.wait(t, "outside broker is away, trying again")
	if st := s.State(); st.Connected || st.Error == "" {
		t.Errorf("state %+v while the broker is away", st)
	}
	m.run(t, path)
	log.wait(t, subscribed)
	publish(t, publisher(t, m), 3, 30, 1)
	if got := b.next(t); got != "3@30" {
		t.Errorf("stored %s", got)
	}
}

func TestPacketAboveTheLimitEndsTheConnection(t *testing.T) {
	m, b := startMosquitto(t), newBook()
	_, log := subscribe(t, m, b)
	tok := publisher(t, m).Publish("vigia/bus-1/position", 0, false, strings.Repeat("x", 5000))
	tok.Wait()
	log.wait(t, "outside broker is away, trying again")
	log.wait(t, subscribed)
}

// TestAsksTheGuardAtTheDial: a broker whose resolved address is refused is not
// connected to, and the state says why.
func TestAsksTheGuardAtTheDial(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	asked := make(chan string, 100)
	log := told{make(chan string, 100)}
	s, err := mqttsub.Start(mqttsub.Options{
		URL: "tcp://localhost:" + port, ClientID: "vigia", Log: slog.New(log),
		Intake: ingest.NewIntake(ingest.Options{Sink: newBook(), Registry: newBook(), Metrics: metrics.NewSet()}),
		Dialer: &net.Dialer{ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			asked <- address
			return errors.New("a loopback address")
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	log.wait(t, "outside broker is away, trying again")
	if at, _, _ := net.SplitHostPort(<-asked); at != "127.0.0.1" && at != "::1" {
		t.Errorf("asked about %s, which is no resolved address", at)
	}
	if st := s.State(); st.Connected || !strings.Contains(st.Error, "a loopback address") {
		t.Errorf("state %+v", st)
	}
}

func TestValidate(t *testing.T) {
	in := ingest.NewIntake(ingest.Options{Sink: newBook(), Registry: newBook()})
	for _, c := range []struct {
		o    mqttsub.Options
		want string
	}{
		{mqttsub.Options{URL: "broker", ClientID: "a", Intake: in}, "no broker's URL"},
		{mqttsub.Options{URL: "http://user:secret@broker", ClientID: "a", Intake: in}, "scheme"},
		{mqttsub.Options{URL: "tcp://broker:1883", Intake: in}, "client ID"},
	} {
		_, err := mqttsub.Start(c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v, want to read about %q and no password", c.o.URL, err, c.want)
		}
	}
}
