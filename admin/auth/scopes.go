package auth

import (
	"slices"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A token's scopes limit what its user may: "read" for all that is read,
// "OBJECT" for everything about an object, "OBJECT.ACTION" for one action,
// "*" for all. A token without scopes has no limit.

// Allows reports whether a token's scopes let an action through.
func Allows(scopes []string, object Object, action Action) bool {
	if scopes == nil {
		return true
	}
	return slices.ContainsFunc(scopes, func(s string) bool {
		switch s {
		case "*", string(object), string(object) + "." + string(action):
			return true
		case string(Read):
			return action == Read
		}
		return false
	})
}

// ValidScopes refuses scopes that mean nothing.
func (t Table) ValidScopes(scopes []string) error {
	for _, s := range scopes {
		if s == "*" || s == string(Read) {
			continue
		}
		object, action, _ := strings.Cut(s, ".")
		known := slices.ContainsFunc(t, func(r Row) bool {
			return string(r.Object) == object && (action == "" || string(r.Action) == action)
		})
		if !known || strings.HasSuffix(s, ".") {
			return fleet.FieldError("scopes", "%q is no scope; write read, *, an object, or object.action", s)
		}
	}
	return nil
}
