package ingest

import (
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// ErrNoCommand says that a protocol, or its transport, has no such command.
var ErrNoCommand = errors.New("the protocol has no such command")

// A Commander is a codec that can word orders for its device.
type Commander interface {
	// Command is the bytes of an order, ErrNoCommand if there are none. The
	// memory is the caller's.
	Command(s *Session, o *fleet.Order) ([]byte, error)
}

// Orders is what waits for devices. Its methods may be called from any
// goroutine, and must not block: sessions call them between two reads.
type Orders interface {
	// Next is the device's next order, and takes it: no other is given until
	// that one was answered, failed or given back.
	Next(d fleet.DeviceID, now fleet.Time) (fleet.Order, bool)
	// Sent says what became of an order that Next gave: nil, it was written;
	// ErrNoCommand, it cannot be; any other, it was not written and waits again.
	Sent(d fleet.DeviceID, id fleet.RecordID, now fleet.Time, err error)
	// Answered is what a device said, which may be to an order or not. Mark is
	// the order's, if the device says to which; 0 if it does not.
	Answered(d fleet.DeviceID, text string, mark uint32, now fleet.Time)
}

// Wake has the device's session, if it has one, look at Orders. A device that
// has none looks when it comes back. One that speaks by datagrams has a session
// for as long as its sender is remembered.
func (s *Server) Wake(d fleet.DeviceID) { s.in.online.wake(d) }

// wakeup is how a session that waits for bytes is told to look at Orders.
type wakeup struct {
	due  atomic.Bool
	conn interface{ SetReadDeadline(time.Time) error }
}

// wake makes a Read return. The flag is up before the deadline is set, so that
// a session which sets its own in between still sees it.
func (w *wakeup) wake() {
	w.due.Store(true)
	_ = w.conn.SetReadDeadline(time.Now()) // fails only on a closed connection
}

// tend keeps the session findable under its device and gives it its orders. It
// says why the connection must end.
func (c *session) tend() string {
	if c.in.Orders == nil || !c.known {
		return ""
	}
	speaker, ok := c.codec.(Commander)
	if !ok {
		return ""
	}
	d := c.id.Device
	if c.at != d {
		c.in.online.move(c.at, d, &c.waker)
		c.at = d
	}
	c.s.Now = c.in.Now()
	o, ok := c.in.Orders.Next(d, c.s.Now)
	if !ok {
		return ""
	}
	out, err := speaker.Command(&c.s, &o)
	if err != nil {
		c.in.Orders.Sent(d, o.ID, c.s.Now, ErrNoCommand)
		c.waker.due.Store(true) // another one may wait behind it
		return ""
	}
	c.writeBy = time.Now().Add(2 * c.in.Limits.Write)
	_ = c.conn.SetWriteDeadline(c.writeBy)
	_, err = c.conn.Write(out)
	c.in.Orders.Sent(d, o.ID, c.s.Now, err)
	if err != nil {
		return closedWrite
	}
	return ""
}

// leave makes the session unfindable.
func (c *session) leave() {
	if c.at != 0 {
		c.in.online.move(c.at, 0, &c.waker)
	}
}

// tellAnswers hands on what devices said in reports that are stored.
func (in *intake) tellAnswers(reports []fleet.Report, marks []Mark) {
	if in.Orders == nil {
		return
	}
	for i := range reports {
		if len(reports[i].Attrs) == 0 {
			continue
		}
		if v, ok := reports[i].Attrs.Get(fleet.AttrAnswer); ok {
			mark := uint32(0)
			if at := slices.IndexFunc(marks, func(m Mark) bool { return m.Report == i }); at >= 0 {
				mark = marks[at].Of
			}
			in.Orders.Answered(reports[i].Device, v.Text, mark, reports[i].Received)
		}
	}
}
