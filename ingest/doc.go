// Package ingest receives what trackers send: listeners, sessions, limits and
// detection of the protocol. One protocol a room below it turns bytes into
// reports and replies.
//
// A session reads with a deadline and a cap; the codec decodes; the [Registry]
// names the device; [Sink.Accept] makes the reports durable; only then is the
// device answered. A Sink that is full makes the read loop wait, so that TCP
// makes the device wait.
package ingest
