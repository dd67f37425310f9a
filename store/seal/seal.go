// Package seal keeps secrets that the administration stores: passwords and
// tokens of providers. They are encrypted with AES-256-GCM under a key that
// stands beside the database, not in it, so that a copy of the database alone
// tells nothing. A sealed secret is bound to its context, such as company and
// field: moved elsewhere it does not open.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// KeyFile is the key's name in the data directory.
const KeyFile = "secret.key"

// keySize is of AES-256.
const keySize = 32

// prefix names the format; a later one gets another number.
const prefix = "v1:"

// Key seals and opens.
type Key struct {
	raw  []byte
	aead cipher.AEAD
}

// Derive is a key of 32 bytes for another purpose than sealing (HKDF-Expand,
// RFC 5869, with SHA-256). Who knows it learns nothing of this one.
func (k *Key) Derive(purpose string) ([]byte, error) {
	return hkdf.Expand(sha256.New, k.raw, "vigia: "+purpose, sha256.Size)
}

// Open takes the key from text (32 bytes in base64, as in VIGIA_KEY), or from
// the file in dir if text is empty. The first start makes the file, readable
// by its owner alone.
func Open(dir, text string) (*Key, error) {
	if text != "" {
		return parse("VIGIA_KEY", text)
	}
	name := filepath.Join(dir, KeyFile)
	b, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return create(name)
	}
	if err != nil {
		return nil, fmt.Errorf("key of the sealed secrets: %w", err)
	}
	return parse(name, string(b))
}

func create(name string) (*Key, error) {
	raw := make([]byte, keySize)
	rand.Read(raw)
	text := base64.StdEncoding.EncodeToString(raw) + "\n"
	f, err := os.OpenFile(name+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
		err = errors.Join(err, f.Sync(), f.Close())
	}
	if err == nil {
		err = os.Rename(name+".new", name)
	}
	if err == nil {
		var dir *os.File
		if dir, err = os.Open(filepath.Dir(name)); err == nil {
			err = errors.Join(dir.Sync(), dir.Close())
		}
	}
	if err != nil {
		return nil, fmt.Errorf("key of the sealed secrets: %w", err)
	}
	return parse(name, text)
}

func parse(from, text string) (*Key, error) {
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text))
	if err != nil || len(raw) != keySize {
		return nil, fmt.Errorf("%s holds no key: it wants 32 bytes in base64, as 'openssl rand -base64 32' prints them", from)
	}
	block, err := aes.NewCipher(raw)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &Key{raw: raw, aead: aead}, nil
}

// Seal encrypts a secret for a context.
func (k *Key) Seal(context, secret string) string {
	return prefix + base64.StdEncoding.EncodeToString(k.aead.Seal(nil, nil, []byte(secret), []byte(context)))
}

// ErrKey says that a secret was sealed with another key, or for another
// context, or was damaged.
var ErrKey = errors.New("a sealed secret does not open: is secret.key (or VIGIA_KEY) the one that it was sealed with? If it is lost, enter the secret again")

// Open decrypts what Seal made for the same context.
func (k *Key) Open(context, sealed string) (string, error) {
	text, ok := strings.CutPrefix(sealed, prefix)
	raw, err := base64.StdEncoding.DecodeString(text)
	if !ok || err != nil {
		return "", ErrKey
	}
	b, err := k.aead.Open(nil, nil, raw, []byte(context))
	if err != nil {
		return "", ErrKey
	}
	return string(b), nil
}
