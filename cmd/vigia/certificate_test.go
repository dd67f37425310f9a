package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest/fleetsim"
)

// writePair writes a certificate for 127.0.0.1 and its key, as a renewal does:
// one file after the other. Without a key the one of before stays.
func writePair(t *testing.T, ca *authority, dir string, serial int64, withKey bool) (cert, key string) {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	files := map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: ca.sign(serial, "127.0.0.1", k.Public(), 90*24*time.Hour)}}
	if withKey {
		files[key] = &pem.Block{Type: "PRIVATE KEY", Bytes: der}
	}
	for name, b := range files {
		if err := os.WriteFile(name, pem.EncodeToMemory(b), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// TestCertificateIsReadAgain renews the files of a running server: new
// connections get the new certificate; a pair that does not fit keeps the old
// one, and log and health say so.
func TestCertificateIsReadAgain(t *testing.T) {
	ca, dir := newAuthority(t, "http-01"), t.TempDir()
	cert, key := writePair(t, ca, dir, 11, true)
	s := startServer(t, t.TempDir(), serverOptions{set: []string{
		"http.tls_cert=" + cert, "http.tls_key=" + key, "mqtt.listen_tls=127.0.0.1:0",
	}})
	door := strings.TrimPrefix(s.url, "https://")
	serves := func(serial string) func() bool {
		return func() bool {
			p := shownBy(t, ca, door, "127.0.0.1")
			return p.err == nil && p.serial == serial && p.status == 200
		}
	}
	if !serves("11")() {
		t.Fatalf("the first certificate: %+v at %s", shownBy(t, ca, door, "127.0.0.1"), s.url)
	}
	old := dialTLS(t, ca, door)
	writePair(t, ca, dir, 12, true)
	waitFor(t, "the renewed certificate", serves("12"))

	writePair(t, ca, dir, 13, false) // its key is another's
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: ca.roots}, DisableKeepAlives: true}}
	readyz := ""
	waitFor(t, "a word about the broken pair", func() bool {
		res, err := client.Get(s.url + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = res.Body.Close() }()
		b, _ := io.ReadAll(res.Body)
		readyz = string(b)
		return strings.Contains(readyz, "stays in use")
	})
	if !strings.Contains(readyz, `"ready":true`) || !strings.Contains(readyz, cert) || !serves("12")() {
		t.Errorf("with a broken pair: %s, %+v", readyz, shownBy(t, ca, door, "127.0.0.1"))
	}
	if p := shownBy(t, ca, s.door("mqtts"), "127.0.0.1"); p.serial != "12" {
		t.Errorf("the broker shows %+v", p)
	}
	writePair(t, ca, dir, 14, true)
	waitFor(t, "the certificate that fits again", serves("14"))
	if _, err := io.WriteString(old, "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"); err != nil {
		t.Errorf("the connection of before: %v", err)
	}
	if b, err := io.ReadAll(old); err != nil || !strings.Contains(string(b), "200 OK") {
		t.Errorf("the connection of before: %q, %v", b, err)
	}
	s.term()
	if n := strings.Count(s.log.String(), "certificate cannot be read"); n != 1 {
		t.Errorf("%d warnings, want 1:\n%s", n, s.log)
	}
}

// TestCertificateInTheMiddleOfARenewal is no fault: one look between the two
// files of a renewal is not worth a warning.
func TestCertificateInTheMiddleOfARenewal(t *testing.T) {
	ca, dir := newAuthority(t, "http-01"), t.TempDir()
	cert, key := writePair(t, ca, dir, 1, true)
	var log strings.Builder
	p, err := openFilePair(cert, key, newLog(LogConfig{Level: "warn", Format: "text"}, &log))
	if err != nil {
		t.Fatal(err)
	}
	fine := func() bool { return p.health(time.Now())[0].OK }
	writePair(t, ca, dir, 2, false)
	p.look()
	if !fine() || log.Len() > 0 {
		t.Errorf("after one look: %+v, %s", p.health(time.Now()), &log)
	}
	writePair(t, ca, dir, 3, true)
	p.look()
	if !fine() || log.Len() > 0 || p.now.Load().Leaf.SerialNumber.Int64() != 3 {
		t.Errorf("after the renewal: %+v, %s", p.health(time.Now()), &log)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	p.look()
	p.look()
	p.look()
	if fine() || strings.Count(log.String(), "level=WARN") != 1 {
		t.Errorf("without a key: %+v, %s", p.health(time.Now()), &log)
	}
	writePair(t, ca, dir, 4, true)
	p.look()
	if h := p.health(time.Now().Add(85 * 24 * time.Hour))[0]; h.OK || !strings.Contains(h.Reason, "valid until") || !fine() {
		t.Errorf("five days before its end: %+v", h)
	}
}

// TestShortCertificateIsNoFault: authorities give certificates of 12 hours or
// 6 days, which are near their end all their life.
func TestShortCertificateIsNoFault(t *testing.T) {
	begin := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for life, fault := range map[time.Duration]time.Duration{
		12 * time.Hour: 10*time.Hour + time.Minute, 6 * 24 * time.Hour: 5*24*time.Hour + time.Minute, 90 * 24 * time.Hour: 83*24*time.Hour + time.Minute,
	} {
		leaf := &x509.Certificate{NotBefore: begin, NotAfter: begin.Add(life)}
		if before, after := expiry(leaf, begin.Add(fault-2*time.Minute), "renew"), expiry(leaf, begin.Add(fault), "renew"); before != "" || after == "" {
			t.Errorf("a life of %s: before %q, after %q", life, before, after)
		}
	}
}

func TestCertificateThatIsNotThere(t *testing.T) {
	c := quietConfig(t)
	c.HTTP.TLSCert, c.HTTP.TLSKey = "/nowhere/cert.pem", "/nowhere/key.pem"
	n, err := openNode(c, newLog(LogConfig{Level: "error"}, io.Discard))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(n.open(t.Context(), false), n.stop()); err == nil || !strings.Contains(err.Error(), "http.tls_cert: stat /nowhere/cert.pem") {
		t.Errorf("start with a missing certificate: %v", err)
	}
}

// TestEveryDeviceDoorSpeaksTLS sends a fix through each door that can have
// TLS, wants it acknowledged, and finds TLS 1.1 refused.
func TestEveryDeviceDoorSpeaksTLS(t *testing.T) {
	ca := newAuthority(t, "http-01")
	c := quietConfig(t)
	c.HTTP.TLSCert, c.HTTP.TLSKey = writePair(t, ca, t.TempDir(), 21, true)
	c.MQTT.AllowNoSecret = true
	c.Ingest.TeltonikaTLS, c.Ingest.OsmAndTLS, c.Ingest.OwnTracksTLS = "127.0.0.1:0", "127.0.0.1:0", "127.0.0.1:0"
	n := runNode(t, c)
	if _, err := n.Apply(t.Context(), storyWorld()); err != nil {
		t.Fatal(err)
	}
	doors := n.doors.Load().open
	at := fleet.At(time.Now()) - fleet.Minute
	for i, tt := range []struct{ protocol, door string }{
		{"mqtt", "mqtts"}, {"teltonika", "teltonika-tls"}, {"osmand", "osmand-tls"}, {"owntracks", "owntracks-tls"},
		{"mqtt", "shared"}, {"teltonika", "shared"}, {"osmand", "shared"}, {"owntracks", "shared"}, {"gt06", "shared"}, {"h02", "shared"},
	} {
		t.Run(tt.protocol+" at "+tt.door, func(t *testing.T) {
			door := doors[tt.door]
			if door == "" {
				t.Fatalf("it is not open; open are %v", doors)
			}
			d := fleetsim.Device{UniqueID: "990000862471854", Protocol: tt.protocol, Addr: tunnel(t, ca, door)}
			place, _ := fleet.MakePlace(4.7, -74.1+0.001*float64(i))
			if err := d.Send(t.Context(), fleetsim.Fix{Time: at + fleet.Time(i)*fleet.Second, Place: place, Speed: 30, Satellites: 9}); err != nil {
				t.Errorf("not acknowledged: %v", err)
			}
			old := &tls.Config{RootCAs: ca.roots, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
			if conn, err := tls.Dial("tcp", door, old); err == nil {
				_ = conn.Close()
				t.Error("TLS 1.1 was spoken")
			}
		})
	}
}

// TestTLSDoorsAreSwitchedOnSeparately opens each door by its own setting.
func TestTLSDoorsAreSwitchedOnSeparately(t *testing.T) {
	ca := newAuthority(t, "http-01")
	c := quietConfig(t)
	c.HTTP.TLSCert, c.HTTP.TLSKey = writePair(t, ca, t.TempDir(), 22, true)
	c.MQTT.ListenTLS, c.Ingest.SharedTLS = "", false
	c.Ingest.OsmAndTLS = "127.0.0.1:0"
	n := runNode(t, c)
	open := n.doors.Load().open
	for name, want := range map[string]bool{"osmand-tls": true, "mqtts": false, "teltonika-tls": false, "owntracks-tls": false, "mqtt": true} {
		if _, is := open[name]; is != want {
			t.Errorf("%s open: %v, want %v", name, is, want)
		}
	}
	if p := shownBy(t, ca, open["shared"], "127.0.0.1"); p.err == nil {
		t.Errorf("the shared port speaks TLS: %+v", p)
	}
	if n.front != nil {
		t.Error("there is a redirect without a domain")
	}
}

func dialTLS(t *testing.T, ca *authority, door string) net.Conn {
	t.Helper()
	conn, err := tls.Dial("tcp", door, &tls.Config{RootCAs: ca.roots})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}

// tunnel is an address behind which a door's TLS is spoken for a client that
// cannot.
func tunnel(t *testing.T, ca *authority, door string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer func() { _ = in.Close() }()
				out, err := tls.Dial("tcp", door, &tls.Config{RootCAs: ca.roots})
				if err != nil {
					return
				}
				defer func() { _ = out.Close() }()
				go func() { _, _ = io.Copy(out, in); _ = out.CloseWrite() }()
				_, _ = io.Copy(in, out)
			}()
		}
	}()
	return l.Addr().String()
}
