// Package journal is the log that makes an acknowledgement true: reports,
// ticks and changes in the order in which they hold, on disk before anybody is
// told so.
//
// # What it promises
//
// Append returns once its entries survive kill -9 and power loss, on storage
// that honours a flush. Scan gives exactly the appended entries, in order, or
// stops with a DamageError that names file and offset: never a wrong entry,
// never a silent gap. Open cuts only what was never acknowledged: a group that
// was on its way to the disk when the last run ended. A group is all there or
// not at all.
//
// After a failed write or sync nothing more is appended until the journal is
// opened anew, and the descriptor is not synced again: the kernel forgets what
// it could not write. A full disk is different: Append refuses before it
// writes, or takes a write back that was not synced, and goes on when there is
// space (ErrDiskFull).
//
// # How it works
//
// One goroutine appends, and group commit happens above: the engine gathers
// the reports of many sessions into one Append, which is one write and one
// fdatasync. The log is a chain of segment files, each closed at 64 MiB or
// after 10 minutes by its entries' times, preallocated so that a sync has
// little more than data to write. Each record's checksum goes on from the one
// before, across segments, so a record or file that is missing, moved or
// doubled is noticed. DESIGN.md has the bytes.
//
// Readers run beside the appender, up to the durable end. A closed segment
// stays until the engine's snapshot (Trim) and the history (Sorted) have it.
//
// # What it does not do
//
// It does not lock the data directory (its caller does), start goroutines,
// look at the clock, or know what entries mean.
package journal
