package sinks_test

import (
	"crypto/ecdh"
	"encoding/base64"
	"testing"

	"github.com/vigia-track/vigia/engine/notify/sinks"
)

func b64(t *testing.T, s string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// The test vector of RFC 8291 appendix A, from the browser's side.
func TestDecryptRFC8291AppendixA(t *testing.T) {
	key, err := ecdh.P256().NewPrivateKey(b64(t, "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	auth := b64(t, "BTBZMqHH6r4Tts7J_aSIgg")
	body := b64(t, "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN")
	got, err := sinks.Decrypt(key, auth, body)
	if err != nil {
		t.Fatal(err)
	}
	if want := "When I grow up, I want to be a watermelon"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for n := range body { // cut anywhere: an error, never a panic
		if _, err := sinks.Decrypt(key, auth, body[:n]); err == nil {
			t.Errorf("the first %d bytes were taken for the whole", n)
		}
	}
}

func TestCloseTwice(t *testing.T) {
	mail, err := sinks.NewSMTP(sinks.SMTPOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sms, err := sinks.NewSMS(sinks.SMSOptions{})
	if err != nil {
		t.Fatal(err)
	}
	push, err := sinks.NewPush()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		for _, c := range []interface{ Close() error }{mail, sms, push} {
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}
