package admin

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// lookEvery is how often a handshake may look for a renewed certificate.
const lookEvery = 10 * time.Second

// Certificate serves a certificate and key from files, and takes them over anew
// when they change. A pair that cannot be read leaves the one before in use.
type Certificate struct {
	certFile, keyFile string
	log               *slog.Logger

	mu      sync.Mutex // guards the fields below
	pair    *tls.Certificate
	changed time.Time // the newer of the two files' times
	looked  time.Time
}

// LoadCertificate reads a certificate chain and its key, PEM both.
func LoadCertificate(certFile, keyFile string, log *slog.Logger) (*Certificate, error) {
	c := &Certificate{certFile: certFile, keyFile: keyFile, log: log}
	changed, err := c.modified()
	if err != nil {
		return nil, err
	}
	if err := c.loadLocked(changed); err != nil {
		return nil, err
	}
	return c, nil
}

// Config is for listeners: TLS 1.2 or newer, HTTP/1.1 (websockets need it).
func (c *Certificate) Config() *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		NextProtos: []string{"http/1.1"},
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return c.current(time.Now()), nil
		},
	}
}

// current is the pair in use, looked at anew every ten seconds.
func (c *Certificate) current(now time.Time) *tls.Certificate {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.Sub(c.looked) < lookEvery {
		return c.pair
	}
	c.looked = now
	changed, err := c.modified()
	if err == nil && !changed.Equal(c.changed) {
		if err = c.loadLocked(changed); err == nil {
			c.log.Info("certificate taken over", "file", c.certFile)
		}
	}
	if err != nil {
		c.log.Warn("renewed certificate not taken over; the one before stays in use", "err", err)
	}
	return c.pair
}

func (c *Certificate) loadLocked(changed time.Time) error {
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("certificate %s with key %s: %w", c.certFile, c.keyFile, err)
	}
	c.pair, c.changed = &pair, changed
	return nil
}

func (c *Certificate) modified() (newest time.Time, err error) {
	for _, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			return newest, fmt.Errorf("certificate: %w", err)
		}
		if info.ModTime().After(newest) {
			newest = info.ModTime()
		}
	}
	return newest, nil
}
