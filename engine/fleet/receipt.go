package fleet

import (
	"slices"
	"strings"
)

// Receipt is what a provider says of one part of a message after it took the
// message over: a delivery receipt. Stored.
type Receipt struct {
	ID       string        `cbor:"1,keyasint"` // the part's, one of those in Attempt.ID
	State    DeliveryState `cbor:"2,keyasint"` // Delivered or Failed
	Received Time          `cbor:"3,keyasint"` // when it came
	Done     string        `cbor:"4,keyasint"` // when it arrived or was given up, by the provider's clock and in its words
	Words    string        `cbor:"5,keyasint"` // the provider's, cut to 500 bytes
}

// MaxReceipts bounds a delivery's receipts: a message has at most 10 parts.
const MaxReceipts = 10

// Hear adds a receipt to a delivery; false if it says nothing new or is about
// another message. Once all parts have arrived it is Delivered, once one
// cannot it is Failed; a part that did arrive after all is believed.
func (d *Delivery) Hear(r Receipt) bool {
	parts := d.PartIDs()
	if !slices.Contains(parts, r.ID) || r.State != Delivered && r.State != Failed {
		return false
	}
	at := slices.IndexFunc(d.Receipts, func(have Receipt) bool { return have.ID == r.ID })
	switch {
	case at >= 0 && (d.Receipts[at].State == r.State || d.Receipts[at].State == Delivered):
		return false
	case at < 0 && len(d.Receipts) >= MaxReceipts:
		return false
	}
	d.Receipts = slices.Clone(d.Receipts)
	if at >= 0 {
		d.Receipts[at] = r
	} else {
		d.Receipts = append(d.Receipts, r)
	}
	arrived, lost := 0, ""
	for _, have := range d.Receipts {
		switch {
		case !slices.Contains(parts, have.ID): // of an attempt before
		case have.State == Delivered:
			arrived++
		default:
			lost = "the provider reports: " + have.Words
		}
	}
	switch {
	case lost != "":
		d.State, d.Reason = Failed, lost
	case arrived == len(parts):
		d.State, d.Reason = Delivered, ""
	default:
		d.State, d.Reason = Sent, ""
	}
	return true
}

// PartIDs are the provider's IDs of the message that it took over, nil if it
// took none or gave no ID.
func (d *Delivery) PartIDs() []string {
	for _, a := range slices.Backward(d.Attempts) {
		if a.OK {
			return strings.Fields(a.ID)
		}
	}
	return nil
}
