package command

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Store writes what sessions and Tick brought since the last time, in one
// transaction. Run calls it; it is for one goroutine at a time.
func (d *Desk) Store() {
	d.mu.Lock()
	work := d.work
	d.work = nil
	d.mu.Unlock()
	if len(work) == 0 {
		return
	}
	changed := make([]bool, len(work))
	steps := make([]fleet.CommandStep, len(work))
	for i := range work {
		s := work[i].CommandStep
		if work[i].out != nil {
			s = d.mark(work[i].out)
		}
		steps[i] = s
		steps[i].Do = func(c *fleet.Command) bool {
			changed[i] = s.Do(c)
			return changed[i]
		}
	}
	out, err := d.o.Book.Step(steps)
	if err != nil {
		d.o.Log.Error("commands cannot be stored; none goes out until they can", "err", err)
		d.mu.Lock()
		d.work = append(work, d.work...)
		d.mu.Unlock()
		return // the next tick tries again
	}
	var news []fleet.Command
	for i := range out {
		if changed[i] {
			news = append(news, out[i])
		}
	}
	wake := d.settle(out)
	d.tell(news)
	for _, device := range wake {
		d.wake(device)
	}
}

// settle takes stored states over, and says whose sessions should look.
func (d *Desk) settle(stored []fleet.Command) (wake []fleet.DeviceID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range stored {
		c := &stored[i]
		if c.Version == 0 { // it went with its device
			d.drop(c.ID)
			continue
		}
		l, at := d.find(c.Device, c.ID)
		if at < 0 {
			continue
		}
		e := l.all[at]
		if c.Version < e.c.Version {
			continue
		}
		was := e.c.State
		e.c = *c
		e.asked, e.ending = false, false
		switch {
		case !c.Open():
			if c.State == fleet.CommandUnanswered || c.State == fleet.CommandAnswered {
				d.remember(c)
			}
			l.all = slices.Delete(l.all, at, at+1)
			d.open.Add(-1)
			d.tidy(c.Device, l)
			if len(l.all) > 0 {
				wake = append(wake, c.Device)
			}
		case c.State == fleet.CommandQueued:
			e.handed = false
			if was == fleet.CommandSent { // to be tried again
				wake = append(wake, c.Device)
			}
		case was == fleet.CommandQueued:
			for i := range d.late[c.Device] {
				d.late[c.Device][i].passed = true // what is said from now on, without a mark, is about this one
			}
			wake = append(wake, c.Device)
		}
	}
	d.due = 0
	return wake
}

// remember keeps what went out for a while: its answer may still come, or come
// twice. Needs the lock.
func (d *Desk) remember(c *fleet.Command) {
	o := c.Order()
	late := slices.DeleteFunc(d.late[c.Device], func(g given) bool { return g.id == c.ID })
	for i := range late {
		late[i].passed = true
	}
	late = append(late, given{id: c.ID, mark: o.Mark(), until: c.Ended + fleet.LateAnswer, answered: c.State == fleet.CommandAnswered})
	d.late[c.Device] = late[max(0, len(late)-fleet.MaxOrders):]
}

// drop forgets a command that is not stored any more. Needs the lock.
func (d *Desk) drop(id fleet.RecordID) {
	for device, l := range d.lines {
		if at := slices.IndexFunc(l.all, func(e *entry) bool { return e.c.ID == id }); at >= 0 {
			l.all = slices.Delete(l.all, at, at+1)
			d.open.Add(-1)
			d.tidy(device, l)
			return
		}
	}
}

// Tick ends what is past its time: the expiry of what waits, the answer of what
// went out. What was marked and fetched by no session waits again.
func (d *Desk) Tick(now fleet.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if now < d.due {
		return
	}
	due := now + fleet.Hour
	step := func(e *entry, do func(*fleet.Command) bool) {
		e.ending = true
		d.push(job{CommandStep: fleet.CommandStep{ID: e.c.ID, Do: do}})
	}
	for _, l := range d.lines {
		for _, e := range l.all {
			at := e.c.Expires
			if e.c.State == fleet.CommandSent {
				at = e.c.Sent + fleet.CommandWait
			}
			switch {
			case e.ending || e.asked:
				due = min(due, now)
			case now < at:
				due = min(due, at)
			case e.c.State == fleet.CommandQueued:
				step(e, func(c *fleet.Command) bool { return c.Lapse(now) })
			case e.handed:
				step(e, func(c *fleet.Command) bool { return c.Silence(now) })
			default:
				step(e, func(c *fleet.Command) bool { return c.GiveBack(now) })
			}
		}
	}
	for device, late := range d.late {
		late = slices.DeleteFunc(late, func(g given) bool { return now > g.until })
		if d.late[device] = late; len(late) == 0 {
			delete(d.late, device)
		}
	}
	d.due = due
}

// giveBack queues again what no session has fetched, at the end of a run.
func (d *Desk) giveBack() {
	now := d.o.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.lines {
		for _, e := range l.all {
			if e.c.State == fleet.CommandSent && !e.handed && !e.ending {
				e.ending = true
				d.push(job{CommandStep: fleet.CommandStep{ID: e.c.ID, Do: func(c *fleet.Command) bool { return c.GiveBack(now) }}})
			}
		}
	}
}
