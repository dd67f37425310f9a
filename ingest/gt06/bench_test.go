package gt06_test

import (
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// stream is n locations one second apart.
func stream(n int) []byte {
	var b []byte
	f := fix
	for i := range n {
		f.Time += fleet.Second
		b = gt06.AppendLocation(b, f, uint16(i))
	}
	return b
}

// decodeAll splits and decodes a stream of whole frames.
func decodeAll(t testing.TB, c ingest.Codec, s *ingest.Session, b []byte) (frames int) {
	for len(b) > 0 {
		n, frame, err := c.Split(b, false)
		if frame == nil || err != nil {
			t.Fatalf("no frame in %d bytes: %v", len(b), err)
		}
		if reply, err := c.Decode(s, frame); err != nil || len(reply) == 0 {
			t.Fatalf("reply %x, error %v", reply, err)
		}
		frames++
		b = b[n:]
	}
	return frames
}

// Splitting, checking, decoding and answering locations, as a connection under
// load does it.
//
//	go test ./ingest/gt06 -run - -bench Decode
func BenchmarkDecodeLocation(b *testing.B) {
	in := stream(64)
	c, s := gt06.New(), &ingest.Session{Now: fix.Time}
	s.Reports = make([]fleet.Report, 0, 64)
	b.ReportAllocs()
	frames := 0
	for b.Loop() {
		frames += decodeAll(b, c, s, in)
		s.Reports = s.Reports[:0]
	}
	b.ReportMetric(float64(frames)/b.Elapsed().Seconds(), "frames/s")
}

func BenchmarkAppendLocation(b *testing.B) {
	buf := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		buf = gt06.AppendLocation(buf[:0], fix, 7)
	}
}

func BenchmarkChecksum(b *testing.B) {
	in := stream(1)
	b.SetBytes(int64(len(in) - 6))
	var sum uint16
	for b.Loop() {
		sum += gt06.Checksum(in[2 : len(in)-4])
	}
	_ = sum
}

func TestLocationAllocatesNothing(t *testing.T) {
	in := stream(64)
	c, s := gt06.New(), &ingest.Session{Now: fix.Time}
	s.Reports = make([]fleet.Report, 0, 64)
	if n := testing.AllocsPerRun(20, func() {
		decodeAll(t, c, s, in)
		s.Reports = s.Reports[:0]
	}); n > 0 {
		t.Errorf("%v allocations for 64 locations, want none", n)
	}
}
