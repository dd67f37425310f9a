// Package auth says who is asking and what they may do.
//
// Who: a caller shows a secret of 256 random bits, as a bearer token or in a
// browser's session cookie; the store knows only its SHA-256. One-time links
// lead to the first secret. Failed attempts are throttled by address.
//
// What: one table of (role, object, action, reach) rows. What has no row is
// denied. A row's reach becomes a fleet.Scope, and what lies outside of the
// scope is answered as if it did not exist.
package auth
