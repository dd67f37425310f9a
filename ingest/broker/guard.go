package broker

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/mqttwire"
)

// guard stands between a socket and the MQTT server. It gives the server only
// whole packets, so that what the server allocates by a packet's claimed
// length has arrived already, and it knows whose connection it is.
//
// Read, SetDeadline and all fields but Write's belong to the goroutine of the
// connection.
type guard struct {
	net.Conn
	ctx    context.Context // ends what waits for the Sink
	from   netip.AddrPort
	limits Limits

	uid     string // "" until CONNECT was accepted
	id      ingest.Identity
	trust   fleet.Trust
	checked time.Time // when id was looked up
	why     string    // why the connection ends, once it is known

	packets *mqttwire.Reader
	keepBy  time.Time // when the client must have sent something
	readBy  time.Time // the read deadline as set
	writeBy time.Time // the write deadline as set; under the server's write lock
}

func newGuard(ctx context.Context, c net.Conn, l Limits) *guard {
	g := &guard{Conn: c, ctx: ctx, limits: l}
	g.packets = mqttwire.NewReader(reading{g}, g.limit)
	if from, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
		g.from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
	}
	g.keepBy = time.Now().Add(l.Identify)
	return g
}

// Read gives bytes of whole packets only.
func (g *guard) Read(p []byte) (int, error) {
	n, err := g.packets.Read(p)
	switch {
	case errors.Is(err, mqttwire.ErrTooLong):
		g.why = "oversize"
	case errors.Is(err, mqttwire.ErrMalformed):
		g.why = "malformed"
	case errors.Is(err, errNoConnect):
		g.why = "noConnect"
	}
	return n, err
}

var errNoConnect = errors.New("broker: the first packet is no CONNECT")

// limit is how long a packet may be.
func (g *guard) limit(first byte) (int, error) {
	switch {
	case g.packets.Seen() > 0:
		return g.limits.Packet, nil
	case first != 0x10: // MQTT-3.1.0-1
		return 0, errNoConnect
	}
	return g.limits.Connect, nil
}

// reading is the guard as its packet reader reads from it.
type reading struct{ g *guard }

// Read waits for bytes of the socket.
func (r reading) Read(p []byte) (int, error) { return r.g.read(p) }

// read waits until something arrives or a deadline has truly passed.
func (g *guard) read(p []byte) (int, error) {
	for {
		by, why := g.deadline()
		if g.readBy.IsZero() || by.Before(g.readBy) {
			g.readBy = by
			if err := g.Conn.SetReadDeadline(by); err != nil {
				return 0, err
			}
		}
		n, err := g.Conn.Read(p)
		if n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
			return n, err
		}
		now := time.Now()
		switch {
		case now.Before(g.readBy): // another's deadline: the server stops
			g.why = "stopped"
			return 0, err
		case !now.Before(by):
			g.why = why
			return 0, err
		}
		g.readBy = time.Time{} // it was set for a packet that came since
	}
}

func (g *guard) deadline() (by time.Time, why string) {
	by, why = g.keepBy, "idle"
	if g.packets.Seen() == 0 {
		why = "unidentified"
	}
	if begun, ok := g.packets.Begun(); ok {
		if end := begun.Add(g.limits.Frame); end.Before(by) {
			by, why = end, "unfinished"
		}
	}
	return by, why
}

// SetDeadline takes over by when the client must have sent something. The
// server sets it before each packet, and to none for a client without
// keep-alive.
func (g *guard) SetDeadline(t time.Time) error {
	if limit := time.Now().Add(g.limits.Idle); t.IsZero() || t.After(limit) {
		t = limit
	}
	g.keepBy = t
	return nil
}

// Write bounds how long a client may take to take a packet.
func (g *guard) Write(p []byte) (int, error) {
	if now := time.Now(); g.writeBy.Sub(now) < g.limits.Write {
		g.writeBy = now.Add(2 * g.limits.Write)
		if err := g.SetWriteDeadline(g.writeBy); err != nil {
			return 0, err
		}
	}
	return g.Conn.Write(p)
}
