// Package mail hands notices to an SMTP server (RFC 5321): STARTTLS required
// by default (RFC 3207), or opportunistic, implicit TLS (RFC 8314) or none;
// sign-in by SCRAM, PLAIN or LOGIN, never in clear but to this machine itself.
//
// A delivery has one Message-ID, made of its key, at every attempt, so that a
// message that went out twice because we crashed in between is recognised by
// mail programs and by people who read logs. Connections are kept for a while
// and used again; each is used by one message at a time.
//
// What an answer means: 4xx tries again. 5xx for the recipient or the content
// is permanent. Everything before that (no connection, no STARTTLS, a refused
// sign-in or sender address) is a fault of the server or of our settings, says
// which setting to look at, and tries again: such faults get mended.
package mail
