package history

import (
	"context"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// openIndex finds a device's reports in a segment that is not sorted yet. It is
// made when somebody asks and then grows with each question, so ingest pays
// nothing for it; it takes 8 bytes an entry and a map entry a device.
type openIndex struct {
	first fleet.Seq
	turn  chan struct{} // the right to use what follows
	gone  bool
	cur   *journal.Cursor
	// at holds the offset of every entry's record, with opensBit; before[i] is
	// 1 + the entry of the same device before entry i, 0 for none.
	at     []uint32
	before []uint32
	head   map[fleet.DeviceID]uint32 // 1 + the newest entry
	dec    journal.Decoder
}

// opensBit marks the first entry of a group. Offsets stay below it: a segment
// holds at most one group more than its 64 MiB.
const opensBit = 1 << 31

// index gives the index of a segment, made if need be.
func (h *History) index(first fleet.Seq) (*openIndex, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.open == nil {
		return nil, errClosed
	}
	x := h.open[first]
	if x == nil {
		x = &openIndex{first: first, turn: make(chan struct{}, 1), head: map[fleet.DeviceID]uint32{}}
		h.open[first] = x
	}
	return x, nil
}

// drop forgets the index of a segment that is sorted.
func (h *History) drop(first fleet.Seq) {
	h.mu.Lock()
	x := h.open[first]
	delete(h.open, first)
	h.mu.Unlock()
	if x != nil {
		x.close()
	}
}

func (x *openIndex) close() {
	x.turn <- struct{}{}
	defer func() { <-x.turn }()
	x.gone = true
	if x.cur != nil {
		x.cur.Close()
		x.cur = nil
	}
}

// grow indexes what was appended since. The caller holds the turn.
func (x *openIndex) grow(j *journal.Journal) error {
	if x.cur == nil {
		cur, err := j.Cursor(x.first)
		if err != nil {
			return err
		}
		x.cur = cur
	}
	err := x.cur.Next(func(rec journal.Record) error {
		at, before := rec.Offset, uint32(0)
		if rec.Opens {
			at |= opensBit
		}
		if rec.Kind == fleet.ReportEntry {
			if r, ok := journal.DecodeHead(rec.Payload); ok {
				before = x.head[r.Device]
				x.head[r.Device] = uint32(len(x.at)) + 1
			}
		}
		x.at, x.before = append(x.at, at), append(x.before, before)
		return nil
	})
	if err != nil { // begin anew next time: the disk may be back
		x.cur.Close()
		x.cur, x.at, x.before = nil, nil, nil
		clear(x.head)
	}
	return err
}

// report reads entry i again.
func (x *openIndex) report(i uint32, r *fleet.Report) error {
	at, before := x.at[i], uint32(0)
	if at&opensBit == 0 {
		before = x.at[i-1] &^ opensBit
	}
	return x.cur.Report(before, at&^opensBit, &x.dec, r)
}

// unsorted gives the device's reports of a lane in segments that are not
// sorted, oldest entry first, of which keep is true.
func (h *History) unsorted(ctx context.Context, device fleet.DeviceID, want lane, keep func(*fleet.Position) bool) ([]fleet.Position, error) {
	st := h.state.Load()
	var out []fleet.Position
	for _, seg := range h.journal.Segments() {
		if seg.Last <= st.sorted || seg.Last < seg.First {
			continue
		}
		x, err := h.index(seg.First)
		if err != nil {
			return nil, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case x.turn <- struct{}{}:
		}
		if !x.gone {
			out, err = x.collect(h.journal, st, device, want, keep, out)
		}
		<-x.turn
		if h.state.Load().sorted >= seg.Last { // it was sorted meanwhile: the day files have it
			h.drop(seg.First)
			err = nil
		}
		if err != nil {
			return nil, fmt.Errorf("history: %w", err)
		}
	}
	return out, nil
}

// collect appends the device's reports, oldest first.
func (x *openIndex) collect(j *journal.Journal, st *state, device fleet.DeviceID, want lane,
	keep func(*fleet.Position) bool, out []fleet.Position) ([]fleet.Position, error) {
	if err := x.grow(j); err != nil {
		return out, err
	}
	var chain []uint32
	for i := x.head[device]; i != 0; i = x.before[i-1] {
		chain = append(chain, i-1)
	}
	var r fleet.Report
	for n := len(chain) - 1; n >= 0; n-- {
		if st.hides(device, x.first+fleet.Seq(chain[n])) {
			continue
		}
		if err := x.report(chain[n], &r); err != nil {
			return out, err
		}
		head := journal.ReportHead{Device: r.Device, Verdict: r.Verdict, Has: r.Has, Fix: r.Fix, Received: r.Received}
		if l, _, ok := laneOf(&head); !ok || l != want {
			continue
		}
		if p := r.Position(); keep(&p) {
			out = append(out, p)
		}
	}
	return out, nil
}
