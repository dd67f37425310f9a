package notify_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// An address that belongs to no user is written to in the customer's language,
// as long as the notification names it.
func TestAddressOfNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.clients = map[fleet.CustomerID]fleet.Customer{9: {ID: 9, Lang: fleet.Portuguese, Timezone: "America/Sao_Paulo"}}
		m.notices[1] = fleet.Notification{ID: 1, Emails: []string{"Porteria@example.com"}, Phones: []string{"+573001234567"}}
		var got []notify.Message
		keep := sendFunc(func(_ context.Context, msg notify.Message) (notify.Receipt, error) {
			got = append(got, msg)
			return notify.Receipt{}, nil
		})
		mail := m.add(1, fleet.Addressee(fleet.Email, "porteria@example.com"), fleet.Email, now())
		gone := m.add(2, fleet.Addressee(fleet.Email, "other@example.com"), fleet.Email, now())
		sms := m.add(3, fleet.Addressee(fleet.SMS, "+573001234567"), fleet.SMS, now())
		m.edit(mail, func(d *fleet.Delivery) { d.Owner = 9 })
		d, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: keep, fleet.SMS: sendFunc(accept)})
		d.Wake()
		time.Sleep(time.Minute)
		stop()
		if len(got) != 1 || got[0].To != "Porteria@example.com" || got[0].Lang != fleet.Portuguese {
			t.Errorf("mailed %+v", got)
		}
		if row := m.get(gone); row.State != fleet.Suppressed || row.Reason != "the notification names the address no more" {
			t.Errorf("an address that was taken off: %v %q", row.State, row.Reason)
		}
		if row := m.get(sms); row.State != fleet.Sent || row.Attempts[0].To != "+573001234567" {
			t.Errorf("by SMS: %v %q %+v", row.State, row.Reason, row.Attempts)
		}
	})
}

// In a person's quiet hours nothing but a critical alarm goes out; the rest
// does at their end, although it is older by then than it may be otherwise.
func TestQuietHoursOfAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory() // it is midnight in Greenwich, 19:00 in Bogotá
		d, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.SMS: sendFunc(accept)})
		held, alarm, other := m.add(1, 7, fleet.SMS, now()), m.sos(m.add(2, 7, fleet.SMS, now())), m.add(3, 8, fleet.SMS, now())
		for _, key := range []fleet.DeliveryKey{held, alarm, other} {
			m.edit(key, func(d *fleet.Delivery) { d.Expires = d.Created + 15*fleet.Minute })
		}
		var evening fleet.MinuteOfDay = 18 * 60
		u := m.users[7]
		u.Quiet = &fleet.Schedule{Weekly: []fleet.Interval{{Days: fleet.EveryDay, From: evening, To: evening + 180}}}
		m.users[7] = u
		d.Wake()
		time.Sleep(time.Minute)
		if row := m.get(held); row.State != fleet.Queued || row.Due != row.Created+2*fleet.Hour || len(row.Attempts) > 0 {
			t.Errorf("in quiet hours: %v due %v, made %v", row.State, row.Due, row.Created)
		}
		for _, key := range []fleet.DeliveryKey{alarm, other} {
			if row := m.get(key); row.State != fleet.Sent {
				t.Errorf("%v: %v %q", key, row.State, row.Reason)
			}
		}
		time.Sleep(2 * time.Hour)
		stop()
		if row := m.get(held); row.State != fleet.Sent {
			t.Errorf("after them: %v %q", row.State, row.Reason)
		}
	})
}
