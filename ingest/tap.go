package ingest

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A Tap hears the messages of known devices as they came. Its methods may be
// called from any goroutine and must be quick: sessions call them between two
// frames.
type Tap interface {
	// Wants reports whether a device's messages are to be heard.
	Wants(d fleet.DeviceID) bool
	// Hear is given a message for as long as the call lasts; what is to be
	// kept of it is copied.
	Hear(d fleet.DeviceID, m *fleet.RawMessage)
}

// scratches are messages on their way to a Tap.
var scratches = sync.Pool{New: func() any { return new(fleet.RawMessage) }}

// hear tells the Tap of a frame of a known device. What it added to the
// session's reports stands behind had.
func (in *intake) hear(c *caller, frame, reply []byte, had int, reason string) {
	if in.Tap == nil || !in.Tap.Wants(c.id.Device) {
		return
	}
	if c.shown == "" {
		if c.shown = c.via; c.from.IsValid() {
			c.shown = c.from.String()
		}
	}
	m := scratches.Get().(*fleet.RawMessage)
	*m = fleet.RawMessage{
		At: c.s.Now, Protocol: c.ID, Transport: string(c.s.Transport), From: c.shown, Size: len(frame), Reason: reason,
		Frame: frame[:min(len(frame), fleet.MaxRawFrame)], Reply: reply[:min(len(reply), fleet.MaxRawReply)],
		Count: len(c.s.Reports) - had, Reports: m.Reports[:0],
	}
	for i := had; i < min(len(c.s.Reports), had+fleet.MaxRawReports); i++ {
		p := c.s.Reports[i].Position()
		p.Device = c.id.Device
		m.Reports = append(m.Reports, p)
	}
	in.Tap.Hear(c.id.Device, m)
	clear(m.Reports)
	m.Frame, m.Reply = nil, nil
	scratches.Put(m)
}
