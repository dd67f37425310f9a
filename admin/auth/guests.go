package auth

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/vigia-track/vigia/engine/fleet"
)

// GuestLife is how long the secret of a view is good; a page that is open
// longer opens its link again.
const GuestLife = fleet.Day

// A guest's secret: the link, when it expires (ms), something random that tells
// views apart, and an HMAC-SHA256 of these, cut to 128 bits.
const (
	guestText = 8 + 8 + 8
	guestSize = guestText + 16
)

// Guests makes and recognises the secrets of those who opened a share link.
// They are signed and not kept, so that a restart forgets nobody and a crowd
// costs nothing. Whether a link still holds is asked at each use.
type Guests struct{ key []byte }

// NewGuests signs with a key; nil: with one of this process alone.
func NewGuests(key []byte) *Guests {
	if len(key) == 0 {
		key = make([]byte, sha256.Size)
		rand.Read(key)
	}
	return &Guests{key: key}
}

// Open makes the secret of a new view.
func (g *Guests) Open(link fleet.RecordID, now fleet.Time) string {
	b := binary.BigEndian.AppendUint64(make([]byte, 0, guestSize), uint64(link))
	b = binary.BigEndian.AppendUint64(b, uint64(now+GuestLife))
	b = b[:guestText]
	rand.Read(b[16:])
	return base64.RawURLEncoding.EncodeToString(append(b, g.sign(b)...))
}

func (g *Guests) sign(b []byte) []byte {
	h := hmac.New(sha256.New, g.key)
	h.Write(b)
	return h.Sum(nil)[:guestSize-guestText]
}

// Find is the link that a secret opened; false for one that is unknown or old.
func (g *Guests) Find(secret string, now fleet.Time) (fleet.RecordID, bool) {
	if len(secret) != base64.RawURLEncoding.EncodedLen(guestSize) {
		return 0, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || !hmac.Equal(b[guestText:], g.sign(b[:guestText])) {
		return 0, false
	}
	return fleet.RecordID(binary.BigEndian.Uint64(b)), fleet.Time(binary.BigEndian.Uint64(b[8:])) > now
}
