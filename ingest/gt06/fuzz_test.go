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
