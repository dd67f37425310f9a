// Package push hands messages to browsers through their push services (RFC
// 8030): encrypted for the browser alone (RFC 8291, aes128gcm of RFC 8188) and
// signed with the installation's VAPID key (RFC 8292).
//
// It is written on the standard library's ECDH, HKDF, AES-GCM and ECDSA: 200
// lines that pass the test vector of RFC 8291 appendix A, in place of a
// dependency that signs a fresh JWT for every message and brings a JWT library
// along. A signature is kept for its audience and used again for hours.
//
// The Topic of a message is made of the delivery's key: a push service that
// still holds an earlier try of the same delivery replaces it. The payload is
// JSON with title, body, url and tag; the tag, the key again, lets the service
// worker show a message once that arrived twice.
package push
