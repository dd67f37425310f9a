package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/vigia-track/vigia/admin"
)

// lookEvery is how often the files of a certificate are looked at.
const lookEvery = 2 * time.Second

// expiresSoon is how long before its end a certificate is complained about, or
// a sixth of its life if that is less. Renewal comes before: 30 days before the
// end, or a third of the life.
const expiresSoon = 7 * 24 * time.Hour

// filePair is a certificate and its key in files that may be renewed while we
// run. Handshakes take what was read last; run reads.
type filePair struct {
	certFile, keyFile string
	log               *slog.Logger

	now   atomic.Pointer[tls.Certificate]
	fault atomic.Pointer[error] // why the files as they are now are not in use

	read    fileState // of the files behind now; run's own, as are the next
	trouble bool      // the last look could not read them
	failed  fileState // as it found them
}

// fileState tells one state of two files from another.
type fileState [2]struct {
	inode uint64
	size  int64
	mtime time.Time
}

// openFilePair reads the pair, which must be whole at the start.
func openFilePair(certFile, keyFile string, log *slog.Logger) (*filePair, error) {
	p := &filePair{certFile: certFile, keyFile: keyFile, log: log}
	st, err := p.stamp()
	if err == nil {
		err = p.load(st)
	}
	if err != nil {
		return nil, fmt.Errorf("http.tls_cert: %w", err)
	}
	return p, nil
}

func (p *filePair) stamp() (out fileState, err error) {
	for i, name := range []string{p.certFile, p.keyFile} {
		st, err := os.Stat(name)
		if err != nil {
			return out, err
		}
		if sys, ok := st.Sys().(*syscall.Stat_t); ok {
			out[i].inode = sys.Ino
		}
		out[i].size, out[i].mtime = st.Size(), st.ModTime()
	}
	return out, nil
}

func (p *filePair) load(st fileState) error {
	pair, err := tls.LoadX509KeyPair(p.certFile, p.keyFile)
	if err != nil {
		return fmt.Errorf("%s with %s: %w", p.certFile, p.keyFile, err)
	}
	p.now.Store(&pair)
	p.read = st
	return nil
}

// get is tls.Config.GetCertificate.
func (p *filePair) get(*tls.ClientHelloInfo) (*tls.Certificate, error) { return p.now.Load(), nil }

// run looks at the files until ctx ends.
func (p *filePair) run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			p.look()
		}
	}
}

// look reads the files if they changed. A pair that cannot be read leaves the
// old one in use; that is a fault from the second look on, because a renewal
// writes one file after the other.
func (p *filePair) look() {
	st, err := p.stamp()
	if err == nil && st == p.read {
		p.trouble = false
		p.fault.Store(nil)
		return
	}
	if err == nil {
		err = p.load(st)
	}
	if err == nil {
		p.trouble = false
		p.fault.Store(nil)
		p.log.Info("certificate renewed", "file", p.certFile, "until", p.now.Load().Leaf.NotAfter)
		return
	}
	if first := !p.trouble || st != p.failed; first {
		p.trouble, p.failed = true, st
		return
	}
	if p.fault.Swap(&err) == nil {
		p.log.Warn("certificate cannot be read, the one before stays in use", "err", err)
	}
}

// health is minor: trackers are received whatever the certificate is like.
func (p *filePair) health(now time.Time) []admin.Check {
	c := admin.Check{Name: "certificate", Minor: true}
	if err := p.fault.Load(); err != nil {
		c.Reason = fmt.Sprintf("the files changed and cannot be read, the certificate of before stays in use: %v", *err)
	} else {
		c.Reason = expiry(p.now.Load().Leaf, now, "renew "+p.certFile)
	}
	c.OK = c.Reason == ""
	return []admin.Check{c}
}

// expiry says that a certificate ends soon, or has ended; else it is empty.
func expiry(leaf *x509.Certificate, now time.Time, cure string) string {
	if leaf == nil || leaf.NotAfter.Sub(now) > min(expiresSoon, leaf.NotAfter.Sub(leaf.NotBefore)/6) {
		return ""
	}
	return fmt.Sprintf("the certificate is valid until %s; %s", leaf.NotAfter.UTC().Format(time.RFC3339), cure)
}
