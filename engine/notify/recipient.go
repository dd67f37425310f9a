package notify

import (
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// recipient is who a delivery goes to: a user, or what stands for an address
// that belongs to none.
func (l *lane) recipient(row *fleet.Delivery) (fleet.User, *verdict, error) {
	if fleet.IsAddressee(row.Key.Recipient) {
		return l.addressee(row)
	}
	user, err := l.d.o.Directory.User(row.Key.Recipient)
	switch {
	case err != nil && fleet.KindOf(err) == fleet.NotFound:
		return user, failed("the recipient no longer exists"), nil
	case err != nil:
		return user, nil, fmt.Errorf("user %s: %w", row.Key.Recipient, err)
	case user.Disabled:
		return user, suppressed("the recipient's account is disabled"), nil
	case user.Role != fleet.PlatformAdmin && row.Company != 0 && user.Company != row.Company:
		return user, suppressed("the recipient no longer belongs to the company"), nil
	}
	return user, nil, nil
}

// addressee is an address that one of the notifications that asked for a
// delivery still names. It is written to in the customer's language and by its
// clock; the company's, for devices of the company.
func (l *lane) addressee(row *fleet.Delivery) (fleet.User, *verdict, error) {
	u := fleet.User{ID: row.Key.Recipient, Company: row.Company, Lang: fleet.English, Timezone: "UTC"}
	to := ""
	for _, id := range append([]fleet.NotificationID{row.Notification}, row.Also...) {
		n, err := l.d.o.Directory.Notification(id)
		if err != nil && fleet.KindOf(err) != fleet.NotFound {
			return u, nil, fmt.Errorf("notification %s: %w", id, err)
		}
		if err == nil && to == "" {
			to = n.Address(row.Key.Channel, row.Key.Recipient)
		}
	}
	if to == "" {
		return u, suppressed("the notification names the address no more"), nil
	}
	u.Name, u.Email, u.Phone = to, to, to
	c, err := l.d.o.Directory.Customer(fleet.CustomerID(row.Owner))
	switch {
	case err == nil:
		u.Lang, u.Timezone = c.Lang, c.Timezone
		return u, nil, nil
	case fleet.KindOf(err) != fleet.NotFound:
		return u, nil, fmt.Errorf("customer %s: %w", row.Owner, err)
	}
	co, err := l.d.o.Directory.Company(row.Company)
	switch {
	case err == nil:
		u.Lang, u.Timezone = co.Lang, co.Timezone
	case fleet.KindOf(err) != fleet.NotFound:
		return u, nil, fmt.Errorf("company %s: %w", row.Company, err)
	}
	return u, nil, nil
}

// quietFor is until when a person wants no notice; critical alarms ignore it.
func quietFor(u *fleet.User, event *fleet.Event, now fleet.Time) (until fleet.Time, ok bool) {
	if u.Quiet == nil || event.Kind == fleet.Alarm && event.Alarms&fleet.CriticalAlarms != 0 {
		return 0, false
	}
	where, err := time.LoadLocation(u.Timezone)
	if err != nil {
		where = time.UTC
	}
	if !u.Quiet.Holds(now, where) {
		return 0, false
	}
	return u.Quiet.Until(now, where), true
}

// rested reports whether a delivery that is past its time waited for the end of
// its recipient's quiet hours, which began before it was made: it has as long
// after them as it would have had.
func (l *lane) rested(row *fleet.Delivery, now time.Time) bool {
	if fleet.IsAddressee(row.Key.Recipient) || len(row.Done) > 0 {
		return false
	}
	u, err := l.d.o.Directory.User(row.Key.Recipient)
	if err != nil {
		return false
	}
	until, ok := quietFor(&u, &fleet.Event{}, row.Created)
	return ok && fleet.At(now) <= until+(row.Expires-row.Created)
}
