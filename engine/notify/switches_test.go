package notify_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// A customer's switches hold back every SMS, or every mail, about its devices,
// an SOS too, and say so in the log; the other channels go on.
func TestCustomerSwitches(t *testing.T) {
	for _, c := range []struct {
		name   string
		off    fleet.Service
		ch     fleet.Channel
		reason string
	}{
		{"SMS status/S2-28", fleet.Service{NoSMS: true}, fleet.SMS, "SMS is switched off for the customer"},
		{"email status/S2-29", fleet.Service{NoEmail: true}, fleet.Email, "mail is switched off for the customer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				m.clients = map[fleet.CustomerID]fleet.Customer{9: {ID: 9, Timezone: "UTC", Service: c.off}}
				other := fleet.Email
				if c.ch == other {
					other = fleet.SMS
				}
				held, sos, goes := m.add(1, 7, c.ch, now()), m.sos(m.add(2, 7, c.ch, now())), m.add(3, 7, other, now())
				for _, key := range []fleet.DeliveryKey{held, sos, goes} {
					m.edit(key, func(d *fleet.Delivery) { d.Owner = 9 })
				}
				d, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.SMS: sendFunc(accept), fleet.Email: sendFunc(accept)})
				d.Wake()
				time.Sleep(time.Minute)
				stop()
				for _, key := range []fleet.DeliveryKey{held, sos} {
					if row := m.get(key); row.State != fleet.Suppressed || row.Reason != c.reason {
						t.Errorf("%v: %v %q", key, row.State, row.Reason)
					}
				}
				if row := m.get(goes); row.State != fleet.Sent {
					t.Errorf("the other channel: %v %q", row.State, row.Reason)
				}
			})
		})
	}
}
