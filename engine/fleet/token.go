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

	App    App      `cbor:"8,keyasint,omitempty" json:"app"`              // a session's; "" = a token for programs
	Scopes []string `cbor:"9,keyasint,omitempty" json:"scopes"`           // what it is limited to, see admin/auth; nil = all that the user may
	Agent  string   `cbor:"10,keyasint,omitempty" json:"agent"`           // a session's: what the browser called itself
	Addr   string   `cbor:"11,keyasint,omitempty" json:"addr"`            // a session's: from where it was opened
	Actor  UserID   `cbor:"12,keyasint,omitempty" json:"actor"`           // who signed in as the user; 0 = the user
	Device DeviceID `cbor:"14,keyasint,omitempty" json:"device,omitzero"` // a session opened by a QR code: the one device that it sees, as a CustomerUser; 0 = all that the user may
	Mode   string   `cbor:"15,keyasint,omitempty" json:"mode,omitempty"`  // with Device: guard or sos
	Strong bool     `cbor:"13,keyasint,omitempty" json:"strong"`          // a session's: opened with a second factor
}

// App is what a person signs in with.
type App string

// The apps.
const (
	Web     App = "web"
	IOS     App = "ios"
	Android App = "android"
)

// SetupLink lets whoever holds its secret become the installation's owner, sign
// in, or set a password, once. Only the SHA-256 of its secret is kept.
type SetupLink struct {
	Hash    []byte `cbor:"1,keyasint"`
	User    UserID `cbor:"2,keyasint"` // whom it signs in; 0: it creates the first company and its admin
	Expires Time   `cbor:"3,keyasint"`
	Used    Time   `cbor:"4,keyasint"`           // 0 = not yet
	Mailed  string `cbor:"5,keyasint,omitempty"` // the address that it was sent to: using it proves the address
}
