package ingest

import (
	"context"
	"errors"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ErrHangUp condemns the connection as well as the frame.
var ErrHangUp = errors.New("ingest: connection must be closed")

// ErrUnknownDevice is a Registry's answer for an identity nobody has adopted.
var ErrUnknownDevice = errors.New("ingest: unknown device")

// Sink takes reports over. On nil they are on disk and the device may be
// acked; on an error none of them may be acked, and the device will send them
// again. Accept may overwrite fields of the reports (its verdicts) and keeps
// no hold on the slice after it returned; it does keep their Attrs.
type Sink interface {
	Accept(ctx context.Context, reports []fleet.Report) error
}

// Identity is what ingest needs to know of a device.
type Identity struct {
	Device      fleet.DeviceID
	Model       string
	ClockOffset int64  // ms
	SecretHash  []byte // SHA-256 of its password; nil = none set
}

// Registry names devices. It is called once a login, so it must be quick: it
// answers from memory.
type Registry interface {
	// Lookup is ErrUnknownDevice for an identity nobody has adopted or whose
	// device is disabled.
	Lookup(uniqueID string) (Identity, error)
	// Unknown notes a stranger and one of its frames, for adoption.
	Unknown(s Stranger)
}

// Stranger is a sender that no device has the identity of.
type Stranger struct {
	UniqueID string
	Protocol fleet.Protocol
	Addr     string
	Frame    []byte // at most 1 KiB of what it sent
	At       fleet.Time
}
