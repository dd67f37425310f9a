package ingest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Server owns every listener and what goes on behind it.
type Server struct {
	in    *intake
	conns *connBook
	ready chan struct{}      // closed when the server stops
	force context.CancelFunc // ends Accepts that hang

	ctx context.Context // what sessions hand to the Sink; ended by force
	all sync.WaitGroup  // accept loops, sessions, UDP workers, HTTP servers

	mu       sync.Mutex // guards the rest
	stopping bool
	parts    []part
}

// part is a listener, or a server behind one, and how to stop it in two steps.
type part struct {
	name  string                      // of the protocol
	addr  net.Addr                    // nil for what is behind a listener
	close func() error                // takes nothing new; may be nil
	drain func(context.Context) error // waits for what is under way; may be nil
}

// NewServer makes a server without listeners. Options.Sink and
// Options.Registry are required.
func NewServer(o Options) *Server {
	if o.Sink == nil || o.Registry == nil {
		panic("bug: ingest.NewServer without Sink or Registry")
	}
	s := &Server{in: newIntake(o), ready: make(chan struct{})}
	s.ctx, s.force = context.WithCancel(context.Background())
	s.conns = newConnBook(s.in.Limits)
	return s
}

// ErrClosed is what a listener gets on a server that was closed.
var ErrClosed = errors.New("ingest: server is closed")

// addPart takes a part in and starts its loop, unless the server was closed.
func (s *Server) addPart(p part, run func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		if p.close != nil {
			return errors.Join(ErrClosed, p.close())
		}
		return ErrClosed
	}
	s.parts = append(s.parts, p)
	s.all.Go(run)
	return nil
}

// Addr is where a listener can be reached.
type Addr struct {
	Protocol string // its name, or "shared"
	Addr     net.Addr
}

// Addrs lists the listeners in the order in which they were opened.
func (s *Server) Addrs() []Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Addr
	for _, p := range s.parts {
		if p.addr != nil {
			out = append(out, Addr{Protocol: p.name, Addr: p.addr})
		}
	}
	return out
}

// Connections is how many TCP connections are open.
func (s *Server) Connections() int { return s.conns.count() }

// ConnectionsAt is how many of them each of this machine's ports has.
func (s *Server) ConnectionsAt() map[uint16]int {
	at := map[uint16]int{}
	s.conns.each(func(c net.Conn) { at[addrPort(c.LocalAddr()).Port()]++ })
	return at
}

// Close stops the listeners, then lets each session finish what it has read,
// then waits for all of them. When ctx ends first, Accepts are cancelled and
// connections cut, and the error says so. Close may be called again.
func (s *Server) Close(ctx context.Context) error {
	s.mu.Lock()
	if !s.stopping {
		s.stopping = true
		close(s.ready)
	}
	parts := s.parts
	s.mu.Unlock()

	var errs []error
	for _, p := range parts {
		if p.close == nil {
			continue
		}
		if err := p.close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, fmt.Errorf("close %s listener at %s: %w", p.name, p.addr, err))
		}
	}
	s.conns.each(func(c net.Conn) { _ = c.SetReadDeadline(time.Now()) })
	for _, p := range parts {
		if p.drain == nil {
			continue
		}
		if err := p.drain(ctx); err != nil && ctx.Err() == nil {
			errs = append(errs, fmt.Errorf("stop %s: %w", p.name, err))
		}
	}
	done := make(chan struct{})
	go func() { s.all.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		errs = append(errs, fmt.Errorf("ingest: %d connections cut: %w", s.conns.count(), context.Cause(ctx)))
		s.force()
		s.conns.each(func(c net.Conn) { _ = c.Close() })
		<-done
	}
	s.force()
	return errors.Join(errs...)
}

// connBook holds the open connections and counts them by address.
type connBook struct {
	total, perAddress int

	mu    sync.Mutex // guards conns and byAddr
	conns map[net.Conn]struct{}
	from  map[netip.Addr]int
}

func newConnBook(l Limits) *connBook {
	return &connBook{
		total: l.Connections, perAddress: l.PerAddress,
		conns: map[net.Conn]struct{}{}, from: map[netip.Addr]int{},
	}
}

// enter takes a connection in, or says why not.
func (b *connBook) enter(c net.Conn, from netip.Addr) (refused string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case len(b.conns) >= b.total:
		return refusedTotal
	case b.from[from] >= b.perAddress:
		return refusedAddress
	}
	b.conns[c] = struct{}{}
	b.from[from]++
	return ""
}

func (b *connBook) leave(c net.Conn, from netip.Addr) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.conns, c)
	if b.from[from]--; b.from[from] <= 0 {
		delete(b.from, from)
	}
}

func (b *connBook) count() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.conns)
}

func (b *connBook) each(do func(net.Conn)) {
	b.mu.Lock()
	open := make([]net.Conn, 0, len(b.conns))
	for c := range b.conns {
		open = append(open, c)
	}
	b.mu.Unlock()
	for _, c := range open {
		do(c)
	}
}
