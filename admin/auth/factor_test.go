package auth_test

import (
	"context"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/admin/auth"
	"github.com/vigia-track/vigia/engine/fleet"
)

// The values of RFC 6238, appendix B, for SHA-1, cut to six digits.
func TestTOTP(t *testing.T) {
	key := []byte("12345678901234567890")
	for at, want := range map[fleet.Time]string{
		59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		if got := auth.TOTPCode(key, at*fleet.Second); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	now := fleet.Time(1111111111) * fleet.Second
	step, ok := auth.CheckTOTP(key, " 050 471", now, 0)
	if !ok {
		t.Fatal("the right code is refused")
	}
	if _, ok := auth.CheckTOTP(key, "050471", now, step); ok {
		t.Error("a code is taken twice")
	}
	if _, ok := auth.CheckTOTP(key, "050471", now+31*fleet.Second, 0); !ok {
		t.Error("a clock that is half a minute off is refused")
	}
	if _, ok := auth.CheckTOTP(key, "050471", now+91*fleet.Second, 0); ok {
		t.Error("a code is good for ever")
	}
}

func TestPassword(t *testing.T) {
	ctx := context.Background()
	phc, err := auth.HashPassword(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(phc, "$argon2id$v=19$m=65536,t=1,p=2$") {
		t.Fatal(phc, err)
	}
	for password, want := range map[string]bool{"correct horse": true, "Correct horse": false, "": false} {
		if ok, err := auth.CheckPassword(ctx, phc, password); ok != want || err != nil {
			t.Errorf("%q: %v %v", password, ok, err)
		}
	}
	for _, bad := range []string{"", "x", "$argon2id$v=19$m=4294967295,t=1,p=2$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA", "$argon2id$v=19$m=65536,t=1,p=2$$"} {
		if ok, err := auth.CheckPassword(ctx, bad, ""); ok || err != nil {
			t.Errorf("hash %q lets in: %v", bad, err)
		}
	}
	if auth.Outdated(phc) || !auth.Outdated("$argon2id$v=19$m=1024,t=1,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA") {
		t.Error("outdated")
	}
	gone, cancel := context.WithCancel(ctx)
	cancel()
	for range 20 { // either outcome of the race is fine; it must end
		auth.HashPassword(gone, "x")
	}
}
