package notify_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
)

// browsers subscribes user 7 with a browser at each host.
func browsers(m *memory, hosts ...string) {
	for i, host := range hosts {
		m.subs[7] = append(m.subs[7], fleet.Subscription{
			ID: fleet.SubscriptionID(i + 1), User: 7, Endpoint: "https://" + host + "/x", Created: fleet.Time(i),
		})
	}
}

// byHost answers by the push service's host and counts.
type byHost struct {
	mu      sync.Mutex
	answers map[string]func(n int) error
	count   map[string]int
}

func (b *byHost) Send(ctx context.Context, m notify.Message) (notify.Receipt, error) {
	host := strings.TrimSuffix(strings.TrimPrefix(m.Browser.Endpoint, "https://"), "/x")
	b.mu.Lock()
	if b.count == nil {
		b.count = make(map[string]int)
	}
	b.count[host]++
	n, answer := b.count[host], b.answers[host]
	b.mu.Unlock()
	var err error
	if answer != nil {
		err = answer(n)
	}
	return notify.Receipt{Provider: host, Answer: fmt.Sprint("answer ", n)}, err
}

func TestFanOut(t *testing.T) {
	gone := func(int) error { return fmt.Errorf("%w: 410", notify.ErrGone) }
	refused := func(int) error { return notify.Permanent(errors.New("413")) }
	twice := func(n int) error {
		if n <= 2 {
			return notify.Down(errors.New("503"))
		}
		return nil
	}
	never := func(int) error { return notify.Down(errors.New("503")) }
	tests := []struct {
		name    string
		answers map[string]func(int) error
		state   fleet.DeliveryState
		reason  string
		done    int
		left    int // subscriptions
		count   map[string]int
	}{
		{"all take it", nil, fleet.Sent, "", 2, 2, map[string]int{"a": 1, "b": 1}},
		{"one is gone", map[string]func(int) error{"a": gone}, fleet.Sent, "", 1, 1, map[string]int{"a": 1, "b": 1}},
		{"all are gone", map[string]func(int) error{"a": gone, "b": gone}, fleet.Failed, "gone", 0, 0, nil},
		{"one is refused", map[string]func(int) error{"b": refused}, fleet.Sent, "", 1, 2, nil},
		{"all are refused", map[string]func(int) error{"a": refused, "b": refused}, fleet.Failed, "413", 0, 2, nil},
		{"one comes later, the other is not asked again", map[string]func(int) error{"a": twice}, fleet.Sent, "", 2, 2, map[string]int{"a": 3, "b": 1}},
		{"one never", map[string]func(int) error{"a": never}, fleet.Sent, "1 browser", 1, 2, map[string]int{"b": 1}},
		{"none ever", map[string]func(int) error{"a": never, "b": never}, fleet.Failed, "gave up", 0, 2, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				browsers(m, "a", "b")
				key := m.add(1, 7, fleet.Push, now())
				b := &byHost{answers: tt.answers}
				_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Push: b})
				time.Sleep(30 * time.Hour)
				stop()
				row := m.get(key)
				if row.State != tt.state || !strings.Contains(row.Reason, tt.reason) || len(row.Done) != tt.done || len(m.subs[7]) != tt.left {
					t.Errorf("state %v, reason %q, done %v, %d subscriptions left", row.State, row.Reason, row.Done, len(m.subs[7]))
				}
				for host, want := range tt.count {
					if b.count[host] != want {
						t.Errorf("%s was asked %d times, want %d", host, b.count[host], want)
					}
				}
			})
		})
	}
}

func TestDeadPushServiceDelaysNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		for u := range fleet.UserID(200) {
			host := "dead"
			if u%2 == 0 {
				host = "alive"
			}
			m.subs[u] = []fleet.Subscription{{ID: fleet.SubscriptionID(u + 1), User: u, Endpoint: "https://" + host + "/x"}}
			m.add(int(u), u, fleet.Push, now())
		}
		_, stop := start(t, m, map[fleet.Channel]notify.Sender{fleet.Push: sendFunc(func(ctx context.Context, msg notify.Message) (notify.Receipt, error) {
			if strings.Contains(msg.Browser.Endpoint, "dead") {
				return blackhole(ctx, msg)
			}
			return accept(ctx, msg)
		})})
		time.Sleep(time.Minute)
		stop()
		if n := m.count(fleet.Sent); n != 100 {
			t.Errorf("%d of 100 living browsers have it after a minute", n)
		}
	})
}
