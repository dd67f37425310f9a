package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

var seed = flag.Uint64("seed", 0, "seed of random tests; 0: another each time")

func seeded(t *testing.T) *rand.Rand {
	s := *seed
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", s)
	return rand.New(rand.NewPCG(s, s))
}

// open accepts everybody and every report.
type open struct {
	mu      sync.Mutex
	model   string
	names   []string // by DeviceID - 1
	reports []fleet.Report
}

func (o *open) Lookup(uniqueID string) (ingest.Identity, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.names = append(o.names, uniqueID)
	return ingest.Identity{Device: fleet.DeviceID(len(o.names)), Model: o.model}, nil
}

func (o *open) Unknown(ingest.Stranger) {}

func (o *open) Accept(_ context.Context, r []fleet.Report) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reports = append(o.reports, r...)
	return nil
}

// take empties it and returns what it got as decode prints it.
func (o *open) take() (out []reportJSON) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i := range o.reports {
		out = append(out, newReportJSON(o.names[o.reports[i].Device-1], &o.reports[i]))
	}
	o.reports = nil
	return out
}

// begin starts a server for one protocol over one transport.
func (o *open) begin(t *testing.T, p *protocol, on func(*ingest.Server, ingest.Protocol) (net.Addr, error)) string {
	t.Helper()
	s := ingest.NewServer(ingest.Options{Sink: o, Registry: o, Now: func() fleet.Time { return vectorNow }})
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if err := s.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	addr, err := on(s, p.listener())
	if err != nil {
		t.Fatal(err)
	}
	return addr.String()
}

// logins are what a connection begins with, for messages that were recorded
// without theirs.
var logins = map[fleet.Protocol]func(id string) []byte{
	fleet.GT06:      func(id string) []byte { return gt06.AppendLogin(nil, id, 1) },
	fleet.Teltonika: func(id string) []byte { return append([]byte{0, byte(len(id))}, id...) },
	fleet.H02:       func(string) []byte { return nil },
}

// TestVectorsOverTCP sends the recorded messages over real connections, cut at
// random, and wants from the server what decode gives for the same messages.
// A connection is a group's rows of one model, behind a login.
func TestVectorsOverTCP(t *testing.T) {
	for i := range protocols {
		p := &protocols[i]
		if p.codec == nil {
			continue
		}
		t.Run(p.id.String(), func(t *testing.T) {
			rows, _ := readVectors(t, shared(t, "vectors/dev/"+p.id.String()+".jsonl"))
			random := seeded(t)
			var o open
			addr := o.begin(t, p, func(s *ingest.Server, l ingest.Protocol) (net.Addr, error) {
				return s.ListenTCP(t.Context(), "127.0.0.1:0", l)
			})
			var s score
			for len(rows) > 0 {
				n := 1
				for n < len(rows) && rows[n].Group == rows[0].Group && rows[n].Setup.Model == rows[0].Setup.Model {
					n++
				}
				connection(t, p, &o, addr, rows[:n], random, &s)
				rows = rows[n:]
			}
			s.report(t, p.id.String())
		})
	}
}

// connection plays some rows over one connection and beside it.
func connection(t *testing.T, p *protocol, o *open, addr string, rows []vector, random *rand.Rand, s *score) {
	t.Helper()
	d := newDecodeSession(p, vectorNow)
	var wire, wantReply []byte
	var want []reportJSON
	play := func(b []byte, row *captured) (reports []reportJSON, reply []byte) {
		d.session.Model, d.session.Transport = row.Setup.Model, ingest.TCP
		for _, st := range d.stream(b) {
			for i := range st.reports {
				reports = append(reports, newReportJSON(st.device, &st.reports[i]))
			}
			reply = append(reply, st.reply...)
		}
		wire, want, wantReply = append(wire, b...), append(want, reports...), append(wantReply, reply...)
		return reports, reply
	}
	if login := logins[p.id]("356307042441013"); login != nil {
		play(login, &rows[0].captured)
	}
	for i := range rows {
		row := &rows[i]
		if row.Transport != "" && row.Transport != string(ingest.TCP) || row.broken() && row.Expect.Kind != "context" {
			continue // a frame of a wrong length takes the next one with it
		}
		b, err := row.bytes()
		if err != nil {
			t.Fatal(row.ID, err)
		}
		reports, reply := play(p.whole(b), &row.captured)
		s.add(row, &decoded{Reports: reports, Reply: hex.EncodeToString(reply)})
	}

	o.mu.Lock()
	o.model = rows[0].Setup.Model
	o.mu.Unlock()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	got := make(chan []byte)
	go func() {
		b, _ := io.ReadAll(c)
		got <- b
	}()
	for b := wire; len(b) > 0; {
		n := min(1+random.IntN(90), len(b))
		if _, err := c.Write(b[:n]); err != nil {
			t.Fatal(err)
		}
		b = b[n:]
	}
	if err := c.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	if reply := <-got; !bytes.Equal(reply, wantReply) {
		t.Errorf("%s ...: replies\n%x\nwant\n%x", rows[0].ID, reply, wantReply)
	}
	if reports := o.take(); len(reports) != len(want) {
		t.Errorf("%s ...: %d reports, want %d", rows[0].ID, len(reports), len(want))
	} else {
		for i := range want {
			if !reflect.DeepEqual(reports[i], want[i]) {
				t.Errorf("%s ...: report %d is %+v, want %+v", rows[0].ID, i, reports[i], want[i])
			}
		}
	}
}

// TestVectorsOverHTTP sends the recorded requests to a real server.
func TestVectorsOverHTTP(t *testing.T) {
	for i := range protocols {
		p := &protocols[i]
		if p.http == nil {
			continue
		}
		t.Run(p.id.String(), func(t *testing.T) {
			rows, _ := readVectors(t, shared(t, "vectors/dev/"+p.id.String()+".jsonl"))
			var o open
			addr := o.begin(t, p, func(s *ingest.Server, l ingest.Protocol) (net.Addr, error) {
				return s.ListenHTTP(t.Context(), "127.0.0.1:0", l)
			})
			var s score
			for i := range rows {
				row := &rows[i]
				if row.HTTP == nil {
					continue
				}
				b, err := row.bytes()
				if err != nil {
					t.Fatal(row.ID, err)
				}
				url := row.HTTP.URL
				if !strings.HasPrefix(url, "/") {
					url = "/" + url
				}
				req, err := http.NewRequestWithContext(t.Context(), row.HTTP.Method, "http://"+addr+url, bytes.NewReader(b))
				if err != nil {
					t.Fatal(row.ID, err)
				}
				for _, h := range row.HTTP.Headers {
					req.Header.Add(h[0], h[1])
				}
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatal(row.ID, err)
				}
				res.Body.Close()
				s.add(row, &decoded{Reports: o.take(), Reply: hex.EncodeToString([]byte(res.Proto + " " + res.Status))})
			}
			http.DefaultClient.CloseIdleConnections()
			s.report(t, p.id.String())
		})
	}
}
