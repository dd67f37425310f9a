package push

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"sync"
	"time"
)

const (
	tokenLife  = 12 * time.Hour // RFC 8292 section 2: at most 24 hours
	tokenSpare = time.Hour      // a token is made anew when less is left
	maxTokens  = 256            // audiences that are remembered; they come from browsers
)

// VAPID is the installation's key pair towards push services (RFC 8292).
// Browsers subscribe for its public key, so it is made once and kept: with
// another key all subscriptions are void.
type VAPID struct {
	key *ecdsa.PrivateKey
	pub string

	mu     sync.Mutex       // guards tokens
	tokens map[string]token // by audience and subject
}

type token struct {
	text string
	till time.Time
}

// GenerateVAPID makes a new key pair.
func GenerateVAPID() (*VAPID, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("push: VAPID key: %w", err)
	}
	return newVAPID(key)
}

// ParseVAPID reads what MarshalText wrote.
func ParseVAPID(b []byte) (*VAPID, error) {
	block, _ := pem.Decode(b)
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errors.New("push: the VAPID key is no PEM block of type PRIVATE KEY")
	}
	any, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("push: VAPID key: %w", err)
	}
	key, ok := any.(*ecdsa.PrivateKey)
	if !ok || key.Curve != elliptic.P256() {
		return nil, errors.New("push: the VAPID key is not on the curve P-256")
	}
	return newVAPID(key)
}

func newVAPID(key *ecdsa.PrivateKey) (*VAPID, error) {
	pub, err := key.PublicKey.ECDH()
	if err != nil {
		return nil, fmt.Errorf("push: VAPID key: %w", err)
	}
	return &VAPID{
		key: key, pub: base64.RawURLEncoding.EncodeToString(pub.Bytes()), tokens: make(map[string]token),
	}, nil
}

// MarshalText is the private key as PKCS #8 in PEM. It is a secret.
func (v *VAPID) MarshalText() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(v.key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// PublicKey is what a browser subscribes with (applicationServerKey): the
// uncompressed point in unpadded base64url.
func (v *VAPID) PublicKey() string { return v.pub }

// authorization is the header for an audience (the origin of a push service)
// and a contact.
func (v *VAPID) authorization(audience, subject string, now time.Time) (string, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	name := audience + " " + subject
	if t, ok := v.tokens[name]; ok && t.till.Sub(now) > tokenSpare && t.till.Sub(now) <= tokenLife {
		return t.text, nil
	}
	till := now.Add(tokenLife)
	claims, err := json.Marshal(map[string]any{"aud": audience, "exp": till.Unix(), "sub": subject})
	if err != nil {
		return "", err
	}
	b64 := base64.RawURLEncoding
	signed := b64.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + b64.EncodeToString(claims)
	digest := sha256.Sum256([]byte(signed))
	r, s, err := ecdsa.Sign(rand.Reader, v.key, digest[:])
	if err != nil {
		return "", fmt.Errorf("push: VAPID signature: %w", err)
	}
	sig := make([]byte, 64) // RFC 7518 section 3.4
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	text := "vapid t=" + signed + "." + b64.EncodeToString(sig) + ", k=" + v.pub
	for old := range v.tokens {
		if len(v.tokens) < maxTokens {
			break
		}
		delete(v.tokens, old)
	}
	v.tokens[name] = token{text, till}
	return text, nil
}
