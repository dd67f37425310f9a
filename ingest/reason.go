package ingest

import (
	"bufio"
	"errors"
)

// Reasons why a frame was rejected, as they stand in metrics. A codec's error
// may bring its own by a method Reason() string: a short constant word.
const (
	ReasonMalformed  = "malformed"     // the codec could not read it
	ReasonChecksum   = "checksum"      // its checksum is wrong
	ReasonOversize   = "oversize"      // longer than the protocol allows
	ReasonUnknown    = "unknownDevice" // nobody has adopted the identity
	ReasonNoIdentity = "noIdentity"    // the device never said who it is
	ReasonForeign    = "foreignDevice" // the identity is not the authenticated device's
	ReasonNotStored  = "notStored"     // Accept failed; not acked, the device resends
	ReasonQueueFull  = "queueFull"     // a datagram or message that found no room
)

// Reasons why a connection was closed, as they stand in metrics.
const (
	closedByPeer       = "peer"         // the device closed it
	closedReset        = "reset"        // the network did
	closedIdle         = "idle"         // silent for too long
	closedUnidentified = "unidentified" // no known device's login in time
	closedUnfinished   = "unfinished"   // a frame did not end in time
	closedOversize     = "oversize"     // a frame did not end in the buffer
	closedMalformed    = "malformed"    // the stream cannot be split into frames
	closedHangUp       = "hangUp"       // the codec asked for it
	closedStranger     = "stranger"     // an unknown device went on talking
	closedNotStored    = "notStored"    // Accept failed
	closedRegistry     = "registry"     // the Registry failed
	closedWrite        = "write"        // the device does not take its replies
	closedUndetected   = "undetected"   // no protocol knows the first bytes
	closedByUs         = "stopped"      // the server stops
)

// Reasons why a connection was not taken.
const (
	refusedTotal   = "totalLimit"
	refusedAddress = "addressLimit"
)

// Fault is a codec's sentinel error whose frames are counted under a reason of
// their own: one short constant word, such as ReasonChecksum.
func Fault(reason, text string) error { return &fault{reason, text} }

type fault struct{ reason, text string }

// Error is the fault's text.
func (f *fault) Error() string { return f.text }

// Reason is the word in metrics.
func (f *fault) Reason() string { return f.reason }

// ErrChecksum is the fault of a frame whose checksum is wrong.
var ErrChecksum = Fault(ReasonChecksum, "wrong checksum")

// reasonOf is the metrics word for a codec's error.
func reasonOf(err error) string {
	var r interface{ Reason() string }
	switch {
	case errors.As(err, &r):
		return r.Reason()
	case errors.Is(err, bufio.ErrTooLong):
		return ReasonOversize
	}
	return ReasonMalformed
}
