package fleetsim

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/vigia-track/vigia/ingest/h02"
)

type h02TCP struct {
	connection
	device *Device
	in     *bufio.Reader
}

func dialH02(ctx context.Context, d *Device) (speaker, error) {
	c, err := dialSocket(ctx, "tcp", d.Addr)
	if err != nil {
		return nil, err
	}
	return &h02TCP{connection: c, device: d, in: bufio.NewReader(c.conn)}, nil
}

// send writes positions in text; the server answers each with the time. Commands
// that come between are confirmed.
func (h *h02TCP) send(_ context.Context, fixes []Fix) error {
	h.buf = h.buf[:0]
	for _, f := range fixes {
		h.buf = h02.AppendV1(h.buf, h.device.UniqueID, h02Fix(&f))
	}
	if err := h.conn.SetDeadline(time.Now().Add(ackWait)); err != nil {
		return err
	}
	if _, err := h.conn.Write(h.buf); err != nil {
		return err
	}
	for i := 0; i < len(fixes); {
		message, err := h.in.ReadSlice('#')
		if err != nil {
			return fmt.Errorf("waiting for answer %d of %d: %w", i+1, len(fixes), err)
		}
		done, err := h.obeyed(message, &fixes[i])
		if err != nil {
			return err
		}
		if !done {
			i++
		}
	}
	return nil
}

func h02Fix(f *Fix) h02.Fix {
	return h02.Fix{
		Time: f.Time, Place: f.Place, Knots: f.Speed / kmhPerKnot, Course: int(math.Round(f.Course)) % 360,
		Valid: true, Ignition: f.Ignition, Alarms: f.Alarms,
	}
}
