package notify

import (
	"fmt"
	"sync"
	"time"
	_ "time/tzdata" // the machine may have no zones

	"github.com/vigia-track/vigia/engine/fleet"
)

// budgetPause is when to look again where all that is left of a budget is
// being spent just now.
const budgetPause = 2 * time.Second

// Budgets know what customers' SMS have cost this month, in parts. What was
// spent before the start is read from the delivery log, once a customer and
// month.
type budgets struct {
	mu    sync.Mutex // guards spent
	spent map[fleet.OwnerID]*spending
}

// spending is one customer's month.
type spending struct {
	month  fleet.Time // its beginning
	used   int        // parts
	flying map[fleet.DeliveryKey]bool
}

func newBudgets() *budgets { return &budgets{spent: map[fleet.OwnerID]*spending{}} }

// Spent is how many SMS parts notices about a customer's devices have taken in
// the calendar month that holds now, by the customer's clock, and when it began.
func (d *Dispatcher) Spent(c *fleet.Customer, now time.Time) (parts int, month fleet.Time, err error) {
	s, err := d.spending(c, now)
	if err != nil {
		return 0, 0, err
	}
	d.budgets.mu.Lock()
	defer d.budgets.mu.Unlock()
	return s.used, s.month, nil
}

// spending is a customer's month, read from the log if it is not known.
func (d *Dispatcher) spending(c *fleet.Customer, now time.Time) (*spending, error) {
	owner, month := fleet.Owner(c.ID), monthOf(c.Timezone, now)
	b := d.budgets
	b.mu.Lock()
	s := b.spent[owner]
	b.mu.Unlock()
	if s != nil && s.month == month {
		return s, nil
	}
	used, err := d.logged(c, month)
	if err != nil {
		return nil, fmt.Errorf("SMS of customer %s since %s: %w", c.ID, month, err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.spent[owner]; s != nil && s.month == month { // another was faster, and may have spent since
		return s, nil
	}
	s = &spending{month: month, used: used, flying: map[fleet.DeliveryKey]bool{}}
	b.spent[owner] = s
	return s, nil
}

// monthOf is the beginning of the calendar month that holds a moment.
func monthOf(zone string, now time.Time) fleet.Time {
	loc, err := time.LoadLocation(zone)
	if err != nil || zone == "" || zone == "Local" {
		loc = time.UTC
	}
	now = now.In(loc)
	return fleet.At(time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, loc))
}

// longestWait is how long after its event an SMS may still be sent: events
// before the month by more need no look.
const longestWait = 40 * fleet.Day

// logged counts what the delivery log has of a customer's month.
func (d *Dispatcher) logged(c *fleet.Customer, month fleet.Time) (parts int, err error) {
	q := fleet.DeliveryQuery{
		Scope:  fleet.Scope{Company: c.Company, Customers: []fleet.CustomerID{c.ID}},
		States: []fleet.DeliveryState{fleet.Sent, fleet.Delivered, fleet.Failed}, Limit: 1000,
	}
	for {
		page, err := d.o.Outbox.Deliveries(q)
		if err != nil {
			return 0, err
		}
		for i := range page.Items {
			row := &page.Items[i]
			if row.Key.Channel != fleet.SMS {
				continue
			}
			for _, a := range row.Attempts {
				if a.OK && a.At >= month {
					parts += a.Parts
				}
			}
			if row.Created < month-longestWait {
				return parts, nil
			}
		}
		if q.After = page.Next; q.After == "" {
			return parts, nil
		}
	}
}

// overspent says whether a customer's SMS budget holds a delivery back. If not,
// a part of it is kept for the delivery until spend or release.
func (l *lane) overspent(row *fleet.Delivery) (*verdict, error) {
	if l.ch != fleet.SMS {
		return nil, nil
	}
	c, err := l.d.o.Directory.Customer(fleet.CustomerID(row.Owner))
	switch {
	case err != nil && fleet.KindOf(err) == fleet.NotFound: // the company's own device
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("customer %s: %w", row.Owner, err)
	case c.SMSBudget == 0:
		return nil, nil
	}
	s, err := l.d.spending(&c, l.d.o.Now())
	if err != nil {
		return nil, err
	}
	b := l.d.budgets
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case s.used >= c.SMSBudget:
		return suppressed(fmt.Sprintf("the customer's SMS budget is used up: %d of %d parts this month", s.used, c.SMSBudget)), nil
	case s.used+len(s.flying) >= c.SMSBudget:
		return &verdict{state: fleet.Queued, due: fleet.At(l.d.o.Now().Add(budgetPause))}, nil
	}
	s.flying[row.Key] = true
	return nil, nil
}

// spend notes what an attempt has cost, also of what no budget holds back.
func (b *budgets) spend(ch fleet.Channel, row *fleet.Delivery, a *fleet.Attempt) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s := b.spent[row.Owner]; s != nil && ch == fleet.SMS {
		delete(s.flying, row.Key)
		if a.OK {
			s.used += a.Parts
		}
	}
}

// release gives back what overspent has kept.
func (b *budgets) release(ch fleet.Channel, row *fleet.Delivery) {
	b.spend(ch, row, &fleet.Attempt{})
}
