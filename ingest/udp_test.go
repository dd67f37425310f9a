package ingest_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

func startUDP(t *testing.T, p ingest.Protocol) (net.Conn, *book, func() map[string]string) {
	t.Helper()
	s, b, set := start(t, ingest.Limits{})
	addr, err := s.ListenUDP(t.Context(), "127.0.0.1:0", p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	return c, b, func() map[string]string { return counts(set) }
}

func receive(t *testing.T, c net.Conn) string {
	t.Helper()
	b := make([]byte, 2048)
	n, err := c.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(b[:n])
}

func TestUDPAnswersTheSenderAfterAccept(t *testing.T) {
	p := words()
	p.Split = true
	c, b, count := startUDP(t, p)
	send(t, c, "L d3\nP 7\n") // the reply is longer than this and must not be sent
	send(t, c, "E checksum\nP 8\n")
	if got, want := receive(t, c), "bad\nok 8\n"; got != want {
		t.Errorf("reply %q, want %q", got, want)
	}
	entered, release := b.block()
	send(t, c, "P 9      \nP 10\n")
	<-entered
	b.fail(errors.New("disk full"))
	close(release)
	send(t, c, "E checksum\n")
	if got, want := receive(t, c), "bad\n"; got != want {
		t.Errorf("reply %q after a failed Accept, want only %q", got, want)
	}
	if got := b.fixes(); !slices.Equal(got, []string{"3@7", "3@8"}) {
		t.Errorf("stored %v", got)
	}
	if got := count()[`replies_withheld_total{proto="word"}`]; got != "1" {
		t.Errorf("%q replies withheld, want 1", got)
	}
}

func TestUDPDatagramIsOneMessage(t *testing.T) {
	c, _, count := startUDP(t, words())
	send(t, c, "L d3\nP 7") // one identity of many characters
	send(t, c, "E three\n")
	send(t, c, "L d123456789")
	send(t, c, "E four\n")
	if got, want := receive(t, c), "bad\n"; got != want {
		t.Errorf("reply %q, want %q", got, want)
	}
	if got := count()[`frames_total{proto="word",result="rejected",reason="unknownDevice"}`]; got != "1" {
		t.Errorf("counters %v", count())
	}
}

func TestUDPStrangersGetNoReply(t *testing.T) {
	p := words()
	p.Split = true
	c, b, count := startUDP(t, p)
	send(t, c, "L nobody\nP 1\n")
	send(t, c, "L d1\nE 1234567890\n") // same sender, so after it
	if got, want := receive(t, c), "hi d1\nbad\n"; got != want {
		t.Errorf("reply %q, want only %q", got, want)
	}
	if len(b.fixes()) != 0 || count()[`frames_total{proto="word",result="rejected",reason="unknownDevice"}`] != "2" {
		t.Errorf("stored %v: %v", b.fixes(), count())
	}
}

func TestUDPDropsAreCounted(t *testing.T) {
	p := words()
	p.Split = true
	s, b, set := start(t, ingest.Limits{Datagrams: 1})
	addr, err := s.ListenUDP(t.Context(), "127.0.0.1:0", p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	entered, release := b.block()
	send(t, c, "L d1\nP 1\n")
	<-entered // its worker waits now
	const key = `frames_total{proto="word",result="rejected",reason="queueFull"}`
	for range 1000 { // the first finds room, others do not
		send(t, c, "P 2\n")
		if n := counts(set)[key]; n != "" {
			break
		}
	}
	close(release)
	if n := counts(set)[key]; n == "" {
		t.Errorf("no drop was counted: %v", counts(set))
	}
}

// TestUDPAddressesAreLentOnly: behind a carrier's gateway an address is another
// tracker's a while later; its reports must not go to the one before.
func TestUDPAddressesAreLentOnly(t *testing.T) {
	p := words()
	p.Split = true
	var now atomic.Int64
	now.Store(1_700_000_000_000)
	b := &book{}
	s := ingest.NewServer(ingest.Options{Sink: b, Registry: b, Now: func() fleet.Time { return fleet.Time(now.Load()) }})
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	addr, err := s.ListenUDP(t.Context(), "127.0.0.1:0", p)
	if err != nil {
		t.Fatal(err)
	}
	c, err := net.Dial("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second))
	send(t, c, "L d1\nP 1\nE padding.......\n")
	receive(t, c)
	now.Add(int64(4 * fleet.Minute))
	send(t, c, "P 2\nE padding\n")
	receive(t, c)
	now.Add(int64(6 * fleet.Minute))
	send(t, c, "P 3\n")
	send(t, c, "L d2\nP 4\nE padding.......\n")
	receive(t, c)
	if got := b.fixes(); !slices.Equal(got, []string{"1@1", "1@2", "2@4"}) {
		t.Errorf("stored %v", got)
	}
}
