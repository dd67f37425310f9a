package ingest_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"go.uber.org/goleak"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wordCodec speaks a protocol of lines, made for these tests:
//
//	L <id>   login, answered "hi <id>"
//	P <ms>   a report fixed at that time, answered "ok <ms>"
//	E <word> an error with that reason, answered "bad"
//	X        an error that hangs up
//	!        a panic
type wordCodec struct{ out []byte }

type wordError string

func (e wordError) Error() string  { return "word: " + string(e) }
func (e wordError) Reason() string { return string(e) }

const wordLimit = 100

func (*wordCodec) Split(data []byte, atEOF bool) (int, []byte, error) {
	i := bytes.IndexByte(data, '\n')
	switch {
	case i < 0 && len(data) > wordLimit:
		return 0, nil, fmt.Errorf("word: line of more than %d bytes: %w", wordLimit, bufio.ErrTooLong)
	case i < 0 && atEOF:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	}
	return i + 1, data[:i], nil
}

func (c *wordCodec) Decode(s *ingest.Session, frame []byte) ([]byte, error) {
	word, rest, _ := strings.Cut(string(frame), " ")
	c.out = c.out[:0]
	switch word {
	case "L":
		s.UniqueID = rest
		c.out = fmt.Appendf(c.out, "hi %s\n", rest)
	case "P":
		ms, err := strconv.ParseInt(rest, 10, 64)
		if err != nil {
			return nil, err
		}
		s.Add(fleet.FileReplay).Fix = fleet.Time(ms)
		c.out = fmt.Appendf(c.out, "ok %d\n", ms)
	case "E":
		s.Add(fleet.FileReplay)
		return []byte("bad\n"), wordError(rest)
	case "!":
		panic("bug in a codec, on purpose")
	case "X":
		return nil, ingest.ErrHangUp
	default:
		return nil, errors.New("word: no such word")
	}
	return c.out, nil
}

func (*wordCodec) Refuse() []byte { return []byte("who?\n") }

func words() ingest.Protocol {
	return ingest.Protocol{Name: "word", ID: fleet.FileReplay, New: func() ingest.Codec { return new(wordCodec) }}
}

// book is a Sink and a Registry in memory. Device n has identity "d<n>".
type book struct {
	mu        sync.Mutex
	reports   []fleet.Report
	strangers []ingest.Stranger
	err       error         // what Accept answers
	gate      chan struct{} // when set, Accept waits for it
	waiting   chan struct{} // told when Accept waits
}

func (b *book) Accept(ctx context.Context, reports []fleet.Report) error {
	b.mu.Lock()
	gate, waiting := b.gate, b.waiting
	b.mu.Unlock()
	if gate != nil {
		waiting <- struct{}{}
		select {
		case <-gate:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		return b.err
	}
	for i := range reports {
		if reports[i].Fix == 0 {
			reports[i].Verdict = fleet.QuarantinedClock
		}
	}
	b.reports = append(b.reports, reports...)
	return nil
}

func (b *book) Lookup(uid string) (ingest.Identity, error) {
	n, err := strconv.ParseUint(strings.TrimPrefix(uid, "d"), 10, 64)
	if err != nil || uid[0] != 'd' {
		return ingest.Identity{}, ingest.ErrUnknownDevice
	}
	return ingest.Identity{Device: fleet.DeviceID(n)}, nil
}

func (b *book) Unknown(s ingest.Stranger) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.strangers = append(b.strangers, s)
}

func (b *book) told() []ingest.Stranger {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.strangers)
}

func (b *book) fixes() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var out []string
	for _, r := range b.reports {
		out = append(out, fmt.Sprintf("%d@%d", r.Device, r.Fix))
	}
	return out
}

func (b *book) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

func (b *book) block() (entered, release chan struct{}) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gate, b.waiting = make(chan struct{}), make(chan struct{}, 16)
	return b.waiting, b.gate
}

// start opens a server that the test's end closes.
func start(t *testing.T, limits ingest.Limits) (*ingest.Server, *book, *metrics.Set) {
	t.Helper()
	b, set := &book{}, metrics.NewSet()
	s := ingest.NewServer(ingest.Options{
		Sink: b, Registry: b, Metrics: set, Limits: limits,
		Now: func() fleet.Time { return 1_700_000_000_000 },
	})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s, b, set
}

// startTCP opens a server with one port for words.
func startTCP(t *testing.T, limits ingest.Limits) (string, *ingest.Server, *book, *metrics.Set) {
	t.Helper()
	s, b, set := start(t, limits)
	addr, err := s.ListenTCP(t.Context(), "127.0.0.1:0", words())
	if err != nil {
		t.Fatal(err)
	}
	return addr.String(), s, b, set
}

func dial(t *testing.T, addr string) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	_ = c.SetDeadline(time.Now().Add(30 * time.Second)) // only so that a failing test ends
	return c
}

func send(t *testing.T, c net.Conn, s string) {
	t.Helper()
	if _, err := io.WriteString(c, s); err != nil {
		t.Fatal(err)
	}
}

// expect reads exactly want.
func expect(t *testing.T, c net.Conn, want string) {
	t.Helper()
	got := make([]byte, len(want))
	n, err := io.ReadFull(c, got)
	if string(got[:n]) != want {
		t.Fatalf("got %q (%v), want %q", got[:n], err, want)
	}
}

// ended reads until the other side closes and returns what came before.
func ended(t *testing.T, c net.Conn) string {
	t.Helper()
	got, err := io.ReadAll(c)
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		t.Fatalf("connection still open; it sent %q", got)
	}
	return string(got)
}

// counts is every counter that is not zero, without its prefix.
func counts(set *metrics.Set) map[string]string {
	var text bytes.Buffer
	set.WritePrometheus(&text)
	out := map[string]string{}
	for line := range strings.Lines(text.String()) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		if value != "0" {
			out[strings.TrimPrefix(name, "vigia_ingest_")] = value
		}
	}
	return out
}

// wantCounts compares the counters whose names begin with a prefix.
func wantCounts(t *testing.T, set *metrics.Set, prefix string, want map[string]string) {
	t.Helper()
	got := counts(set)
	for k, v := range want {
		if got[k] != v {
			t.Errorf("%s is %q, want %q", k, got[k], v)
		}
		delete(got, k)
	}
	for k, v := range got {
		if strings.HasPrefix(k, prefix) {
			t.Errorf("unexpected %s %s", k, v)
		}
	}
}

func dialErr(addr string) (net.Conn, error) { return net.DialTimeout("tcp", addr, 10*time.Second) }
