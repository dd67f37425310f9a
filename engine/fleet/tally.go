package fleet

// Tally counts what became of a notification's messages, to everybody on every
// channel.
type Tally struct {
	Sent       uint32    `cbor:"1,keyasint,omitempty"` // a provider took them over
	Failed     uint32    `cbor:"2,keyasint,omitempty"`
	Suppressed uint32    `cbor:"3,keyasint,omitempty"` // not sent on purpose
	Last       TallyLast `cbor:"4,keyasint,omitzero"`
}

// TallyLast is the newest of a notification's messages that came to an end.
type TallyLast struct {
	At      Time          `cbor:"1,keyasint,omitempty"` // 0: none has
	State   DeliveryState `cbor:"2,keyasint,omitempty"`
	Channel Channel       `cbor:"3,keyasint,omitempty"`
	To      string        `cbor:"4,keyasint,omitempty"` // the address used
	Reason  string        `cbor:"5,keyasint,omitempty"` // of a failed or suppressed one
}

// Plus is the sum of both.
func (t Tally) Plus(o Tally) Tally {
	t.Sent, t.Failed, t.Suppressed = t.Sent+o.Sent, t.Failed+o.Failed, t.Suppressed+o.Suppressed
	if o.Last.At > t.Last.At || o.Last.At == t.Last.At && o.Last.State >= t.Last.State {
		t.Last = o.Last
	}
	return t
}
