package main

import (
	"crypto/tls"
	"fmt"
	"os"
	"sync"
	"time"
)

// reloaded is a key pair in files that may be renewed while we run.
type reloaded struct {
	certFile, keyFile string

	mu      sync.Mutex // guards what follows
	pair    *tls.Certificate
	checked time.Time
	changed time.Time // of the certificate file, as of pair
}

func newCertificate(certFile, keyFile string) *reloaded {
	return &reloaded{certFile: certFile, keyFile: keyFile}
}

// get is tls.Config.GetCertificate. A renewed pair that cannot be read leaves
// the old one in use.
func (r *reloaded) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if r.pair != nil && now.Sub(r.checked) < time.Minute {
		return r.pair, nil
	}
	r.checked = now
	st, err := os.Stat(r.certFile)
	if err == nil && r.pair != nil && st.ModTime().Equal(r.changed) {
		return r.pair, nil
	}
	if err == nil {
		var pair tls.Certificate
		if pair, err = tls.LoadX509KeyPair(r.certFile, r.keyFile); err == nil {
			r.pair, r.changed = &pair, st.ModTime()
			return r.pair, nil
		}
	}
	if r.pair != nil {
		return r.pair, nil
	}
	return nil, fmt.Errorf("http.tls_cert: %w", err)
}
