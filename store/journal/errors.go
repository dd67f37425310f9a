package journal

import (
	"errors"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ErrDiskFull means that nothing of the group was written because the disk has
// too little room. The journal stays usable: a later Append succeeds once there
// is space. Its kind is fleet.Unavailable.
var ErrDiskFull = errors.New("journal: the disk is full")

// ErrClosed is the answer of a closed journal.
var ErrClosed = errors.New("journal: closed")

// ErrTrimmed means that a Scan asked for entries that Trim has removed.
var ErrTrimmed = errors.New("journal: entries were trimmed")

// ErrTooLarge means that one entry or group is beyond the format's limits.
// Nothing was written; the journal stays usable.
var ErrTooLarge = errors.New("journal: entry too large")

// A DamageError names bytes that are not as they were written. Nothing behind
// them is served.
type DamageError struct {
	File   string // path of the segment
	Offset int64  // first byte in doubt
	Reason string // what is wrong there
	Hint   string // what the operator can do
}

// Error says what is wrong, where, and what to do.
func (e *DamageError) Error() string {
	return fmt.Sprintf("journal: %s is damaged at byte %d: %s; %s", e.File, e.Offset, e.Reason, e.Hint)
}

const (
	hintRestore = "check the disk, then restore this file from a backup; `vigia check` lists all damage"
	hintFiles   = "put the missing or renamed segment files back, or restore the journal folder from a backup"
)

func damage(file string, offset int64, format string, args ...any) *DamageError {
	return &DamageError{File: file, Offset: offset, Reason: fmt.Sprintf(format, args...), Hint: hintRestore}
}

func misplaced(file string, format string, args ...any) *DamageError {
	return &DamageError{File: file, Reason: fmt.Sprintf(format, args...), Hint: hintFiles}
}

// unavailable gives ErrDiskFull a kind that the engine can test without
// knowing this package.
func unavailable(format string, args ...any) error {
	return &fleet.Error{
		Kind:    fleet.Unavailable,
		Message: fmt.Sprintf("journal: "+format, args...) + "; free some space and reports will be taken again",
		Err:     ErrDiskFull,
	}
}
