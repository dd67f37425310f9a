package ingest_test

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/ingest"
)

// secure is a certificate of the test's own.
func secure(t *testing.T) (server, client *tls.Config) {
	t.Helper()
	s := httptest.NewTLSServer(nil)
	defer s.Close()
	return s.TLS.Clone(), s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
}

func TestSlowHTTPHeadersAreCutOff(t *testing.T) {
	s, _, _ := start(t, ingest.Limits{Identify: 50 * time.Millisecond, Frame: 50 * time.Millisecond})
	addr, err := s.ListenHTTP(t.Context(), "127.0.0.1:0", queries("query"))
	if err != nil {
		t.Fatal(err)
	}
	for _, in := range []string{"", "GET /?id=d1", "POST /?id=d1&t=1 HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nhalf"} {
		c := dial(t, addr.String())
		send(t, c, in)
		if got := ended(t, c); strings.Contains(got, "200 OK") {
			t.Errorf("%q was answered %q", in, got)
		}
	}
}

func TestLongHTTPHeadersAreRefused(t *testing.T) {
	s, _, _ := start(t, ingest.Limits{Header: 1 << 10})
	addr, err := s.ListenHTTP(t.Context(), "127.0.0.1:0", queries("query"))
	if err != nil {
		t.Fatal(err)
	}
	c := dial(t, addr.String())
	send(t, c, "GET /?id=d1&t=1 HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 8<<10)+"\r\n\r\n")
	if got := ended(t, c); !strings.HasPrefix(got, "HTTP/1.1 431") {
		t.Errorf("answered %.40q", got)
	}
}

func TestHTTPCloseWaitsForAccept(t *testing.T) {
	s, b, _ := start(t, ingest.Limits{})
	addr, err := s.ListenHTTP(t.Context(), "127.0.0.1:0", queries("query"))
	if err != nil {
		t.Fatal(err)
	}
	entered, release := b.block()
	idle := dial(t, addr.String()) // has not sent anything and must not hold Close up
	c := dial(t, addr.String())
	send(t, c, "GET /?id=d1&t=1 HTTP/1.1\r\nHost: x\r\n\r\n")
	<-entered
	closed := make(chan error, 1)
	go func() { closed <- s.Close(context.Background()) }()
	ended(t, idle)
	close(release)
	if got := ended(t, c); !strings.HasPrefix(got, "HTTP/1.1 200") {
		t.Errorf("the request that was stored was answered %.40q", got)
	}
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
}

func TestTLSOnOwnAndSharedPort(t *testing.T) {
	server, client := secure(t)
	s, b, _ := start(t, ingest.Limits{})
	p := words()
	p.TLS = server
	p.Detect = func(first []byte) ingest.Match {
		if first[0] == 'L' {
			return ingest.Yes
		}
		return ingest.No
	}
	own, err := s.ListenTCP(t.Context(), "127.0.0.1:0", p)
	if err != nil {
		t.Fatal(err)
	}
	shared, err := s.ListenShared(t.Context(), "127.0.0.1:0", ingest.Shared{
		Streams: []ingest.Protocol{p}, HTTP: []ingest.Protocol{queries("query")}, TLS: server,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, addr := range []string{own.String(), shared.String()} {
		c, err := tls.Dial("tcp", addr, client)
		if err != nil {
			t.Fatal(err)
		}
		send(t, c, "L d1\nP 1\n")
		expect(t, c, "hi d1\nok 1\n")
		_ = c.Close()
	}
	web := &http.Client{Transport: &http.Transport{TLSClientConfig: client, DisableKeepAlives: true}}
	res, err := web.Get("https://" + shared.String() + "/?id=d2&t=2")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, res.Body)
	_ = res.Body.Close()
	if got := b.fixes(); res.StatusCode != http.StatusOK || !slices.Equal(got, []string{"1@1", "1@1", "2@2"}) {
		t.Errorf("status %d, stored %v", res.StatusCode, got)
	}
	c := dial(t, own.String()) // not TLS
	send(t, c, "L d1\nP 3\n")
	if got := ended(t, c); strings.Contains(got, "hi") {
		t.Errorf("answered in clear: %q", got)
	}
}

// TestIdleConnectionsCostLittle measures what a connection at rest keeps.
func TestIdleConnectionsCostLittle(t *testing.T) {
	const n = 300
	addr, s, _, _ := startTCP(t, ingest.Limits{})
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range n {
		c := dial(t, addr)
		send(t, c, "L d1\nP 1\n")
		expect(t, c, "hi d1\nok 1\n")
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	heap := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) / n
	stack := (int64(after.StackInuse) - int64(before.StackInuse)) / n
	t.Logf("%d connections: %d B of heap and %d B of stack each, both ends", s.Connections(), heap, stack)
	if heap > 6<<10 {
		t.Errorf("a connection at rest keeps %d B of heap, both ends together", heap)
	}
}
