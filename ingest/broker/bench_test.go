package broker_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/broker"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

// anyone adopts every identity and keeps nothing.
type anyone struct{}

func (anyone) Accept(context.Context, []fleet.Report) error { return nil }
func (anyone) Lookup(string) (ingest.Identity, error)       { return ingest.Identity{Device: 1}, nil }
func (anyone) Unknown(ingest.Stranger)                      {}

// BenchmarkPublish measures publications at QoS 1, acked, without a journal:
// the load generator shares the machine and the process.
//
//	go test ./ingest/broker -run '^$' -bench Publish -benchtime 3s
func BenchmarkPublish(b *testing.B) {
	for _, c := range []struct{ connections, inflight int }{{50, 16}, {500, 1}} {
		b.Run(fmt.Sprintf("connections=%d/inflight=%d", c.connections, c.inflight), func(b *testing.B) {
			srv := ingest.NewServer(ingest.Options{Sink: anyone{}, Registry: anyone{}})
			br, err := broker.New(broker.Options{AllowNoSecret: true, Intake: srv.Intake(
				ingest.Topic{Name: "vigiajson", ID: fleet.VigiaJSON, Filter: "vigia/+/position", Codec: vigiajson.New()})})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = srv.Close(context.Background()); _ = br.Close() }()
			addr, err := srv.ListenConns(b.Context(), "127.0.0.1:0", "mqtt", nil, br)
			if err != nil {
				b.Fatal(err)
			}
			conns := make([]net.Conn, c.connections)
			for i := range conns {
				if conns[i], err = net.Dial("tcp", addr.String()); err != nil {
					b.Fatal(err)
				}
				defer func() { _ = conns[i].Close() }()
			}
			rounds := b.N/(c.connections*c.inflight) + 1
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for i, conn := range conns {
				wg.Go(func() {
					id := fmt.Sprintf("bus%03d", i)
					hello := bytes.ReplaceAll(connectPacket(4), []byte("\x05bus-1"), []byte("\x06"+id))
					hello[1] += 2
					one := publishPacket(4, 1, 1, "vigia/"+id+"/position", nil, at(1_700_000_000))
					burst, in := bytes.Repeat(one, c.inflight), make([]byte, 4*c.inflight)
					if _, err := conn.Write(hello); err != nil {
						b.Error(err)
						return
					}
					if _, err := io.ReadFull(conn, make([]byte, 4)); err != nil {
						b.Error(err)
						return
					}
					for range rounds {
						if _, err := conn.Write(burst); err != nil {
							b.Error(err)
							return
						}
						if _, err := io.ReadFull(conn, in); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			b.ReportMetric(float64(rounds*c.connections*c.inflight)/b.Elapsed().Seconds(), "publications/s")
		})
	}
}
