package main

import (
	"bufio"
	"bytes"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net"
	"net/http"
	"net/smtp"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/sinks"
)

// server is a real `vigia serve` in a process of its own.
type server struct {
	t     testing.TB
	data  string
	url   string
	ports map[string]string // by the name of the door
	token string            // of the set-up link, on a new installation
	cmd   *exec.Cmd
	log   *bytes.Buffer // its standard error; read it after the end only
}

// serverOptions is how a server differs from one with defaults.
type serverOptions struct {
	sinks *demoSinks // who takes mail, SMS and push
	set   []string   // --set KEY=VALUE
	ahead int        // days that its clock is ahead
}

// startServer starts a server on free loopback ports and waits until it says
// where it listens. It is killed at the end of the test, if it still runs.
func startServer(t testing.TB, data string, o serverOptions) *server {
	t.Helper()
	s := &server{t: t, data: data, ports: map[string]string{}, log: &bytes.Buffer{}}
	args := []string{"serve", "--data", data, "--set", "keep.min_free=1MB", "--set", "http.listen=127.0.0.1:0", "--set", "mqtt.listen=127.0.0.1:0"}
	for _, door := range []string{"gt06", "teltonika", "h02", "osmand", "owntracks", "shared"} {
		args = append(args, "--set", "ingest."+door+"=127.0.0.1:0")
	}
	env := slices.DeleteFunc(os.Environ(), func(v string) bool { // to the server, they are settings that do not exist
		return strings.HasPrefix(v, "VIGIA_KILLS=") || strings.HasPrefix(v, "VIGIA_FIGURES=") || strings.HasPrefix(v, "VIGIA_SEED=")
	})
	env = append(env, daysAhead+"="+strconv.Itoa(o.ahead))
	if o.sinks != nil {
		roots := filepath.Join(t.TempDir(), "roots.pem")
		trust(t, roots, o.sinks.push.URL(), o.sinks.mail)
		env = append(env, "SSL_CERT_FILE="+roots)
		for _, v := range []string{
			"outbound.allow_private=true", "mail.host=" + o.sinks.mail.Host(), "mail.port=" + strconv.Itoa(o.sinks.mail.Port()),
			"mail.username=" + demoAccount, "mail.password=" + demoToken, "mail.from=Vigia <alerts@example.com>",
			"sms.kind=twilio", "sms.url=" + o.sinks.sms.URL(), "sms.account=" + demoAccount, "sms.token=" + demoToken,
			"sms.from=+15005550006", "push.subject=mailto:ops@example.com",
		} {
			args = append(args, "--set", v)
		}
	}
	listen := ""
	for _, v := range o.set {
		args = append(args, "--set", v)
		if strings.HasPrefix(v, "public_url=") { // which it prints in place of where it listens
			listen = freePort(t)
			args = append(args, "--set", "http.listen="+listen)
		}
	}
	s.cmd = exec.Command("vigia", args...) // this test binary, as TestMain says
	s.cmd.Env, s.cmd.Stderr = env, s.log
	out, err := s.cmd.StdoutPipe()
	if err == nil {
		err = s.cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.cmd.Process.Kill(); _ = s.cmd.Wait() })
	s.readWelcome(out)
	if listen != "" {
		s.url = "http://" + listen
	}
	return s
}

// readWelcome takes addresses and set-up link from what the server prints.
func (s *server) readWelcome(out io.Reader) {
	s.t.Helper()
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if rest, ok := strings.CutPrefix(line, "Open "); ok {
			s.url = strings.TrimSpace(rest)
		}
		if rest, ok := strings.CutPrefix(line, "Trackers "); ok {
			for door := range strings.SplitSeq(strings.TrimSpace(rest), ", ") {
				name, port, _ := strings.Cut(door, " :")
				s.ports[name] = port
			}
		}
		if _, token, ok := strings.Cut(line, "/setup?token="); ok {
			s.token = token
		}
		// The last line is empty, behind the doors or behind the link.
		if line == "" && len(s.ports) > 0 && (s.token != "" || !s.fresh()) {
			go func() { _, _ = io.Copy(io.Discard, out) }()
			return
		}
	}
	_ = s.cmd.Wait()
	s.t.Fatalf("the server ended before it listened: %s", s.log)
}

func (s *server) fresh() bool {
	link, err := askServer(s.data, "/setup-link", nil)
	for tries := 0; errors.Is(err, errNoServer) && tries < 600; tries++ { // it answers there at about the time when it prints
		time.Sleep(50 * time.Millisecond)
		link, err = askServer(s.data, "/setup-link", nil)
	}
	return err == nil && strings.Contains(link, "/setup?")
}

// door is the address of a protocol's listener.
func (s *server) door(protocol string) string { return "127.0.0.1:" + s.ports[protocol] }

// term asks the server to stop, and wants it to end well.
func (s *server) term() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Fatalf("after SIGTERM: %v\n%s", err, s.log)
	}
}

// kill is kill -9.
func (s *server) kill() {
	s.t.Helper()
	if err := s.cmd.Process.Kill(); err != nil {
		s.t.Fatal(err)
	}
	_ = s.cmd.Wait()
}

// check wants `vigia check` to find nothing.
func (s *server) check() {
	s.t.Helper()
	if out, err := exec.Command("vigia", "check", s.data).CombinedOutput(); err != nil {
		s.t.Errorf("vigia check: %v\n%s", err, out)
	}
}

// body is a JSON object.
type body = map[string]any

// client speaks to the API as somebody.
type client struct {
	t     testing.TB
	base  string
	token string
}

// setUp uses the set-up link, and signs its administrator in.
func (s *server) setUp(lang string) *client {
	s.t.Helper()
	c := &client{t: s.t, base: s.url + "/api/v1"}
	c.token = c.post("/setup", body{"token": s.token, "name": "Ana", "email": "ana@example.com",
		"company": body{"name": "Vigías", "lang": lang, "timezone": "UTC"}})["token"].(string)
	return c
}

// subscribe opens a browser that takes the push messages of a user.
func (s *server) subscribe(c *client, push *sinks.Push, user string) {
	s.t.Helper()
	sub, err := push.Subscribe(0)
	if err != nil {
		s.t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	link, err := askServer(s.data, "/setup-link", map[string][]string{"email": {"zoe@example.com"}})
	if err != nil {
		s.t.Fatal(err)
	}
	_, token, _ := strings.Cut(link, "token=")
	own := &client{t: s.t, base: c.base}
	own.token = own.post("/login", body{"token": token})["token"].(string)
	if me := own.get("/me"); me["user"].(body)["id"] != user {
		s.t.Fatalf("the link signed %v in, want %s", me["user"], user)
	}
	own.post("/push/subscriptions", body{"endpoint": sub.Endpoint, "keys": body{"p256dh": b64(sub.P256DH), "auth": b64(sub.Auth)}})
}

func (c *client) get(path string) body          { return c.want(http.MethodGet, path, nil) }
func (c *client) post(path string, b body) body { return c.want(http.MethodPost, path, b) }
func (c *client) want(method, path string, b body) (out body) {
	c.t.Helper()
	status, text := c.do(method, path, b)
	if status/100 != 2 {
		c.t.Fatalf("%s %s: %d %s", method, path, status, text)
	}
	if err := json.Unmarshal(text, &out); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
	return out
}

// refused wants a problem of a status that holds some words.
func (c *client) refused(status int, path string, b body, words string) {
	c.t.Helper()
	got, text := c.do(http.MethodPost, path, b)
	if got != status || !strings.Contains(string(text), words) {
		c.t.Errorf("POST %s: %d %s, want %d with %s", path, got, text, status, words)
	}
}

func (c *client) do(method, path string, b body) (int, []byte) {
	c.t.Helper()
	var in io.Reader
	if b != nil {
		text, err := json.Marshal(b)
		if err != nil {
			c.t.Fatal(err)
		}
		in = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(c.t.Context(), method, c.base+path, in)
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if c.token != "" {
		req.Header.Set("Authorization", "Bearer "+c.token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return resp.StatusCode, text
}

// metric reads counters whose name and labels match, and adds them up.
func (s *server) metric(pattern string) (sum float64) {
	s.t.Helper()
	resp, err := http.Get(s.url + "/metrics")
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	re := regexp.MustCompile("^" + pattern + ` (\S+)$`)
	for in := bufio.NewScanner(resp.Body); in.Scan(); {
		if m := re.FindStringSubmatch(in.Text()); m != nil {
			v, err := strconv.ParseFloat(m[len(m)-1], 64)
			if err != nil {
				s.t.Fatalf("%s: %v", in.Text(), err)
			}
			sum += v
		}
	}
	return sum
}

// trust writes the certificates of the sinks to a file that Go programs take
// for the system's roots.
func trust(t testing.TB, file, push string, mail *sinks.SMTP) {
	t.Helper()
	var out bytes.Buffer
	add := func(state tls.ConnectionState) {
		for _, c := range state.PeerCertificates {
			_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
		}
	}
	blind := &tls.Config{InsecureSkipVerify: true} // only to see the certificate
	conn, err := tls.Dial("tcp", strings.TrimPrefix(push, "https://"), blind)
	if err != nil {
		t.Fatal(err)
	}
	add(conn.ConnectionState())
	_ = conn.Close()
	letters, err := smtp.Dial(net.JoinHostPort(mail.Host(), strconv.Itoa(mail.Port())))
	if err == nil {
		err = letters.StartTLS(blind)
	}
	if err != nil {
		t.Fatal(err)
	}
	state, _ := letters.TLSConnectionState()
	add(state)
	_ = letters.Close()
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// waitFor polls until a condition holds; only a failing test waits long.
func waitFor(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for range 600 {
		if ok() {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatalf("%s: not within a minute", what)
}

// stamp is a time from now, as the API reads it.
func stamp(from time.Duration) string {
	return fleet.At(time.Now().Add(from)).String()
}

// all reads every page of a list.
func (c *client) all(path string) (out []any) {
	c.t.Helper()
	for after := ""; ; {
		page := c.get(path + after)
		out = append(out, page["items"].([]any)...)
		next, _ := page["next"].(string)
		if next == "" {
			return out
		}
		after = "&after=" + url.QueryEscape(next)
	}
}

// track is all stored positions of a device from one time to another. Its
// pages go by time: next is where the following one begins.
func (c *client) track(device, from, to string) (out []any) {
	c.t.Helper()
	for from != "" {
		page := c.get("/devices/" + device + "/positions?limit=1000&from=" + from + "&to=" + to)
		out = append(out, page["items"].([]any)...)
		next, _ := page["next"].(string)
		from = url.QueryEscape(next)
	}
	return out
}
