package outbound_test

import (
	"net/netip"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/vigia-track/vigia/engine/notify/outbound"
)

func TestGuard(t *testing.T) {
	tests := []struct {
		addr                    string
		plain, loopback, inside bool // allowed by the zero Guard, with AllowLoopback, with AllowPrivate
	}{
		{"93.184.216.34", true, true, true},
		{"2606:2800:220:1::1", true, true, true},
		{"127.0.0.1", false, true, false},
		{"::1", false, true, false},
		{"::ffff:127.0.0.1", false, true, false},
		{"10.1.2.3", false, false, true},
		{"192.168.0.1", false, false, true},
		{"::ffff:10.0.0.1", false, false, true},
		{"64:ff9b::a00:1", false, false, true}, // NAT64 of 10.0.0.1
		{"fd00::1", false, false, true},
		{"100.64.0.1", false, false, true},
		{"169.254.169.254", false, false, false},
		{"::ffff:169.254.169.254", false, false, false},
		{"fe80::1", false, false, false},
		{"0.0.0.0", false, false, false},
		{"::", false, false, false},
		{"224.0.0.1", false, false, false},
		{"255.255.255.255", false, false, false},
		{"168.63.129.16", false, false, false}, // Azure's metadata
		{"100.100.100.200", false, false, false},
		{"fd00:ec2::254", false, false, false},
		{"192.0.0.192", false, false, false},
		{"198.18.0.1", false, false, false},
		{"fec0::1", false, false, false},
		{"64:ff9b:1::a00:1", false, false, false},
		{"64:ff9b::a9fe:a9fe", false, false, false}, // NAT64 of 169.254.169.254
		{"2002:a9fe:a9fe::1", false, false, false},  // 6to4 of it
		{"2002:a00:1::1", false, false, true},
		{"2002:5db8:d822::1", true, true, true},
		{"2001:0:53aa:64c::1", false, false, false}, // Teredo
		{"::127.0.0.1", false, true, false},
		{"::10.0.0.1", false, false, true},
	}
	for _, tt := range tests {
		a := netip.MustParseAddr(tt.addr)
		for _, c := range []struct {
			guard outbound.Guard
			want  bool
		}{
			{outbound.Guard{}, tt.plain}, {outbound.Guard{AllowLoopback: true}, tt.loopback}, {outbound.Guard{AllowPrivate: true}, tt.inside},
		} {
			if err := c.guard.Check(a); (err == nil) != c.want {
				t.Errorf("%+v: %s: %v, want allowed %v", c.guard, tt.addr, err, c.want)
			}
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	tests := []struct {
		in   string
		want time.Duration
	}{
		{"", 0}, {"120", 2 * time.Minute}, {" 1 ", time.Second}, {"-5", 0}, {"soon", 0}, {"99999999999999999999", 0},
		{"999999999", time.Hour}, {"Fri, 02 Jan 2026 03:05:05 GMT", time.Minute}, {"Fri, 02 Jan 2026 03:00:00 GMT", 0},
		{"Fri, 02 Jan 2099 03:00:00 GMT", time.Hour},
	}
	for _, tt := range tests {
		if got := outbound.RetryAfter(tt.in, now); got != tt.want {
			t.Errorf("RetryAfter(%q) = %v, want %v", tt.in, got, tt.want)
		}
	}
}

func FuzzWords(f *testing.F) {
	f.Add([]byte("550 5.1.1\r\nno such user\x00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := outbound.Words(b)
		if len(s) > 300 || !utf8.ValidString(s) {
			t.Errorf("%d bytes: %q", len(s), s)
		}
		for _, r := range s {
			if r < ' ' {
				t.Errorf("control character in %q", s)
			}
		}
	})
}
