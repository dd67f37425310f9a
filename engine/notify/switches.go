package notify

import (
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// switched suppresses what the customer's switches hold back: all SMS, or all
// mail, about its devices, critical ones too.
func (l *lane) switched(row *fleet.Delivery) (*verdict, error) {
	if l.ch != fleet.SMS && l.ch != fleet.Email {
		return nil, nil
	}
	c, err := l.d.o.Directory.Customer(fleet.CustomerID(row.Owner))
	switch {
	case err != nil && fleet.KindOf(err) == fleet.NotFound: // the company's own device
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("customer %s: %w", row.Owner, err)
	case l.ch == fleet.SMS && c.NoSMS:
		return suppressed("SMS is switched off for the customer"), nil
	case l.ch == fleet.Email && c.NoEmail:
		return suppressed("mail is switched off for the customer"), nil
	}
	return nil, nil
}
