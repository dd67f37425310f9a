// Package sinks is the other side of the notifiers: a real SMTP server, a
// gateway that speaks Twilio's API and a templated one, and a push service
// with a browser behind it that decrypts (RFC 8291) and checks the signature
// (RFC 8292). The demo sends to them instead of to people, and the tests find
// out what went over the wire.
//
// Each listens on loopback, keeps what it got with the idempotency key, and
// can be told to fail: to answer badly, to accept and hang up, or to say
// nothing. What is kept is bounded; the counters are not.
package sinks
