package ingest

import (
	"net"
	"sync"
)

// take has the HTTP server talk on a connection and returns once it is closed.
func (w *webServer) take(c net.Conn) {
	h := &handedConn{Conn: c, gone: make(chan struct{})}
	select {
	case w.conns.conns <- h:
		<-h.gone
	case <-w.conns.closed:
	}
}

// handedListener gives a net/http server the connections that others accepted.
type handedListener struct {
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

// Accept waits for the next connection.
func (l *handedListener) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close makes Accept and take return.
func (l *handedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr is not known: the port is somebody else's.
func (l *handedListener) Addr() net.Addr { return &net.TCPAddr{} }

// handedConn tells when it is closed.
type handedConn struct {
	net.Conn
	once sync.Once
	gone chan struct{}
}

// Close closes the connection and lets take return.
func (c *handedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { close(c.gone) })
	return err
}
