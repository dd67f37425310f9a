package main

import (
	"bytes"
	"context"
	"encoding/hex"
	"hash/fnv"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
	"github.com/vigia-track/vigia/ingest/teltonika"
)

// everybody knows every identity, with one model for all, and takes all reports.
type everybody struct {
	mu      sync.Mutex // guards what follows
	model   string
	reports []fleet.Report
	more    chan struct{} // holds a value after each Accept
}

func (e *everybody) Lookup(uniqueID string) (ingest.Identity, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	h := fnv.New64a()
	_, _ = io.WriteString(h, uniqueID)
	return ingest.Identity{Device: fleet.DeviceID(h.Sum64() | 1), Model: e.model}, nil
}

func (e *everybody) Unknown(ingest.Stranger) {}

func (e *everybody) Accept(_ context.Context, reports []fleet.Report) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.reports = append(e.reports, reports...)
	select {
	case e.more <- struct{}{}:
	default:
	}
	return nil
}

// begin forgets what came and sets the model of whoever comes.
func (e *everybody) begin(model string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.model, e.reports = model, nil
	select {
	case <-e.more:
	default:
	}
}

// await returns the reports once there are as many as wanted, or after a
// deadline that only a failing test reaches.
func (e *everybody) await(want int) []fleet.Report {
	deadline := time.After(10 * time.Second)
	for {
		e.mu.Lock()
		got := e.reports
		e.mu.Unlock()
		if len(got) >= want {
			return got
		}
		select {
		case <-e.more:
		case <-deadline:
			return got
		}
	}
}

// TestVectorsOverSockets sends what real trackers sent through the doors of
// the server and finds the reports and replies that decode gives. Each message
// comes over a connection of its own, behind a login where the protocol wants
// one.
func TestVectorsOverSockets(t *testing.T) {
	all := &everybody{more: make(chan struct{}, 1)}
	c := demoConfig(t.TempDir())
	for _, addr := range []*string{&c.Ingest.GT06, &c.Ingest.Teltonika, &c.Ingest.H02, &c.Ingest.OsmAnd, &c.Ingest.OwnTracks, &c.Ingest.Shared, &c.MQTT.Listen} {
		*addr = "127.0.0.1:0"
	}
	d, err := openDoors(t.Context(), doorOptions{
		Config: c, Sink: all, Registry: all, Log: slog.New(slog.DiscardHandler), Metrics: metrics.NewSet(),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	for i := range protocols {
		p := &protocols[i]
		if p.id == fleet.VigiaJSON { // nobody else has recorded it
			continue
		}
		t.Run(p.id.String(), func(t *testing.T) {
			rows, _ := readVectors(t, shared(t, "vectors/dev/"+p.id.String()+".jsonl"))
			sent := 0
			for i := range rows {
				v := &rows[i]
				b, err := v.bytes()
				if err != nil || !v.counts() {
					continue
				}
				sent++
				for _, door := range []string{p.id.String(), "shared"} {
					if door == "shared" && v.transport(p) == ingest.UDP {
						continue
					}
					overSocket(t, d, all, p, v, b, door)
				}
			}
			if sent == 0 {
				t.Error("no message was sent")
			}
		})
	}
}

const testIMEI = "123456789012345"

// overSocket sends one message and compares.
func overSocket(t *testing.T, d *doors, all *everybody, p *protocol, v *vector, b []byte, door string) {
	t.Helper()
	var login []byte
	transport := v.transport(p)
	if transport == ingest.TCP {
		switch p.id {
		case fleet.GT06:
			login = gt06.AppendLogin(nil, testIMEI, 1)
		case fleet.Teltonika:
			login = teltonika.AppendLogin(nil, testIMEI)
		}
	}
	// What decode makes of the same bytes.
	plain := newDecodeSession(p, fleet.At(time.Now()))
	plain.session.Model = v.Setup.Model
	var want []fleet.Report
	var wantReply []byte
	failed := false
	if login != nil {
		plain.session.Transport = transport
		for _, s := range plain.stream(login) {
			wantReply = append(wantReply, s.reply...)
		}
	}
	for _, s := range plain.steps(&v.captured, b) {
		want = append(want, s.reports...)
		wantReply = append(wantReply, s.reply...)
		failed = failed || s.err != nil
	}
	all.begin(v.Setup.Model)
	var reply []byte
	switch transport {
	case ingest.TCP:
		reply = sendTCP(t, d.open[door], append(login, p.whole(b)...))
	case ingest.UDP:
		reply = sendUDP(t, d.open[p.id.String()+"-udp"], b, len(wantReply) > 0 && len(wantReply) <= len(b))
	case ingest.HTTP:
		reply = sendHTTP(t, d.open[door], v, b)
		wantReply = []byte(status(hex.EncodeToString(wantReply)))
	}
	if plain.session.UniqueID == "" {
		want = nil // nobody said whose they are
	}
	got := all.await(len(want))
	if len(got) != len(want) {
		t.Errorf("%s over %s: %d reports, decode gives %d", v.ID, door, len(got), len(want))
		return
	}
	for i := range want {
		g, w := &got[i], &want[i]
		near := g.Fix - w.Fix
		if usesNow := w.Fix != 0 && fleet.At(time.Now())-w.Fix < fleet.Minute; near != 0 && !usesNow {
			t.Errorf("%s over %s: report %d of %s, decode gives %s", v.ID, door, i+1, g.Fix, w.Fix)
		}
		if g.Place != w.Place || g.Has != w.Has || g.Speed != w.Speed || g.Course != w.Course || g.Altitude != w.Altitude {
			t.Errorf("%s over %s: report %d is %+v, decode gives %+v", v.ID, door, i+1, g, w)
		}
		if g.Device == 0 {
			t.Errorf("%s over %s: report %d names no device", v.ID, door, i+1)
		}
	}
	if !failed && !v.ReplyUsesNow && p.id != fleet.H02 && transport != ingest.UDP && !bytes.Equal(reply, wantReply) {
		t.Errorf("%s over %s: reply %x, decode gives %x", v.ID, door, reply, wantReply)
	}
}

// sendTCP writes, says that no more comes, and reads until the server closes.
func sendTCP(t *testing.T, addr string, b []byte) []byte {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		t.Fatal(err)
	}
	reply, _ := io.ReadAll(conn) // a reset after the reply is the server's right
	return reply
}

func sendUDP(t *testing.T, addr string, b []byte, answered bool) []byte {
	t.Helper()
	conn, err := net.Dial("udp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.Write(b); err != nil {
		t.Fatal(err)
	}
	if !answered {
		return nil
	}
	if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
		t.Fatal(err)
	}
	in := make([]byte, 2048)
	n, err := conn.Read(in)
	if err != nil {
		t.Fatal(err)
	}
	return in[:n]
}

// sendHTTP makes the request and gives the status code as text.
func sendHTTP(t *testing.T, addr string, v *vector, b []byte) []byte {
	t.Helper()
	req, err := http.NewRequest(v.HTTP.Method, "http://"+addr+v.HTTP.URL, bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range v.HTTP.Headers {
		req.Header.Set(h[0], h[1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return []byte(resp.Status[:3])
}
