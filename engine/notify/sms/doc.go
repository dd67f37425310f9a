// Package sms hands short messages to gateways over HTTP: Twilio's API (and
// the many that speak it), or any gateway whose request can be written down as
// a template of URL, headers and body.
//
// The message is brought into GSM 7-bit where that is possible and cut to a
// number of parts; the link at its end stays whole (package gsm). Every
// request carries the delivery's key as Idempotency-Key, so that a gateway
// that knows the header charges a repeated message once.
//
// What an answer means: 408, 429 and 5xx try again, not sooner than
// Retry-After; 401, 402, 403, 404 and 407 are about our account or URL, say so
// and try again; any other 4xx is permanent.
package sms
