package broker_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/vigia-track/vigia/ingest/broker"
)

// publishPacket is a PUBLISH of bus-1 at a QoS above 0; version 5 has
// properties.
func publishPacket(version, qos byte, id uint16, topic string, props []byte, payload string) []byte {
	body := binary.BigEndian.AppendUint16(nil, uint16(len(topic)))
	body = append(body, topic...)
	body = binary.BigEndian.AppendUint16(body, id)
	if version == 5 {
		body = append(append(body, byte(len(props))), props...)
	}
	body = append(body, payload...)
	return append([]byte{0x30 | qos<<1, byte(len(body))}, body...)
}

// readPacket reads one short packet: its type byte and what follows the length.
func readPacket(t *testing.T, c net.Conn) (first byte, body []byte) {
	t.Helper()
	var head [2]byte
	if _, err := io.ReadFull(c, head[:]); err != nil {
		t.Fatalf("read a packet: %v", err)
	}
	body = make([]byte, head[1])
	if _, err := io.ReadFull(c, body); err != nil {
		t.Fatalf("read a packet: %v", err)
	}
	return head[0], body
}

func write(t *testing.T, c net.Conn, b []byte) {
	t.Helper()
	if _, err := c.Write(b); err != nil {
		t.Fatal(err)
	}
}

// hello connects as bus-1.
func hello(t *testing.T, s *setup, version byte) net.Conn {
	t.Helper()
	c := raw(t, s.addr)
	write(t, c, connectPacket(version))
	if first, body := readPacket(t, c); first != 0x20 || body[1] != 0 {
		t.Fatalf("CONNECT answered with %x %x", first, body)
	}
	return c
}

func TestVersion5(t *testing.T) {
	const own = "vigia/bus-1/position"
	for _, c := range []struct {
		name, topic string
		qos         byte
		props       []byte
		err         error
		first       byte // the answer's type
		reason      byte
		stored      []string
	}{
		{name: "stored", topic: own, qos: 1, first: 0x40, stored: []string{"1@5/4"}},
		{name: "stored at QoS 2", topic: own, qos: 2, first: 0x50, stored: []string{"1@5/4"}},
		{name: "not stored", topic: own, qos: 1, err: errors.New("disk full"), first: 0xe0, reason: 0x89},
		{name: "not stored at QoS 2", topic: own, qos: 2, err: errors.New("disk full"), first: 0xe0, reason: 0x89},
		{name: "foreign topic", topic: "vigia/bus-2/position", qos: 1, first: 0x40, reason: 0x87},
		{name: "foreign topic at QoS 2", topic: "vigia/bus-2/position", qos: 2, first: 0x50, reason: 0x87},
		{name: "topic alias", topic: own, qos: 1, props: []byte{0x23, 0, 1}, first: 0xe0, reason: 0x94},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := start(t, broker.Options{})
			s.fail(c.err)
			conn := hello(t, s, 5)
			write(t, conn, publishPacket(5, c.qos, 7, c.topic, c.props, at(5)))
			first, body := readPacket(t, conn)
			reason := byte(0)
			switch {
			case first == 0xe0 && len(body) > 0:
				reason = body[0]
			case len(body) > 2:
				reason = body[2]
			}
			if first != c.first || reason != c.reason {
				t.Errorf("answer %#x with reason %#x, want %#x with %#x", first, reason, c.first, c.reason)
			}
			if got := s.stored(); !slices.Equal(got, c.stored) {
				t.Errorf("stored %v, want %v", got, c.stored)
			}
			if c.first == 0xe0 {
				if rest, _ := io.ReadAll(conn); len(rest) > 0 {
					t.Errorf("and then %x", rest)
				}
			}
		})
	}
}

func TestQoS2StoresOnce(t *testing.T) {
	s := start(t, broker.Options{})
	c := hello(t, s, 4)
	publish := publishPacket(4, 2, 9, "vigia/bus-1/position", nil, at(5))
	for range 2 {
		write(t, c, publish)
		if first, body := readPacket(t, c); first != 0x50 || !bytes.Equal(body, []byte{0, 9}) {
			t.Fatalf("PUBLISH answered with %x %x", first, body)
		}
		publish[0] |= 8 // sent again
	}
	write(t, c, []byte{0x62, 2, 0, 9})
	if first, body := readPacket(t, c); first != 0x70 || !bytes.Equal(body, []byte{0, 9}) {
		t.Fatalf("PUBREL answered with %x %x", first, body)
	}
	if got := s.stored(); !slices.Equal(got, []string{"1@5/4"}) {
		t.Errorf("stored %v", got)
	}
}

func TestSplitWritesOfPackets(t *testing.T) {
	stream := append(connectPacket(4), publishPacket(4, 1, 1, "vigia/bus-1/position", nil, at(5))...)
	stream = append(stream, publishPacket(4, 2, 2, "vigia/bus-1/position", nil, at(6))...)
	for cut := 1; cut < len(stream); cut++ {
		s := start(t, broker.Options{})
		c := raw(t, s.addr)
		write(t, c, stream[:cut])
		write(t, c, stream[cut:])
		for _, want := range []byte{0x20, 0x40, 0x50} {
			if first, _ := readPacket(t, c); first != want {
				t.Fatalf("cut at %d: answer %#x, want %#x", cut, first, want)
			}
		}
		if got := s.stored(); !slices.Equal(got, []string{"1@5/4", "1@6/4"}) {
			t.Fatalf("cut at %d: stored %v", cut, got)
		}
		_ = c.Close()
		s.stop(t)
	}
}

func TestClientCap(t *testing.T) {
	s := start(t, broker.Options{Limits: broker.Limits{Clients: 1}})
	hello(t, s, 4)
	c := raw(t, s.addr)
	second := bytes.ReplaceAll(connectPacket(4), []byte("bus-1"), []byte("bus-2"))
	write(t, c, second)
	if first, body := readPacket(t, c); first != 0x20 || body[1] != 3 {
		t.Errorf("the second client got %x %x, want CONNACK with code 3 (unavailable)", first, body)
	}
}

// TestDeafClient never reads its answers: the broker must not wait for it for
// ever, and not for the others at all.
func TestDeafClient(t *testing.T) {
	s := start(t, broker.Options{Limits: broker.Limits{Write: 50 * time.Millisecond}})
	deaf, there := net.Pipe()
	t.Cleanup(func() { _ = deaf.Close() })
	ended := make(chan string, 1)
	go func() { ended <- s.broker.ServeConn(context.Background(), there) }()
	write(t, deaf, connectPacket(4)) // and never reads CONNACK
	c := raw(t, s.addr)
	write(t, c, bytes.ReplaceAll(connectPacket(4), []byte("bus-1"), []byte("bus-2")))
	if first, body := readPacket(t, c); first != 0x20 || body[1] != 0 {
		t.Errorf("another got %x %x", first, body)
	}
	<-ended
}

func TestTLS(t *testing.T) {
	cert := httptest.NewTLSServer(nil) // for its certificate
	config := cert.TLS.Clone()
	cert.Close()
	s := start(t, broker.Options{})
	addr, err := s.server.ListenConns(t.Context(), "127.0.0.1:0", "mqtts", config, s.broker)
	if err != nil {
		t.Fatal(err)
	}
	c, err := tls.Dial("tcp", addr.String(), &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the test's own certificate
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	write(t, c, append(connectPacket(4), publishPacket(4, 1, 1, "vigia/bus-1/position", nil, at(5))...))
	for _, want := range []byte{0x20, 0x40} {
		if first, _ := readPacket(t, c); first != want {
			t.Fatalf("answer %#x, want %#x", first, want)
		}
	}
	if got := fmt.Sprint(s.stored()); got != "[1@5/4]" {
		t.Errorf("stored %s", got)
	}
}
