package notify_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// memory is outbox, recorder and directory in one: what the store does, for
// tests of the dispatcher's timing.
type memory struct {
	mu       sync.Mutex
	rows     map[fleet.DeliveryKey]*fleet.Delivery
	order    []*fleet.Delivery // as they were added
	events   map[fleet.EventID]fleet.Event
	users    map[fleet.UserID]fleet.User
	subs     map[fleet.UserID][]fleet.Subscription
	clients  map[fleet.CustomerID]fleet.Customer
	notices  map[fleet.NotificationID]fleet.Notification
	failing  int // records to refuse
	reads    int
	dirFails int           // lookups of users to fail
	news     chan struct{} // closed at the next record; nil: nobody waits
}

func newMemory() *memory {
	return &memory{
		rows: make(map[fleet.DeliveryKey]*fleet.Delivery), events: make(map[fleet.EventID]fleet.Event),
		users: make(map[fleet.UserID]fleet.User), subs: make(map[fleet.UserID][]fleet.Subscription),
		notices: map[fleet.NotificationID]fleet.Notification{1: {ID: 1}},
	}
}

// add queues delivery n for a user on a channel, due and created at now.
func (m *memory) add(n int, user fleet.UserID, ch fleet.Channel, now fleet.Time) fleet.DeliveryKey {
	m.mu.Lock()
	defer m.mu.Unlock()
	id := fleet.EventID{byte(n >> 16), byte(n >> 8), byte(n), 1}
	m.events[id] = fleet.Event{ID: id, Kind: fleet.Enter, Device: 1, Fence: 1, Time: now, Received: now}
	if _, ok := m.users[user]; !ok {
		m.users[user] = fleet.User{
			ID: user, Company: 1, Name: fmt.Sprint("User ", user), Email: fmt.Sprintf("u%d@example.com", user),
			Phone: fmt.Sprintf("+573%09d", user), Lang: fleet.Spanish, Timezone: "America/Bogota",
		}
	}
	key := fleet.DeliveryKey{Event: id, Recipient: user, Channel: ch}
	row := &fleet.Delivery{Key: key, Notification: 1, Company: 1, Device: 1, State: fleet.Queued, Due: now, Created: now}
	m.rows[key], m.order = row, append(m.order, row)
	return key
}

func (m *memory) edit(key fleet.DeliveryKey, change func(*fleet.Delivery)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	change(m.rows[key])
}

func (m *memory) get(key fleet.DeliveryKey) fleet.Delivery {
	m.mu.Lock()
	defer m.mu.Unlock()
	return *m.rows[key]
}

func (m *memory) count(s fleet.DeliveryState) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for _, row := range m.rows {
		if row.State == s {
			n++
		}
	}
	return n
}

func (m *memory) Due(ch fleet.Channel, now fleet.Time, limit int) ([]fleet.Delivery, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.reads++
	var due []fleet.Delivery
	sorted, last := true, fleet.Time(0)
	for _, row := range m.order {
		if row.Key.Channel == ch && !row.State.Final() && row.Due <= now {
			due = append(due, *row)
			sorted, last = sorted && row.Due >= last, row.Due
		}
	}
	if !sorted {
		slices.SortStableFunc(due, func(a, b fleet.Delivery) int { return cmp.Compare(a.Due, b.Due) })
	}
	return due[:min(limit, len(due))], nil
}

func (m *memory) NextDue(ch fleet.Channel, now fleet.Time) (next fleet.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, row := range m.order {
		if row.Key.Channel == ch && !row.State.Final() && row.Due > now && (next == 0 || row.Due < next) {
			next = row.Due
		}
	}
	return next, nil
}

func (m *memory) Event(id fleet.EventID) (fleet.Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.events[id]; ok {
		return e, nil
	}
	return fleet.Event{}, fleet.Errorf(fleet.NotFound, "no event %s", id)
}

// Deliveries gives all of an event, or all.
func (m *memory) Deliveries(q fleet.DeliveryQuery) (page fleet.Page[fleet.Delivery], err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, row := range m.order {
		if (q.Event == fleet.EventID{} || q.Event == row.Key.Event) && (len(q.States) == 0 || slices.Contains(q.States, row.State)) {
			page.Items = append(page.Items, *row)
		}
	}
	slices.Reverse(page.Items)
	return page, nil
}

func (m *memory) Record(ctx context.Context, outs []fleet.Outcome) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.news != nil {
		close(m.news)
		m.news = nil
	}
	if m.failing > 0 {
		m.failing--
		return errors.New("disk full")
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, o := range outs {
		row := m.rows[o.Key]
		if row.State.Final() {
			return fmt.Errorf("%s is final already", o.Key)
		}
		row.State, row.Due, row.Reason = o.State, o.Due, o.Reason
		row.Done = append(row.Done, o.Done...)
		if o.Attempt != nil {
			row.Attempts = append(row.Attempts, *o.Attempt)
		}
	}
	return nil
}

// changed is closed at the next record.
func (m *memory) changed() <-chan struct{} {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.news == nil {
		m.news = make(chan struct{})
	}
	return m.news
}

func (m *memory) User(id fleet.UserID) (fleet.User, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.dirFails > 0 {
		m.dirFails--
		return fleet.User{}, errors.New("read error")
	}
	if u, ok := m.users[id]; ok {
		return u, nil
	}
	return fleet.User{}, fleet.Errorf(fleet.NotFound, "no user %s", id)
}

func (m *memory) Device(id fleet.DeviceID) (fleet.Device, error) {
	return fleet.Device{ID: id, Name: "Camión 12"}, nil
}

func (m *memory) Fence(id fleet.FenceID) (fleet.Fence, error) {
	return fleet.Fence{ID: id, Name: "Depósito"}, nil
}

func (m *memory) Customer(id fleet.CustomerID) (fleet.Customer, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, ok := m.clients[id]; ok {
		return c, nil
	}
	return fleet.Customer{}, fleet.Errorf(fleet.NotFound, "no customer %d", id)
}

func (m *memory) Company(id fleet.CompanyID) (fleet.Company, error) {
	return fleet.Company{ID: id, Name: "Vigía", Lang: fleet.Spanish, Timezone: "UTC"}, nil
}

func (m *memory) Notification(id fleet.NotificationID) (fleet.Notification, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if n, ok := m.notices[id]; ok {
		return n, nil
	}
	return fleet.Notification{}, fleet.Errorf(fleet.NotFound, "no notification %s", id)
}

func (m *memory) Subscriptions(id fleet.UserID) ([]fleet.Subscription, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.subs[id]), nil
}

func (m *memory) DropSubscription(id fleet.SubscriptionID) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for user := range m.subs {
		m.subs[user] = slices.DeleteFunc(m.subs[user], func(s fleet.Subscription) bool { return s.ID == id })
	}
	return nil
}
