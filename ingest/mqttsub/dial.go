package mqttsub

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"github.com/vigia-track/vigia/ingest/mqttwire"
)

// dial opens a connection to the broker. paho gets to see whole packets only,
// for it allocates by a packet's claimed length.
func (s *Subscriber) dial(u *url.URL, o mqtt.ClientOptions) (net.Conn, error) {
	secure, port := false, "1883"
	switch u.Scheme {
	case "ssl", "tls", "mqtts":
		secure, port = true, "8883"
	}
	host := u.Host
	if u.Port() == "" {
		host = net.JoinHostPort(u.Hostname(), port)
	}
	ctx, cancel := context.WithTimeout(s.attempt, o.ConnectTimeout)
	defer cancel()
	d := s.o.Dialer
	if d == nil {
		d = &net.Dialer{}
	}
	var c net.Conn
	var err error
	if secure {
		c, err = (&tls.Dialer{NetDialer: d, Config: s.o.TLS}).DialContext(ctx, "tcp", host)
	} else {
		c, err = d.DialContext(ctx, "tcp", host)
	}
	if err != nil {
		return nil, fmt.Errorf("mqttsub: connect to %s: %w", s.via, err)
	}
	context.AfterFunc(s.attempt, func() { _ = c.Close() }) // paho waits for CONNACK without a deadline
	limit := func(byte) (int, error) { return s.o.Packet, nil }
	return &wholeConn{Conn: c, packets: mqttwire.NewReader(c, limit)}, nil
}

// wholeConn reads whole packets.
type wholeConn struct {
	net.Conn
	packets *mqttwire.Reader
}

// Read gives bytes of whole packets only.
func (c *wholeConn) Read(p []byte) (int, error) { return c.packets.Read(p) }
