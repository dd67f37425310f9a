// Package history keeps positions by device and day.
//
// # What it promises
//
// Every report of the journal that has a place is found by device and time from
// the moment it is durable, exactly as it was: place to 1e-7°, times to the
// millisecond, other readings bit for bit: enough to judge it again. A byte that
// changed on disk is an error that names file and key, never a position. Reports
// that are equal in all but their arrival are kept once.
//
// # How it works
//
// History is off the commit path. When a segment of the journal closes, the
// sorter (Run) orders its reports by device and fix time and packs each
// device's run into one block of columns; the blocks of a segment go, by UTC
// day of fix, into a bbolt file a day, under keys that begin with the segment,
// so that bbolt only ever appends. Once they are committed, the segment is
// marked as sorted, and the journal may trim it. A crash in between costs
// nothing: the segment is sorted again and makes the same values.
//
// A question merges the blocks with the segments that are not sorted yet, for
// which an index is made when somebody asks. DESIGN.md has the bytes and why.
//
// Quarantined reports have a lane of their own, filed by arrival, because their
// fix time is in doubt; so have fixes that lie more than 400 days before or 2
// days after their arrival. Heartbeats without a place and rejected reports are
// not kept: a device's last contact is live state.
//
// Beside the fixes of a day lie checkpoints: states of devices, opaque here, from
// which the day can be judged again (SaveCheckpoints, Checkpoints).
//
// Sweep drops whole days, Erase rewrites the files that hold a device.
//
// # Goroutines
//
// Run is the only one, and its caller waits for it. Reading copies out of
// bbolt's map inside short transactions, so a slow reader never holds a file.
package history
