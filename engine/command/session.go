package command

import (
	"slices"

	"github.com/vigia-track/vigia/engine/fleet"
)

// What sessions do (ingest.Orders). None of it waits for the disk.

// Next is the device's next order once its record says that it was sent; until
// then, and while an answer is awaited, there is none.
func (d *Desk) Next(device fleet.DeviceID, now fleet.Time) (fleet.Order, bool) {
	if d.open.Load() == 0 {
		return fleet.Order{}, false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.lines[device]
	if l == nil || len(l.all) == 0 {
		return fleet.Order{}, false
	}
	e := l.all[0]
	switch {
	case e.ending || e.handed || e.asked || now >= e.c.Expires:
	case e.c.State == fleet.CommandSent:
		e.handed = true
		return e.c.Order(), true
	case e.c.State == fleet.CommandQueued:
		e.asked = true
		c := e.c
		d.push(job{out: &c})
	}
	return fleet.Order{}, false
}

// Sent says what became of an order that Next gave: nil, it was written;
// otherwise it was not, and waits again. Unsupported ends it.
func (d *Desk) Sent(device fleet.DeviceID, id fleet.RecordID, now fleet.Time, err error) {
	if err == nil {
		return // the record said so before
	}
	d.end(device, id, func(c *fleet.Command) bool { return c.GiveBack(now) })
}

// Unsupported says that an order that Next gave cannot be worded for its device.
func (d *Desk) Unsupported(device fleet.DeviceID, id fleet.RecordID, now fleet.Time) {
	d.end(device, id, func(c *fleet.Command) bool { return c.Fail(fleet.ReasonUnsupported, now) })
}

func (d *Desk) end(device fleet.DeviceID, id fleet.RecordID, do func(*fleet.Command) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if l, i := d.find(device, id); i >= 0 {
		l.all[i].ending = true
		d.push(job{CommandStep: fleet.CommandStep{ID: id, Do: do}})
	}
}

// Answered is what a device said. It belongs to the command with that mark,
// which is out or went out a short while ago. Without a mark, or with one that
// is none of the device's commands', it belongs to the command that is out;
// else to the last that was given up a short while ago; else to none.
func (d *Desk) Answered(device fleet.DeviceID, text string, mark uint32, now fleet.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	reply := func(c *fleet.Command) bool { return c.Reply(text, now) }
	var out *entry
	if l := d.lines[device]; l != nil && len(l.all) > 0 {
		if e := l.all[0]; !e.ending && (e.handed || e.c.State == fleet.CommandQueued && e.c.Attempts > 0) {
			out = e
		}
	}
	late := d.late[device]
	marked := slices.IndexFunc(late, func(g given) bool { return g.mark == mark && now <= g.until })
	if out != nil {
		if o := out.c.Order(); o.Mark() == mark {
			marked = -1 // it went out again
		}
	}
	switch {
	case marked >= 0 && late[marked].answered: // said twice
	case marked >= 0:
		late[marked].answered = true
		d.push(job{CommandStep: fleet.CommandStep{ID: late[marked].id, Do: reply}})
	case out != nil:
		out.ending = true
		d.push(job{CommandStep: fleet.CommandStep{ID: out.c.ID, Do: reply}})
	default:
		if n := len(late) - 1; n >= 0 && !late[n].passed && !late[n].answered && now <= late[n].until {
			late[n].answered = true
			d.push(job{CommandStep: fleet.CommandStep{ID: late[n].id, Do: reply}})
		}
	}
}

// mark is the step that lets a command out, or ends it where it may not go.
func (d *Desk) mark(c *fleet.Command) fleet.CommandStep {
	now := d.o.Now()
	why := ""
	if d.o.Barred != nil {
		why = d.o.Barred(c)
	}
	waits := why == "" && c.Want == fleet.EngineStop && !c.AnySpeed && d.o.Slow != nil && !d.o.Slow(c.Device, now)
	return fleet.CommandStep{ID: c.ID, Do: func(c *fleet.Command) bool {
		switch {
		case why != "":
			return c.Cancel(0, why, now)
		case waits: // the session asks again
			return c.Lapse(now)
		}
		return c.Take(now)
	}}
}
