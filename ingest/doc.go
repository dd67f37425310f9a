// Package ingest receives what trackers send: listeners, sessions, limits and
// detection of the protocol. One protocol a room below it turns bytes into
// reports and replies.
//
// A session reads with a deadline and a cap; the codec decodes; the [Registry]
// names the device; [Sink.Accept] makes the reports durable; only then is the
// device answered. A Sink that is full makes the read loop wait, so that TCP
// makes the device wait; datagrams that find no room are dropped and counted.
//
// A [Server] owns its listeners and every goroutine behind them: an accept
// loop a port and one goroutine a connection for TCP, one reader and a few
// workers a port for UDP, a net/http server for HTTP. Close stops them in that
// order: listeners, then sessions, each of which finishes what it has read.
//
// What an unknown device sends is never stored and never acked; the Registry
// hears of it, at a bounded rate, so that an operator can adopt the device.
//
// Each received frame, and each report in it, ends in exactly one counter, see
// [Counters].
package ingest
