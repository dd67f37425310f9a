package fleet

import (
	"crypto/sha256"
	"encoding/binary"
)

// EventKind says what happened. Stored: append only.
type EventKind uint8

// The kinds of event.
const (
	Enter EventKind = 1 // a device came into a fence
	Exit  EventKind = 2 // a device left a fence
	Alarm EventKind = 3 // the device itself raised an alarm

	Dwell      EventKind = 4  // a device has been in a fence for as long as a rule says
	Overstay   EventKind = 5  // a device is in a fence for longer than a rule allows
	Absent     EventKind = 6  // a device is not in a fence where a rule wants it to be
	Speeding   EventKind = 7  // a device is faster than a rule, its fence or its type allows
	Moving     EventKind = 8  // a device began to move
	Stopped    EventKind = 9  // a device came to a stop
	Offline    EventKind = 10 // nothing was heard of a device for too long
	Online     EventKind = 11 // a device that was offline is heard again
	Correction EventKind = 12 // somebody was told of an event that did not happen: Event.About
)

var eventKindNames = [...]string{
	"", "enter", "exit", "alarm", "dwell", "overstay", "absent", "overspeed", "moving", "stopped", "offline", "online", "correction",
}

// EventKinds are all kinds, in the order of their numbers.
func EventKinds() []EventKind {
	all := make([]EventKind, 0, len(eventKindNames)-1)
	for i := range eventKindNames[1:] {
		all = append(all, EventKind(i+1))
	}
	return all
}

// String is the kind's name in API and files.
func (k EventKind) String() string {
	if int(k) < len(eventKindNames) {
		return eventKindNames[k]
	}
	return "unknown"
}

// MarshalText gives the name.
func (k EventKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the name.
func (k *EventKind) UnmarshalText(b []byte) error {
	for i, name := range eventKindNames {
		if i > 0 && name == string(b) {
			*k = EventKind(i)
			return nil
		}
	}
	return Errorf(Invalid, "%q is no kind of event", b)
}

// EventFlags tell how an event came to be. The bits are stored: append only.
type EventFlags uint8

// The flags.
const (
	Late      EventFlags = 1 << iota // found out well after it happened
	Inferred                         // concluded between two fixes
	Amended                          // its time was corrected by a late report
	Retracted                        // a late report shows that it did not happen
	Placeless                        // raised without a trusted fix: the place is the last known one
)

// Event is something that happened to a device, found by the engine. Once
// recorded it is never deleted; a late report may amend its time and place or
// retract it, and Flags then say so.
type Event struct {
	ID       EventID    `cbor:"1,keyasint"`
	Kind     EventKind  `cbor:"2,keyasint"`
	Flags    EventFlags `cbor:"3,keyasint"`
	Device   DeviceID   `cbor:"4,keyasint"`
	Owner    OwnerID    `cbor:"5,keyasint"` // the device's owner at that time
	Fence    FenceID    `cbor:"6,keyasint"` // Enter, Exit
	Judge    uint32     `cbor:"7,keyasint"` // the fence's Judge version
	Alarms   Alarms     `cbor:"8,keyasint"` // Alarm: exactly one bit
	Time     Time       `cbor:"9,keyasint"` // fix time
	Received Time       `cbor:"10,keyasint"`
	Place    Place      `cbor:"11,keyasint"`
	Speed    float32    `cbor:"12,keyasint"` // km/h
	Course   float32    `cbor:"13,keyasint"`
	Seq      Seq        `cbor:"14,keyasint"` // journal entry that brought it about
	Trace    Trace      `cbor:"15,keyasint"`
	Company  CompanyID  `cbor:"16,keyasint"`

	Rule    RuleID  `cbor:"17,keyasint,omitempty"` // the rule that made it; 0 = none: a fence, or a device's own limits
	Named   EventID `cbor:"18,keyasint,omitzero"`  // the ID that its present content would give: Amended, or its own ID was taken
	First   Time    `cbor:"19,keyasint,omitempty"` // Amended: the time that was recorded first
	Revised Time    `cbor:"20,keyasint,omitempty"` // Amended, Retracted: when that was found out
	About   EventID `cbor:"21,keyasint,omitzero"`  // Correction: the event that did not happen
	Value   float32 `cbor:"22,keyasint,omitempty"` // Speeding: the limit in km/h; Dwell, Overstay, Absent, Offline: seconds
}

// Trace is why the event happened: the fix before and the gates it passed.
type Trace struct {
	PriorTime  Time    `cbor:"1,keyasint"`
	PriorPlace Place   `cbor:"2,keyasint"`
	EdgeMetres float32 `cbor:"3,keyasint"` // signed distance to the edge, inside negative; NaN = not measured
	Gates      uint32  `cbor:"4,keyasint"` // bits, named by engine/track
}

// NameEvent gives an event the identity that its content implies: device,
// fence, judge version, kind and cause. Cause is the report's normalised
// content, or a rule and deadline: never a sequence, batch or machine.
func NameEvent(e *Event, cause []byte) {
	h := sha256.New()
	var b [8 + 8 + 4 + 1 + 8]byte
	binary.BigEndian.PutUint64(b[0:], uint64(e.Device))
	binary.BigEndian.PutUint64(b[8:], uint64(e.Fence))
	binary.BigEndian.PutUint32(b[16:], e.Judge)
	b[20] = byte(e.Kind)
	binary.BigEndian.PutUint64(b[21:], uint64(e.Alarms))
	h.Write(b[:])
	h.Write(cause)
	var sum [sha256.Size]byte
	h.Sum(sum[:0])
	var t [8]byte
	binary.BigEndian.PutUint64(t[:], uint64(max(e.Time, 0)))
	copy(e.ID[:6], t[2:])
	copy(e.ID[6:], sum[:10])
}
