package broker_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/broker"
	"github.com/vigia-track/vigia/ingest/vigiajson"
)

// connectPacket is the CONNECT of bus-1 with its password, MQTT 3.1.1 or 5.0.
func connectPacket(version byte) []byte {
	b := append([]byte{0x10, 0, 0, 4}, "MQTT"...)
	b = append(b, version, 0xc2, 0, 0)
	if version == 5 {
		b = append(b, 0)
	}
	b = append(b, "\x00\x05bus-1\x00\x05bus-1\x00\x06secret"...)
	b[1] = byte(len(b) - 2)
	return b
}

// FuzzPackets sends anything after a good CONNECT. Whatever it is, the broker
// must go on, store nothing that is not the device's, and end when asked.
func FuzzPackets(f *testing.F) {
	f.Add([]byte{0xc0, 0}, false)
	f.Add([]byte("\x32\x2b\x00\x14vigia/bus-1/position\x00\x01{\"time\":1,\"lat\":1,\"lon\":2}"), true)
	f.Add([]byte("\x82\x18\x00\x02\x00\x13vigia/bus-1/command\x01"), false)
	f.Add([]byte("\x62\x02\x00\x01\x50\x02\x00\x01\x70\x02\x00\x01\x40\x02\x00\x01\xa2\x05\x00\x03\x00\x01a"), false)
	f.Add([]byte("\x30\x09\x00\x01a\x05\x23\x00\x01xx"), true)
	f.Add([]byte("\xe0\x02\x00\x00\xf0\x00"), true)
	b := &book{}
	srv := ingest.NewServer(ingest.Options{Sink: b, Registry: b, Metrics: metrics.NewSet()})
	in := srv.Intake(ingest.Topic{Name: "vigiajson", ID: fleet.VigiaJSON, Filter: "vigia/+/position", Codec: vigiajson.New()})
	br, err := broker.New(broker.Options{Intake: in})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() {
		if err := errors.Join(srv.Close(context.Background()), br.Close()); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, packets []byte, five bool) {
		version := byte(4)
		if five {
			version = 5
		}
		here, there := net.Pipe()
		ended := make(chan string, 1)
		go func() { ended <- br.ServeConn(context.Background(), there) }()
		go func() { _, _ = io.Copy(io.Discard, here) }() // ends with the pipe
		_ = here.SetWriteDeadline(time.Now().Add(10 * time.Second))
		_, _ = here.Write(append(connectPacket(version), packets...)) // fails where the broker hangs up first
		_ = here.Close()
		if why := <-ended; why == "bug" {
			t.Errorf("the packet decoder panicked on %x", packets)
		}
		for _, r := range b.reports {
			if r.Device != 1 {
				t.Fatalf("a report of device %d", r.Device)
			}
		}
		b.reports = nil
	})
}
