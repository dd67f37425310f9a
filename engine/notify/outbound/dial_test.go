package outbound_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/notify/outbound"
)

// TestGuardAtTheDial: the address that is connected to decides, whatever the
// name said and however it is written, and nothing reaches the server.
func TestGuardAtTheDial(t *testing.T) {
	reached := atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reached.Add(1)
		if r.URL.Path == "/away" {
			http.Redirect(w, r, "/inside", http.StatusFound)
		}
	}))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	ask := func(g outbound.Guard, host, path string) (outbound.Answer, error) {
		client := outbound.Client(g, nil)
		defer client.CloseIdleConnections()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, port)+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		return outbound.Do(client, req, time.Now())
	}
	for _, host := range []string{"127.0.0.1", "127.1.2.3", "localhost", "::ffff:127.0.0.1", "0.0.0.0", "169.254.169.254", "10.255.255.1", "fd00:ec2::254"} {
		_, err := ask(outbound.Guard{}, host, "/")
		if _, denied := errors.AsType[*outbound.DeniedError](err); !denied {
			t.Errorf("%s: %v, want it denied before anything is sent", host, err)
		}
	}
	if n := reached.Load(); n != 0 {
		t.Errorf("%d requests came through", n)
	}
	if _, err := ask(outbound.Guard{AllowPrivate: true}, "127.0.0.1", "/"); err == nil {
		t.Error("private networks are allowed, and loopback with them")
	}
	if a, err := ask(outbound.Guard{AllowLoopback: true}, "localhost", "/away"); err != nil || a.Status != http.StatusFound || reached.Load() != 1 {
		t.Errorf("what is allowed: %v, %v; a redirection is followed: %d requests", a.Status, err, reached.Load())
	}
	if _, err := (outbound.Guard{}).Dialer(time.Second).DialContext(t.Context(), "tcp", "localhost:"+port); err == nil {
		t.Error("a dialer of SMPP or SMTP gets through")
	}
}
