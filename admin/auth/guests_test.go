package auth_test

import (
	"encoding/base64"
	"testing"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// TestGuests: a secret holds for a day, under the key that made it, and not
// with a single bit changed.
func TestGuests(t *testing.T) {
	const link, now = fleet.RecordID(4711), fleet.Time(1_700_000_000_000)
	key := []byte("a key of thirty-two bytes, or so")
	g := auth.NewGuests(key)
	one, two := g.Open(link, now), g.Open(link, now)
	if one == two {
		t.Error("two views have one secret")
	}
	for _, c := range []struct {
		name   string
		guests *auth.Guests
		secret string
		at     fleet.Time
		want   bool
	}{
		{"at once", g, one, now, true},
		{"at its last moment", g, two, now + auth.GuestLife - 1, true},
		{"a day later", g, one, now + auth.GuestLife, false},
		{"after a restart", auth.NewGuests(key), one, now, true},
		{"under another key", auth.NewGuests(nil), one, now, false},
		{"nothing", g, "", now, false},
		{"longer", g, one + "A", now, false},
		{"of another alphabet", g, "+" + one[1:], now, false},
	} {
		if got, ok := c.guests.Find(c.secret, c.at); ok != c.want || ok && got != link {
			t.Errorf("%s: %d, %v", c.name, got, ok)
		}
	}
	raw, err := base64.RawURLEncoding.DecodeString(one)
	if err != nil {
		t.Fatal(err)
	}
	for i := range len(raw) * 8 {
		raw[i/8] ^= 1 << (i % 8)
		if _, ok := g.Find(base64.RawURLEncoding.EncodeToString(raw), now); ok {
			t.Errorf("bit %d may be changed", i)
		}
		raw[i/8] ^= 1 << (i % 8)
	}
}
