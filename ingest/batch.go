package ingest

import (
	"sync"

	"github.com/vigia-track/vigia/engine/fleet"
)

// batch is what a session needs only while it decodes: room for the reports of
// one Accept and for the replies to them. An idle connection has none.
type batch struct {
	reports []fleet.Report // length 0 between uses
	out     []byte
	frames  int // frames whose reports wait for Accept
}

var batches = sync.Pool{New: func() any { return new(batch) }}

func takeBatch() *batch { return batches.Get().(*batch) }

// release gives the room back unless it grew beyond the usual.
func (b *batch) release() {
	if cap(b.reports) > 1024 || cap(b.out) > 16<<10 {
		return
	}
	b.reports, b.out, b.frames = b.reports[:0], b.out[:0], 0
	batches.Put(b)
}

// keep takes the room for reports back and lets go of what they held.
func (b *batch) keep(reports []fleet.Report) {
	clear(reports)
	b.reports = reports[:0]
}
