package fleet

// Token lets a program, or a person's browser, act as a user. Only the SHA-256
// of its secret is kept.
type Token struct {
	ID          TokenID `cbor:"1,keyasint" json:"id"`
	Hash        []byte  `cbor:"2,keyasint" json:"-"`
	User        UserID  `cbor:"3,keyasint" json:"user"`
	Description string  `cbor:"4,keyasint" json:"description"`
	Created     Time    `cbor:"5,keyasint" json:"created"`
	Expires     Time    `cbor:"6,keyasint" json:"expires"` // 0 = never
	Revoked     Time    `cbor:"7,keyasint" json:"revoked"` // 0 = no
}

// SetupLink lets whoever holds its secret become the installation's owner, or
// the demo's viewer, once. Only the SHA-256 of its secret is kept.
type SetupLink struct {
	Hash    []byte `cbor:"1,keyasint"`
	User    UserID `cbor:"2,keyasint"` // whom it signs in; 0: it creates the first company and its admin
	Expires Time   `cbor:"3,keyasint"`
	Used    Time   `cbor:"4,keyasint"` // 0 = not yet
}
