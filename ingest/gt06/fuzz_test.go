package gt06_test

import (
	"bytes"
	"encoding/hex"
	"reflect"
	"testing"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/ingest"
	"github.com/vigia-track/vigia/ingest/gt06"
)

// play feeds a stream in pieces of the given size and returns what came of it.
// It keeps no more of the stream than a session would.
func play(t testing.TB, stream []byte, size int) (reports []fleet.Report, replies []byte, id string) {
	t.Helper()
	c, s := gt06.New(), &ingest.Session{Transport: ingest.TCP, Now: fix.Time}
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
		if len(held) > gt06.MaxFrame {
			t.Fatalf("%d bytes are held back, want at most %d", len(held), gt06.MaxFrame)
		}
		if eof {
			return s.Reports, replies, s.UniqueID
		}
	}
}

// FuzzStream holds that no bytes make the codec panic, keep much or allocate
// much, and that it does not matter where the network cuts a stream.
func FuzzStream(f *testing.F) {
	b := gt06.AppendLogin([]byte("junk"), "356307042441013", 1)
	b = gt06.AppendLocation(b, fix, 2)
	f.Add(gt06.AppendHeartbeat(gt06.AppendAlarm(b, fix, 1, 3), true, 4), byte(5))
	for _, x := range documented(f) {
		f.Add(x, byte(7))
	}
	f.Fuzz(func(t *testing.T, stream []byte, size byte) {
		if len(stream) > 64<<10 {
			return
		}
		whole, replies, id := play(t, stream, len(stream)+1)
		parts, replies2, id2 := play(t, stream, int(size)+1)
		if !reflect.DeepEqual(whole, parts) || !bytes.Equal(replies, replies2) || id != id2 {
			t.Errorf("whole: %d reports, replies %x, %q; in pieces of %d: %d, %x, %q",
				len(whole), replies, id, int(size)+1, len(parts), replies2, id2)
		}
		if len(whole) > 1+len(stream)/6 {
			t.Errorf("%d reports of %d bytes", len(whole), len(stream))
		}
		for i := range whole {
			if len(whole[i].Attrs) > 64+len(stream)/4 {
				t.Errorf("%d attributes of %d bytes", len(whole[i].Attrs), len(stream))
			}
		}
	})
}

// FuzzContent gives every message any content, in a frame whose length and
// checksum are right.
func FuzzContent(f *testing.F) {
	f.Add(byte(0x22), false, []byte("content of a message, which is not much like one"), "")
	for _, x := range documented(f) {
		switch {
		case len(x) < 11: // of the dialect without serial numbers
		case x[0] == 0x79:
			f.Add(x[4], true, x[5:len(x)-6], "")
		default:
			f.Add(x[3], false, x[4:len(x)-6], "R11")
		}
	}
	f.Fuzz(func(t *testing.T, number byte, long bool, content []byte, model string) {
		if len(content) > gt06.MaxFrame-16 || !long && len(content) > 250 {
			return
		}
		n := len(content) + 5
		b := []byte{0x78, 0x78, byte(n), number}
		if long {
			b = []byte{0x79, 0x79, byte(n >> 8), byte(n), number}
		}
		b = append(append(b, content...), 0, 1)
		sum := gt06.Checksum(b[2:])
		b = append(b, byte(sum>>8), byte(sum), 0x0d, 0x0a)
		c, s := gt06.New(), &ingest.Session{Now: fix.Time, Model: model}
		if size, frame, _ := c.Split(b, false); size != len(b) || !bytes.Equal(frame, b) {
			t.Fatalf("Split takes %d of %d bytes", size, len(b))
		}
		reply, err := c.Decode(s, b)
		if err != nil && (reply != nil || len(s.Reports) > 0) {
			t.Errorf("refused with a reply %x or reports %v", reply, s.Reports)
		}
		if len(s.Reports) > 1 {
			t.Errorf("%d reports of one frame", len(s.Reports))
		}
		if len(reply) > 0 {
			if size, frame, _ := c.Split(reply, false); size != len(reply) || len(frame) != size {
				t.Errorf("the reply %x is no frame", reply)
			}
		}
	})
}

func documented(t testing.TB) (out [][]byte) {
	for _, row := range readFrames(t, "gt06.jsonl") {
		b, err := hex.DecodeString(row.Message)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}

// FuzzFix holds that what is encoded comes back the same.
func FuzzFix(f *testing.F) {
	f.Add(int64(1_700_000_000), int32(40_7128000), int32(-74_0060000), byte(57), uint16(211), byte(9), true, true, uint32(1))
	f.Add(int64(951_827_696), int32(0), int32(-1), byte(255), uint16(359), byte(15), false, false, uint32(0))
	f.Fuzz(func(t *testing.T, sec int64, lat, lon int32, speed byte, course uint16, sats byte, valid, ignition bool, odometer uint32) {
		const century = 3_155_760_000
		in := gt06.Fix{
			Time: fleet.Time(946_684_800+(sec%century+century)%century) * fleet.Second,
			// Multiples of 50 are on the wire's grid.
			Place: fleet.Place{Lat: lat % 90_0000000 / 50 * 50, Lon: lon % 180_0000000 / 50 * 50},
			Speed: int(speed), Course: int(course % 360), Satellites: int(sats % 16),
			Valid: valid, Ignition: ignition, Odometer: odometer,
		}
		b := gt06.AppendLogin(nil, "356307042441013", 1)
		b = gt06.AppendAlarm(gt06.AppendLocation(b, in, 2), in, 1, 3)
		reports, _, id := play(t, b, len(b))
		if len(reports) != 2 || id != "356307042441013" {
			t.Fatalf("%d reports of %q from %x", len(reports), id, b)
		}
		for _, r := range reports {
			if r.Fix != in.Time || r.Place != in.Place || int(r.Speed) != in.Speed || int(r.Course) != in.Course ||
				int(r.Satellites) != in.Satellites || r.Is(fleet.FixValid) != valid || r.Is(fleet.IgnitionOn) != ignition {
				t.Errorf("%+v came back as %+v", in, r)
			}
		}
		if reports[0].Odometer != float64(odometer) {
			t.Errorf("mileage %v, want %d", reports[0].Odometer, odometer)
		}
	})
}
