// Package smpp hands short messages to a message centre over SMPP 3.4
// (Short Message Peer to Peer Protocol Specification v3.4, issue 1.2), and
// brings back what the centre says later: its delivery receipts.
//
// A Sender keeps one connection bound as a transceiver: it asks after the link,
// binds again with growing pauses, and unbinds when it is closed. Messages go
// out in a window; each waits for its own answer. Everything has a bound: PDUs,
// window, receipts in hand, pauses.
//
// The codec is our own and knows the commands that a sender of alerts needs.
// Nothing here holds a lock over I/O, and Close returns when the last
// goroutine has ended.
package smpp
