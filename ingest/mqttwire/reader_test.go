package mqttwire_test

import (
	"bytes"
	"errors"
	"io"
	"runtime"
	"testing"
	"testing/iotest"

	"github.com/vigia-track/vigia/ingest/mqttwire"
)

func upTo(n int) func(byte) (int, error) { return func(byte) (int, error) { return n, nil } }

func TestReader(t *testing.T) {
	long := append([]byte{0x30, 0xac, 0x02}, bytes.Repeat([]byte{7}, 300)...)
	var many []byte
	for range 500 {
		many = append(many, 0xc0, 0)
	}
	for _, c := range []struct {
		name     string
		in, want []byte
		seen     int
		err      error
	}{
		{"nothing", nil, nil, 0, io.EOF},
		{"a ping", []byte{0xc0, 0}, []byte{0xc0, 0}, 1, io.EOF},
		{"many pings", many, many, 500, io.EOF},
		{"a long packet", long, long, 1, io.EOF},
		{"a ping and a beginning", []byte{0xc0, 0, 0x30, 5, 1}, []byte{0xc0, 0}, 1, io.EOF},
		{"a ping and too much", []byte{0xc0, 0, 0x30, 0xff, 0x7f}, []byte{0xc0, 0}, 1, mqttwire.ErrTooLong},
		{"too long", []byte{0x30, 0xff, 0xff, 0xff, 0x7f}, nil, 0, mqttwire.ErrTooLong},
		{"length without end", []byte{0x30, 0x80, 0x80, 0x80, 0x80, 0x01}, nil, 0, mqttwire.ErrMalformed},
	} {
		for how, from := range map[string]io.Reader{
			"at once": bytes.NewReader(c.in), "byte by byte": iotest.OneByteReader(bytes.NewReader(c.in)),
		} {
			t.Run(c.name+" "+how, func(t *testing.T) {
				r := mqttwire.NewReader(from, upTo(400))
				var got []byte
				var err error
				for err == nil {
					var n int
					p := make([]byte, 7)
					n, err = r.Read(p)
					got = append(got, p[:n]...)
				}
				if !bytes.Equal(got, c.want) || r.Seen() != c.seen || !errors.Is(err, c.err) {
					t.Errorf("%d bytes, %d packets, %v; want %d bytes, %d packets, %v",
						len(got), r.Seen(), err, len(c.want), c.seen, c.err)
				}
			})
		}
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte{0x10, 3, 0, 4, 'M', 0xc0, 0})
	f.Add([]byte{0x30, 0xff, 0xff, 0xff, 0x7f, 1})
	f.Add([]byte{0x30, 0x80, 0x80, 0x80, 0x80, 0x01})
	f.Fuzz(func(t *testing.T, in []byte) {
		var got [2][]byte
		for i, from := range []io.Reader{bytes.NewReader(in), iotest.OneByteReader(bytes.NewReader(in))} {
			r := mqttwire.NewReader(from, upTo(1000))
			got[i], _ = io.ReadAll(r)
		}
		if !bytes.HasPrefix(in, got[1]) {
			t.Fatalf("%x is not what %x begins with", got[1], in)
		}
		if !bytes.Equal(got[1], got[0]) {
			t.Fatalf("at once %x, byte by byte %x", got[0], got[1])
		}
	})
}

// TestClaimedLengthAllocatesNothing lets packets of 256 MB through and never
// sends them.
func TestClaimedLengthAllocatesNothing(t *testing.T) {
	claim := append([]byte{0x30, 0xff, 0xff, 0xff, 0x7f}, make([]byte, 1000)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range 100 {
		r := mqttwire.NewReader(bytes.NewReader(claim), upTo(1<<29))
		if n, err := r.Read(make([]byte, 10)); n > 0 || err != io.EOF {
			t.Fatalf("read %d bytes of a packet that is not whole: %v", n, err)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 1<<20 {
		t.Errorf("%d bytes allocated for 100 packets that sent 1 kB each", grown)
	}
}
