package fleet

// Credential is what a user proves an identity by. It is kept apart from the
// user's record: nobody reads it with a list, and the audit never holds it.
type Credential struct {
	User    UserID `cbor:"1,keyasint"`
	Hash    string `cbor:"2,keyasint,omitempty"` // of the password, PHC string (argon2id); "" = none set
	Changed Time   `cbor:"3,keyasint,omitempty"` // when the password was set

	Failed int  `cbor:"4,keyasint,omitempty"` // wrong passwords or codes in a row
	Locked Time `cbor:"5,keyasint,omitempty"` // no attempt counts before this; 0 = not locked

	TOTP     []byte   `cbor:"6,keyasint,omitempty"`  // the shared key (RFC 6238), 20 bytes
	TOTPOn   bool     `cbor:"7,keyasint,omitempty"`  // the key was confirmed by a code
	TOTPStep uint64   `cbor:"8,keyasint,omitempty"`  // of the last code that was taken: none before it is again
	Recovery [][]byte `cbor:"9,keyasint,omitempty"`  // SHA-256 of one-time recovery codes
	Verified string   `cbor:"10,keyasint,omitempty"` // the mail address that was proved to be the user's
}
