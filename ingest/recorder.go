package ingest

import (
	"bytes"
	"cmp"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/vigia-track/vigia/engine/fleet"
)

// The bounds of a Recorder.
const (
	recorded        = 32                      // messages of one device
	recordedDevices = 4096                    // devices that nobody has asked for
	recordedBytes   = 16 << 20                // of all
	recordedLess    = recordedBytes * 15 / 16 // that are left when there are more
	recordedRoom    = recordedBytes * 3 / 4
)

// Recorder is a Tap that keeps the latest messages of devices in memory: in a
// small installation of all; in a large one of those that somebody has asked
// for, from then on, and of others as long as there is room. Sessions of
// different devices do not wait for each other, and a message takes the memory
// of the one that it displaces.
type Recorder struct {
	devices sync.Map // fleet.DeviceID to *heard
	known   atomic.Int64
	bytes   atomic.Int64

	mu sync.Mutex // held while devices come and go; before a heard's
}

// heard is what was recorded of a device.
type heard struct {
	mu    sync.Mutex // guards what follows
	gone  bool       // is no longer among the devices
	since fleet.Time
	asked fleet.Time         // 0: nobody has
	all   []fleet.RawMessage // a ring, once it is full
	bytes int64

	oldest int // of all
}

// NewRecorder makes one that has heard nothing yet.
func NewRecorder() *Recorder { return new(Recorder) }

func (r *Recorder) find(d fleet.DeviceID) *heard {
	if h, ok := r.devices.Load(d); ok {
		return h.(*heard)
	}
	return nil
}

func (r *Recorder) room() bool {
	return r.bytes.Load() < recordedRoom && r.known.Load() < recordedDevices
}

// Wants reports whether a device is recorded, or there is room for it.
func (r *Recorder) Wants(d fleet.DeviceID) bool { return r.find(d) != nil || r.room() }

// Hear keeps a message in place of the device's oldest.
func (r *Recorder) Hear(d fleet.DeviceID, m *fleet.RawMessage) {
	h := r.find(d)
	if h == nil {
		r.mu.Lock()
		if h = r.find(d); h == nil && r.room() {
			h = r.begin(d, m.At)
		}
		r.mu.Unlock()
	}
	if h == nil || r.bytes.Add(h.keep(m)) <= recordedBytes {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.bytes.Load() > recordedBytes {
		r.drop(d, recordedLess, 2*recordedDevices)
	}
}

// keep says how many bytes more are kept now.
func (h *heard) keep(m *fleet.RawMessage) int64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.gone {
		return 0
	}
	was := h.bytes
	var to *fleet.RawMessage
	if len(h.all) < recorded {
		h.all = append(h.all, fleet.RawMessage{})
		to = &h.all[len(h.all)-1]
	} else {
		to = &h.all[h.oldest]
		h.bytes -= taken(to)
		h.oldest = (h.oldest + 1) % recorded
	}
	frame, reply, reports := to.Frame, to.Reply, to.Reports
	*to = *m
	to.Frame, to.Reply = refill(frame, m.Frame), refill(reply, m.Reply)
	to.Reports = refill(reports, m.Reports)
	for i := range to.Reports {
		to.Reports[i].Attrs = slices.Clone(m.Reports[i].Attrs)
	}
	h.bytes += taken(to)
	return h.bytes - was
}

// refill puts what is new where the old was, if that fits about.
func refill[T any](old, now []T) []T {
	if cap(old) < len(now) || cap(old) > 2*len(now)+64 {
		return slices.Clone(now)
	}
	clear(old)
	return append(old[:0], now...)
}

// taken is about what a message that was kept takes in memory.
func taken(m *fleet.RawMessage) int64 {
	most := fleet.RawMessage{From: m.From, Frame: m.Frame[:cap(m.Frame)], Reply: m.Reply[:cap(m.Reply)], Reports: m.Reports[:cap(m.Reports)]}
	return int64(most.Bytes())
}

// Listen is what a device sent lately, newest first, and since when that is
// recorded. It is recorded from now on, if it was not.
func (r *Recorder) Listen(d fleet.DeviceID, now fleet.Time) (since fleet.Time, all []fleet.RawMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	h := r.find(d)
	if h == nil {
		if r.known.Load() >= 2*recordedDevices {
			r.drop(d, recordedBytes, 2*recordedDevices-1)
		}
		h = r.begin(d, now)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = now
	all = slices.Concat(h.all[h.oldest:], h.all[:h.oldest])
	slices.Reverse(all)
	for i := range all {
		m := &all[i]
		m.Frame, m.Reports = bytes.Clone(m.Frame), slices.Clone(m.Reports)
		if m.Reply = bytes.Clone(m.Reply); len(m.Reply) == 0 {
			m.Reply = nil
		}
	}
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
	r.devices.Store(d, h)
	r.known.Add(1)
	return h
}

// drop makes room until no more bytes and devices are left than that: first go
// those that were asked for least lately, of those that nobody has asked for
// the ones that have been recorded longest, and never but.
func (r *Recorder) drop(but fleet.DeviceID, bytes, devices int64) {
	type device struct {
		id           fleet.DeviceID
		asked, since fleet.Time
	}
	var all []device
	for key, value := range r.devices.Range {
		h := value.(*heard)
		h.mu.Lock()
		all = append(all, device{key.(fleet.DeviceID), h.asked, h.since})
		h.mu.Unlock()
	}
	slices.SortFunc(all, func(a, b device) int {
		return cmp.Or(cmp.Compare(a.asked, b.asked), cmp.Compare(a.since, b.since), cmp.Compare(a.id, b.id))
	})
	for _, d := range all {
		if r.bytes.Load() <= bytes && r.known.Load() <= devices {
			return
		}
		if d.id != but {
			r.forget(d.id)
		}
	}
}

func (r *Recorder) forget(d fleet.DeviceID) {
	h := r.find(d)
	if h == nil {
		return
	}
	r.devices.Delete(d)
	r.known.Add(-1)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gone = true
	r.bytes.Add(-h.bytes)
}
