package notify_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// sendFunc is a sender for tests of timing, where sockets have no place.
type sendFunc func(ctx context.Context, m notify.Message) (notify.Receipt, error)

func (f sendFunc) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	return f(ctx, m)
}

func accept(context.Context, notify.Message) (notify.Receipt, error) {
	return notify.Receipt{Provider: "p", Answer: "250 ok", Parts: 1}, nil
}

func blackhole(ctx context.Context, _ notify.Message) (notify.Receipt, error) {
	<-ctx.Done()
	return notify.Receipt{}, ctx.Err()
}

// start runs a dispatcher until the test ends.
func start(t *testing.T, m *memory, senders map[fleet.Channel]notify.Sender, more ...func(*notify.Options)) (*notify.Dispatcher, context.CancelFunc) {
	t.Helper()
	o := notify.Options{Outbox: m, Recorder: m, Directory: m, Senders: senders, PublicURL: "https://track.example.com"}
	for _, f := range more {
		f(&o)
	}
	d, err := notify.New(o)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := d.Run(ctx); err != nil {
			t.Error(err)
		}
	}()
	stop := func() { cancel(); <-done }
	t.Cleanup(stop)
	return d, stop
}

func now() fleet.Time { return fleet.At(time.Now()) }

func TestSentOnceWithItsTexts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.Email, now())
		var got []notify.Message
		d, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.Email: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				got = append(got, msg)
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Hour)
		d.Wake()
		stop()
		row := m.get(key)
		if row.State != fleet.Sent || len(row.Attempts) != 1 || !row.Attempts[0].OK || row.Attempts[0].Answer != "250 ok" {
			t.Errorf("row %+v", row)
		}
		if len(got) != 1 {
			t.Fatalf("sent %d times", len(got))
		}
		if msg := got[0]; msg.To != "u7@example.com" || msg.Subject != "Camión 12 ingresó a Depósito" ||
			!strings.HasPrefix(msg.URL, "https://track.example.com/?event=") || len(msg.Links) != 1 {
			t.Errorf("message %+v", msg)
		}
	})
}

func TestWithoutAnAttempt(t *testing.T) {
	tests := []struct {
		name   string
		ch     fleet.Channel
		set    func(*memory, fleet.DeliveryKey)
		state  fleet.DeliveryState
		reason string
	}{
		{"too old", fleet.Email, func(m *memory, k fleet.DeliveryKey) {
			m.edit(k, func(d *fleet.Delivery) { d.Expires = now() - 1 })
		}, fleet.Suppressed, "too old"},
		{"no phone", fleet.SMS, func(m *memory, k fleet.DeliveryKey) {
			m.users[7] = fleet.User{ID: 7, Company: 1}
		}, fleet.Failed, "the user has no phone number"},
		{"no mail address", fleet.Email, func(m *memory, k fleet.DeliveryKey) {
			m.users[7] = fleet.User{ID: 7, Company: 1}
		}, fleet.Failed, "the user has no mail address"},
		{"no browser", fleet.Push, func(*memory, fleet.DeliveryKey) {}, fleet.Failed, "no browser"},
		{"user gone", fleet.Email, func(m *memory, k fleet.DeliveryKey) { delete(m.users, 7) }, fleet.Failed, "no longer exists"},
		{"user disabled", fleet.Email, func(m *memory, k fleet.DeliveryKey) {
			m.users[7] = fleet.User{ID: 7, Company: 1, Disabled: true}
		}, fleet.Suppressed, "disabled"},
		{"user of another company", fleet.Email, func(m *memory, k fleet.DeliveryKey) {
			m.users[7] = fleet.User{ID: 7, Company: 2, Email: "x@example.com"}
		}, fleet.Suppressed, "company"},
		{"event gone", fleet.Email, func(m *memory, k fleet.DeliveryKey) { delete(m.events, k.Event) }, fleet.Failed, "event"},
		{"event retracted", fleet.Email, func(m *memory, k fleet.DeliveryKey) {
			m.events[k.Event] = fleet.Event{Flags: fleet.Retracted}
		}, fleet.Suppressed, "did not happen"},
		{"notification deleted", fleet.Push, func(m *memory, k fleet.DeliveryKey) { delete(m.notices, 1) }, fleet.Suppressed, "was deleted"},
		{"notification paused", fleet.SMS, func(m *memory, k fleet.DeliveryKey) {
			m.notices[1] = fleet.Notification{ID: 1, Paused: true}
		}, fleet.Suppressed, "is paused"},
		{"two notifications, neither holds", fleet.Email, func(m *memory, k fleet.DeliveryKey) {
			m.notices[1] = fleet.Notification{ID: 1, Paused: true}
			m.edit(k, func(d *fleet.Delivery) { d.Also = []fleet.NotificationID{2} })
		}, fleet.Suppressed, "is paused"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				key := m.add(1, 7, tt.ch, now())
				tt.set(m, key)
				never := sendFunc(func(context.Context, notify.Message) (notify.Receipt, error) {
					t.Error("was sent")
					return notify.Receipt{}, nil
				})
				_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: never, fleet.SMS: never, fleet.Push: never})
				time.Sleep(time.Minute)
				stop()
				row := m.get(key)
				if row.State != tt.state || !strings.Contains(row.Reason, tt.reason) || len(row.Attempts) != 0 {
					t.Errorf("state %v, reason %q, %d attempts", row.State, row.Reason, len(row.Attempts))
				}
			})
		})
	}
}

func TestChannelWithoutSender(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.SMS, now())
		_, stop := start(t, m, nil)
		time.Sleep(time.Second)
		stop()
		if row := m.get(key); row.State != fleet.Failed || !strings.Contains(row.Reason, "sms is not configured") {
			t.Errorf("state %v, reason %q", row.State, row.Reason)
		}
	})
}

func TestPermanentFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.Email, now())
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.Email: sendFunc(func(context.Context, notify.Message) (notify.Receipt, error) {
				return notify.Receipt{Answer: "550 no such user"}, notify.Permanent(errors.New("550 no such user"))
			}),
		})
		time.Sleep(time.Hour)
		stop()
		if row := m.get(key); row.State != fleet.Failed || row.Reason != "550 no such user" || len(row.Attempts) != 1 {
			t.Errorf("row %+v", row)
		}
	})
}

func TestRetriesUntilItGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.Email, now())
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.Email: sendFunc(func(context.Context, notify.Message) (notify.Receipt, error) {
				return notify.Receipt{}, errors.New("450 mailbox busy")
			}),
		})
		time.Sleep(48 * time.Hour)
		stop()
		row := m.get(key)
		if row.State != fleet.Failed || !strings.Contains(row.Reason, "gave up after 24h0m0s") || !strings.Contains(row.Reason, "450 mailbox busy") {
			t.Errorf("state %v, reason %q", row.State, row.Reason)
		}
		if n := len(row.Attempts); n < 30 || n > 100 {
			t.Errorf("%d attempts in a day", n)
		}
		for i, a := range row.Attempts[1:] {
			gap := (a.At - row.Attempts[i].At).Std().Sub(time.UnixMilli(0))
			age := time.Duration(row.Attempts[i].At-row.Created) * time.Millisecond
			if ceiling := max(8*time.Minute, age/6) + time.Second; gap > ceiling {
				t.Errorf("pause %d is %v, above %v", i+1, gap, ceiling)
			}
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.SMS, now())
		n := 0
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.SMS: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				if n++; n == 1 {
					return notify.Receipt{}, notify.Down(&notify.RetryAfterError{Err: errors.New("429"), After: 20 * time.Minute})
				}
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Hour)
		stop()
		row := m.get(key)
		if row.State != fleet.Sent || len(row.Attempts) != 2 {
			t.Fatalf("row %+v", row)
		}
		if gap := row.Attempts[1].At - row.Attempts[0].At; gap < 20*fleet.Minute || gap > 29*fleet.Minute {
			t.Errorf("tried again after %d ms", gap)
		}
	})
}

func TestLastTryWhileFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.Email, now())
		m.edit(key, func(d *fleet.Delivery) { d.Expires = now() + 15*fleet.Minute })
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: sendFunc(func(context.Context, notify.Message) (notify.Receipt, error) {
			return notify.Receipt{}, errors.New("450")
		})})
		time.Sleep(time.Hour)
		stop()
		row := m.get(key)
		if row.State != fleet.Suppressed || !strings.Contains(row.Reason, "too old") || !strings.Contains(row.Reason, "450") {
			t.Errorf("state %v, reason %q", row.State, row.Reason)
		}
		if last := row.Attempts[len(row.Attempts)-1].At; last > row.Expires || last < row.Expires-fleet.Second {
			t.Errorf("last try %v, expires %v", last, row.Expires)
		}
	})
}

func TestBlackholedProviderDelaysNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		for n := range 2000 {
			m.add(n, fleet.UserID(n), fleet.Email, now()) // all older than the message below
		}
		time.Sleep(time.Second)
		key := m.add(5000, 7, fleet.SMS, now())
		began := now()
		d, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: sendFunc(blackhole), fleet.SMS: sendFunc(accept)})
		time.Sleep(time.Second)
		if row := m.get(key); row.State != fleet.Sent || row.Attempts[0].At-began > 10 {
			t.Errorf("row %+v", row)
		}
		time.Sleep(5 * time.Minute)
		for _, s := range d.Status() {
			if want := s.Channel == fleet.Email; s.Down != want {
				t.Errorf("%s: down %v, want %v (%q)", s.Channel, s.Down, want, s.Trouble)
			}
		}
		stop()
		attempts := 0
		for _, row := range m.rows {
			attempts += len(row.Attempts)
		}
		// 8 at a time until five have failed, then one probe per 30 s and its 30 s timeout.
		if attempts > 1+8+8+10 {
			t.Errorf("%d attempts on a dead provider in 5 minutes", attempts)
		}
	})
}

func TestAllDeliveredSoonAfterAnOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		const total = 10_000
		for n := range total {
			m.add(n, fleet.UserID(n%500), fleet.SMS, now())
		}
		healed := time.Now().Add(time.Hour)
		var mu sync.Mutex
		seen := make(map[string]int)
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.SMS: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				if time.Now().Before(healed) {
					return notify.Receipt{}, notify.Down(errors.New("connection refused"))
				}
				time.Sleep(50 * time.Millisecond)
				mu.Lock()
				defer mu.Unlock()
				seen[msg.Key.String()]++
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Hour + 10*time.Minute)
		stop()
		if n := m.count(fleet.Sent); n != total {
			t.Errorf("%d of %d sent", n, total)
		}
		for key, n := range seen {
			if n != 1 {
				t.Errorf("%s went out %d times", key, n)
			}
		}
	})
}

func TestOutcomeIsNotForgottenWhenTheDiskIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.failing = 20
		key := m.add(1, 7, fleet.Email, now())
		n := 0
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.Email: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				n++
				return accept(ctx, msg)
			}),
		})
		time.Sleep(time.Hour)
		stop()
		if row := m.get(key); row.State != fleet.Sent || n != 1 {
			t.Errorf("state %v, sent %d times", row.State, n)
		}
	})
}

func TestOurOwnTroubleUsesUpNoAttempt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.dirFails = 3
		key := m.add(1, 7, fleet.Email, now())
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: sendFunc(accept)})
		time.Sleep(time.Minute)
		stop()
		if row := m.get(key); row.State != fleet.Sent || len(row.Attempts) != 1 {
			t.Errorf("row %+v", row)
		}
	})
}

// TestTextsThatCannotBeMadeEnd: the pauses grow, the reason stands in the log
// meanwhile, and a day later it is a dead letter.
func TestTextsThatCannotBeMadeEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		m.dirFails = 1 << 30
		key := m.add(1, 7, fleet.Email, now())
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: sendFunc(accept)})
		time.Sleep(time.Hour)
		if row := m.get(key); row.State != fleet.Queued || !strings.Contains(row.Reason, "read error") {
			t.Errorf("after an hour: state %v, reason %q", row.State, row.Reason)
		}
		time.Sleep(24 * time.Hour)
		stop()
		row := m.get(key)
		if row.State != fleet.Failed || !strings.Contains(row.Reason, "gave up after 24h") || !strings.Contains(row.Reason, "read error") {
			t.Errorf("state %v, reason %q", row.State, row.Reason)
		}
		if tries := 1<<30 - m.dirFails; tries > 250 {
			t.Errorf("tried %d times in a day", tries)
		}
	})
}

// TestOneNotificationOfTwoHolds: what two notifications ask for goes out as
// long as one of them stands.
func TestOneNotificationOfTwoHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		key := m.add(1, 7, fleet.Email, now())
		m.edit(key, func(d *fleet.Delivery) { d.Notification, d.Also = 3, []fleet.NotificationID{1} })
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: sendFunc(accept)})
		time.Sleep(time.Minute)
		stop()
		if row := m.get(key); row.State != fleet.Sent {
			t.Errorf("state %v, reason %q", row.State, row.Reason)
		}
	})
}

func TestStopLetsAttemptsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		quick, slow := m.add(1, 7, fleet.Email, now()), m.add(2, 8, fleet.SMS, now())
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{
			fleet.Email: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
				time.Sleep(3 * time.Second)
				return accept(ctx, msg)
			}),
			fleet.SMS: sendFunc(blackhole),
		})
		time.Sleep(time.Second)
		began := time.Now()
		stop()
		if took := time.Since(began); took > 6*time.Second {
			t.Errorf("the stop took %v", took)
		}
		if row := m.get(quick); row.State != fleet.Sent {
			t.Errorf("the quick one: %+v", row)
		}
		if row := m.get(slow); row.State != fleet.Queued || len(row.Attempts) != 0 {
			t.Errorf("the slow one is not as it was: %+v", row)
		}
	})
}

func TestIdleAsksSeldom(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Email: sendFunc(accept)})
		time.Sleep(time.Hour)
		stop()
		if m.reads > 3*(120+2) {
			t.Errorf("%d reads of an empty outbox in an hour", m.reads)
		}
	})
}
