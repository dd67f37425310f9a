package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/crypto/acme"

	"github.com/vigia-track/vigia/admin"
)

// certificates is where the certificate of every TLS door comes from.
type certificates interface {
	get(*tls.ClientHelloInfo) (*tls.Certificate, error) // for handshakes; never waits
	run(ctx context.Context) error                      // renews until ctx ends
	health(now time.Time) []admin.Check
}

// openSecure finds the certificate, if the settings ask for TLS, and opens the
// plain port beside it.
func (n *node) openSecure() error {
	c := &n.config.HTTP
	switch {
	case c.TLSCert != "":
		pair, err := openFilePair(c.TLSCert, c.TLSKey, n.part("certificate"))
		if err != nil {
			return err
		}
		n.certs = pair
	case len(c.Domain) > 0:
		n.certs = newACME(c, n.path(certificateDir), n.part("certificate"))
	}
	return n.openFront()
}

// secureConfig is what every TLS door speaks: TLS 1.2 or newer.
func secureConfig(c certificates) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12, GetCertificate: c.get,
		NextProtos: []string{"h2", "http/1.1", acme.ALPNProto}, // device doors drop them
	}
}

// front is the plain port beside an HTTPS one: it sends browsers there and
// answers a certificate authority's challenges.
type front struct {
	server *http.Server
	addr   net.Addr
	done   chan struct{} // closed when Serve has returned
}

// openFront opens the plain port.
func (n *node) openFront() error {
	c := &n.config.HTTP
	if len(c.Domain) == 0 || c.Redirect == "" {
		return nil
	}
	var handler http.Handler = redirect(n.config.PublicURL, c.Domain)
	if a, ok := n.certs.(*acmeCerts); ok {
		handler = a.manager.HTTPHandler(handler)
	}
	f := &front{done: make(chan struct{}), server: &http.Server{
		Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
		IdleTimeout: 30 * time.Second, MaxHeaderBytes: 16 << 10,
	}}
	var l net.Listener
	_, err := listenNext(c.Redirect, false, func(addr string) (_ net.Addr, err error) {
		if l, err = net.Listen("tcp", addr); err != nil {
			return nil, err
		}
		return l.Addr(), nil
	})
	if err != nil {
		return fmt.Errorf("http.redirect: %w", err)
	}
	f.addr = l.Addr()
	n.front = f
	go func() {
		defer close(f.done)
		if err := f.server.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
			n.fail(fmt.Errorf("redirect server: %w", err))
		}
	}()
	return nil
}

// stop waits for requests that run.
func (f *front) stop(ctx context.Context) error {
	err := f.server.Shutdown(ctx)
	if err != nil {
		_ = f.server.Close()
	}
	<-f.done
	return err
}

// redirect sends to the same page over HTTPS: under the name that was asked
// for if it is one of ours, else under the public address, so that nobody can
// make us point elsewhere. What was sent in clear must not be repeated by
// itself, so only reading is sent on.
func redirect(public string, domains []string) http.HandlerFunc {
	base := "https://" + domains[0]
	if u, err := url.Parse(public); err == nil && u.Scheme == "https" {
		base = strings.TrimSuffix(public, "/")
	}
	known := map[string]bool{}
	for _, d := range domains[1:] {
		known[strings.ToLower(d)] = true
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Connection", "close")
			http.Error(w, "Use HTTPS: what is sent to this port can be read on its way.", http.StatusBadRequest)
			return
		}
		to := base
		host := r.Host
		if h, _, err := net.SplitHostPort(host); err == nil {
			host = h
		}
		if known[strings.ToLower(host)] {
			to = "https://" + strings.ToLower(host)
		}
		w.Header().Set("Cache-Control", "no-store") // the settings may change
		path := "/" + strings.TrimLeft(r.URL.EscapedPath(), "/")
		if r.URL.RawQuery != "" {
			path += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", to+path)
		w.WriteHeader(http.StatusPermanentRedirect)
	}
}
