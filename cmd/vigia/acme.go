package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/acme"
	"golang.org/x/crypto/acme/autocert"

	"github.com/vigia-track/vigia/admin"
)

// certificateDir is where certificates, their keys and the account's key are
// kept in the data directory, readable by its owner alone.
const certificateDir = "certificates"

// acmeCerts obtains certificates by ACME (RFC 8555). A handshake never waits
// for one nor asks for one, so strangers cannot use up the authority's limits:
// run obtains them, at the start and again at growing distance.
type acmeCerts struct {
	manager *autocert.Manager
	domains []string
	log     *slog.Logger
	ending  context.Context // its end ends requests to the authority
	end     context.CancelFunc

	mu   sync.Mutex
	leaf map[string]*x509.Certificate // by domain, once obtained
	err  map[string]error             // why there is none, or no newer one
}

// obtainAgain is when the next try follows a failed one. Let's Encrypt admits
// five failures an hour for one name.
var obtainAgain = []time.Duration{90 * time.Second, 5 * time.Minute, 20 * time.Minute, time.Hour}

// renewedEvery is how often the certificate in use is looked at; the manager
// renews it by itself, 30 days before its end.
const renewedEvery = time.Hour

// newACME makes the manager; it asks nobody yet.
func newACME(c *HTTPConfig, dir string, log *slog.Logger) *acmeCerts {
	a := &acmeCerts{domains: c.Domain, log: log, leaf: map[string]*x509.Certificate{}, err: map[string]error{}}
	a.ending, a.end = context.WithCancel(context.Background())
	directory := c.ACMEDirectory
	if directory == "" {
		directory = autocert.DefaultACMEDirectory
	}
	a.manager = &autocert.Manager{
		Prompt: autocert.AcceptTOS, Cache: autocert.DirCache(dir), HostPolicy: autocert.HostWhitelist(c.Domain...), Email: c.ACMEEmail,
		Client: &acme.Client{
			DirectoryURL: directory, UserAgent: "vigia/" + version,
			HTTPClient:   &http.Client{Timeout: 30 * time.Second, Transport: untilEnd{a.ending}},
			RetryBackoff: retrySoon,
		},
	}
	return a
}

// get is tls.Config.GetCertificate. Many trackers name no server; they, and
// those who name another, are shown the first domain's.
func (a *acmeCerts) get(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	if slices.Equal(hello.SupportedProtos, []string{acme.ALPNProto}) { // a challenge, RFC 8737
		return a.manager.GetCertificate(hello)
	}
	name := strings.ToLower(strings.TrimSuffix(hello.ServerName, "."))
	if !slices.Contains(a.domains, name) {
		name = a.domains[0]
	}
	a.mu.Lock()
	ready, err := a.leaf[name] != nil, a.err[name]
	a.mu.Unlock()
	if !ready {
		return nil, fmt.Errorf("there is no certificate for %s yet: %v", name, err)
	}
	named := *hello
	named.ServerName = name
	return a.manager.GetCertificate(&named)
}

// run obtains what is not there and watches over the renewals until ctx ends.
func (a *acmeCerts) run(ctx context.Context) error {
	defer context.AfterFunc(ctx, a.end)()
	var all sync.WaitGroup
	for _, name := range a.domains {
		all.Go(func() { a.keep(ctx, name) })
	}
	all.Wait()
	a.end()
	return nil
}

func (a *acmeCerts) keep(ctx context.Context, name string) {
	for failures := 0; ; {
		wait := renewedEvery
		if a.obtain(ctx, name) {
			failures = 0
		} else {
			wait = obtainAgain[min(failures, len(obtainAgain)-1)]
			failures++
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

// obtain takes the certificate out of the cache, or asks the authority.
func (a *acmeCerts) obtain(ctx context.Context, name string) bool {
	cert, err := a.manager.GetCertificate(&tls.ClientHelloInfo{
		ServerName:       name,
		SupportedCurves:  []tls.CurveID{tls.CurveP256},
		SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256},
		CipherSuites:     []uint16{tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256},
	})
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err[name] = err; err != nil {
		if ctx.Err() == nil {
			a.log.Warn("no certificate could be obtained, it is tried again", "domain", name, "err", err)
		}
		return false
	}
	if old := a.leaf[name]; old == nil || !old.Equal(cert.Leaf) {
		a.log.Info("certificate in use", "domain", name, "until", cert.Leaf.NotAfter)
	}
	a.leaf[name] = cert.Leaf
	return true
}

// health has one check a domain. It is minor: trackers are received in clear
// all the same.
func (a *acmeCerts) health(now time.Time) (out []admin.Check) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, name := range a.domains {
		c := admin.Check{Name: "certificate " + name, Minor: true}
		switch leaf, err := a.leaf[name], a.err[name]; {
		case leaf == nil && err == nil:
			c.Reason = "it is being obtained"
		case leaf == nil:
			c.Reason = fmt.Sprintf("it could not be obtained: %v; %s must point to this server, and ports 80 and 443 must be reachable from everywhere", err, name)
		default:
			c.Reason = expiry(leaf, now, "its renewal fails; the ports 80 and 443 must be reachable from everywhere")
		}
		c.OK = c.Reason == ""
		out = append(out, c)
	}
	return out
}

// retrySoon repeats a failed request a few times within seconds; keep tries
// again later. An authority that says it is too much is not asked again.
func retrySoon(n int, _ *http.Request, res *http.Response) time.Duration {
	if n > 3 || res != nil && res.StatusCode == http.StatusTooManyRequests {
		return -1
	}
	return time.Duration(n) * time.Second
}

// untilEnd ends requests when its context ends: the manager's own wait
// minutes. For the same reason it does not pass on that one should come back
// much later.
type untilEnd struct{ ctx context.Context }

// RoundTrip is http.DefaultTransport's.
func (u untilEnd) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancel(r.Context())
	stop := context.AfterFunc(u.ctx, cancel)
	release := func() { stop(); cancel() }
	res, err := http.DefaultTransport.RoundTrip(r.WithContext(ctx))
	if err != nil {
		release()
		return nil, err
	}
	if res.Header.Get("Retry-After") != "" {
		res.Header.Set("Retry-After", "3")
	}
	res.Body = &releasedBody{res.Body, release}
	return res, nil
}

// releasedBody gives up what its request held once it is closed.
type releasedBody struct {
	io.ReadCloser
	release func()
}

// Close closes the body.
func (b *releasedBody) Close() error {
	defer b.release()
	return b.ReadCloser.Close()
}
