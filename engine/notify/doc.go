// Package notify turns due deliveries into messages and hands them to senders:
// the dispatcher, the limits, the texts. A delivery leaves the outbox only
// when its outcome is committed, so each reaches its provider at least once,
// always with the same idempotency key.
package notify
