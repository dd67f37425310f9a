package sinks

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// maxBody is the longest request taken, in bytes.
const maxBody = 64 << 10

// server is an HTTP server on loopback with scripted failures.
type server struct {
	book
	pool  *x509.CertPool // nil without TLS
	ln    net.Listener
	srv   *http.Server
	wg    sync.WaitGroup
	bye   chan struct{} // closed by close
	close func() error
}

// listen starts serving; take handles a request whose body was read, after
// the script was asked.
func (s *server) listen(secure bool, take func(w http.ResponseWriter, r *http.Request, body []byte, f Fault)) error {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	s.ln, s.bye = ln, make(chan struct{})
	s.srv = &http.Server{
		ReadTimeout: 30 * time.Second, WriteTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
		ErrorLog: log.New(io.Discard, "", 0),
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
			if err != nil {
				http.Error(w, "request too long", http.StatusRequestEntityTooLarge)
				return
			}
			f := s.offer()
			switch {
			case f.Hang:
				select {
				case <-s.bye:
				case <-r.Context().Done():
				}
				panic(http.ErrAbortHandler)
			case f.RetryAfter != "":
				w.Header().Set("Retry-After", f.RetryAfter)
			}
			take(w, r, body, f)
		}),
	}
	serve := func() error { return s.srv.Serve(ln) }
	if secure {
		cert, pool, err := certificate()
		if err != nil {
			_ = ln.Close()
			return err
		}
		s.pool = pool
		s.srv.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
		serve = func() error { return s.srv.ServeTLS(ln, "", "") }
	}
	s.wg.Go(func() { _ = serve() })
	s.close = sync.OnceValue(func() error {
		close(s.bye)
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		err := s.srv.Shutdown(ctx)
		if err != nil {
			err = s.srv.Close()
		}
		_ = ln.Close() // the server does not know it yet if it has just begun
		s.wg.Wait()
		return err
	})
	return nil
}

// drop hangs up without an answer.
func drop() { panic(http.ErrAbortHandler) }

// Roots trusts the sink's certificate; nil where it speaks plain HTTP.
func (s *server) Roots() *x509.CertPool { return s.pool }

// Close ends the server and all connections.
func (s *server) Close() error { return s.close() }
