package ingest_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
	"github.com/vigia-track/vigia/ingest/h02"
	"github.com/vigia-track/vigia/ingest/teltonika"
)

func streams() []ingest.Protocol {
	return []ingest.Protocol{
		gt06Protocol(),
		{Name: "teltonika", ID: fleet.Teltonika, New: teltonika.New, Detect: ingest.DetectTeltonika},
		{Name: "h02", ID: fleet.H02, New: h02.New, Detect: ingest.DetectH02, Split: true},
	}
}

// keeper adopts every identity and keeps every report.
type keeper struct {
	mu      sync.Mutex
	reports []fleet.Report
}

func (k *keeper) Accept(_ context.Context, reports []fleet.Report) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.reports = append(k.reports, reports...)
	return nil
}

// take hands over what was kept since the last time.
func (k *keeper) take() []fleet.Report {
	k.mu.Lock()
	defer k.mu.Unlock()
	got := k.reports
	k.reports = nil
	return got
}

func (*keeper) Lookup(string) (ingest.Identity, error) { return ingest.Identity{Device: 1}, nil }
func (*keeper) Unknown(ingest.Stranger)                {}

const now = fleet.Time(1_790_000_000_000)

func keep(t *testing.T) (*ingest.Server, *keeper) {
	k := &keeper{}
	s := ingest.NewServer(ingest.Options{
		Sink: k, Registry: k, Now: func() fleet.Time { return now }, Limits: ingest.Limits{Strangers: 1000},
	})
	t.Cleanup(func() { _ = s.Close(context.Background()) })
	return s, k
}

// direct is what a codec makes of a stream without any server: the reports and
// replies of what follows the first identity.
func direct(p ingest.Protocol, stream []byte) (reports []fleet.Report, out []byte) {
	c, s := p.New(), &ingest.Session{Transport: ingest.TCP, Now: now}
	for len(stream) > 0 {
		n, frame, err := c.Split(stream, true)
		if frame != nil {
			had := len(s.Reports)
			reply, err := c.Decode(s, frame)
			if err != nil || s.UniqueID == "" {
				s.Reports = s.Reports[:had]
			}
			if s.UniqueID != "" {
				out = append(out, reply...)
			}
		}
		if stream = stream[n:]; err != nil || n == 0 {
			break
		}
	}
	for i := range s.Reports {
		s.Reports[i].Device = 1
	}
	return s.Reports, out
}

// talk sends a stream in two parts, ends it, and returns all replies.
func talk(t *testing.T, addr string, stream []byte, cut int) []byte {
	t.Helper()
	c := dial(t, addr)
	for _, part := range [][]byte{stream[:cut], stream[cut:]} {
		if _, err := c.Write(part); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(c)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// sample is a short conversation of each protocol.
func sample(name string) (b []byte) {
	place := fleet.Place{Lat: 46_097_100, Lon: -740_817_500}
	at := func(i int) fleet.Time { return 1_789_000_000_000 + fleet.Time(i)*1000 }
	switch name {
	case "gt06":
		b = gt06.AppendLogin(b, "356307042441013", 1)
		for i := range 3 {
			b = gt06.AppendLocation(b, gt06.Fix{Time: at(i), Place: place, Satellites: 9, Valid: true}, uint16(i+2))
		}
		b = gt06.AppendHeartbeat(b, true, 9)
	case "teltonika":
		b = teltonika.AppendLogin(b, "356307042441013")
		b = teltonika.AppendData(b, []teltonika.Fix{{Time: at(0), Place: place, Satellites: 9}, {Time: at(1), Place: place, Satellites: 9}})
	case "h02":
		b = h02.AppendV1(b, "4106123456", h02.Fix{Time: at(0), Place: place, Valid: true})
		b = h02.AppendHeartbeat(b, "4106123456")
		b = h02.AppendBinary(b, "4106123456", h02.Fix{Time: at(1), Place: place, Valid: true})
	}
	return b
}

// TestSplitStreamsOfRealCodecs cuts each conversation at every byte, on the
// protocol's own port and on the shared one.
func TestSplitStreamsOfRealCodecs(t *testing.T) {
	s, k := keep(t)
	shared, err := s.ListenShared(t.Context(), "127.0.0.1:0", ingest.Shared{Streams: streams()})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range streams() {
		t.Run(p.Name, func(t *testing.T) {
			own, err := s.ListenTCP(t.Context(), "127.0.0.1:0", p)
			if err != nil {
				t.Fatal(err)
			}
			stream := sample(p.Name)
			reports, replies := direct(p, stream)
			if len(reports) < 2 || len(replies) == 0 {
				t.Fatalf("a sample of %d reports and %d bytes of replies shows nothing", len(reports), len(replies))
			}
			for _, addr := range []string{own.String(), shared.String()} {
				for cut := 1; cut < len(stream); cut++ {
					if got := talk(t, addr, stream, cut); !bytes.Equal(got, replies) {
						t.Fatalf("cut at %d: replies %x, want %x", cut, got, replies)
					}
					if diff := gocmp.Diff(reports, k.take(), cmpopts.EquateEmpty()); diff != "" {
						t.Fatalf("cut at %d: reports differ:\n%s", cut, diff)
					}
				}
			}
		})
	}
}

// TestRealMessagesOverSockets plays what real trackers sent, each group on one
// connection, to its own port and to the shared one.
func TestRealMessagesOverSockets(t *testing.T) {
	for _, p := range streams() {
		t.Run(p.Name, func(t *testing.T) {
			groups := realGroups(t, p.Name)
			s, k := keep(t)
			own, err := s.ListenTCP(t.Context(), "127.0.0.1:0", p)
			if err != nil {
				t.Fatal(err)
			}
			total := 0
			for name, stream := range groups {
				reports, replies := direct(p, stream)
				if got := talk(t, own.String(), stream, len(stream)/2); !bytes.Equal(got, replies) {
					t.Errorf("%s: replies %x, want %x", name, got, replies)
				}
				if diff := gocmp.Diff(reports, k.take(), cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("%s: reports differ:\n%s", name, diff)
				}
				total += len(reports)
			}
			if total == 0 {
				t.Error("no report in all of the real messages")
			}
		})
	}
}

// realGroups are the streams of the shared folder's messages over TCP.
func realGroups(t *testing.T, protocol string) map[string][]byte {
	t.Helper()
	dir := cmp.Or(os.Getenv("VIGIA_SHARED"), filepath.Join("..", "..", "shared"))
	text, err := os.ReadFile(filepath.Join(dir, "vectors", "dev", protocol+".jsonl"))
	if err != nil {
		if os.Getenv("VIGIA_REQUIRE_SHARED") == "1" {
			t.Fatalf("%v, and VIGIA_REQUIRE_SHARED=1", err)
		}
		t.Skipf("no real messages here (%v); VIGIA_SHARED says where they are", err)
	}
	groups := map[string][]byte{}
	for line := range bytes.Lines(text) {
		var row struct {
			Group, Transport, Encoding, Message string
			BytesHex                            string `json:"bytes_hex"`
		}
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		if row.Transport != "" && row.Transport != "tcp" {
			continue
		}
		b, err := []byte(nil), error(nil)
		switch {
		case row.BytesHex != "":
			b, err = hex.DecodeString(row.BytesHex)
		case row.Encoding == "hex":
			b, err = hex.DecodeString(row.Message)
		default:
			for _, r := range row.Message { // one character is one byte
				b = append(b, byte(r))
			}
		}
		if err != nil {
			t.Fatal(fmt.Errorf("%s: %w", row.Group, err))
		}
		groups[row.Group] = append(groups[row.Group], b...)
	}
	return groups
}

// TestUDPOfRealCodecs sends datagrams as trackers do.
func TestUDPOfRealCodecs(t *testing.T) {
	place := fleet.Place{Lat: 46_097_100, Lon: -740_817_500}
	for _, c := range []struct {
		protocol int
		send     []byte
		reports  int
		reply    int
	}{
		{1, teltonika.AppendDatagram(nil, 0xcafe, 5, "356307042441013", []teltonika.Fix{{Time: now - 5000, Place: place}, {Time: now, Place: place}}), 2, 7},
		{2, sample("h02"), 2, 0},
	} {
		p := streams()[c.protocol]
		t.Run(p.Name, func(t *testing.T) {
			s, k := keep(t)
			addr, err := s.ListenUDP(t.Context(), "127.0.0.1:0", p)
			if err != nil {
				t.Fatal(err)
			}
			conn, err := net.Dial("udp", addr.String())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = conn.Close() })
			if _, err := conn.Write(c.send); err != nil {
				t.Fatal(err)
			}
			if got := receive(t, conn); c.reply > 0 && len(got) != c.reply {
				t.Errorf("reply %x, want %d bytes", got, c.reply)
			}
			got := k.take()
			if len(got) < c.reports {
				t.Errorf("%d reports, want %d", len(got), c.reports)
			}
			if i := slices.IndexFunc(got, func(r fleet.Report) bool { return r.Device != 1 }); i >= 0 {
				t.Errorf("report %d has no device", i)
			}
		})
	}
}
