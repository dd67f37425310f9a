package broker_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/broker"
)

func TestPublishIsStoredAndAcked(t *testing.T) {
	s := start(t, broker.Options{})
	for qos := range byte(3) {
		c := connect(t, s.options(fmt.Sprintf("bus-%d", qos+1)))
		done(t, c.Publish(fmt.Sprintf("vigia/bus-%d/position", qos+1), qos, true, at(int(qos)+1)))
		if qos == 0 { // no ack tells that it arrived; a second one at QoS 1 does
			done(t, c.Publish("vigia/bus-1/position", 1, false, at(9)))
		}
	}
	phone := connect(t, s.options("jane:phone"))
	done(t, phone.Publish("owntracks/jane/phone", 1, true, `{"_type":"location","lat":1,"lon":2,"tst":7,"tid":"bus-1"}`))
	if got, want := s.stored(), []string{"1@1/4", "1@9/4", "2@2/4", "3@3/4", "50@7000/4"}; !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v", got, want)
	}
	if got := s.count(`frames_total{proto="vigiajson",result="accepted"}`); got != "4" {
		t.Errorf("%s frames accepted, want 4", got)
	}
}

func TestAckWaitsForAccept(t *testing.T) {
	for qos := byte(1); qos <= 2; qos++ {
		t.Run(fmt.Sprint("qos ", qos), func(t *testing.T) {
			s := start(t, broker.Options{})
			lost := make(chan error, 1)
			c := connect(t, s.options("bus-1").SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
			entered, release := s.block()
			tok := c.Publish("vigia/bus-1/position", qos, false, at(5))
			<-entered
			s.fail(errors.New("disk full"))
			close(release)
			<-lost // not acked, so the connection must end for the device to try again
			if tok.WaitTimeout(0) && tok.Error() == nil {
				t.Error("acked although Accept failed")
			}
			if got := s.stored(); len(got) != 0 {
				t.Errorf("stored %v", got)
			}
			s.stop(t)
			if got := s.count(`connections_closed_total{proto="mqtt",reason="notStored"}`); got != "1" {
				t.Errorf("%s connections closed for it, want 1", got)
			}
		})
	}
}

func TestUnackedPublishComesAgain(t *testing.T) {
	for qos := byte(1); qos <= 2; qos++ {
		t.Run(fmt.Sprint("qos ", qos), func(t *testing.T) {
			s := start(t, broker.Options{})
			s.fail(errors.New("disk full"))
			gates := make(chan [2]chan struct{}, 1)
			heal := sync.OnceFunc(func() { // paho may be back, and lost again, before its handler has run
				entered, release := s.block()
				s.fail(nil)
				gates <- [2]chan struct{}{entered, release}
			})
			o := s.options("bus-1").SetCleanSession(false).SetAutoReconnect(true).SetMaxReconnectInterval(20 * time.Millisecond)
			c := connect(t, o.SetConnectionLostHandler(func(mqtt.Client, error) { heal() }))
			c.Publish("vigia/bus-1/position", qos, false, at(5))
			gate := <-gates
			<-gate[0] // it came again, by itself
			close(gate[1])
			done(t, c.Publish("vigia/bus-1/position", 1, false, at(6))) // acked after the one before it
			if got, want := s.stored(), []string{"1@5/4", "1@6/4"}; !slices.Equal(got, want) {
				t.Errorf("stored %v, want %v", got, want)
			}
		})
	}
}

func TestConnectIsRefused(t *testing.T) {
	s := start(t, broker.Options{})
	for _, c := range []struct {
		name, reason string
		edit         func(*mqtt.ClientOptions)
	}{
		{"wrong password", "badPassword", func(o *mqtt.ClientOptions) { o.SetPassword("guess") }},
		{"no password", "badPassword", func(o *mqtt.ClientOptions) { o.SetPassword("") }},
		{"no secret set", "badPassword", func(o *mqtt.ClientOptions) { o.SetUsername("open-1") }},
		{"unknown", "unknownDevice", func(o *mqtt.ClientOptions) { o.SetUsername("nobody") }},
		{"wildcard name", "badUserName", func(o *mqtt.ClientOptions) { o.SetUsername("+") }},
		{"wildcard client ID", "badClientID", func(o *mqtt.ClientOptions) { o.SetClientID("#") }},
		{"slash in client ID", "badClientID", func(o *mqtt.ClientOptions) { o.SetClientID("a/b") }},
		{"long client ID", "badClientID", func(o *mqtt.ClientOptions) { o.SetClientID(strings.Repeat("a", 65)) }},
		{"foreign will", "foreignWill", func(o *mqtt.ClientOptions) { o.SetWill("vigia/bus-2/position", at(1), 1, true) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := s.options("bus-1")
			c.edit(o)
			tok := mqtt.NewClient(o).Connect()
			if !tok.WaitTimeout(30*time.Second) || tok.Error() == nil {
				t.Fatal("connected")
			}
			if got := s.count(fmt.Sprintf(`frames_total{proto="mqtt",result="rejected",reason=%q}`, c.reason)); got == "0" {
				t.Errorf("no %s counted", c.reason)
			}
		})
	}
	if !slices.Equal(s.told, []string{"nobody"}) {
		t.Errorf("registry was told of %v", s.told)
	}
}

func TestNoSecretWhereAllowed(t *testing.T) {
	s := start(t, broker.Options{AllowNoSecret: true})
	c := connect(t, s.options("open-1").SetPassword(""))
	done(t, c.Publish("vigia/open-1/position", 1, false, at(5)))
	if got, want := s.stored(), []string{"100@5/0"}; !slices.Equal(got, want) {
		t.Errorf("stored %v, want %v: a name alone proves nothing", got, want)
	}
	tok := mqtt.NewClient(s.options("bus-1").SetPassword("guess")).Connect()
	if tok.WaitTimeout(30*time.Second) && tok.Error() == nil {
		t.Error("a device that has a password got in with another")
	}
}

func TestGuessesAreThrottled(t *testing.T) {
	s := start(t, broker.Options{})
	for range 12 {
		mqtt.NewClient(s.options("bus-1").SetPassword("guess")).Connect().WaitTimeout(30 * time.Second)
	}
	if got := s.count(`frames_total{proto="mqtt",result="rejected",reason="throttled"}`); got != "2" {
		t.Errorf("%s guesses throttled, want 2", got)
	}
	connect(t, s.options("bus-2"))
}

func TestForeignTopicsAreRefused(t *testing.T) {
	for _, topic := range []string{
		"vigia/bus-2/position", "vigia/bus-1/command", "owntracks/bus-2/x", "other", "$SYS/broker/version",
	} {
		t.Run(topic, func(t *testing.T) {
			s := start(t, broker.Options{})
			lost := make(chan error, 1)
			c := connect(t, s.options("bus-1").SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
			c.Publish(topic, 1, true, at(5))
			if topic[0] != '$' { // those are dropped without an answer
				<-lost
			}
			if got := s.stored(); len(got) != 0 {
				t.Errorf("stored %v", got)
			}
		})
	}
}

func TestNobodyReadsAnother(t *testing.T) {
	s := start(t, broker.Options{})
	seen := make(chan string, 100)
	c := connect(t, s.options("bus-1").SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) {
		seen <- m.Topic() + " " + string(m.Payload())
	}))
	for _, filter := range []string{
		"#", "+/+", "+/+/+", "vigia/#", "vigia/+/position", "vigia/bus-1/#", "vigia/bus-2/position", "vigia/bus-2/command",
		"$SYS/#", "$share/g/vigia/bus-1/command", "owntracks/+/+",
	} {
		tok := c.Subscribe(filter, 1, nil)
		if !tok.WaitTimeout(30 * time.Second) {
			t.Fatalf("%s: no answer", filter)
		}
		for name, got := range tok.(*mqtt.SubscribeToken).Result() {
			if got != 0x80 {
				t.Errorf("subscribing to %s gave %#x for %s, want a refusal", filter, got, name)
			}
		}
	}
	done(t, c.Subscribe("vigia/bus-1/command", 1, nil))

	other := connect(t, s.options("bus-2").SetWill("vigia/bus-2/status", "gone", 1, true))
	done(t, other.Publish("vigia/bus-2/position", 1, true, at(5)))
	other.Disconnect(0)
	if err := s.broker.Command("bus-1", []byte("stop")); err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got != "vigia/bus-1/command stop" || len(seen) > 0 {
		t.Errorf("bus-1 saw %q and %d more, want only its command", got, len(seen))
	}
	if err := s.broker.Command("bus-3", nil); !errors.Is(err, broker.ErrNotConnected) {
		t.Errorf("a command for a device that is away gave %v", err)
	}
}

func TestClientIDTakesNothingOver(t *testing.T) {
	s := start(t, broker.Options{})
	first := connect(t, s.options("bus-1"))
	connect(t, s.options("bus-2").SetClientID("bus-1"))
	done(t, first.Publish("vigia/bus-1/position", 1, false, at(5)))
}

func TestSharedPortLendsConnections(t *testing.T) {
	s := start(t, broker.Options{})
	addr, err := s.server.ListenShared(t.Context(), "127.0.0.1:0", ingest.Shared{MQTT: s.broker})
	if err != nil {
		t.Fatal(err)
	}
	s.addr = addr.String()
	c := connect(t, s.options("bus-1"))
	done(t, c.Publish("vigia/bus-1/position", 1, false, at(5)))
	if got := s.stored(); !slices.Equal(got, []string{"1@5/4"}) {
		t.Errorf("stored %v", got)
	}
}

// TestDeviceNamedLikeTheServer has a device with the name of the MQTT server's
// own client, through which commands are sent.
func TestDeviceNamedLikeTheServer(t *testing.T) {
	s := start(t, broker.Options{})
	seen := make(chan string, 1)
	c := connect(t, s.options("inline").SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) { seen <- string(m.Payload()) }))
	done(t, c.Subscribe("vigia/inline/command", 1, nil))
	if err := s.broker.Command("inline", []byte("stop")); err != nil {
		t.Fatal(err)
	}
	if got := <-seen; got != "stop" {
		t.Errorf("the device got %q", got)
	}
	done(t, c.Publish("vigia/inline/position", 1, false, at(5)))
	if got := s.stored(); !slices.Equal(got, []string{"77@5/4"}) {
		t.Errorf("stored %v", got)
	}
}

func TestOneSessionPerDevice(t *testing.T) {
	s := start(t, broker.Options{})
	lost := make(chan error, 1)
	connect(t, s.options("bus-1").SetConnectionLostHandler(func(_ mqtt.Client, err error) { lost <- err }))
	connect(t, s.options("bus-1").SetClientID("elsewhere"))
	<-lost
}

func TestWireLimits(t *testing.T) {
	connected := "\x10\x24\x00\x04MQTT\x04\xc2\x00\x00\x00\x05bus-1\x00\x05bus-1\x00\x06secret"
	connected = connected[:1] + string(rune(len(connected)-2)) + connected[2:]
	soon := broker.Limits{Identify: 50 * time.Millisecond, Frame: 50 * time.Millisecond, Idle: 50 * time.Millisecond}
	for _, c := range []struct {
		name, in, reason string
		limits           broker.Limits
	}{
		{"256 MiB claimed before CONNECT", "\x10\xff\xff\xff\x7f", "oversize", broker.Limits{}},
		{"256 MiB claimed after it", connected + "\x32\xff\xff\xff\x7f", "oversize", broker.Limits{}},
		{"length of five bytes", "\x10\x80\x80\x80\x80\x01", "malformed", broker.Limits{}},
		{"publish before CONNECT", "\x30\x05\x00\x01a12", "noConnect", broker.Limits{}},
		{"silence", "", "unidentified", soon},
		{"half a CONNECT", connected[:10], "unidentified", soon},
		{"half a packet", connected + "\x32\x20\x00", "unfinished", broker.Limits{Frame: soon.Frame}},
		{"nothing after CONNECT", connected, "idle", broker.Limits{Idle: soon.Idle}},
		{"second CONNECT", connected + connected, "protocol", broker.Limits{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, broker.Options{Limits: c.limits})
			conn := raw(t, s.addr)
			if _, err := io.WriteString(conn, c.in); err != nil {
				t.Fatal(err)
			}
			if _, err := io.ReadAll(conn); err != nil {
				t.Logf("read: %v", err)
			}
			s.stop(t)
			if got := s.count(fmt.Sprintf(`connections_closed_total{proto="mqtt",reason=%q}`, c.reason)); got != "1" {
				t.Errorf("%s connections closed as %s, want 1", got, c.reason)
			}
		})
	}
}
