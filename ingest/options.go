package ingest

import (
	"context"
	"log/slog"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Options are what all listeners share. Sink and Registry are required.
type Options struct {
	Sink     Sink
	Registry Registry
	Orders   Orders            // what waits for devices; nil: nothing ever
	Tap      Tap               // hears what known devices send; nil: nobody listens
	Log      *slog.Logger      // nil: nothing is logged
	Metrics  *metrics.Set      // nil: a set of its own
	Limits   Limits            // zero fields take their defaults
	Now      func() fleet.Time // receive times of reports; nil: the system's clock
}

// Limits bound what senders may cost. A zero field means its default.
type Limits struct {
	Connections int // TCP connections at once, all listeners together; 50,000
	PerAddress  int // TCP connections at once of one address; 16,384

	Identify time.Duration // from connecting to a known device's login; 30 s
	Frame    time.Duration // from a frame's first byte to its last; 30 s
	Idle     time.Duration // between two frames, where the Protocol does not say; 1 h
	Write    time.Duration // a reply's way into the socket; 10 s, up to twice that

	Buffer    int // bytes that one connection may have waiting; 128 KiB
	Batch     int // reports in one Accept; 512
	Strangers int // frames of an unknown device before its connection is closed; 20

	Datagrams  int // datagrams waiting in each UDP worker's queue; 1,024
	UDPSources int // senders remembered by each UDP listener; 16,384

	Body     int64 // bytes of an HTTP request's body; 64 KiB
	Header   int   // bytes of an HTTP request's header; 8 KiB
	Requests int   // HTTP requests being served at once; 4,096
}

// restBuffer is what an idle connection keeps for reading, in bytes.
const restBuffer = 1 << 10

func (l Limits) withDefaults() Limits {
	preset(&l.Connections, 50_000)
	preset(&l.PerAddress, 16_384)
	preset(&l.Identify, 30*time.Second)
	preset(&l.Frame, 30*time.Second)
	preset(&l.Idle, time.Hour)
	preset(&l.Write, 10*time.Second)
	preset(&l.Buffer, 128<<10)
	preset(&l.Batch, 512)
	preset(&l.Strangers, 20)
	preset(&l.Datagrams, 1024)
	preset(&l.UDPSources, 16_384)
	preset(&l.Body, 64<<10)
	preset(&l.Header, 8<<10)
	preset(&l.Requests, 4096)
	l.Buffer = max(l.Buffer, restBuffer)
	return l
}

func preset[T int | int64 | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

func (o Options) withDefaults() Options {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	o.Log = o.Log.With("part", "ingest")
	if o.Metrics == nil {
		o.Metrics = metrics.NewSet()
	}
	if o.Now == nil {
		o.Now = func() fleet.Time { return fleet.At(time.Now()) }
	}
	o.Limits = o.Limits.withDefaults()
	return o
}

// accept hands reports over. The context ends when the server is closed by
// force, so that no session outlives it.
func (o *Options) accept(ctx context.Context, reports []fleet.Report) error {
	if len(reports) == 0 {
		return nil
	}
	return o.Sink.Accept(ctx, reports)
}
