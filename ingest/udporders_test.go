package ingest_test

import (
	"context"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/h02"
)

// TestOrdersReachATrackerThatSpeaksByDatagrams: with its first datagram, and at
// once when something arrives for it later.
func TestOrdersReachATrackerThatSpeaksByDatagrams(t *testing.T) {
	o := &orders{answered: make(chan string, 4)}
	o.put(fleet.Order{ID: 1, Kind: fleet.PositionNow}, fleet.Order{ID: 2, Kind: fleet.EngineStop})
	b := &book{}
	s := ingest.NewServer(ingest.Options{Sink: b, Registry: anybody{b}, Orders: o})
	addr, err := s.ListenUDP(t.Context(), "127.0.0.1:0", ingest.Protocol{Name: "h02", ID: fleet.H02, New: h02.New, Split: true})
	if err != nil {
		t.Fatal(err)
	}
	closed := false
	end := func() {
		if err := s.Close(context.WithoutCancel(t.Context())); err != nil && !closed {
			t.Error(err)
		}
		closed = true
	}
	defer end()
	c, err := net.Dial("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	place, _ := fleet.MakePlace(4.6, -74.1)
	fix := h02.Fix{Time: fleet.At(time.Now()), Place: place, Valid: true}
	hear := func() string {
		t.Helper()
		_ = c.SetReadDeadline(time.Now().Add(20 * time.Second))
		buf := make([]byte, 512)
		for {
			n, err := c.Read(buf)
			if err != nil {
				t.Fatal(err)
			}
			if text := string(buf[:n]); !strings.Contains(text, ",V4,") { // the receipt of a position
				return text
			}
		}
	}
	obey := func(want string) {
		t.Helper()
		f := strings.Split(strings.Trim(hear(), "*#"), ",")
		if len(f) < 4 || f[2] != want {
			t.Fatalf("ordered %q, want %s", f, want)
		}
		if _, err := c.Write(h02.AppendV4(nil, "1234567890", f[2], f[3], fix)); err != nil {
			t.Fatal(err)
		}
		if got := <-o.answered; !strings.HasPrefix(got, want) {
			t.Errorf("answered %q", got)
		}
	}
	if _, err := c.Write(h02.AppendV1(nil, "1234567890", fix)); err != nil {
		t.Fatal(err)
	}
	obey("S20")
	o.mu.Lock()
	if len(o.refused) != 1 || o.refused[0] != 1 {
		t.Errorf("given back: %v, want the position, which h02 has not", o.refused)
	}
	o.mu.Unlock()
	for range 5 { // silent meanwhile
		o.put(fleet.Order{ID: 3, Kind: fleet.SetInterval, Seconds: 30})
		s.Wake(7)
		obey("D1")
	}
	end()
	s.Wake(7) // nobody is there any more
}
