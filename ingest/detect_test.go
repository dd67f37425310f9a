package ingest_test

import (
	"testing"

	"github.com/vigia-track/vigia/ingest"
)

func TestDetect(t *testing.T) {
	const no, maybe, yes = ingest.No, ingest.Maybe, ingest.Yes
	for _, c := range []struct {
		name  string
		by    func([]byte) ingest.Match
		first string
		want  ingest.Match
	}{
		{"gt06 one byte", ingest.DetectGT06, "\x78", maybe},
		{"gt06 short frame", ingest.DetectGT06, "\x78\x78\x0d", yes},
		{"gt06 long frame", ingest.DetectGT06, "\x79\x79", yes},
		{"gt06 mixed", ingest.DetectGT06, "\x78\x79", no},
		{"teltonika login", ingest.DetectTeltonika, "\x00\x0f3", yes},
		{"teltonika login begins", ingest.DetectTeltonika, "\x00\x0f", yes},
		{"teltonika login of no digits", ingest.DetectTeltonika, "\x00\x0fx", no},
		{"teltonika preamble begins", ingest.DetectTeltonika, "\x00\x00", maybe},
		{"teltonika preamble", ingest.DetectTeltonika, "\x00\x00\x00\x00\x00", yes},
		{"h02 text", ingest.DetectH02, "*HQ,", yes},
		{"h02 binary begins", ingest.DetectH02, "$\x41\x06", maybe},
		{"h02 binary", ingest.DetectH02, "$\x41\x06\x12\x34\x56", yes},
		{"h02 no binary", ingest.DetectH02, "$GPRMC", no},
		{"http begins", ingest.DetectHTTP, "PO", maybe},
		{"http", ingest.DetectHTTP, "POST /", yes},
		{"mqtt type alone", ingest.DetectMQTT, "\x10", maybe},
		{"mqtt 3.1.1", ingest.DetectMQTT, "\x10\x25\x00\x04MQTT", yes},
		{"mqtt 3.1", ingest.DetectMQTT, "\x10\x25\x00\x06MQIsdp", yes},
		{"mqtt long", ingest.DetectMQTT, "\x10\x80\x02\x00\x04M", maybe},
		{"mqtt endless length", ingest.DetectMQTT, "\x10\x80\x80\x80\x80\x80", no},
		{"mqtt of another kind", ingest.DetectMQTT, "\x10\x25\x00\x04XX", no},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.by([]byte(c.first)); got != c.want {
				t.Errorf("%q: %d, want %d", c.first, got, c.want)
			}
		})
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("\x10\x80\x02\x00\x04MQTT"))
	f.Add([]byte("\x00\x0f35"))
	f.Add([]byte("GET / HTTP/1.1"))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, by := range []func([]byte) ingest.Match{
			ingest.DetectGT06, ingest.DetectTeltonika, ingest.DetectH02, ingest.DetectHTTP, ingest.DetectMQTT,
		} {
			before := ingest.Maybe
			for n := 1; n <= len(b); n++ {
				now := by(b[:n])
				if before == ingest.No && now != ingest.No {
					t.Fatalf("%q was refused and then, with a byte more, not", b[:n])
				}
				before = now
			}
		}
	})
}
