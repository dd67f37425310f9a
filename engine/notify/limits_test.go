package notify_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// sos makes a delivery's event an SOS.
func (m *memory) sos(key fleet.DeliveryKey) fleet.DeliveryKey {
	m.mu.Lock()
	defer m.mu.Unlock()
	e := m.events[key.Event]
	e.Kind, e.Alarms, e.Fence = fleet.Alarm, fleet.SOS, 0
	m.events[key.Event] = e
	return key
}

// A person gets no more than the cap within an hour; the rest is suppressed,
// in sight. Critical alarms come on top, and others are not concerned.
func TestCapARecipientAndHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		d, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.SMS: sendFunc(accept)}, func(o *notify.Options) {
			o.Caps = map[fleet.Channel]int{fleet.SMS: 3}
		})
		var keys []fleet.DeliveryKey
		for n := range 5 {
			keys = append(keys, m.add(n, 7, fleet.SMS, now()))
			d.Wake()
			time.Sleep(time.Minute)
		}
		alarm, other := m.sos(m.add(10, 7, fleet.SMS, now())), m.add(11, 8, fleet.SMS, now())
		d.Wake()
		time.Sleep(56 * time.Minute) // the first is an hour old
		again := m.add(12, 7, fleet.SMS, now())
		d.Wake()
		time.Sleep(time.Minute)
		stop()
		for i, key := range keys {
			row := m.get(key)
			if want := i < 3; (row.State == fleet.Sent) != want {
				t.Errorf("message %d: %v %q", i+1, row.State, row.Reason)
			}
			if i >= 3 && !strings.Contains(row.Reason, "3 by sms within an hour") {
				t.Errorf("message %d: %v %q", i+1, row.State, row.Reason)
			}
		}
		for _, key := range []fleet.DeliveryKey{alarm, other, again} {
			if row := m.get(key); row.State != fleet.Sent {
				t.Errorf("%v: %v %q", key, row.State, row.Reason)
			}
		}
	})
}

// What a customer has spent this month counts, also from before a start; the
// budget is a hard stop, but not for an SOS.
func TestSMSBudgetACustomerAndMonth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.clients = map[fleet.CustomerID]fleet.Customer{
			20: {ID: 20, Company: 1, Timezone: "America/Bogota", SMSBudget: 10},
			21: {ID: 21, Company: 1, Timezone: "America/Bogota"},
		}
		of := func(n int, owner fleet.OwnerID) fleet.DeliveryKey {
			key := m.add(n, fleet.UserID(n), fleet.SMS, now())
			m.edit(key, func(d *fleet.Delivery) { d.Owner = owner })
			return key
		}
		sent := func(n int, at fleet.Time, parts int) {
			m.edit(of(n, 20), func(d *fleet.Delivery) {
				d.State, d.Created = fleet.Sent, at
				d.Attempts = []fleet.Attempt{{At: at - 1, Parts: 1}, {At: at, OK: true, Parts: parts}}
			})
		}
		sent(1, now()-2*fleet.Hour, 4) // 31 December, 17:00 in Bogotá: this month by that clock
		sent(2, now()-31*fleet.Day, 100)
		var keys []fleet.DeliveryKey
		for n := range 10 {
			keys = append(keys, of(10+n, 20))
		}
		free := of(30, 21)
		three := func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
			time.Sleep(time.Second)
			return notify.Receipt{Provider: "p", Parts: 2}, nil
		}
		d, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.SMS: sendFunc(three)})
		time.Sleep(time.Minute)
		alarm := m.sos(of(40, 20))
		d.Wake()
		time.Sleep(time.Minute)
		went, held := 0, 0
		for _, key := range keys {
			switch row := m.get(key); {
			case row.State == fleet.Sent:
				went++
			case row.State == fleet.Suppressed && strings.Contains(row.Reason, "of 10 parts this month"):
				held++
			default:
				t.Errorf("%v %q", row.State, row.Reason)
			}
		}
		// Each costs one part at least: six may begin, and cost twice that.
		if went < 3 || went > 6 || went+held != len(keys) {
			t.Errorf("%d went out, %d were held back", went, held)
		}
		for _, key := range []fleet.DeliveryKey{free, alarm} {
			if row := m.get(key); row.State != fleet.Sent {
				t.Errorf("%v %q", row.State, row.Reason)
			}
		}
		c := m.clients[20]
		if used, _, err := d.Spent(&c, time.Now()); err != nil || used != 4+2*went+2 {
			t.Errorf("%d parts used, %v", used, err)
		}
		time.Sleep(40 * 24 * time.Hour) // a new month
		next := of(50, 20)
		d.Wake()
		time.Sleep(time.Minute)
		stop()
		if row := m.get(next); row.State != fleet.Sent {
			t.Errorf("next month: %v %q", row.State, row.Reason)
		}
	})
}
