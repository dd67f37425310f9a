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
	Complete   Seq // facts of all inputs up to here are in this or earlier batches; 0 = no news
}

// Empty reports whether there is nothing to store but the sequence.
func (f *Facts) Empty() bool {
	return len(f.Events)+len(f.Deliveries)+len(f.Outcomes)+len(f.Memories) == 0
}

// Memory is what alert remembers about one rule on one device, opaque here.
// An empty Value forgets it.
type Memory struct {
	Device DeviceID
	Rule   NotificationID
	Value  []byte
}
