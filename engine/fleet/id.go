package fleet

import (
	"encoding/hex"
	"strings"
)

// ID names an entity of one kind. 42 bits of Unix milliseconds and 22 random
// bits, so that IDs sort by age; the store checks that a new one is free. Its
// text is 13 Crockford base-32 characters. The zero ID names nothing.
//
// K is a phantom: it keeps a DeviceID from being passed as a FenceID.
type ID[K any] uint64

type (
	companyKind      struct{}
	customerKind     struct{}
	ownerKind        struct{}
	userKind         struct{}
	deviceKind       struct{}
	fenceKind        struct{}
	notificationKind struct{}
	labelKind        struct{}
	tokenKind        struct{}
	subscriptionKind struct{}
	ruleKind         struct{}
	recordKind       struct{}
	jobKind          struct{}
)

// The identities of the entities.
type (
	CompanyID      = ID[companyKind]
	CustomerID     = ID[customerKind]
	OwnerID        = ID[ownerKind] // a company's or a customer's ID: who owns a fence or a device
	UserID         = ID[userKind]
	DeviceID       = ID[deviceKind]
	FenceID        = ID[fenceKind]
	NotificationID = ID[notificationKind]
	LabelID        = ID[labelKind] // a group or tag of devices
	TokenID        = ID[tokenKind]
	SubscriptionID = ID[subscriptionKind]
	RuleID         = ID[ruleKind]
	RecordID       = ID[recordKind] // of a plain record: Head
	JobID          = ID[jobKind]
)

const (
	crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	idChars   = 13
	idRandom  = 22 // low bits that are random
)

// MakeID builds an ID from a time and random bits, of which the low 22 count.
func MakeID[K any](at Time, random uint32) ID[K] {
	return ID[K](uint64(at)<<idRandom | uint64(random)&(1<<idRandom-1))
}

// Owner is the same identity, seen as one that owns fences and devices.
func Owner[K companyKind | customerKind](id ID[K]) OwnerID { return OwnerID(id) }

// Time is when the ID was made.
func (id ID[K]) Time() Time { return Time(id >> idRandom) }

// String is the 13-character Crockford base-32 form.
func (id ID[K]) String() string {
	var b [idChars]byte
	for i := idChars - 1; i >= 0; i-- {
		b[i] = crockford[id&31]
		id >>= 5
	}
	return string(b[:])
}

// ParseID reads the form that String gives; case does not matter, and I, L and
// O read as 1, 1 and 0, as Crockford's alphabet has it.
func ParseID[K any](s string) (ID[K], error) {
	if len(s) != idChars {
		return 0, Errorf(Invalid, "an ID has %d characters, %q has %d", idChars, s, len(s))
	}
	var v uint64
	for i, c := range strings.ToUpper(s) {
		switch c {
		case 'I', 'L':
			c = '1'
		case 'O':
			c = '0'
		}
		d := strings.IndexRune(crockford, c)
		if d < 0 {
			return 0, Errorf(Invalid, "%q is no ID: character %d is not of Crockford's base 32", s, i+1)
		}
		if i == 0 && d > 15 { // 13 characters hold 65 bits
			return 0, Errorf(Invalid, "%q is no ID: it is too large", s)
		}
		v = v<<5 | uint64(d)
	}
	return ID[K](v), nil
}

// MarshalText gives the form of String.
func (id ID[K]) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the form of String.
func (id *ID[K]) UnmarshalText(b []byte) error {
	v, err := ParseID[K](string(b))
	if err != nil {
		return err
	}
	*id = v
	return nil
}

// EventID names an event: 6 bytes of the first recorded time and 10 of a hash
// over what makes it that event, so that a replay gives it the same name on
// any machine. Its text is 32 hexadecimal digits.
type EventID [16]byte

// String is the ID in hexadecimal.
func (id EventID) String() string { return hex.EncodeToString(id[:]) }

// MarshalText gives the form of String.
func (id EventID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the form of String.
func (id *EventID) UnmarshalText(b []byte) error {
	v, err := ParseEventID(string(b))
	if err != nil {
		return err
	}
	*id = v
	return nil
}

// ParseEventID reads the form that String gives.
func ParseEventID(s string) (id EventID, err error) {
	if len(s) != 2*len(id) {
		return id, Errorf(Invalid, "an event ID has %d hexadecimal digits, %q has %d", 2*len(id), s, len(s))
	}
	if _, err := hex.Decode(id[:], []byte(s)); err != nil {
		return EventID{}, Errorf(Invalid, "%q is no event ID: %v", s, err)
	}
	return id, nil
}
