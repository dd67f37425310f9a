package fleet

// Facts is what a batch of inputs led to: rows that become permanent in one
// transaction. Events and deliveries are put only where they are absent, so a
// replay creates them again and doubles nothing; outcomes replace the state of
// a delivery that exists.
type Facts struct {
	Events     []Event
	Deliveries []Delivery
	Outcomes   []Outcome
	Memories   []Memory

	// Revised are events that late reports amended or retracted: each replaces
	// the row with its ID, and is put where there is none. Deliveries of
	// retracted ones that are not final yet are suppressed with ReasonRetracted
	// in the same transaction.
	Revised []Event

	// Raised are events of this batch that a notification wants on the attention
	// list (Attention); SOS, power cut and tamper stand there anyway.
	Raised []EventID
	// Muted are events of this batch that raise nothing: their device was in test
	// or maintenance.
	Muted []EventID

	Complete Seq // facts of all inputs up to here are in this or earlier batches; 0 = no news
}

// ReasonRetracted is the Reason of deliveries that a late report made untrue.
const ReasonRetracted = "retracted"

// Empty reports whether there is nothing to store but the sequence.
func (f *Facts) Empty() bool {
	return len(f.Events)+len(f.Deliveries)+len(f.Outcomes)+len(f.Memories)+len(f.Revised) == 0
}

// Memory is what alert remembers about one rule on one device, opaque here.
// An empty Value forgets it.
type Memory struct {
	Device DeviceID
	Rule   NotificationID
	Value  []byte
}
