package push

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
)

const (
	recordSize = 4096 // RFC 8291 section 4: one record, at most 4096 bytes in all
	saltSize   = 16
	keySize    = 65 // an uncompressed P-256 point
	authSize   = 16
	headerSize = saltSize + 4 + 1 + keySize // RFC 8188 section 2.1
	tagSize    = 16

	// MaxPayload is the longest message that fits, in bytes.
	MaxPayload = recordSize - headerSize - tagSize - 1
)

// encrypt seals a payload for a browser, with a fresh key pair and salt.
func encrypt(payload, p256dh, auth []byte) ([]byte, error) {
	pair, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, saltSize)
	if _, err := rand.Read(salt); err != nil {
		return nil, err
	}
	return seal(payload, p256dh, auth, pair, salt)
}

// seal is RFC 8291 section 3.4 with the key pair and salt given.
func seal(payload, p256dh, auth []byte, pair *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	if len(payload) > MaxPayload {
		return nil, fmt.Errorf("payload of %d bytes, at most %d fit", len(payload), MaxPayload)
	}
	if len(auth) != authSize {
		return nil, fmt.Errorf("the subscription's auth secret has %d bytes, want %d", len(auth), authSize)
	}
	browser, err := ecdh.P256().NewPublicKey(p256dh)
	if err != nil {
		return nil, fmt.Errorf("the subscription's p256dh key: %w", err)
	}
	shared, err := pair.ECDH(browser)
	if err != nil {
		return nil, fmt.Errorf("key agreement: %w", err)
	}
	gcm, nonce, err := Keys(shared, auth, salt, browser.Bytes(), pair.PublicKey().Bytes())
	if err != nil {
		return nil, err
	}
	out := make([]byte, 0, headerSize+len(payload)+1+tagSize)
	out = append(out, salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(out, keySize)
	out = append(out, pair.PublicKey().Bytes()...)
	plain := append(append(make([]byte, 0, len(payload)+1), payload...), 2) // the last record's delimiter
	return gcm.Seal(out, nonce, plain, nil), nil
}

// Keys derives the content key and nonce of RFC 8291 section 3.4 from the
// agreed secret, for both sides.
func Keys(shared, auth, salt, browser, server []byte) (cipher.AEAD, []byte, error) {
	info := "WebPush: info\x00" + string(browser) + string(server)
	ikm, err := hkdf.Key(sha256.New, shared, auth, info, 32)
	if err != nil {
		return nil, nil, err
	}
	cek, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := hkdf.Key(sha256.New, ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(cek)
	if err != nil {
		return nil, nil, err
	}
	gcm, err := cipher.NewGCM(block)
	return gcm, nonce, err
}
