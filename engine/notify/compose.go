package notify

import (
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify/text"
)

// verdict ends a delivery without an attempt, or puts it off.
type verdict struct {
	state  fleet.DeliveryState
	reason string
	due    fleet.Time // while the state is not final
}

func failed(format string, args ...any) *verdict {
	return &verdict{state: fleet.Failed, reason: fmt.Sprintf(format, args...)}
}

func suppressed(reason string) *verdict { return &verdict{state: fleet.Suppressed, reason: reason} }

// settled decides a delivery that needs neither texts nor a provider.
func (l *lane) settled(row *fleet.Delivery, now time.Time) (fleet.Outcome, bool) {
	var v *verdict
	switch late := fleet.At(now) - row.Expires; {
	case row.Expires != 0 && late > 0 && l.rested(row, now):
		return l.held(row, now)
	case row.Expires != 0 && late > 0 && len(row.Done) > 0:
		v = &verdict{state: fleet.Sent, reason: reached(len(row.Done)) + "too old for the others"}
	case row.Expires != 0 && late > 0:
		v = suppressed("too old: its time was up at " + row.Expires.String() + tried(row))
	case len(row.Attempts) > 0 && now.Sub(row.Created.Std()) >= l.d.o.Retry.MaxAge:
		v = failed("gave up after %v%s", l.d.o.Retry.MaxAge, tried(row))
		if len(row.Done) > 0 {
			v.state, v.reason = fleet.Sent, reached(len(row.Done))+v.reason
		}
	case l.senderOf(row) == nil:
		v = failed("%s is not configured on this server (docs/notifications.md says how)", l.ch)
	default:
		return l.held(row, now)
	}
	return fleet.Outcome{Key: row.Key, State: v.state, Reason: v.reason}, true
}

// reached begins the reason of a push delivery that not all browsers got.
func reached(browsers int) string { return "reached " + plural(browsers, "browser") + "; " }

// tried adds to a reason what the last attempt ended with. Their number is not
// told: a row may keep only the newest.
func tried(row *fleet.Delivery) string {
	n := len(row.Attempts)
	if n == 0 {
		return ""
	}
	return "; the last try: " + row.Attempts[n-1].Error
}

// compose words a delivery for its recipient. A verdict says that it is not to
// be sent, an error that we cannot tell just now.
func (l *lane) compose(row *fleet.Delivery) (Message, *verdict, error) {
	event, err := l.d.o.Outbox.Event(row.Key.Event)
	switch {
	case fleet.KindOf(err) == fleet.NotFound && err != nil:
		return Message{}, failed("the event is no longer stored"), nil
	case err != nil:
		return Message{}, nil, fmt.Errorf("event %s: %w", row.Key.Event, err)
	case event.Flags&fleet.Retracted != 0:
		return Message{}, suppressed("a late report showed that it did not happen"), nil
	}
	if v, err := l.wanted(row); v != nil || err != nil {
		return Message{}, v, err
	}
	if v, err := l.switched(row); v != nil || err != nil {
		return Message{}, v, err
	}
	about, v, err := l.corrected(row, &event)
	if v != nil || err != nil {
		return Message{}, v, err
	}
	user, v, err := l.recipient(row)
	if v != nil || err != nil {
		return Message{}, v, err
	}
	if until, ok := quietFor(&user, &event, fleet.At(l.d.o.Now())); ok {
		return Message{}, &verdict{state: fleet.Queued, due: until, reason: "the recipient's quiet hours"}, nil
	}
	to, v := address(row.Key.Channel, &user)
	if v != nil {
		return Message{}, v, nil
	}
	device, err := l.d.o.Directory.Device(event.Device)
	if err != nil {
		if fleet.KindOf(err) != fleet.NotFound {
			return Message{}, nil, fmt.Errorf("device %s: %w", event.Device, err)
		}
		device = fleet.Device{ID: event.Device}
	}
	fence := fleet.Fence{ID: event.Fence}
	if event.Fence != 0 {
		if fence, err = l.d.o.Directory.Fence(event.Fence); err != nil {
			if fleet.KindOf(err) != fleet.NotFound {
				return Message{}, nil, fmt.Errorf("fence %s: %w", event.Fence, err)
			}
			fence = fleet.Fence{ID: event.Fence}
		}
	}
	if v, err := l.limited(row, &event); v != nil || err != nil {
		return Message{}, v, err
	}
	n := text.Write(text.Facts{
		Event: event, About: about, Device: device, Fence: fence, User: user, PublicURL: l.d.o.PublicURL,
		Since: row.Late, Repeats: row.Repeats,
	})
	m := Message{
		Key: row.Key, To: to, Name: text.Clean(user.Name), Lang: user.Lang,
		Subject: n.Subject, Text: n.Brief, Expires: row.Expires,
	}
	if row.Key.Channel == fleet.Email {
		m.Text = n.Long
	}
	for _, link := range n.Links {
		m.Links = append(m.Links, Link{Label: link.Label, URL: link.URL})
	}
	if len(m.Links) > 0 {
		m.URL = m.Links[0].URL
	}
	return m, nil, nil
}

// wanted is nil if one of the notifications that asked for a delivery is still
// there and not paused.
func (l *lane) wanted(row *fleet.Delivery) (*verdict, error) {
	v := (*verdict)(nil)
	for _, id := range append([]fleet.NotificationID{row.Notification}, row.Also...) {
		if id == 0 { // nobody's: what the installation itself has to say
			return nil, nil
		}
		n, err := l.d.o.Directory.Notification(id)
		switch {
		case err != nil && fleet.KindOf(err) != fleet.NotFound:
			return nil, fmt.Errorf("notification %s: %w", id, err)
		case err != nil:
			if v == nil {
				v = suppressed("the notification was deleted")
			}
		case n.Paused:
			v = suppressed("the notification is paused")
		default:
			return nil, nil
		}
	}
	return v, nil
}

// address is where a channel reaches a user.
func address(ch fleet.Channel, u *fleet.User) (string, *verdict) {
	switch ch {
	case fleet.Email:
		if u.Email == "" {
			return "", failed("the user has no mail address")
		}
		return u.Email, nil
	case fleet.SMS:
		if u.Phone == "" {
			return "", failed("the user has no phone number")
		}
		if err := fleet.ValidPhone(u.Phone); err != nil {
			return "", failed("%v", err)
		}
		return u.Phone, nil
	}
	return "", nil
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
