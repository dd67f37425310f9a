package ingest

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"time"
)

// Shared is what the port that detects the protocol may turn out to speak.
type Shared struct {
	Streams []Protocol  // tried in order by their Detect
	HTTP    []Protocol  // behind one HTTP server, told apart by their Claims
	MQTT    ConnServer  // nil: no MQTT
	TLS     *tls.Config // nil: no TLS; else any of these may come inside it
}

// A ConnServer talks on connections that others accepted, as the MQTT broker
// does. It returns why the connection ended, a word for metrics, once nothing
// of it is left running. The context ends Accepts when the server is closed by
// force; a read deadline strikes when it stops.
type ConnServer interface {
	ServeConn(ctx context.Context, c net.Conn) (closed string)
}

// ListenShared opens the port that detects the protocol from a connection's
// first bytes and plays them again to whoever it hands the connection to.
func (s *Server) ListenShared(ctx context.Context, addr string, sh Shared) (net.Addr, error) {
	port, err := bind(ctx, addr, "shared")
	if err != nil {
		return nil, err
	}
	d := &detector{s: s, mqtt: sh.MQTT, tls: sh.TLS, count: NewCounters(s.in.Metrics, "shared")}
	for _, p := range sh.Streams {
		if p.Detect != nil {
			d.streams = append(d.streams, s.in.lane(p))
		}
	}
	if d.tls != nil {
		d.tls = d.tls.Clone()
		d.tls.NextProtos = nil // as in listenConns
	}
	if d.mqtt != nil {
		d.mqttCount = NewCounters(s.in.Metrics, "mqtt")
	}
	if len(sh.HTTP) > 0 {
		if d.web, err = s.serveHTTP("shared", sh.HTTP); err != nil {
			return nil, errors.Join(err, port.Close())
		}
	}
	return s.acceptOn(port, "shared", nil, d.count, func(c net.Conn, from netip.AddrPort) {
		d.run(c, from, true)
	})
}

// ListenConns opens a port whose connections c serves, within this server's
// limits and its stop order.
func (s *Server) ListenConns(ctx context.Context, addr, name string, secure *tls.Config, to ConnServer) (net.Addr, error) {
	port, err := bind(ctx, addr, name)
	if err != nil {
		return nil, err
	}
	count := NewCounters(s.in.Metrics, name)
	return s.acceptOn(port, name, secure, count, func(c net.Conn, _ netip.AddrPort) {
		s.lend(c, nil, count, to)
	})
}

// lend has another server talk on a connection.
func (s *Server) lend(c net.Conn, first []byte, count *Counters, to ConnServer) {
	count.opened()
	count.closed(to.ServeConn(s.ctx, &lentConn{Conn: c, first: first, ready: s.ready}))
}

// lentConn plays bytes that were read already, and keeps the deadline by which
// the server stops from being undone.
type lentConn struct {
	net.Conn
	first []byte
	ready <-chan struct{}
}

func (c *lentConn) Read(p []byte) (int, error) {
	if len(c.first) > 0 {
		n := copy(p, c.first)
		c.first = c.first[n:]
		return n, nil
	}
	return c.Conn.Read(p)
}

func (c *lentConn) SetReadDeadline(t time.Time) error {
	err := c.Conn.SetReadDeadline(t)
	select {
	case <-c.ready:
		return c.Conn.SetReadDeadline(time.Now())
	default:
		return err
	}
}

func (c *lentConn) SetDeadline(t time.Time) error {
	return errors.Join(c.SetWriteDeadline(t), c.SetReadDeadline(t))
}

// detector tells what a connection speaks.
type detector struct {
	s         *Server
	streams   []*lane
	web       *webServer
	mqtt      ConnServer
	tls       *tls.Config
	count     *Counters // connections that nobody knew, and those of the HTTP server
	mqttCount *Counters
}

// maxDetect is how many bytes may be needed to tell protocols apart.
const maxDetect = 64

func (d *detector) run(c net.Conn, from netip.AddrPort, plain bool) {
	_ = (&lentConn{Conn: c, ready: d.s.ready}).SetReadDeadline(time.Now().Add(d.s.in.Limits.Identify)) // a dead connection fails the read
	first := make([]byte, 0, maxDetect)
	for len(first) < maxDetect {
		n, err := c.Read(first[len(first):cap(first)])
		first = first[:len(first)+n]
		if n == 0 && err != nil {
			d.lost(err)
			return
		}
		if n > 0 && d.hand(c, from, first, plain) {
			return
		}
	}
	d.lost(nil)
}

// lost counts a connection that ended before anybody took it.
func (d *detector) lost(err error) {
	why := closedReset
	switch {
	case err == nil:
		why = closedUndetected
		d.count.Rejected(closedUndetected, 1, 0)
	case errors.Is(err, io.EOF):
		why = closedByPeer
	case errors.Is(err, os.ErrDeadlineExceeded):
		why = closedUnidentified
	}
	d.count.opened()
	d.count.closed(why)
}

// hand gives the connection to whoever knows its first bytes; false if more
// of them are needed.
func (d *detector) hand(c net.Conn, from netip.AddrPort, first []byte, plain bool) bool {
	maybe := false
	knows := func(m Match) bool {
		maybe = maybe || m == Maybe
		return m == Yes
	}
	for _, ln := range d.streams {
		if knows(ln.Detect(first)) {
			d.s.talk(ln, c, from, first)
			return true
		}
	}
	switch {
	case d.web != nil && knows(DetectHTTP(first)):
		d.count.opened()
		d.web.take(&lentConn{Conn: c, first: first, ready: d.s.ready})
		d.count.closed(closedByPeer)
	case d.mqtt != nil && knows(DetectMQTT(first)):
		d.s.lend(c, first, d.mqttCount, d.mqtt)
	case plain && d.tls != nil && knows(detectTLS(first)):
		sc := tls.Server(&lentConn{Conn: c, first: first, ready: d.s.ready}, d.tls)
		if err := sc.HandshakeContext(d.s.ctx); err != nil {
			d.lost(err)
			return true
		}
		d.run(sc, from, false)
	case !maybe:
		d.lost(nil)
	default:
		return false
	}
	return true
}
