package ingest_test

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vigia-track/vigia/ingest"
)

func TestSessionNamesReportsAndRepliesInOrder(t *testing.T) {
	t.Run("C-2", checkSessionNamesReportsAndRepliesInOrder)
}

func checkSessionNamesReportsAndRepliesInOrder(t *testing.T) {
	addr, _, b, set := startTCP(t, ingest.Limits{})
	c := dial(t, addr)
	send(t, c, "L d1\nP 10\nP 11\nL d2\nP 20\nE checksum\nL d1\nP 12\n")
	expect(t, c, "hi d1\nok 10\nok 11\nhi d2\nok 20\nbad\nhi d1\nok 12\n")
	if got, want := b.fixes(), []string{"1@10", "1@11", "2@20", "1@12"}; !slices.Equal(got, want) {
		t.Errorf("reports %v, want %v", got, want)
	}
	wantCounts(t, set, "frames", map[string]string{
		`frames_total{proto="word",result="accepted"}`:                    "7",
		`frames_total{proto="word",result="rejected",reason="checksum"}`:  "1",
		`reports_total{proto="word",verdict="accepted"}`:                  "4",
		`reports_total{proto="word",verdict="dropped",reason="checksum"}`: "1",
		`connections{proto="word"}`:                                       "1",
	})
}

func TestSplitWritesGiveTheSameResult(t *testing.T) {
	const in, out = "L d1\nP 10\nP 0\nL d2\nP 20\n", "hi d1\nok 10\nok 0\nhi d2\nok 20\n"
	for cut := 1; cut < len(in); cut++ {
		t.Run(fmt.Sprint(cut), func(t *testing.T) {
			addr, _, b, set := startTCP(t, ingest.Limits{})
			c := dial(t, addr)
			send(t, c, in[:cut])
			// the replies to the whole lines of the first part tell that it was read
			head := strings.Count(in[:cut], "\n")
			replies := strings.SplitAfter(out, "\n")
			expect(t, c, strings.Join(replies[:head], ""))
			send(t, c, in[cut:])
			expect(t, c, strings.Join(replies[head:], ""))
			if got, want := b.fixes(), []string{"1@10", "1@0", "2@20"}; !slices.Equal(got, want) {
				t.Errorf("reports %v, want %v", got, want)
			}
			wantCounts(t, set, "reports", map[string]string{
				`reports_total{proto="word",verdict="accepted"}`:         "2",
				`reports_total{proto="word",verdict="quarantinedClock"}`: "1",
			})
		})
	}
}

func TestNoReplyBeforeAccept(t *testing.T) {
	addr, _, b, _ := startTCP(t, ingest.Limits{})
	entered, release := b.block()
	c := dial(t, addr)
	send(t, c, "L d1\nP 10\n")
	<-entered
	b.fail(errors.New("disk full"))
	close(release)
	if got := ended(t, c); got != "" {
		t.Errorf("replied %q before Accept returned", got)
	}
}

func TestFailedAcceptClosesWithoutReply(t *testing.T) {
	addr, _, b, set := startTCP(t, ingest.Limits{})
	b.fail(errors.New("disk full"))
	c := dial(t, addr)
	send(t, c, "L d1\n")
	expect(t, c, "hi d1\n")
	send(t, c, "P 10\nP 11\n")
	if got := ended(t, c); got != "" {
		t.Errorf("got %q although nothing was stored", got)
	}
	got := counts(set)
	if got[`connections_closed_total{proto="word",reason="notStored"}`] != "1" ||
		got[`frames_total{proto="word",result="rejected",reason="notStored"}`] == "" {
		t.Errorf("counters %v", got)
	}
}

func TestStrangersAreRefusedToldAndClosed(t *testing.T) {
	addr, _, b, set := startTCP(t, ingest.Limits{Strangers: 3})
	c := dial(t, addr)
	send(t, c, "P 1\nL nobody\nP 2\nP 3\n")
	if got := ended(t, c); got != "who?\n" {
		t.Errorf("a stranger was told %q, want only the refusal", got)
	}
	if len(b.fixes()) != 0 {
		t.Errorf("stored %v", b.fixes())
	}
	if len(b.told()) != 2 || b.told()[0].UniqueID != "nobody" || string(b.told()[1].Frame) != "P 2" {
		t.Errorf("registry was told %+v", b.told())
	}
	wantCounts(t, set, "frames", map[string]string{
		`frames_total{proto="word",result="rejected",reason="noIdentity"}`:    "1",
		`frames_total{proto="word",result="rejected",reason="unknownDevice"}`: "2",
	})
}

func TestConnectionEnds(t *testing.T) {
	soon := 50 * time.Millisecond
	long := strings.Repeat("x", 300)
	for _, c := range []struct {
		name, in, reason string
		limits           ingest.Limits
	}{
		{"hang up", "L d1\nX\n", "hangUp", ingest.Limits{}},
		{"codec panics", "L d1\n!\nP 1\n", "hangUp", ingest.Limits{}},
		{"oversize", "L d1\n" + long, "oversize", ingest.Limits{}},
		{"silent from the start", "", "unidentified", ingest.Limits{Identify: soon}},
		{"stranger in time", "L x\n", "unidentified", ingest.Limits{Identify: soon}},
		{"unfinished frame", "L d1\nP 1", "unfinished", ingest.Limits{Frame: soon}},
		{"idle", "L d1\n", "idle", ingest.Limits{Idle: soon}},
	} {
		t.Run(c.name, func(t *testing.T) {
			addr, _, _, set := startTCP(t, c.limits)
			conn := dial(t, addr)
			send(t, conn, c.in)
			ended(t, conn)
			key := fmt.Sprintf(`connections_closed_total{proto="word",reason=%q}`, c.reason)
			if got := counts(set); got[key] != "1" {
				t.Errorf("counters %v, want one %s", got, key)
			}
		})
	}
}

func TestSlowDripOfOneFrameIsClosed(t *testing.T) {
	addr, _, _, set := startTCP(t, ingest.Limits{Frame: 40 * time.Millisecond})
	c := dial(t, addr)
	send(t, c, "L d1\n")
	expect(t, c, "hi d1\n")
	for range wordLimit - 1 { // a byte now and then never makes a frame
		_, _ = c.Write([]byte("1"))
		_ = c.SetReadDeadline(time.Now().Add(5 * time.Millisecond))
		if _, err := c.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
	}
	if got := counts(set)[`connections_closed_total{proto="word",reason="unfinished"}`]; got != "1" {
		t.Errorf("still open: %v", counts(set))
	}
}

func TestConnectionCaps(t *testing.T) {
	for name, limits := range map[string]ingest.Limits{
		"totalLimit": {Connections: 2}, "addressLimit": {PerAddress: 2},
	} {
		t.Run(name, func(t *testing.T) {
			addr, s, _, set := startTCP(t, limits)
			for _, id := range []string{"d1", "d2"} {
				c := dial(t, addr)
				send(t, c, "L "+id+"\n")
				expect(t, c, "hi "+id+"\n")
			}
			ended(t, dial(t, addr))
			if got := counts(set)[fmt.Sprintf(`connections_refused_total{proto="word",reason=%q}`, name)]; got != "1" {
				t.Errorf("refused %q connections, want 1: %v", got, counts(set))
			}
			if n := s.Connections(); n != 2 {
				t.Errorf("%d connections open, want 2", n)
			}
			if at, port := s.ConnectionsAt(), netip.MustParseAddrPort(addr).Port(); len(at) != 1 || at[port] != 2 {
				t.Errorf("connections by port: %v, want 2 at %d", at, port)
			}
		})
	}
}

func TestCloseLetsAcceptFinishAndThenCuts(t *testing.T) {
	addr, s, b, _ := startTCP(t, ingest.Limits{})
	entered, release := b.block()
	c := dial(t, addr)
	send(t, c, "L d1\nP 10\n")
	<-entered
	closed := make(chan error, 1)
	go func() { closed <- s.Close(context.Background()) }()
	for { // the listener goes first
		probe, err := dialErr(addr)
		if err != nil {
			break
		}
		_ = probe.Close()
	}
	close(release)
	if err := <-closed; err != nil {
		t.Errorf("close: %v", err)
	}
	if got := ended(t, c); !strings.HasSuffix(got, "ok 10\n") {
		t.Errorf("the report that was stored was answered %q", got)
	}
}

func TestCloseCutsAcceptThatHangs(t *testing.T) {
	b := &book{}
	s := ingest.NewServer(ingest.Options{Sink: b, Registry: b})
	addr, err := s.ListenTCP(t.Context(), "127.0.0.1:0", words())
	if err != nil {
		t.Fatal(err)
	}
	entered, _ := b.block()
	c := dial(t, addr.String())
	send(t, c, "L d1\nP 10\n")
	<-entered
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Close(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("close gave %v, want to hear that connections were cut", err)
	}
	if got := ended(t, c); strings.Contains(got, "ok") {
		t.Errorf("acked %q without being stored", got)
	}
	if _, err := s.ListenTCP(t.Context(), "127.0.0.1:0", words()); !errors.Is(err, ingest.ErrClosed) {
		t.Errorf("listening after close gave %v, want ErrClosed", err)
	}
}
