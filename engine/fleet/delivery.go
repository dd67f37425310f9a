package fleet

// DeliveryKey names a delivery: one event to one person on one channel. It is
// also the idempotency key that providers get.
type DeliveryKey struct {
	Event     EventID `cbor:"1,keyasint"`
	Recipient UserID  `cbor:"2,keyasint"`
	Channel   Channel `cbor:"3,keyasint"`
}

// String is the key as providers see it.
func (k DeliveryKey) String() string {
	return k.Event.String() + "-" + k.Recipient.String() + "-" + string(k.Channel)
}

// DeliveryState is where a delivery stands. Stored: append only.
type DeliveryState uint8

// The states. Queued and Retrying are due at Delivery.Due; the others are final.
const (
	Queued     DeliveryState = 1
	Retrying   DeliveryState = 2 // tried at least once, to be tried again
	Sent       DeliveryState = 3 // a provider took it over
	Failed     DeliveryState = 4 // dead letter: will not be tried again
	Suppressed DeliveryState = 5 // not sent on purpose; Reason says why
	Delivered  DeliveryState = 6 // after Sent: the provider says that it has arrived
)

var deliveryStateNames = [...]string{"", "queued", "retrying", "sent", "failed", "suppressed", "delivered"}

// String is the state's name in API and metrics.
func (s DeliveryState) String() string {
	if int(s) < len(deliveryStateNames) {
		return deliveryStateNames[s]
	}
	return "unknown"
}

// Final reports whether nothing more will be tried.
func (s DeliveryState) Final() bool { return s >= Sent }

// Told reports whether the recipient has, or will have, the message as far as
// anybody knows.
func (s DeliveryState) Told() bool { return s == Sent || s == Delivered }

// Delivery is one message on its way: a row of the outbox while it is due, and
// of the delivery log afterwards.
type Delivery struct {
	Key          DeliveryKey    `cbor:"1,keyasint"`
	Notification NotificationID `cbor:"2,keyasint"`
	Company      CompanyID      `cbor:"3,keyasint"`
	Owner        OwnerID        `cbor:"4,keyasint"` // the device's
	Device       DeviceID       `cbor:"5,keyasint"`
	State        DeliveryState  `cbor:"6,keyasint"`
	Due          Time           `cbor:"7,keyasint"` // when to try next; while not final
	Expires      Time           `cbor:"8,keyasint"` // not to be sent as fresh after; 0 = never
	Created      Time           `cbor:"9,keyasint"`
	Reason       string         `cbor:"10,keyasint"` // of a Suppressed or Failed one
	Attempts     []Attempt      `cbor:"11,keyasint"`
	Done         []string       `cbor:"12,keyasint"` // push: subscriptions that have it

	Also    []NotificationID `cbor:"13,keyasint,omitempty"` // others that ask for the same message
	Late    bool             `cbor:"14,keyasint,omitempty"` // tells how things stand since the event, not the event
	Repeats uint32           `cbor:"15,keyasint,omitempty"` // like events since the notice before, which were held back
	Untrue  bool             `cbor:"16,keyasint,omitempty"` // its event was retracted: if it was sent, what it says did not happen

	Receipts []Receipt `cbor:"17,keyasint,omitempty"` // what the provider said after it took the message over
}

// Attempt is one try to hand a delivery to a provider, with its answer.
type Attempt struct {
	At       Time   `cbor:"1,keyasint" json:"at"`
	Took     Time   `cbor:"2,keyasint" json:"took"` // ms
	OK       bool   `cbor:"3,keyasint" json:"ok"`
	To       string `cbor:"4,keyasint" json:"to"`       // the address used
	Provider string `cbor:"5,keyasint" json:"provider"` // host or name
	Answer   string `cbor:"6,keyasint" json:"answer"`   // the provider's words, cut to 500 bytes
	ID       string `cbor:"7,keyasint" json:"id"`       // the provider's ID for the message
	Parts    int    `cbor:"8,keyasint" json:"parts"`    // SMS parts
	Error    string `cbor:"9,keyasint" json:"error"`
}

// Outcome replaces the changing part of a delivery after an attempt.
type Outcome struct {
	Key     DeliveryKey
	State   DeliveryState
	Due     Time
	Reason  string
	Attempt *Attempt // appended; nil where none was made
	Done    []string // appended
	Receipt *Receipt // what a provider says of a message that it took over before; State is not looked at
}
