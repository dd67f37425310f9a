package gsm_test

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/notify/gsm"
)

// TestSplitCodes: octets of 3GPP TS 23.038, tables 6.2.1 and 6.2.1.1.
func TestSplitCodes(t *testing.T) {
	got := gsm.Split("@£ÆßAZ§¿aà€[é", 6)
	want := []byte{0x00, 0x01, 0x1C, 0x1E, 0x41, 0x5A, 0x5F, 0x60, 0x61, 0x7F, 0x1B, 0x65, 0x1B, 0x3C, 0x05}
	if len(got) != 1 || got[0].UCS2 || !bytes.Equal(got[0].Body, want) {
		t.Errorf("got %x, want %x", got[0].Body, want)
	}
	if got := gsm.Split("я😀", 6); len(got) != 1 || !got[0].UCS2 || !bytes.Equal(got[0].Body, []byte{0x04, 0x4F, 0xD8, 0x3D, 0xDE, 0x00}) {
		t.Errorf("UCS-2: %x", got[0].Body)
	}
}

func TestSplitSizes(t *testing.T) {
	for _, tt := range []struct {
		name         string
		text         string
		header, want int
	}{
		{"160 alone", strings.Repeat("a", 160), 6, 1},
		{"161", strings.Repeat("a", 161), 6, 2},
		{"306 with 8 bits", strings.Repeat("a", 306), 6, 2},
		{"306 with 16 bits", strings.Repeat("a", 306), 7, 3},
		{"304 with 16 bits", strings.Repeat("a", 304), 7, 2},
		{"an escape is not split", strings.Repeat("a", 152) + "€" + strings.Repeat("a", 152), 6, 3},
		{"70 wide", strings.Repeat("я", 70), 6, 1},
		{"134 wide", strings.Repeat("я", 134), 6, 2},
		{"134 wide with 16 bits", strings.Repeat("я", 134), 7, 3},
		{"a pair is not split", strings.Repeat("я", 66) + "😀" + strings.Repeat("я", 66), 6, 3},
	} {
		if got := len(gsm.Split(tt.text, tt.header)); got != tt.want {
			t.Errorf("%s: %d parts, want %d", tt.name, got, tt.want)
		}
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("Camión “12” €[x] salió", 6)
	f.Add(strings.Repeat("я😀", 90), 7)
	f.Fuzz(func(t *testing.T, s string, header int) {
		if !utf8.ValidString(s) || len(s) > 4000 {
			t.Skip("no text that Split is given")
		}
		parts := gsm.Split(s, header)
		if header == 6 && len(parts) != gsm.Parts(s) {
			t.Errorf("%d parts, Parts says %d: %q", len(parts), gsm.Parts(s), s)
		}
		back := ""
		for _, p := range parts {
			if len(p.Body) > 160 || p.UCS2 && len(p.Body) > 140 {
				t.Errorf("a part of %d octets", len(p.Body))
			}
			back += gsm.Join(p.Body, p.UCS2)
		}
		if back != s {
			t.Errorf("%q came back as %q", s, back)
		}
	})
}
