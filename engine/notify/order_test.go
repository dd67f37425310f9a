package notify_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

func TestOrderPerRecipient(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		want := make(map[fleet.UserID][]string)
		for n := range 100 {
			user := fleet.UserID(n % 3)
			want[user] = append(want[user], m.add(n, user, fleet.SMS, now()+fleet.Time(n)).String())
		}
		time.Sleep(time.Second)
		var mu sync.Mutex
		got := make(map[fleet.UserID][]string)
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.SMS: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				time.Sleep(time.Duration(1+msg.Key.Event[2]%7) * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				got[msg.Key.Recipient] = append(got[msg.Key.Recipient], msg.Key.String())
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Minute)
		stop()
		for user := range want {
			if !slices.Equal(got[user], want[user]) {
				t.Errorf("user %d got\n%v, want\n%v", user, got[user], want[user])
			}
		}
	})
}

// One person with a thousand messages must not starve another.
func TestFloodOfOneStarvesNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		for n := range 2000 {
			m.add(n, 1, fleet.SMS, now())
		}
		key := m.add(3000, 2, fleet.SMS, now()+1)
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.SMS: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				time.Sleep(time.Second)
				return accept(ctx, msg)
			}),
		})
		time.Sleep(3 * time.Minute) // 2000 one by one would take 33
		stop()
		if row := m.get(key); row.State != fleet.Sent {
			t.Errorf("the other person's message is still %v", row.State)
		}
	})
}
