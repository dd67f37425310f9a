package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// The proxies' snippets are those that docs/install shows; only names, ports
// and files are put in their place.
const snippets = "../../docs/install"

// TestBehindAProxy signs in as a browser does, through real proxies with the
// documented settings, and watches the live stream. The client's address is
// its own, whatever it claims; a proxy that Vigia is not told of cannot be
// signed in through, and the answer says why.
func TestBehindAProxy(t *testing.T) {
	for name, start := range map[string]func(t *testing.T, ca *authority, backend string) (door string){
		"nginx": startNginx, "Caddy": startCaddy, "httputil": startGoProxy,
	} {
		t.Run(name, func(t *testing.T) {
			ca := newAuthority(t, "http-01")
			c := quietConfig(t)
			c.HTTP.Listen = freePort(t)
			door := start(t, ca, c.HTTP.Listen)
			c.PublicURL, c.HTTP.TrustedProxies = "https://"+door, []string{"127.0.0.1"}
			n := runNode(t, c)
			b := browserAt(t, ca, "https://"+door)

			link, err := n.link("", time.Hour)
			if err != nil {
				t.Fatal(err)
			}
			_, token, _ := strings.Cut(link, "token=")
			status, text := b.do("POST", "/api/v1/setup", body{"token": token, "name": "Ana", "email": "ana@example.com",
				"company": body{"name": "Vigías", "lang": "es", "timezone": "UTC"}})
			if status/100 != 2 || !strings.HasPrefix(b.cookie, "__Host-vigia=") || b.sts == "" {
				t.Fatalf("set-up: %d %s, cookie %q, HSTS %q", status, text, b.cookie, b.sts)
			}
			if status, text = b.do("GET", "/api/v1/me", nil); status != 200 {
				t.Errorf("with the cookie: %d %s", status, text)
			}
			status, text = b.do("GET", "/api/v1/me/sessions", nil)
			if status != 200 || !strings.Contains(text, `"127.0.0.2"`) || strings.Contains(text, "203.0.113.66") {
				t.Errorf("from where: %d %s, want 127.0.0.2 only", status, text)
			}
			b.watch()
			if err := n.stop(); err != nil {
				t.Fatal(err)
			}

			c.HTTP.TrustedProxies = nil
			runNode(t, c)
			waitFor(t, "the proxy's way to the new server", func() bool { status, _ := b.do("GET", "/healthz", nil); return status == 200 })
			if status, text = b.do("GET", "/api/v1/me", nil); status != 403 || !strings.Contains(text, "http.trusted_proxies") {
				t.Errorf("through a proxy that nobody named: %d %s", status, text)
			}
		})
	}
}

// browser is a client at 127.0.0.2 that claims to come from elsewhere.
type browser struct {
	t      *testing.T
	base   string
	tls    *tls.Config
	dialer *net.Dialer
	http   *http.Client
	cookie string
	sts    string
}

func browserAt(t *testing.T, ca *authority, base string) *browser {
	b := &browser{
		t: t, base: base, tls: &tls.Config{RootCAs: ca.roots},
		dialer: &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, 2)}, Timeout: 10 * time.Second},
	}
	transport := &http.Transport{TLSClientConfig: b.tls, DialContext: b.dialer.DialContext}
	t.Cleanup(transport.CloseIdleConnections)
	b.http = &http.Client{Transport: transport, Timeout: 20 * time.Second}
	return b
}

func (b *browser) headers() http.Header {
	h := http.Header{"X-Forwarded-For": {"203.0.113.66"}, "X-Forwarded-Proto": {"http"}, "Origin": {b.base}}
	if b.cookie != "" {
		h.Set("Cookie", b.cookie)
	}
	return h
}

func (b *browser) do(method, path string, in body) (int, string) {
	b.t.Helper()
	text, err := json.Marshal(in)
	if err != nil {
		b.t.Fatal(err)
	}
	if in == nil {
		text = nil
	}
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.base+path, bytes.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header = b.headers()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	res, err := b.http.Do(r)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	out, _ := io.ReadAll(res.Body)
	if c := res.Header.Get("Set-Cookie"); c != "" {
		b.cookie, _, _ = strings.Cut(c, ";")
	}
	b.sts = res.Header.Get("Strict-Transport-Security")
	return res.StatusCode, string(out)
}

// watch opens the live stream and waits for its first word.
func (b *browser) watch() {
	b.t.Helper()
	d := websocket.Dialer{TLSClientConfig: b.tls, NetDialContext: b.dialer.DialContext, HandshakeTimeout: 20 * time.Second}
	ws, res, err := d.Dial("wss"+strings.TrimPrefix(b.base, "https")+"/api/v1/stream", b.headers())
	if err != nil {
		b.t.Errorf("live stream: %v %v", err, res)
		return
	}
	defer func() { _ = ws.Close() }()
	_ = ws.SetReadDeadline(time.Now().Add(20 * time.Second))
	if err := ws.WriteJSON(body{"type": "hello"}); err != nil {
		b.t.Error(err)
	}
	if _, text, err := ws.ReadMessage(); err != nil {
		b.t.Errorf("live stream: %s %v", text, err)
	}
}

func startGoProxy(t *testing.T, ca *authority, backend string) string {
	cert, key := writePair(t, ca, t.TempDir(), 31, true)
	pair, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		t.Fatal(err)
	}
	to := &url.URL{Scheme: "http", Host: backend}
	s := httptest.NewUnstartedServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(to); r.SetXForwarded(); r.Out.Host = r.In.Host },
	})
	s.TLS = &tls.Config{Certificates: []tls.Certificate{pair}}
	s.StartTLS()
	t.Cleanup(s.Close)
	return s.Listener.Addr().String()
}

func startNginx(t *testing.T, ca *authority, backend string) string {
	dir := t.TempDir()
	cert, key := writePair(t, ca, dir, 32, true)
	plain, door := freePort(t), freePort(t)
	conf := snippet(t, "nginx.conf", map[string]string{
		"listen 80;": "listen " + plain + ";", "listen 443 ssl": "listen " + door + " ssl", "server_name track.example.com": "server_name 127.0.0.1",
		"/etc/letsencrypt/live/track.example.com/fullchain.pem": cert, "/etc/letsencrypt/live/track.example.com/privkey.pem": key,
		"http://127.0.0.1:8080": "http://" + backend, "$host;": "$http_host;", // the port is not 443 here
	})
	main := filepath.Join(dir, "main.conf")
	write(t, main, fmt.Sprintf("daemon off; pid %[1]s/pid; error_log %[1]s/error.log;\nevents {}\nhttp { access_log off; client_body_temp_path %[1]s/b; "+
		"proxy_temp_path %[1]s/p; fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;\n%[2]s}\n", dir, conf))
	startProxy(t, door, "nginx", "-p", dir, "-e", filepath.Join(dir, "error.log"), "-c", main)
	return door
}

func startCaddy(t *testing.T, ca *authority, backend string) string {
	dir := t.TempDir()
	cert, key := writePair(t, ca, dir, 33, true)
	door := freePort(t)
	conf := snippet(t, "Caddyfile", map[string]string{
		"track.example.com {":          fmt.Sprintf("https://%s {\n\ttls %s %s", door, cert, key),
		"reverse_proxy 127.0.0.1:8080": "reverse_proxy " + backend,
	})
	file := filepath.Join(dir, "Caddyfile")
	write(t, file, "{\n\tadmin off\n\tauto_https disable_redirects\n}\n"+conf)
	t.Setenv("HOME", dir)
	startProxy(t, door, "caddy", "run", "--adapter", "caddyfile", "--config", file)
	return door
}

// snippet is a documented file with some texts replaced, each of which must be
// in it.
func snippet(t *testing.T, name string, replace map[string]string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(snippets, name))
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for old, now := range replace {
		if !strings.Contains(text, old) {
			t.Fatalf("%s does not hold %q", name, old)
		}
		text = strings.ReplaceAll(text, old, now)
	}
	return text
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// startProxy runs a proxy that is installed here until the test ends.
func startProxy(t *testing.T, door, program string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if path, err = exec.LookPath("/usr/sbin/" + program); err != nil {
			t.Skipf("%s is not installed", program)
		}
	}
	var said bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		<-ended
	})
	waitFor(t, program+" to listen", func() bool {
		select {
		case <-ended:
			t.Fatalf("%s ended: %s", program, &said)
		default:
		}
		c, err := net.Dial("tcp", door)
		if err == nil {
			_ = c.Close()
		}
		return err == nil
	})
}
