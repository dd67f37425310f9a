package fleet

import "unicode"

// MaxUniqueID is the longest identity that a device may send, in bytes.
const MaxUniqueID = 64

// Device is a tracker: a box, a phone, a buoy.
type Device struct {
	ID          DeviceID   `cbor:"1,keyasint" json:"id"`
	Company     CompanyID  `cbor:"2,keyasint" json:"company"`
	Customer    CustomerID `cbor:"3,keyasint" json:"customer"` // 0: in the company's stock
	Name        string     `cbor:"4,keyasint" json:"name"`
	UniqueID    string     `cbor:"5,keyasint" json:"uniqueId"` // IMEI or the like; unique in the installation
	Model       string     `cbor:"6,keyasint" json:"model"`    // as the operator sets it; chooses a protocol's dialect
	Plate       string     `cbor:"7,keyasint" json:"plate"`
	Phone       string     `cbor:"8,keyasint" json:"phone"` // of its SIM
	Labels      []LabelID  `cbor:"9,keyasint" json:"labels"`
	ClockOffset int64      `cbor:"10,keyasint" json:"clockOffset"` // ms to add to its times
	SecretHash  []byte     `cbor:"11,keyasint" json:"-"`           // SHA-256 of its MQTT password; nil = none set
	Version     uint64     `cbor:"12,keyasint" json:"version"`
	Created     Time       `cbor:"13,keyasint" json:"created"`
	Disabled    bool       `cbor:"14,keyasint" json:"disabled"`

	OfflineAfter Time    `cbor:"15,keyasint,omitempty" json:"offlineAfter"` // ms of silence that make it offline; 0 = DefaultOfflineAfter, NeverOffline
	SpeedLimit   float32 `cbor:"16,keyasint,omitempty" json:"speedLimit"`   // km/h, wherever it is; 0 = none

	Type RecordID `cbor:"17,keyasint,omitempty" json:"type,omitzero"` // a DeviceType, built in or the company's own; 0 = nobody said

	AlarmMode  AlarmMode `cbor:"18,keyasint,omitempty" json:"alarmMode,omitempty"`
	ModeUntil  Time      `cbor:"19,keyasint,omitempty" json:"modeUntil,omitzero"`  // when AlarmMode ends by itself
	Connection RecordID  `cbor:"20,keyasint,omitempty" json:"connection,omitzero"` // by which it was found, which may be gone; 0 = none
	Extra      Extra     `cbor:"30,keyasint,omitempty" json:"extra,omitempty"`

	Stays []Stay `cbor:"21,keyasint,omitempty" json:"-"` // at earlier owners, oldest first, at most MaxStays; the store keeps them
}

// Stay is a device's time at an earlier owner.
type Stay struct {
	Owner OwnerID `cbor:"1,keyasint"`
	Until Time    `cbor:"2,keyasint"` // since the end of the stay before
}

// MaxStays is how many earlier owners of a device are remembered.
const MaxStays = 32

// Bounds of Device.OfflineAfter.
const (
	DefaultOfflineAfter = 10 * Minute
	LeastOfflineAfter   = 30 * Second
	MostOfflineAfter    = 30 * Day
	NeverOffline        = Time(-1)
)

// OwnerAt is who owned the device at a time, as far back as is remembered.
func (d *Device) OwnerAt(t Time) OwnerID { return OwnerAmong(d.Stays, t, d.Owner()) }

// OwnerAmong is who owned a device at a time: whose stay it was, or who has it
// now.
func OwnerAmong(stays []Stay, t Time, now OwnerID) OwnerID {
	for i := range stays {
		if t < stays[i].Until {
			return stays[i].Owner
		}
	}
	return now
}

// OwnedSince is when its present owner got it; 0: at its beginning.
func (d *Device) OwnedSince() Time {
	if n := len(d.Stays); n > 0 {
		return d.Stays[n-1].Until
	}
	return 0
}

// Owner is who owns the device: its customer, else its company.
func (d *Device) Owner() OwnerID {
	if d.Customer != 0 {
		return OwnerID(d.Customer)
	}
	return OwnerID(d.Company)
}

// Validate reports the first rule that the device breaks.
func (d *Device) Validate() error {
	if err := validName("name", d.Name); err != nil {
		return err
	}
	if err := ValidUniqueID(d.UniqueID); err != nil {
		return FieldError("uniqueId", "%v", err)
	}
	if d.Company == 0 {
		return FieldError("company", "a device belongs to a company")
	}
	if err := validOffset(d.ClockOffset); err != nil {
		return err
	}
	if err := validSilence(d.OfflineAfter); err != nil {
		return err
	}
	if err := validType("type", d.Type); err != nil {
		return err
	}
	if err := d.validMode(); err != nil {
		return err
	}
	if err := d.Extra.validate(); err != nil {
		return err
	}
	return validLimit(d.SpeedLimit)
}

func validOffset(ms int64) error {
	if ms < -14*int64(Hour) || ms > 14*int64(Hour) {
		return FieldError("clockOffset", "is beyond 14 hours")
	}
	return nil
}

func validSilence(t Time) error {
	if t != 0 && t != NeverOffline && (t < LeastOfflineAfter || t > MostOfflineAfter) {
		return FieldError("offlineAfter", "%d ms is not within 30 seconds to 30 days", int64(t))
	}
	return nil
}

// ValidUniqueID refuses identities that are empty, too long, or hold anything
// but letters, digits and . _ : - (so that none can act as an MQTT wildcard,
// a path or a line break).
func ValidUniqueID(s string) error {
	if s == "" || len(s) > MaxUniqueID {
		return Errorf(Invalid, "a device identity has 1 to %d characters, %q has %d", MaxUniqueID, s, len(s))
	}
	for _, r := range s {
		if r > unicode.MaxASCII || !(unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' || r == '_' || r == ':' || r == '-') {
			return Errorf(Invalid, "the device identity %q holds %q; letters, digits and . _ : - are allowed", s, r)
		}
	}
	return nil
}
