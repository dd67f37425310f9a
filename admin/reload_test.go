package admin

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// TestCertificateStaysWhenTheNewOneIsBroken steers the clock, hence inside.
func TestCertificateStaysWhenTheNewOneIsBroken(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "c.pem"), filepath.Join(dir, "k.pem")
	for name, text := range map[string]string{cert: testCert, key: testKey} {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c, err := LoadCertificate(cert, key, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	first := c.current(start)
	later := start.Add(time.Minute)
	os.WriteFile(cert, []byte("broken"), 0o600)
	os.Chtimes(cert, later, later)
	if got := c.current(later); got != first {
		t.Error("a broken certificate replaced the one before")
	}
	os.WriteFile(cert, []byte(testCert), 0o600)
	os.Chtimes(cert, later.Add(time.Minute), later.Add(time.Minute))
	if got := c.current(later.Add(time.Second)); got != first {
		t.Error("it looks at the files at each handshake")
	}
	if got := c.current(later.Add(lookEvery)); got == first || got == nil {
		t.Error("a renewed certificate is not taken over")
	}
}

// A pair made for this test; it guards nothing.
const (
	testCert = `-----BEGIN CERTIFICATE-----
MIHwMIGXoAMCAQICAQEwCgYIKoZIzj0EAwIwADAiGA8wMDAxMDEwMTAwMDAwMFoY
DzIwOTkwMTAxMDAwMDAwWjAAMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3TTy
0XPLMbNpNXWQTA1yO8zZO2/sT4A2o4sOlhHbvAcf9hCZB1TnawMCcXPAC9APY23Q
3fGWeNfEk6sjnbZqdjAKBggqhkjOPQQDAgNIADBFAiA+a4euB6gAxnvp8AFFmB7l
z1dvmh9alClEQ4mH6x6P9AIhAJj+Tg1Bea/p9mFe5dFUEZLPJKPGN6N1bXGMEK8h
CsXQ
-----END CERTIFICATE-----
`
	testKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgiZ4EIHo+QdQ+/+Eu
okX3yy7i5Rb812ZljXLY7juoikqhRANCAATdNPLRc8sxs2k1dZBMDXI7zNk7b+xP
gDajiw6WEdu8Bx/2EJkHVOdrAwJxc8AL0A9jbdDd8ZZ418STqyOdtmp2
-----END PRIVATE KEY-----
`
)
