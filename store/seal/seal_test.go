package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/vigia-track/vigia/store/seal"
)

func TestSealedSecrets(t *testing.T) {
	dir := t.TempDir()
	k, err := seal.Open(dir, "")
	if err != nil {
		t.Fatal(err)
	}
	a, b := k.Seal("company 1 password", "s3cret"), k.Seal("company 1 password", "s3cret")
	if a == b || strings.Contains(a, "s3cret") {
		t.Errorf("%s, %s", a, b)
	}
	again, err := seal.Open(dir, "") // a restart
	if err != nil {
		t.Fatal(err)
	}
	if got, err := again.Open("company 1 password", a); got != "s3cret" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for purpose, same := range map[string]bool{"guests": true, "others": false} {
		one, err := k.Derive("guests")
		two, err2 := again.Derive(purpose)
		if err != nil || err2 != nil || len(one) != 32 || bytes.Equal(one, two) != same {
			t.Errorf("derived for %s: %x and %x, %v, %v", purpose, one, two, err, err2)
		}
	}
	other, err := seal.Open(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	for name, try := range map[string]func() (string, error){
		"another company": func() (string, error) { return k.Open("company 2 password", a) },
		"another key":     func() (string, error) { return other.Open("company 1 password", a) },
		"damaged":         func() (string, error) { return k.Open("company 1 password", a[:len(a)-6]+"AAAAA=") },
		"cut off":         func() (string, error) { return k.Open("company 1 password", a[:8]) },
		"plain":           func() (string, error) { return k.Open("company 1 password", "s3cret") },
	} {
		if got, err := try(); got != "" || !errors.Is(err, seal.ErrKey) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestKeyFile(t *testing.T) {
	dir := t.TempDir()
	if _, err := seal.Open(dir, ""); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, seal.KeyFile)
	st, err := os.Stat(name)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v", st, err)
	}
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	k, err := seal.Open("/nowhere", string(text)) // from the environment
	if err != nil {
		t.Fatal(err)
	}
	if _, err := k.Open("x", k.Seal("x", "")); err != nil {
		t.Error(err)
	}
	if err := os.WriteFile(name, text[:20], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(dir, ""); err == nil || !strings.Contains(err.Error(), name) {
		t.Errorf("a broken key file: %v", err)
	}
}
