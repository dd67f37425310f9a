package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestSecondSignalEndsAtOnce holds a stop up with a request whose body never
// comes, and signals again.
func TestSecondSignalEndsAtOnce(t *testing.T) {
	s := startServer(t, t.TempDir(), serverOptions{})
	addr := strings.TrimPrefix(s.url, "http://")
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	// Once the server asks for the body, the request is being answered.
	fmt.Fprintf(conn, "POST /api/v1/setup HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: 100\r\nExpect: 100-continue\r\n\r\n", addr)
	b := make([]byte, 64)
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if n, err := conn.Read(b); err != nil || !strings.Contains(string(b[:n]), "100 Continue") {
		t.Fatalf("%q, %v", b[:n], err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the first signal's effect", func() bool {
		c, err := net.Dial("tcp", addr)
		if err == nil {
			_ = c.Close()
		}
		return err != nil
	})
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	err = s.cmd.Wait()
	exit, ok := err.(*exec.ExitError)
	if !ok || exit.ExitCode() != 1 || !strings.Contains(s.log.String(), "stopped at once") {
		t.Errorf("after the second signal: %v\n%s", err, s.log)
	}
	s.check()
}

// TestSystemdIsTold listens where systemd would.
func TestSystemdIsTold(t *testing.T) {
	path := filepath.Join(t.TempDir(), "n")
	l, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	t.Setenv("NOTIFY_SOCKET", path)
	said := func() string {
		b := make([]byte, 256)
		_ = l.SetReadDeadline(time.Now().Add(time.Minute))
		n, err := l.Read(b)
		if err != nil {
			t.Fatal(err)
		}
		return string(b[:n])
	}
	s := startServer(t, t.TempDir(), serverOptions{})
	if got := said(); got != "READY=1" {
		t.Errorf("after the start: %q", got)
	}
	s.term()
	if got := said(); got != "STOPPING=1" {
		t.Errorf("at the end: %q", got)
	}
}

func TestOpenAPIWithoutAServer(t *testing.T) {
	var out bytes.Buffer
	if err := printOpenAPI(&out); err != nil {
		t.Fatal(err)
	}
	n := runNode(t, quietConfig(t))
	res, err := http.Get(n.url() + "/api/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var printed, served map[string]any
	if err := json.Unmarshal(out.Bytes(), &printed); err != nil {
		t.Fatal(err)
	}
	if err := json.NewDecoder(res.Body).Decode(&served); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(printed, served) || len(printed["paths"].(map[string]any)) < 10 {
		t.Errorf("the printed document (%d bytes) is not the served one", out.Len())
	}
}
