package fleet

import (
	"crypto/sha256"
	"encoding/binary"
	"strings"
)

// MaxAddresses bounds the mail addresses, and the phone numbers, that one
// notification names beside people.
const MaxAddresses = 50

// addressee marks what stands in place of a user in the key of a delivery to
// an address. Users whose IDs begin so are made from the year 2107 on.
const addressee = UserID(0x3f) << 58

// Addressee stands for an address in the keys of deliveries: the same address
// gives the same ID, whatever its case.
func Addressee(ch Channel, to string) UserID {
	sum := sha256.Sum256([]byte(string(ch) + " " + strings.ToLower(to)))
	return addressee | UserID(binary.BigEndian.Uint64(sum[:8])>>6)
}

// IsAddressee reports whether an ID stands for an address and not for a user.
func IsAddressee(id UserID) bool { return id&addressee == addressee }

// Addresses are what a notification names of a channel beside people.
func (n *Notification) Addresses(ch Channel) []string {
	switch ch {
	case Email:
		return n.Emails
	case SMS:
		return n.Phones
	}
	return nil
}

// Address is the address that an addressee stands for; "" if the notification
// does not name it.
func (n *Notification) Address(ch Channel, id UserID) string {
	for _, to := range n.Addresses(ch) {
		if Addressee(ch, to) == id {
			return to
		}
	}
	return ""
}

// validAddresses wants what the channels chosen can reach.
func (n *Notification) validAddresses(chosen func(Channel) bool) error {
	for _, f := range []struct {
		field string
		ch    Channel
		valid func(string) error
	}{
		{"emails", Email, func(s string) error { return validEmail("emails", s) }},
		{"phones", SMS, ValidPhone},
	} {
		all := n.Addresses(f.ch)
		if len(all) > MaxAddresses {
			return FieldError(f.field, "has %d, at most %d fit", len(all), MaxAddresses)
		}
		if len(all) > 0 && !chosen(f.ch) {
			return FieldError(f.field, "needs the channel %s", f.ch)
		}
		for i, to := range all {
			if err := f.valid(to); err != nil {
				if e, ok := err.(*Error); ok {
					return FieldError(f.field, "%s", e.Message)
				}
				return FieldError(f.field, "%v", err)
			}
			for _, other := range all[:i] {
				if strings.EqualFold(to, other) {
					return FieldError(f.field, "names %q twice", to)
				}
			}
		}
	}
	return nil
}
