package ingest_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// open takes all and keeps nothing; every identity is adopted.
type open struct{ pause time.Duration }

func (o open) Accept(context.Context, []fleet.Report) error {
	if o.pause > 0 {
		time.Sleep(o.pause) // as a group sync would
	}
	return nil
}
func (open) Lookup(string) (ingest.Identity, error) { return ingest.Identity{Device: 1}, nil }
func (open) Unknown(ingest.Stranger)                {}

func gt06Protocol() ingest.Protocol {
	return ingest.Protocol{Name: "gt06", ID: fleet.GT06, New: gt06.New, Detect: ingest.DetectGT06}
}

// BenchmarkTCP measures sockets, sessions and codec, without a journal: the
// load generator shares the machine and the process.
//
//	go test ./ingest -run '^$' -bench TCP -benchtime 3s
func BenchmarkTCP(b *testing.B) {
	for _, c := range []struct {
		connections, inflight int
		pause                 time.Duration
	}{{100, 64, 0}, {100, 64, time.Millisecond}, {1000, 1, 0}} {
		b.Run(fmt.Sprintf("connections=%d/inflight=%d/accept=%s", c.connections, c.inflight, c.pause), func(b *testing.B) {
			s := ingest.NewServer(ingest.Options{Sink: open{c.pause}, Registry: open{}})
			defer func() { _ = s.Close(context.Background()) }()
			addr, err := s.ListenTCP(b.Context(), "127.0.0.1:0", gt06Protocol())
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
			frame := gt06.AppendLocation(nil, gt06.Fix{Time: 1_700_000_000_000, Place: fleet.Place{Lat: 46e6, Lon: -74e7}, Satellites: 9, Valid: true}, 1)
			ack := len(gt06.AppendAck(nil, 0x22, 1))
			var burst []byte
			for range c.inflight {
				burst = append(burst, frame...)
			}
			rounds := b.N/(c.connections*c.inflight) + 1
			b.ReportAllocs()
			b.ResetTimer()
			var wg sync.WaitGroup
			for _, conn := range conns {
				wg.Go(func() {
					login := gt06.AppendLogin(nil, "356307042441013", 1)
					in := make([]byte, 4096)
					if _, err := conn.Write(login); err != nil {
						b.Error(err)
						return
					}
					if _, err := io.ReadFull(conn, in[:len(gt06.AppendAck(nil, 1, 1))]); err != nil {
						b.Error(err)
						return
					}
					for range rounds {
						if _, err := conn.Write(burst); err != nil {
							b.Error(err)
							return
						}
						if _, err := io.ReadFull(conn, in[:ack*c.inflight]); err != nil {
							b.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			n := float64(rounds * c.connections * c.inflight)
			b.ReportMetric(n/b.Elapsed().Seconds(), "fixes/s")
		})
	}
}
