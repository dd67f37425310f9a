package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
)

// secretBytes is the randomness of a secret: 256 bits.
const secretBytes = 32

// NewSecret makes a secret of 43 URL-safe characters.
func NewSecret() string {
	var b [secretBytes]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the process instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Hash is what is stored of a secret. Looking a hash up gives nothing away by
// its timing: who can choose a hash's first bytes cannot find its secret.
func Hash(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}
