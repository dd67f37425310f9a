package main

import (
	"crypto/tls"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// quietConfig listens on free loopback ports only.
func quietConfig(t *testing.T) Config {
	t.Helper()
	c := defaults()
	c.Data, c.Keep.MinFree = t.TempDir(), "1MB"
	for _, addr := range []*string{
		&c.HTTP.Listen, &c.HTTP.Redirect, &c.MQTT.Listen, &c.MQTT.ListenTLS, &c.Ingest.GT06, &c.Ingest.Teltonika, &c.Ingest.H02,
		&c.Ingest.OsmAnd, &c.Ingest.OwnTracks, &c.Ingest.Shared,
	} {
		*addr = "127.0.0.1:0"
	}
	return c
}

// run opens a node as serve does.
func runNode(t *testing.T, c Config) *node {
	t.Helper()
	c.settle()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	n, err := openNode(c, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if err != nil {
		t.Fatal(err)
	}
	stopped := false
	t.Cleanup(func() {
		if !stopped {
			_ = n.stop()
		}
	})
	if err := n.open(t.Context(), false); err != nil {
		stopped = true
		_ = n.stop()
		t.Fatal(err)
	}
	return n
}

const acmeName = "vigia.test"

// TestDomainObtainsItsCertificate goes from --domain alone to a page over
// HTTPS, by either challenge, and on to a restart that asks nobody.
func TestDomainObtainsItsCertificate(t *testing.T) {
	for _, challenge := range []string{"http-01", "tls-alpn-01"} {
		t.Run(challenge, func(t *testing.T) {
			ca := newAuthority(t, challenge)
			c := quietConfig(t)
			c.HTTP.Domain, c.HTTP.ACMEDirectory, c.HTTP.ACMEEmail = []string{acmeName}, ca.url+"/dir", "ops@example.com"
			// The doors are open before the authority is asked, but where they
			// are we know only afterwards: fixed ports keep the order.
			c.HTTP.Listen, c.HTTP.Redirect = freePort(t), freePort(t)
			ca.at(map[string]string{"http-01": c.HTTP.Redirect, "tls-alpn-01": c.HTTP.Listen}[challenge])
			n := runNode(t, c)
			ready := func() bool { return n.certs.health(time.Now())[0].OK }
			waitFor(t, "a certificate", ready)

			page := shownBy(t, ca, n.web.addr.String(), acmeName)
			if page.err != nil || page.status != http.StatusOK || page.name != acmeName || page.proto != "h2" {
				t.Errorf("over HTTPS: %+v", page)
			}
			if page := shownBy(t, ca, n.web.addr.String(), ""); page.name != acmeName {
				t.Errorf("a client that names no server: %+v", page)
			}
			if got := n.url(); got != "https://"+acmeName {
				t.Errorf("links go to %s", got)
			}
			if len(ca.contact) != 1 || ca.contact[0] != "mailto:ops@example.com" {
				t.Errorf("the account's contact is %q", ca.contact)
			}
			ownerOnly(t, filepath.Join(c.Data, certificateDir))
			first := page.serial
			if err := n.stop(); err != nil {
				t.Fatal(err)
			}

			// Again, with the authority away.
			ca.mu.Lock()
			ca.refuses = "closed for the night"
			ca.mu.Unlock()
			n = runNode(t, c)
			waitFor(t, "the certificate of before", ready)
			if page := shownBy(t, ca, n.web.addr.String(), acmeName); page.serial != first || ca.count() != 1 {
				t.Errorf("after a restart: %+v, %d issued, want serial %s and 1", page, ca.count(), first)
			}
			if out, err := askServer(c.Data, "/ping", nil); err != nil {
				t.Errorf("%s %v", out, err)
			}
		})
	}
}

// TestDomainWithoutAuthority keeps serving trackers, says what is wrong, and
// answers handshakes at once without asking the authority for each.
func TestDomainWithoutAuthority(t *testing.T) {
	ca := newAuthority(t, "http-01")
	ca.refuses = "too many certificates for this week"
	c := quietConfig(t)
	c.HTTP.Domain, c.HTTP.ACMEDirectory = []string{acmeName}, ca.url+"/dir"
	n := runNode(t, c)
	waitFor(t, "the refusal", func() bool {
		return strings.Contains(n.certs.health(time.Now())[0].Reason, "too many certificates for this week")
	})
	if h := n.certs.health(time.Now())[0]; h.OK || !h.Minor || !strings.Contains(h.Reason, "must point to this server") {
		t.Errorf("health: %+v", h)
	}
	for range 3 {
		if page := shownBy(t, ca, n.web.addr.String(), acmeName); page.err == nil {
			t.Errorf("a handshake without a certificate: %+v", page)
		}
	}
	conn, err := net.Dial("tcp", n.doors.Load().open["gt06"])
	if err != nil {
		t.Fatalf("trackers: %v", err)
	}
	_ = conn.Close()
}

// TestRedirectToHTTPS reads where the plain port sends to.
func TestRedirectToHTTPS(t *testing.T) {
	ca := newAuthority(t, "http-01")
	c := quietConfig(t)
	c.HTTP.Domain, c.HTTP.ACMEDirectory = []string{acmeName, "mqtt.vigia.test"}, ca.url+"/dir"
	n := runNode(t, c)
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for _, tt := range []struct {
		method, host, path, want string
		status                   int
	}{
		{"GET", acmeName, "/map?x=1", "https://vigia.test/map?x=1", 308},
		{"GET", "MQTT.vigia.test:80", "/", "https://mqtt.vigia.test/", 308},
		{"HEAD", "evil.example", "/a", "https://vigia.test/a", 308},
		{"GET", "vigia.test.evil.example", "//evil.example/x", "https://vigia.test/evil.example/x", 308},
		{"POST", acmeName, "/api/v1/login", "", 400},
		{"GET", acmeName, "/.well-known/acme-challenge/nothing", "", 404},
	} {
		r, err := http.NewRequest(tt.method, "http://"+n.front.addr.String()+tt.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Host = tt.host
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if got := res.Header.Get("Location"); got != tt.want || res.StatusCode != tt.status {
			t.Errorf("%s %s%s: %d to %q, want %d to %q", tt.method, tt.host, tt.path, res.StatusCode, got, tt.status, tt.want)
		}
	}
}

func TestDomainSettings(t *testing.T) {
	c, err := (&ConfigFlags{Config: os.DevNull, Domain: []string{"Track.Example.com"}}).Load(nil)
	if err != nil || c.HTTP.Listen != ":443" || c.PublicURL != "https://track.example.com" || c.HTTP.Domain[0] != "track.example.com" {
		t.Errorf("--domain alone: %v, %+v, %s", err, c.HTTP, c.PublicURL)
	}
	if c, err = (&ConfigFlags{Config: os.DevNull}).Load(nil); err != nil || c.HTTP.Listen != ":8080" || c.secure() {
		t.Errorf("without: %v, %+v", err, c.HTTP)
	}
	for setting, want := range map[string]string{
		"http.domain=*.example.com":                 "no *",
		"http.domain=192.0.2.7":                     "no name",
		"http.domain=localhost":                     "no name",
		"http.domain=https://track.example.com":     "no name",
		"http.domain=bücher.example":                "xn--",
		"http.acme_directory=http://ca.example.com": "http.acme_directory",
		"http.acme_email=nobody":                    "http.acme_email",
		"ingest.teltonika_tls=:5028":                "needs a certificate",
		"http.tls_cert=cert.pem":                    "needs http.tls_key",
	} {
		key, value, _ := strings.Cut(setting, "=")
		_, err := (&ConfigFlags{Config: os.DevNull, Set: map[string]string{key: value}}).Load(nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want it to hold %q", setting, err, want)
		}
	}
}

// shown is what a TLS door showed to a client.
type shown struct {
	err          error
	status       int
	name, serial string
	proto        string
	version      uint16
}

// shownBy asks a page of an HTTPS door under a name; without one no name is sent.
func shownBy(t *testing.T, ca *authority, door, name string) (out shown) {
	t.Helper()
	config := &tls.Config{RootCAs: ca.roots, ServerName: name, NextProtos: []string{"h2", "http/1.1"}}
	if name == "" {
		config.InsecureSkipVerify = true // the name is what the test looks at
	}
	c, err := tls.DialWithDialer(&net.Dialer{Timeout: 10 * time.Second}, "tcp", door, config)
	if err != nil {
		return shown{err: err}
	}
	state := c.ConnectionState()
	_ = c.Close()
	leaf := state.PeerCertificates[0]
	out = shown{name: leaf.Subject.CommonName, serial: leaf.SerialNumber.String(), proto: state.NegotiatedProtocol, version: state.Version}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport, Timeout: 10 * time.Second}).Get("https://" + door + "/healthz")
	if out.err = err; err == nil {
		out.status = res.StatusCode
		_ = res.Body.Close()
	}
	return out
}

// ownerOnly wants a directory that nobody else can read anything in.
func ownerOnly(t *testing.T, dir string) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := os.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		} else {
			files++
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %o, want %o", name, got, want)
		}
		return nil
	})
	if err != nil || files < 2 { // a certificate and the account's key
		t.Errorf("%s: %d files, %v", dir, files, err)
	}
}

// freePort is a loopback address that was free a moment ago.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
