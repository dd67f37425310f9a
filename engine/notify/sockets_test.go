package notify_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/engine/notify"
	"github.com/vigia-track/vigia/engine/notify/mail"
	"github.com/vigia-track/vigia/engine/notify/outbound"
	"github.com/vigia-track/vigia/engine/notify/push"
	"github.com/vigia-track/vigia/engine/notify/sinks"
	"github.com/vigia-track/vigia/engine/notify/sms"
)

// world is real servers for every channel, and senders for them.
type world struct {
	mail    *sinks.SMTP
	sms     *sinks.SMS
	push    *sinks.Push
	senders map[fleet.Channel]notify.Sender
}

func newWorld(t *testing.T) *world {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	w := &world{}
	var err error
	w.mail, err = sinks.NewSMTP(sinks.SMTPOptions{Username: "vigia", Password: "s3cret"})
	must(err)
	w.sms, err = sinks.NewSMS(sinks.SMSOptions{Account: "AC1", Token: "t"})
	must(err)
	w.push, err = sinks.NewPush()
	must(err)
	keys, err := push.GenerateVAPID()
	must(err)
	guard := outbound.Guard{AllowLoopback: true}
	m, err := mail.New(mail.Options{
		Host: w.mail.Host(), Port: w.mail.Port(), Username: "vigia", Password: "s3cret",
		From: "alerts@example.com", Roots: w.mail.Roots(),
	})
	must(err)
	s, err := sms.NewTwilio(sms.TwilioOptions{
		Common: sms.Common{Guard: guard}, URL: w.sms.URL(), Account: "AC1", Token: "t", From: "+15550001111",
	})
	must(err)
	p, err := push.New(push.Options{Keys: keys, Subject: "mailto:a@example.com", Guard: guard, Roots: w.push.Roots()})
	must(err)
	w.senders = map[fleet.Channel]notify.Sender{fleet.Email: m, fleet.SMS: s, fleet.Push: p}
	t.Cleanup(func() {
		for _, c := range []interface{ Close() error }{m, s, p, w.mail, w.sms, w.push} {
			if err := c.Close(); err != nil && !errors.Is(err, context.DeadlineExceeded) {
				t.Error(err)
			}
		}
	})
	return w
}

func (w *world) counts() map[fleet.Channel]map[string]int {
	return map[fleet.Channel]map[string]int{
		fleet.Email: w.mail.ByKey(), fleet.SMS: w.sms.ByKey(), fleet.Push: w.push.ByKey(),
	}
}

// script sets the same failures on all channels.
func (w *world) script(s sinks.Script) {
	w.mail.Script(s)
	w.sms.Script(s)
	w.push.Script(s)
}

// fill queues n messages to a few people on every channel.
func (w *world) fill(t *testing.T, m *memory, n int) {
	t.Helper()
	for i := range n {
		user := fleet.UserID(i%17 + 1)
		if len(m.subs[user]) == 0 {
			sub, err := w.push.Subscribe(user)
			if err != nil {
				t.Fatal(err)
			}
			sub.ID = fleet.SubscriptionID(user)
			m.subs[user] = append(m.subs[user], sub)
		}
		for _, ch := range fleet.Channels() {
			m.add(i, user, ch, now())
		}
	}
}

// settled waits until no delivery is open; the test's own timeout is the limit.
func settled(t *testing.T, m *memory, want int, d *notify.Dispatcher) {
	t.Helper()
	for {
		news := m.changed()
		if m.count(fleet.Sent)+m.count(fleet.Failed)+m.count(fleet.Suppressed) >= want {
			return
		}
		select {
		case <-news:
		case <-t.Context().Done():
			t.Fatalf("%d sent; %+v", m.count(fleet.Sent), d.Status())
		}
	}
}

var hasty = func(o *notify.Options) {
	o.Retry = notify.Retry{Base: time.Millisecond, Cap: 20 * time.Millisecond, MaxAttempts: 1000, MaxAge: time.Hour}
}

func TestEveryChannelOverRealSockets(t *testing.T) {
	w, m := newWorld(t), newMemory()
	const n = 100
	w.fill(t, m, n)
	w.script(func(i int) sinks.Fault { // one in ten is put off, so that retries mix in
		if i%10 == 3 {
			return sinks.Fault{Code: 450, Words: "later"}
		}
		return sinks.Fault{}
	})
	w.sms.Script(nil) // 450 is permanent in HTTP
	w.push.Script(nil)
	d, stop := start(t, m, w.senders, hasty)
	settled(t, m, 3*n, d)
	stop()
	for ch, byKey := range w.counts() {
		if len(byKey) != n {
			t.Errorf("%s: %d messages, want %d", ch, len(byKey), n)
		}
		for key, count := range byKey {
			if count != 1 {
				t.Errorf("%s: %s came %d times", ch, key, count)
			}
		}
	}
}

func TestAcceptedThenDroppedGoesOutAgainWithTheSameKey(t *testing.T) {
	w, m := newWorld(t), newMemory()
	const n = 5 // fewer in a row than open the breaker for long
	w.fill(t, m, n)
	w.script(func(i int) sinks.Fault { return sinks.Fault{Drop: i == 2} })
	d, stop := start(t, m, w.senders, hasty)
	settled(t, m, 3*n, d)
	stop()
	for ch, byKey := range w.counts() {
		doubled := 0
		for _, count := range byKey {
			doubled += count - 1
		}
		if len(byKey) != n || doubled != 1 {
			t.Errorf("%s: %d keys, %d doubled; want %d and 1", ch, len(byKey), doubled, n)
		}
	}
}

// crashing loses every record from a moment on, as a crash does.
type crashing struct {
	*memory
	left    atomic.Int64
	once    sync.Once
	crashed chan struct{} // closed at the first lost record
}

func (c *crashing) Record(ctx context.Context, outs []fleet.Outcome) error {
	if c.left.Add(-int64(len(outs))) < 0 {
		c.once.Do(func() { close(c.crashed) })
		return errors.New("crashed")
	}
	return c.memory.Record(ctx, outs)
}

func TestRestartInTheMiddleLosesNothing(t *testing.T) {
	w, m := newWorld(t), newMemory()
	const n = 60
	w.fill(t, m, n)
	c := &crashing{memory: m, crashed: make(chan struct{})}
	c.left.Store(n)
	_, stop := start(t, m, w.senders, hasty, func(o *notify.Options) {
		o.Recorder, o.Grace = c, time.Millisecond
	})
	<-c.crashed
	stop()
	before := m.count(fleet.Sent)
	if before == 0 || before == 3*n {
		t.Fatalf("the crash was not in the middle: %d of %d", before, 3*n)
	}
	d, stop := start(t, m, w.senders, hasty)
	settled(t, m, 3*n, d)
	stop()
	if got := m.count(fleet.Sent); got != 3*n {
		t.Errorf("%d of %d sent", got, 3*n)
	}
	for ch, byKey := range w.counts() {
		if len(byKey) != n {
			t.Errorf("%s: %d keys, want %d", ch, len(byKey), n)
		}
		again := 0
		for key, count := range byKey {
			if count > 2 {
				t.Errorf("%s: %s came %d times", ch, key, count)
			}
			again += count - 1
		}
		// Only what was in flight at the crash may come twice.
		if limit := notify.DefaultLimits(ch).Concurrent + 1; again > limit {
			t.Errorf("%s: %d came again, at most %d were in flight", ch, again, limit)
		}
	}
	var none []string
	for _, row := range m.order {
		if row.State != fleet.Sent {
			none = append(none, row.Key.String())
		}
	}
	if len(none) > 0 {
		t.Errorf("not sent: %v", slices.Compact(none))
	}
}

func TestHungMailServerDelaysNoSMS(t *testing.T) {
	w, m := newWorld(t), newMemory()
	const n = 20
	w.fill(t, m, n)
	w.mail.Script(func(int) sinks.Fault { return sinks.Fault{Hang: true} })
	d, stop := start(t, m, w.senders, hasty, func(o *notify.Options) { o.Grace = time.Millisecond })
	settled(t, m, 2*n, d)
	stop()
	if w.sms.Accepted() != n || w.push.Accepted() != n || w.mail.Accepted() != 0 {
		t.Errorf("sms %d, push %d, mail %d", w.sms.Accepted(), w.push.Accepted(), w.mail.Accepted())
	}
}
