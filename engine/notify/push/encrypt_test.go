package push

import (
	"bytes"
	"crypto/ecdh"
	"encoding/base64"
	"testing"
	"time"
)

// The test vector of RFC 8291 appendix A.
const (
	rfcPlain     = "When I grow up, I want to be a watermelon"
	rfcServerKey = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
	rfcBrowser   = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	rfcAuth      = "BTBZMqHH6r4Tts7J_aSIgg"
	rfcSalt      = "DGv6ra1nlYgDCS1FRnbzlw"
	rfcMessage   = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)

func b64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestSealRFC8291AppendixA(t *testing.T) {
	pair, err := ecdh.P256().NewPrivateKey(b64(t, rfcServerKey))
	if err != nil {
		t.Fatal(err)
	}
	got, err := seal([]byte(rfcPlain), b64(t, rfcBrowser), b64(t, rfcAuth), pair, b64(t, rfcSalt))
	if err != nil {
		t.Fatal(err)
	}
	if want := b64(t, rfcMessage); !bytes.Equal(got, want) {
		t.Errorf("got  %x\nwant %x", got, want)
	}
}

func TestSealRefuses(t *testing.T) {
	browser, auth := b64(t, rfcBrowser), b64(t, rfcAuth)
	tests := []struct {
		name              string
		payload, key, sec []byte
	}{
		{"payload too long", make([]byte, MaxPayload+1), browser, auth},
		{"short secret", []byte("x"), browser, auth[:15]},
		{"key not on the curve", []byte("x"), append([]byte{4}, make([]byte, 64)...), auth},
		{"no key", []byte("x"), nil, auth},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := encrypt(tt.payload, tt.key, tt.sec); err == nil {
				t.Error("no error")
			}
		})
	}
	if b, err := encrypt(make([]byte, MaxPayload), browser, auth); err != nil || len(b) != recordSize {
		t.Errorf("the longest payload makes %d bytes, %v; want %d", len(b), err, recordSize)
	}
}

func TestVAPIDKeptAndCached(t *testing.T) {
	v, err := GenerateVAPID()
	if err != nil {
		t.Fatal(err)
	}
	text, err := v.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParseVAPID(text)
	if err != nil {
		t.Fatal(err)
	}
	if again.PublicKey() != v.PublicKey() || len(b64(t, v.PublicKey())) != keySize {
		t.Errorf("public key %q, read back as %q", v.PublicKey(), again.PublicKey())
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	sign := func(audience string, at time.Time) string {
		t.Helper()
		h, err := v.authorization(audience, "mailto:a@example.com", at)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	first := sign("https://a.example", now)
	if sign("https://a.example", now.Add(10*time.Hour)) != first {
		t.Error("the token was not used again")
	}
	if sign("https://a.example", now.Add(11*time.Hour+time.Minute)) == first {
		t.Error("an old token was used")
	}
	if sign("https://b.example", now) == first {
		t.Error("another audience got the same token")
	}
	for i := range 3 * maxTokens {
		sign("https://x.example:"+string(rune('a'+i%26))+string(rune('a'+i/26)), now)
	}
	if n := len(v.tokens); n > maxTokens {
		t.Errorf("%d tokens are kept, at most %d", n, maxTokens)
	}
}

func TestParseVAPIDRefuses(t *testing.T) {
	for _, in := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"} {
		if _, err := ParseVAPID([]byte(in)); err == nil {
			t.Errorf("%q was taken", in)
		}
	}
}
