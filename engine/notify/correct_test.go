package notify_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// correct adds a correction of delivery n to the same person.
func (m *memory) correct(n int, key fleet.DeliveryKey, now fleet.Time) fleet.DeliveryKey {
	to := m.add(n, key.Recipient, key.Channel, now)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.events[to.Event] = fleet.Event{ID: to.Event, Kind: fleet.Correction, Device: 1, Fence: 1, Time: now, Received: now, About: key.Event}
	return to
}

// Design, 4.7: a told event that was retracted is corrected; who was not told
// of it is not told of its correction.
func TestCorrection(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var got []string
		told, never := m.add(1, 7, fleet.SMS, now()), m.add(2, 8, fleet.SMS, now())
		m.edit(told, func(d *fleet.Delivery) { d.State = fleet.Sent })
		m.edit(never, func(d *fleet.Delivery) { d.State = fleet.Suppressed })
		first, second := m.correct(3, told, now()), m.correct(4, never, now())
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.SMS: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				got = append(got, msg.Subject)
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Minute)
		stop()
		if row := m.get(first); row.State != fleet.Sent || len(got) != 1 || got[0] != "Corrección: Camión 12 no ingresó a Depósito" {
			t.Errorf("%q, row %+v", got, row)
		}
		if row := m.get(second); row.State != fleet.Suppressed || row.Reason == "" {
			t.Errorf("row %+v", row)
		}
	})
}

// While the first notice is under way, its correction waits for how that ends.
func TestCorrectionOfANoticeUnderWay(t *testing.T) {
	for _, ends := range []fleet.DeliveryState{fleet.Sent, fleet.Suppressed} {
		synctest.Test(t, func(t *testing.T) {
			m := newMemory()
			first := m.add(1, 7, fleet.SMS, now()+fleet.Hour)
			to := m.correct(2, first, now())
			_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.SMS: sendFunc(accept)})
			time.Sleep(25 * time.Second)
			if row := m.get(to); row.State.Final() || len(row.Attempts) > 0 {
				t.Errorf("before it is known: %+v", row)
			}
			m.edit(first, func(d *fleet.Delivery) { d.State = ends })
			time.Sleep(25 * time.Second)
			stop()
			if row := m.get(to); row.State != ends {
				t.Errorf("after the first ended as %v: %+v", ends, row)
			}
		})
	}
}

// What waited for the tracker, or for the end of quiet hours, says how things
// stand.
func TestLateDeliverySaysHowThingsStand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.SMS, now())
		m.edit(key, func(d *fleet.Delivery) { d.Late, d.Repeats = true, 2 })
		var got notify.Message
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.SMS: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				got = msg
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Second)
		stop()
		if want := "Camión 12 adentro de Depósito desde el 31 dic 19:00 UTC-5 (+2 desde el último aviso)"; got.Text != want {
			t.Errorf("%q, want %q", got.Text, want)
		}
	})
}
