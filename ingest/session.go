package ingest

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// session is one TCP connection, run by one goroutine. It reads what is there,
// decodes every whole frame of it, hands the reports over at once, and then
// writes all replies at once.
type session struct {
	caller
	in    *intake
	conn  net.Conn
	ready <-chan struct{} // closed when the server stops

	buf  []byte // buf[r:w] waits to be decoded
	r, w int

	born    time.Time
	begun   time.Time // first byte of the frame that is not whole yet
	active  time.Time // last whole frame
	readBy  time.Time // the read deadline as set
	writeBy time.Time // the write deadline as set

	waker wakeup
	at    fleet.DeviceID // under which online finds the session; 0: not yet
}

// serve runs until the connection ends and says why. Bytes that were read
// before, to detect the protocol, stand in buf.
func (c *session) serve(ctx context.Context) string {
	c.active, c.waker.conn = c.born, c.conn
	defer c.leave()
	for first := true; ; first = false {
		if !first || c.w == 0 {
			c.awaitBy(time.Now())
			if c.waker.due.Swap(false) {
				if why := c.tend(); why != "" {
					return why
				}
				if c.waker.due.Load() {
					continue
				}
			}
			n, err := c.conn.Read(c.buf[c.w:])
			c.w += n
			if n == 0 && err != nil {
				if why := c.broken(ctx, err); why != "" {
					return why
				}
				continue
			}
		}
		if why := c.decode(ctx, false); why != "" {
			return why
		}
		if why := c.tend(); why != "" {
			return why
		}
	}
}

// broken says why a failed read ends the connection; "" if it does not.
func (c *session) broken(ctx context.Context, err error) string {
	switch {
	case errors.Is(err, io.EOF):
		if c.w > 0 {
			if why := c.decode(ctx, true); why != "" {
				return why
			}
		}
		return closedByPeer
	case !errors.Is(err, os.ErrDeadlineExceeded):
		return closedReset
	}
	select {
	case <-c.ready:
		return closedByUs
	default:
	}
	now := time.Now()
	c.readBy = time.Time{}
	switch limit := &c.in.Limits; {
	case !c.known && now.Sub(c.born) >= limit.Identify:
		return closedUnidentified
	case c.w > 0 && now.Sub(c.begun) >= limit.Frame:
		return closedUnfinished
	case now.Sub(c.active) >= c.Idle:
		return closedIdle
	}
	if c.w == 0 && len(c.buf) > restBuffer {
		c.buf = make([]byte, restBuffer) // it grew in a busy hour
	}
	return ""
}

// awaitBy sets the read deadline, but only if it must come sooner than the one
// that is set; one that comes too soon is moved when it strikes.
func (c *session) awaitBy(now time.Time) {
	limit := &c.in.Limits
	by := c.active.Add(c.Idle)
	if c.w > 0 {
		by = c.begun.Add(limit.Frame)
	} else if len(c.buf) > restBuffer {
		by = now.Add(limit.Frame)
	}
	if end := c.born.Add(limit.Identify); !c.known && end.Before(by) {
		by = end
	}
	if c.readBy.IsZero() || by.Before(c.readBy) {
		c.readBy = by
		_ = c.conn.SetReadDeadline(by) // fails only on a closed connection, as Read will
		select {
		case <-c.ready: // do not undo what the server's stop has set
			_ = c.conn.SetReadDeadline(now)
		default:
		}
	}
}

// decode takes every whole frame of the buffer. It says why the connection
// must end, "" if it goes on.
func (c *session) decode(ctx context.Context, atEOF bool) (why string) {
	b := takeBatch()
	defer b.release()
	c.s.Now, c.s.Reports = c.in.Now(), b.reports
	whole, skipped, filled := false, 0, c.w == len(c.buf)
	for why == "" && c.r < c.w {
		n, frame, err := c.split(atEOF)
		if frame == nil {
			skipped += n
		} else {
			whole = true
			reply, good, stop := c.in.take(&c.caller, frame)
			b.out = append(b.out, reply...)
			if good {
				b.frames++
			}
			why = stop
		}
		c.r += n
		if err != nil {
			why = c.unsplit(err)
		} else if n == 0 {
			break
		}
		if len(c.s.Reports) >= c.in.Limits.Batch {
			if end := c.handOver(ctx, b); end != "" {
				why = end
			}
		}
	}
	if why != closedNotStored {
		if end := c.handOver(ctx, b); end != "" {
			why = end
		}
	}
	b.keep(c.s.Reports)
	c.s.Reports = nil
	if skipped > 0 {
		c.count.skipped.Add(skipped)
	}
	c.settle(whole)
	if why == "" && filled && !c.grow() && c.w == len(c.buf) {
		c.count.Rejected(ReasonOversize, 1, 0)
		return closedOversize
	}
	return why
}

// split is the codec's Split, kept within its data.
func (c *session) split(atEOF bool) (n int, frame []byte, err error) {
	defer c.in.survive(&c.caller, &err)
	n, frame, err = c.codec.Split(c.buf[c.r:c.w], atEOF)
	if n < 0 || n > c.w-c.r || (n == 0 && frame != nil && err == nil) {
		return 0, nil, errSplit
	}
	return n, frame, err
}

var errSplit = Fault("bug", "bug: the codec's Split went outside of its data")

// unsplit counts a stream that cannot be split.
func (c *session) unsplit(err error) string {
	if errors.Is(err, bufio.ErrFinalToken) {
		return closedHangUp
	}
	reason := reasonOf(err)
	c.count.Rejected(reason, 1, 0)
	if reason == ReasonOversize {
		return closedOversize
	}
	return closedMalformed
}

// handOver makes the batch durable and sends its replies; on an error nothing
// is sent.
func (c *session) handOver(ctx context.Context, b *batch) string {
	if err := c.in.accept(ctx, c.s.Reports); err != nil {
		c.count.Rejected(ReasonNotStored, b.frames, len(c.s.Reports))
		c.in.Log.Debug("reports not stored, connection closed", "proto", c.Name, "device", c.uid, "err", err)
		c.s.Reports, c.s.Marks, b.frames, b.out = c.s.Reports[:0], c.s.Marks[:0], 0, b.out[:0]
		return closedNotStored
	}
	if b.frames > 0 {
		c.count.Accepted(b.frames, c.s.Reports)
	}
	c.in.tellAnswers(c.s.Reports, c.s.Marks)
	out := b.out
	b.frames, b.out = 0, out[:0]
	clear(c.s.Reports)
	c.s.Reports, c.s.Marks = c.s.Reports[:0], c.s.Marks[:0]
	if len(out) == 0 {
		return ""
	}
	if now := time.Now(); c.writeBy.Sub(now) < c.in.Limits.Write {
		c.writeBy = now.Add(2 * c.in.Limits.Write)
		_ = c.conn.SetWriteDeadline(c.writeBy) // fails only on a closed connection, as Write will
	}
	if _, err := c.conn.Write(out); err != nil {
		return closedWrite
	}
	return ""
}

// settle moves the bytes that are left to the front and notes the times.
func (c *session) settle(whole bool) {
	left := c.w - c.r
	if left > 0 && c.r > 0 {
		copy(c.buf, c.buf[c.r:c.w])
	}
	c.r, c.w = 0, left
	now := time.Now()
	if whole {
		c.active = now
	}
	if left == 0 {
		c.begun = time.Time{}
	} else if whole || c.begun.IsZero() {
		c.begun = now
	}
}

// grow doubles the buffer, up to the limit.
func (c *session) grow() bool {
	if len(c.buf) >= c.in.Limits.Buffer {
		return false
	}
	next := make([]byte, min(2*len(c.buf), c.in.Limits.Buffer))
	copy(next, c.buf[:c.w])
	c.buf = next
	return true
}
