package h02_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/h02"
)

// play feeds a stream in pieces of the given size and returns what came of it.
func play(t testing.TB, stream []byte, size int) (reports []fleet.Report, replies []byte, id string) {
	t.Helper()
	c, s := h02.New(), &ingest.Session{Transport: ingest.TCP, Now: fix.Time}
	var held []byte
	for at := 0; ; {
		end := min(at+size, len(stream))
		held, at = append(held, stream[at:end]...), end
		eof := at == len(stream)
		for {
			n, frame, err := c.Split(held, eof)
			if err != nil || n < 0 || n > len(held) || len(frame) > n {
				t.Fatalf("Split says %d, frame of %d bytes, %v, for %d bytes", n, len(frame), err, len(held))
			}
			if frame != nil {
				reply, _ := c.Decode(s, frame)
				replies = append(replies, reply...)
			}
			if held = held[n:]; n == 0 {
				break
			}
		}
		if len(held) > h02.MaxFrame {
			t.Fatalf("%d bytes are held back, want at most %d", len(held), h02.MaxFrame)
		}
		if eof {
			return s.Reports, replies, s.UniqueID
		}
	}
}

// FuzzStream holds that no bytes make the codec panic, keep much or allocate
// much, and that it does not matter where the network cuts a stream.
func FuzzStream(f *testing.F) {
	for _, x := range frames(f) {
		f.Add(append(x, x...), byte(6))
	}
	f.Fuzz(func(t *testing.T, stream []byte, size byte) {
		if len(stream) > 16<<10 {
			return
		}
		whole, replies, id := play(t, stream, len(stream)+1)
		parts, replies2, id2 := play(t, stream, int(size)+1)
		if !reflect.DeepEqual(whole, parts) || !bytes.Equal(replies, replies2) || id != id2 {
			t.Errorf("whole: %d reports, replies %q, %q; in pieces of %d: %d, %q, %q",
				len(whole), replies, id, int(size)+1, len(parts), replies2, id2)
		}
		if len(whole) > len(stream)/6 {
			t.Errorf("%d reports of %d bytes", len(whole), len(stream))
		}
	})
}

// FuzzFix holds that what is encoded comes back the same.
func FuzzFix(f *testing.F) {
	f.Add(int64(1_700_000_000), int32(-33_4488833), int32(151_2092000), uint16(30), uint16(211), true, false)
	f.Add(int64(946_684_800), int32(0), int32(-1), uint16(999), uint16(0), false, true)
	f.Fuzz(func(t *testing.T, sec int64, lat, lon int32, knots, course uint16, valid, ignition bool) {
		in := h02.Fix{
			Time: fleet.Time(946_684_800+(sec%3_155_760_000+3_155_760_000)%3_155_760_000) * fleet.Second,
			// On the wire's grid of 1/10,000 minute, within the earth.
			Place: fleet.Place{Lat: lat % 90_0000000 / 50 * 50, Lon: lon % 180_0000000 / 50 * 50},
			Knots: float64(knots % 1000), Course: int(course % 360), Valid: valid, Ignition: ignition,
		}
		b := h02.AppendBinary(h02.AppendV1(nil, "4106000054", in), "4106000054", in)
		s, _, errs := decode(t, b)
		if len(errs) > 0 || len(s.Reports) != 2 {
			t.Fatalf("%d reports of %q, errors %v", len(s.Reports), b, errs)
		}
		for _, r := range s.Reports {
			if r.Fix != in.Time || r.Place != in.Place || r.Is(fleet.FixValid) != valid || r.Is(fleet.IgnitionOn) != ignition ||
				r.Speed != float32(in.Knots*h02.KnotsToKMH) || int(r.Course) != in.Course {
				t.Errorf("%+v came back as %+v", in, r)
			}
		}
	})
}

func frames(t testing.TB) (out [][]byte) {
	b, err := os.ReadFile(filepath.Join("..", "..", "testdata", "frames", "h02.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(b) {
		var row struct{ Encoding, Message string }
		if err := json.Unmarshal(line, &row); err != nil {
			t.Fatal(err)
		}
		x := []byte(row.Message)
		if row.Encoding == "hex" {
			if x, err = hex.DecodeString(row.Message); err != nil {
				t.Fatal(err)
			}
		}
		out = append(out, x)
	}
	return out
}

// Splitting, reading and answering V1 messages.
//
//	go test ./ingest/h02 -run - -bench Decode
func BenchmarkDecodeV1(b *testing.B) {
	in := h02.AppendV1(nil, "4106000054", fix)
	c, s := h02.New(), &ingest.Session{Now: fix.Time}
	b.ReportAllocs()
	for b.Loop() {
		_, frame, _ := c.Split(in, false)
		if _, err := c.Decode(s, frame); err != nil {
			b.Fatal(err)
		}
		s.Reports = s.Reports[:0]
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}
