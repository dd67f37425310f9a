package ingest

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"time"
)

// ListenTCP opens a port for one protocol and returns once it accepts
// connections. The context bounds the opening only; Close ends the listener.
func (s *Server) ListenTCP(ctx context.Context, addr string, p Protocol) (net.Addr, error) {
	if p.New == nil {
		panic("bug: protocol " + p.Name + " has no stream codec")
	}
	port, err := bind(ctx, addr, p.Name)
	if err != nil {
		return nil, err
	}
	ln := s.in.lane(p)
	return s.acceptOn(port, p.Name, p.TLS, ln.count, func(c net.Conn, from netip.AddrPort) {
		s.talk(ln, c, from, nil)
	})
}

// talk runs one connection of a known protocol to its end. first holds bytes
// that were read already.
func (s *Server) talk(ln *lane, conn net.Conn, from netip.AddrPort, first []byte) {
	c := &session{
		caller: caller{lane: ln, codec: ln.New(), from: from, s: Session{Transport: TCP}},
		in:     s.in, conn: conn, ready: s.ready, born: time.Now(),
		buf: make([]byte, max(restBuffer, 2*len(first))),
	}
	c.w = copy(c.buf, first)
	ln.count.opened()
	ln.count.closed(c.serve(s.ctx))
}

// keepAlive finds connections whose other end is gone. Go's 15 s would cost
// trackers on metered links more than their positions do.
const keepAlive = 5 * time.Minute

// bind opens a TCP port.
func bind(ctx context.Context, addr, name string) (net.Listener, error) {
	tcp, err := (&net.ListenConfig{KeepAlive: keepAlive}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("ingest: open the %s port at %s: %w", name, addr, err)
	}
	return tcp, nil
}

// acceptOn runs each on every connection of a port that the limits allow, in
// its own goroutine; the connection is closed after it.
func (s *Server) acceptOn(
	tcp net.Listener, name string, secure *tls.Config, count *Counters, each func(net.Conn, netip.AddrPort),
) (net.Addr, error) {
	if secure != nil {
		secure = secure.Clone()
		secure.NextProtos = nil // a shared certificate's settings may offer HTTP/2
	}
	err := s.addPart(part{name: name, addr: tcp.Addr(), close: tcp.Close}, func() {
		s.acceptAll(tcp, name, secure, count, each)
	})
	return tcp.Addr(), err
}

// acceptAll runs until the listener is closed. It survives what passes, such
// as running out of descriptors.
func (s *Server) acceptAll(tcp net.Listener, name string, secure *tls.Config, count *Counters, each func(net.Conn, netip.AddrPort)) {
	wait := newPause()
	for {
		c, err := tcp.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			s.in.Log.Warn("cannot accept connections, trying again", "proto", name, "err", err)
			if !wait.wait(s.ready) {
				return
			}
			continue
		}
		wait.reset()
		s.admit(c, secure, count, each)
	}
}

func (s *Server) admit(c net.Conn, secure *tls.Config, count *Counters, each func(net.Conn, netip.AddrPort)) {
	from := addrPort(c.RemoteAddr())
	if why := s.conns.enter(c, from.Addr()); why != "" {
		count.refused(why)
		_ = c.Close()
		return
	}
	s.all.Go(func() {
		defer func() {
			_ = c.Close() // nothing is left to be sent: replies are written before
			s.conns.leave(c, from.Addr())
		}()
		if secure == nil {
			each(c, from)
			return
		}
		sc := tls.Server(c, secure)
		_ = c.SetDeadline(time.Now().Add(s.in.Limits.Identify)) // a dead connection fails the handshake
		if err := sc.HandshakeContext(s.ctx); err != nil {
			count.refused("tls")
			return
		}
		_ = c.SetDeadline(time.Time{})
		each(sc, from)
	})
}

// addrPort is an address as limits and metrics see it: no zone, IPv4 as IPv4.
func addrPort(a net.Addr) netip.AddrPort {
	var ap netip.AddrPort
	switch a := a.(type) {
	case *net.TCPAddr:
		ap = a.AddrPort()
	case *net.UDPAddr:
		ap = a.AddrPort()
	}
	return netip.AddrPortFrom(ap.Addr().Unmap().WithZone(""), ap.Port())
}

// pause waits longer each time, from 5 ms to 1 s.
type pause struct{ next time.Duration }

func newPause() *pause { return &pause{next: 5 * time.Millisecond} }

func (p *pause) reset() { p.next = 5 * time.Millisecond }

// wait is false if stop came first.
func (p *pause) wait(stop <-chan struct{}) bool {
	t := time.NewTimer(p.next)
	defer t.Stop()
	p.next = min(2*p.next, time.Second)
	select {
	case <-stop:
		return false
	case <-t.C:
		return true
	}
}
