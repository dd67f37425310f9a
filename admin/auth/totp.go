package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" // RFC 6238's default, and what authenticator apps speak
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"net/url"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Time-based one-time passwords, RFC 6238: six digits, 30 seconds, SHA-1.
const (
	totpPeriod = 30 * fleet.Second
	totpSkew   = 1 // steps before and after that are taken, for clocks that are off
	totpKey    = 20
	recoveries = 10
)

var base32NoPad = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewTOTP makes a key.
func NewTOTP() []byte {
	key := make([]byte, totpKey)
	rand.Read(key)
	return key
}

// TOTPText is a key as people type it.
func TOTPText(key []byte) string { return base32NoPad.EncodeToString(key) }

// TOTPAddress is the address that authenticator apps read from a QR code
// (github.com/google/google-authenticator, Key URI Format).
func TOTPAddress(key []byte, issuer, account string) string {
	q := url.Values{"secret": {TOTPText(key)}, "issuer": {issuer}, "algorithm": {"SHA1"}, "digits": {"6"}, "period": {"30"}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+account) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// CheckTOTP finds the step that a code is good for, at most one from now's and
// later than the last one taken: a code that was overheard is worth nothing.
func CheckTOTP(key []byte, code string, now fleet.Time, last uint64) (step uint64, ok bool) {
	code = strings.ReplaceAll(strings.TrimSpace(code), " ", "")
	at := uint64(now / totpPeriod)
	for s := at - totpSkew; s <= at+totpSkew; s++ {
		if subtle.ConstantTimeCompare([]byte(totpCode(key, s)), []byte(code)) == 1 && s > last {
			step, ok = s, true
		}
	}
	return step, ok
}

// totpCode is the code of a step: HOTP over it (RFC 4226, section 5.3).
func totpCode(key []byte, step uint64) string {
	m := hmac.New(sha1.New, key)
	m.Write(binary.BigEndian.AppendUint64(nil, step))
	sum := m.Sum(nil)
	at := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[at:])&0x7fffffff%1_000_000)
}

// NewRecovery makes one-time codes for a person who lost the device, and what
// is kept of them.
func NewRecovery() (codes []string, hashes [][]byte) {
	for range recoveries {
		var b [10]byte
		rand.Read(b[:])
		c := strings.ToLower(base32NoPad.EncodeToString(b[:]))
		code := c[:4] + "-" + c[4:8] + "-" + c[8:12] + "-" + c[12:]
		codes, hashes = append(codes, code), append(hashes, Hash(code))
	}
	return codes, hashes
}

// TOTPCode is the code that an authenticator app shows at a time.
func TOTPCode(key []byte, at fleet.Time) string { return totpCode(key, uint64(at/totpPeriod)) }
