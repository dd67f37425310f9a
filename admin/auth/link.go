package auth

import (
	"strings"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Links keeps one-time links.
type Links interface {
	PutSetupLink(l fleet.SetupLink) error
	// UseSetupLink marks the link as used and returns it as it was; a used,
	// expired or unknown one is an error of kind Unauthorised.
	UseSetupLink(hash []byte, now fleet.Time) (fleet.SetupLink, error)
}

// What a link's secret is for shows in its first character, so that a link
// opened on the wrong page is not used up there.
const (
	setupPrefix      = "s"
	loginPrefix      = "l"
	activationPrefix = "a"
)

// NewSetupLink makes the secret of a link, good once within ttl, that sets an
// empty installation up: /setup?token=SECRET.
func NewSetupLink(links Links, now fleet.Time, ttl time.Duration) (secret string, err error) {
	return newLink(links, setupPrefix, 0, now, ttl)
}

// NewLoginLink makes the secret of a link, good once within ttl, that signs a
// user in: /login?token=SECRET.
func NewLoginLink(links Links, user fleet.UserID, now fleet.Time, ttl time.Duration) (secret string, err error) {
	return newLink(links, loginPrefix, user, now, ttl)
}

func newLink(links Links, prefix string, user fleet.UserID, now fleet.Time, ttl time.Duration) (string, error) {
	secret := prefix + NewSecret()
	return secret, links.PutSetupLink(fleet.SetupLink{
		Hash: Hash(secret), User: user, Expires: now + fleet.Time(ttl.Milliseconds()),
	})
}

// IsSetup reports whether a link's secret is for setting up.
func IsSetup(secret string) bool { return strings.HasPrefix(secret, setupPrefix) }

// IsLogin reports whether a link's secret is for signing in.
func IsLogin(secret string) bool { return strings.HasPrefix(secret, loginPrefix) }

// NewActivation makes the secret of a link that sets a password:
// /activate?token=SECRET.
func NewActivation() string { return activationPrefix + NewSecret() }

// NewActivationLink makes the secret of a link, good once within ttl, by which
// a user sets a password: /activate?token=SECRET.
func NewActivationLink(links Links, user fleet.UserID, now fleet.Time, ttl time.Duration) (secret string, err error) {
	return newLink(links, activationPrefix, user, now, ttl)
}

// IsActivation reports whether a link's secret is for setting a password.
func IsActivation(secret string) bool { return strings.HasPrefix(secret, activationPrefix) }
