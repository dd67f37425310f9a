package fleet

// KeptAnswer is what the API answered to a write that carried an
// Idempotency-Key.
type KeptAnswer struct {
	Request []byte `cbor:"1,keyasint"`           // a hash of the request
	At      Time   `cbor:"2,keyasint"`           // when the request came
	Sealed  string `cbor:"3,keyasint,omitempty"` // the answer; "": there was none yet
}
