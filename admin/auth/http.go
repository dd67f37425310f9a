package auth

import (
	"net/http"
	"strings"
	"time"
)

// The session cookie's name: with HTTPS the prefix binds it to this very host
// (RFC 6265bis, section 4.1.3.2); browsers refuse the prefix without.
const (
	secureCookie = "__Host-vigia"
	plainCookie  = "vigia"
)

// SessionLife is how long a browser stays signed in.
const SessionLife = 30 * 24 * time.Hour

// Secret is what a request shows to be let in: a bearer token (RFC 6750,
// section 2.1), else a session cookie: over HTTPS only one that is bound to
// this host. Empty if it shows nothing.
func Secret(r *http.Request, https bool) (secret string, cookie bool) {
	if h := r.Header.Get("Authorization"); h != "" {
		scheme, token, _ := strings.Cut(h, " ")
		if strings.EqualFold(scheme, "Bearer") && token != "" {
			return strings.TrimSpace(token), false
		}
		return h, false // another scheme: shown, and refused like any unknown token
	}
	name := plainCookie
	if https {
		name = secureCookie
	}
	if c, err := r.Cookie(name); err == nil && c.Value != "" {
		return c.Value, true
	}
	return "", false
}

// SessionCookie carries a secret for as long as a session lives; an empty
// secret makes the browser forget.
func SessionCookie(secret string, https bool) *http.Cookie {
	c := &http.Cookie{
		Name: plainCookie, Value: secret, Path: "/", HttpOnly: true, Secure: https,
		SameSite: http.SameSiteLaxMode, MaxAge: int(SessionLife.Seconds()),
	}
	if https {
		c.Name = secureCookie
	}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}
