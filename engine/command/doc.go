// Package command is the desk between those who command devices and the
// sessions that speak to them.
//
// A command is a stored record (fleet.Command) before anybody hears of it, and
// each of its states is on disk before what follows from it happens:
//
//	queued ── a session asks (Next) ──▶ sent, on disk ── it asks again ──▶ written ──▶ answered
//	   │                                  │ not written after all: queued again
//	   ▼                                  ▼ no answer within fleet.CommandWait
//	expired, cancelled, failed          unanswered, or queued again where that is harmless
//
// So a command goes out at most once for each time that its record says sent.
// After a crash between the two, whether it was written is not known: stopping
// or resuming an engine and texts of one's own are not repeated then, and end
// as unanswered; asking for the position and setting the interval are, up to
// fleet.MaxAttempts times. None goes out from its expiry on. Commands of one
// device go out in their order, the next after the answer to the one before.
//
// The desk keeps open commands in memory, so that a session can ask between two
// reads; it writes in one goroutine of its own (Run). Time is data: Tick and
// the sessions bring it.
package command
