package fleet

import "encoding/hex"

// QRLife is how long a QR code can be read.
const QRLife = 2 * Minute

// QRLogin is a QR code that signs an app in as one device of a customer, once.
// Only the SHA-256 of its secret is kept.
type QRLogin struct {
	Head
	Device    DeviceID `cbor:"10,keyasint" json:"device"`
	Mode      string   `cbor:"11,keyasint" json:"mode" enum:"guard,sos" doc:"What the app becomes"`
	TokenHash []byte   `cbor:"12,keyasint" json:"-"`
	Expires   Time     `cbor:"13,keyasint" json:"expires" readOnly:"true"`
	User      UserID   `cbor:"14,keyasint" json:"user" readOnly:"true" doc:"In whose name: the customer's primary user, limited to the device"`
	By        UserID   `cbor:"15,keyasint" json:"by,omitzero" readOnly:"true" doc:"Who made it"`
	Used      Time     `cbor:"16,keyasint,omitempty" json:"used,omitzero" readOnly:"true"`
	Revoked   Time     `cbor:"17,keyasint,omitempty" json:"revoked,omitzero" readOnly:"true"`
	Session   TokenID  `cbor:"18,keyasint,omitempty" json:"-"` // that it opened
}

// Kind is QRLoginRecord.
func (*QRLogin) Kind() RecordKind { return QRLoginRecord }

// Validate reports the first rule that the code breaks.
func (q *QRLogin) Validate() error {
	switch {
	case q.Mode != "guard" && q.Mode != "sos":
		return FieldError("mode", "write guard or sos")
	case q.Device == 0:
		return FieldError("device", "is required")
	case len(q.TokenHash) != 32:
		return FieldError("token", "is missing")
	}
	return nil
}

// QRToken is the unique text by which a code is found.
func QRToken(hash []byte) UniqueText {
	return UniqueText{Field: "token", Text: hex.EncodeToString(hash), Global: true}
}

// Refs are the device and the user; the code goes with either.
func (q *QRLogin) Refs() []Ref {
	return RefTo(RefTo(nil, "device", DeviceRecord, q.Device, Follow), "user", UserRecord, q.User, Follow)
}

// Unique is the token.
func (q *QRLogin) Unique() []UniqueText { return []UniqueText{QRToken(q.TokenHash)} }

// Words are the mode.
func (q *QRLogin) Words() []string { return []string{q.Mode} }

// Public is the code without its secret.
func (q *QRLogin) Public() any {
	p := *q
	p.TokenHash = nil
	return &p
}
