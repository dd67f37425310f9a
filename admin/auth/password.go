package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"runtime"
	"runtime/metrics"
	"strings"

	"golang.org/x/crypto/argon2"
)

// The cost of argon2id (RFC 9106, section 4, second recommended option, with
// one pass over 64 MiB as OWASP's sheet of 2025 has it).
const (
	argonTime    = 1
	argonMemory  = 64 << 10 // KiB
	argonThreads = 2
	argonSalt    = 16
	argonKey     = 32

	// hashing bounds the memory that a flood of sign-ins can take: so many
	// hashes of 64 MiB at once, the others wait.
	hashing = 4
)

var hashingRoom = make(chan struct{}, hashing)

// HashPassword makes a PHC string of a password: argon2id with a fresh salt.
// It waits while too many hashes are being made, until ctx ends.
func HashPassword(ctx context.Context, password string) (string, error) {
	var salt [argonSalt]byte
	rand.Read(salt[:])
	key, err := derive(ctx, password, salt[:], argonTime, argonMemory, argonThreads, argonKey)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonThreads,
		base64.RawStdEncoding.EncodeToString(salt[:]), base64.RawStdEncoding.EncodeToString(key)), nil
}

// CheckPassword reports whether a password is the one of a PHC string. An
// empty string takes as long and matches nothing, so that a name without a
// password looks like any other.
func CheckPassword(ctx context.Context, phc, password string) (bool, error) {
	p, ok := parsePHC(phc)
	if !ok {
		p = parsed{time: argonTime, memory: argonMemory, threads: argonThreads, salt: make([]byte, argonSalt), key: make([]byte, argonKey)}
	}
	key, err := derive(ctx, password, p.salt, p.time, p.memory, p.threads, uint32(len(p.key)))
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(key, p.key) == 1 && ok, nil
}

// Outdated reports whether a PHC string was made with another cost than today's.
func Outdated(phc string) bool {
	p, ok := parsePHC(phc)
	return !ok || p.time != argonTime || p.memory != argonMemory || p.threads != argonThreads || len(p.key) != argonKey
}

func derive(ctx context.Context, password string, salt []byte, time, memory uint32, threads uint8, size uint32) ([]byte, error) {
	select {
	case hashingRoom <- struct{}{}:
		key := argon2.IDKey([]byte(password), salt, time, memory, threads, size)
		<-hashingRoom
		tidy()
		return key, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// tidy gives back what a hash needed, if no other is being made. A heap that is
// small without it would otherwise be left to grow to twice its size with it
// before the next collection; in a large one it is lost among the rest.
func tidy() {
	if len(hashingRoom) > 0 {
		return
	}
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(sample); sample[0].Value.Uint64() < 4*argonMemory<<10 {
		runtime.GC()
	}
}

type parsed struct {
	time, memory uint32
	threads      uint8
	salt, key    []byte
}

// parsePHC reads what HashPassword wrote, at this or another sane cost.
func parsePHC(s string) (p parsed, ok bool) {
	parts := strings.Split(s, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return p, false
	}
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &p.memory, &p.time, &p.threads); n != 3 || err != nil {
		return p, false
	}
	var err1, err2 error
	p.salt, err1 = base64.RawStdEncoding.DecodeString(parts[4])
	p.key, err2 = base64.RawStdEncoding.DecodeString(parts[5])
	ok = err1 == nil && err2 == nil && len(p.salt) >= 8 && len(p.key) >= 16 && len(p.key) <= 64 &&
		p.time >= 1 && p.time <= 10 && p.threads >= 1 && p.memory >= 8*uint32(p.threads) && p.memory <= 1<<20
	return p, ok
}
