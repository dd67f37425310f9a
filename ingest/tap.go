package ingest

import (
	"bytes"
	"cmp"
	"slices"
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// A Tap hears the messages of known devices as they came. Its methods may be
// called from any goroutine and must be quick: sessions call them between two
// frames.
type Tap interface {
	// Wants reports whether a device's messages are to be heard.
	Wants(d fleet.DeviceID) bool
	// Hear takes a message over, with its memory.
	Hear(d fleet.DeviceID, m fleet.RawMessage)
}

// hear tells the Tap of a frame of a known device. What it added to the
// session's reports stands behind had.
func (in *intake) hear(c *caller, frame, reply []byte, had int, reason string) {
	if in.Tap == nil || !in.Tap.Wants(c.id.Device) {
		return
	}
	m := fleet.RawMessage{
		At: c.s.Now, Protocol: c.ID, Transport: string(c.s.Transport), From: c.via, Size: len(frame), Reason: reason,
		Frame: bytes.Clone(frame[:min(len(frame), fleet.MaxRawFrame)]), Reply: bytes.Clone(reply[:min(len(reply), fleet.MaxRawReply)]),
		Count: len(c.s.Reports) - had,
	}
	if c.from.IsValid() {
		m.From = c.from.String()
	}
	for i := had; i < min(len(c.s.Reports), had+fleet.MaxRawReports); i++ {
		p := c.s.Reports[i].Position()
		p.Device, p.Attrs = c.id.Device, slices.Clone(p.Attrs)
		m.Reports = append(m.Reports, p)
	}
	in.Tap.Hear(c.id.Device, m)
}

// The bounds of a Recorder.
const (
	recorded        = 32       // messages of one device
	recordedDevices = 4096     // devices that nobody has asked for
	recordedBytes   = 16 << 20 // of all
	recordedRoom    = recordedBytes * 3 / 4
)

// Recorder is a Tap that keeps the latest messages of devices in memory: in a
// small installation of all; in a large one of those that somebody has asked
// for, from then on, and of others as long as there is room.
type Recorder struct {
	mu      sync.RWMutex // guards what follows
	devices map[fleet.DeviceID]*heard
	bytes   int
}

// heard is what was recorded of a device.
type heard struct {
	since fleet.Time
	asked fleet.Time         // 0: nobody has
	all   []fleet.RawMessage // a ring, once it is full
	bytes int

	oldest int // of all
}

// NewRecorder makes one that has heard nothing yet.
func NewRecorder() *Recorder { return &Recorder{devices: map[fleet.DeviceID]*heard{}} }

// Wants reports whether a device is recorded, or there is room for it.
func (r *Recorder) Wants(d fleet.DeviceID) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.devices[d] != nil || r.bytes < recordedRoom && len(r.devices) < recordedDevices
}

// Hear keeps a message in place of the device's oldest.
func (r *Recorder) Hear(d fleet.DeviceID, m fleet.RawMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.devices[d]
	if h == nil {
		if r.bytes >= recordedRoom || len(r.devices) >= recordedDevices {
			return
		}
		h = r.begin(d, m.At)
	}
	if len(h.all) < recorded {
		h.all = append(h.all, m)
	} else {
		oldest := &h.all[h.oldest]
		h.bytes -= oldest.Bytes()
		r.bytes -= oldest.Bytes()
		*oldest, h.oldest = m, (h.oldest+1)%recorded
	}
	h.bytes += m.Bytes()
	r.bytes += m.Bytes()
	for r.bytes > recordedBytes && len(r.devices) > 1 {
		r.drop(d)
	}
}

// Listen is what a device sent lately, newest first, and since when that is
// recorded. It is recorded from now on, if it was not.
func (r *Recorder) Listen(d fleet.DeviceID, now fleet.Time) (since fleet.Time, all []fleet.RawMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.devices[d]
	if h == nil {
		if len(r.devices) >= 2*recordedDevices {
			r.drop(d)
		}
		h = r.begin(d, now)
	}
	h.asked = now
	all = slices.Concat(h.all[h.oldest:], h.all[:h.oldest])
	slices.Reverse(all)
	return h.since, all
}

// Forget drops what was recorded of a device.
func (r *Recorder) Forget(d fleet.DeviceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(d)
}

// begin, drop and forget need the lock.
func (r *Recorder) begin(d fleet.DeviceID, at fleet.Time) *heard {
	h := &heard{since: at}
	r.devices[d] = h
	return h
}

// drop makes room: the device goes that was asked for least lately, of those
// that nobody has asked for the one that has been recorded longest, but not
// but.
func (r *Recorder) drop(but fleet.DeviceID) {
	var worst fleet.DeviceID
	var least *heard
	for d, h := range r.devices {
		if d != but && (least == nil || cmp.Or(cmp.Compare(h.asked, least.asked), cmp.Compare(h.since, least.since), cmp.Compare(d, worst)) < 0) {
			worst, least = d, h
		}
	}
	r.forget(worst)
}

func (r *Recorder) forget(d fleet.DeviceID) {
	if h := r.devices[d]; h != nil {
		r.bytes -= h.bytes
		delete(r.devices, d)
	}
}
