package sinks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"strings"
	"time"
)

// checkVAPID verifies an Authorization header as a push service does (RFC 8292
// sections 2 to 4).
func checkVAPID(header, audience string, now time.Time) error {
	rest, ok := strings.CutPrefix(header, "vapid ")
	if !ok {
		return errors.New("no vapid authorization")
	}
	params := make(map[string]string)
	for p := range strings.SplitSeq(rest, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		params[name] = value
	}
	b64 := base64.RawURLEncoding
	point, err := b64.DecodeString(params["k"])
	if err != nil {
		return fmt.Errorf("vapid key: %w", err)
	}
	key, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return fmt.Errorf("vapid key: %w", err)
	}
	parts := strings.Split(params["t"], ".")
	if len(parts) != 3 {
		return errors.New("vapid token has not three parts")
	}
	sig, err := b64.DecodeString(parts[2])
	if err != nil || len(sig) != 64 {
		return errors.New("vapid signature is not of 64 bytes")
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(key, digest[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return errors.New("vapid signature is wrong")
	}
	raw, err := b64.DecodeString(parts[1])
	if err != nil {
		return fmt.Errorf("vapid claims: %w", err)
	}
	var claims struct {
		Aud string `json:"aud"`
		Exp int64  `json:"exp"`
		Sub string `json:"sub"`
	}
	if err := json.Unmarshal(raw, &claims); err != nil {
		return fmt.Errorf("vapid claims: %w", err)
	}
	switch left := time.Unix(claims.Exp, 0).Sub(now); {
	case claims.Aud != audience:
		return fmt.Errorf("vapid audience %q, want %q", claims.Aud, audience)
	case left <= 0 || left > 24*time.Hour:
		return fmt.Errorf("vapid token is valid for %v, want up to 24 h", left)
	case !strings.HasPrefix(claims.Sub, "mailto:") && !strings.HasPrefix(claims.Sub, "https:"):
		return fmt.Errorf("vapid subject %q", claims.Sub)
	}
	return nil
}
