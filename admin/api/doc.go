// Package api is the REST interface under /api/v1, one resource a file. Its
// OpenAPI 3.1 document is made from the code.
//
// Each operation names an object and an action of the authorisation table; an
// operation without a row for the caller's role answers 403 before anything is
// read. What lies outside of the caller's scope is answered as if it did not
// exist: the same 404, byte for byte, in paths and in bodies alike.
//
// Failures are RFC 9457 problems in the caller's language. Lists are paged by
// cursor. Updates name the version that they saw and lose with 409. A write
// with an Idempotency-Key is done once: its answer is kept for an hour, within
// bounds and sealed.
package api
