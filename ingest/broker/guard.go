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

	buf         []byte
	r, whole, w int // buf[r:whole] are whole packets, buf[whole:w] is a beginning
	connected   bool
	filled      bool      // the last read left no room
	begun       time.Time // when the packet at whole began
	keepBy      time.Time // when the client must have sent something
	readBy      time.Time // the read deadline as set
	writeBy     time.Time // the write deadline as set; under the server's write lock
}

// restBuffer is what a silent connection keeps for reading, in bytes.
const restBuffer = 512

// busyBuffer is what one that sends much keeps.
const busyBuffer = 4 << 10

func newGuard(ctx context.Context, c net.Conn, l Limits) *guard {
	g := &guard{Conn: c, ctx: ctx, limits: l, buf: make([]byte, restBuffer)}
	if from, err := netip.ParseAddrPort(c.RemoteAddr().String()); err == nil {
		g.from = netip.AddrPortFrom(from.Addr().Unmap().WithZone(""), from.Port())
	}
	g.keepBy = time.Now().Add(l.Identify)
	return g
}

// Read gives bytes of whole packets only.
func (g *guard) Read(p []byte) (int, error) {
	for g.r == g.whole {
		if err := g.fill(); err != nil {
			return 0, err
		}
	}
	n := copy(p, g.buf[g.r:g.whole])
	g.r += n
	return n, nil
}

var (
	errTooLong   = errors.New("broker: packet above the limit")
	errMalformed = errors.New("broker: malformed packet length")
	errNoConnect = errors.New("broker: the first packet is no CONNECT")
)

// fill reads once and moves whole past the packets that are complete.
func (g *guard) fill() error {
	g.w = copy(g.buf, g.buf[g.whole:g.w])
	g.r, g.whole = 0, 0
	switch {
	case g.w == len(g.buf), g.filled && len(g.buf) < busyBuffer:
		// The packet's size was checked: it is at most the limit, and the
		// buffer grows only as bytes arrive.
		g.buf = append(g.buf, make([]byte, len(g.buf))...)
	case g.w == 0 && len(g.buf) > busyBuffer:
		g.buf = make([]byte, restBuffer)
	}
	n, err := g.read(g.buf[g.w:])
	g.filled = g.w+n == len(g.buf)
	if n == 0 && err != nil {
		return err
	}
	if g.w == 0 {
		g.begun = time.Now()
	}
	g.w += n
	for g.whole < g.w {
		size, err := g.packet(g.buf[g.whole:g.w])
		if err != nil {
			return err
		}
		if size == 0 || size > g.w-g.whole {
			break
		}
		g.whole, g.connected = g.whole+size, true
		g.begun = time.Now()
	}
	return nil
}

// packet is the size of the packet that begins b, 0 if it cannot be told yet
// (MQTT 2.2.3 for 3.1.1, 2.1.4 for 5.0).
func (g *guard) packet(b []byte) (int, error) {
	limit := g.limits.Packet
	if !g.connected {
		limit = g.limits.Connect
		if b[0] != 0x10 {
			g.why = "noConnect"
			return 0, errNoConnect
		}
	}
	length := 0
	for i := 1; i < len(b); i++ {
		if i > 4 {
			g.why = "malformed"
			return 0, errMalformed
		}
		length |= int(b[i]&0x7f) << (7 * (i - 1))
		if i+1+length > limit {
			g.why = "oversize"
			return 0, errTooLong
		}
		if b[i] < 0x80 {
			return i + 1 + length, nil
		}
	}
	return 0, nil
}

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
	if !g.connected {
		why = "unidentified"
	}
	if end := g.begun.Add(g.limits.Frame); g.w > 0 && end.Before(by) {
		by, why = end, "unfinished"
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
