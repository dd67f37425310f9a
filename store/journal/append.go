package journal

import (
	"fmt"
	"time"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Append writes the entries as one group and syncs them; they are durable when
// it returns. first is the Seq of entries[0].
//
// After an error that wraps ErrDiskFull (kind fleet.Unavailable) or ErrTooLarge
// nothing was written and the journal goes on. Any other error is final.
func (j *Journal) Append(entries []fleet.Entry) (first fleet.Seq, err error) {
	j.turn <- struct{}{}
	defer func() { <-j.turn }()
	switch {
	case j.isDone.Load():
		return 0, ErrClosed
	case j.failed != nil:
		return 0, j.failed
	case len(entries) == 0:
		return j.Last() + 1, nil
	}
	if err := j.encode(entries); err != nil {
		return 0, err
	}
	now := newest(entries)
	if err := j.space.check(int64(len(j.buf)), now); err != nil {
		j.meter.full.Inc()
		return 0, err
	}
	seg, err := j.room(now)
	if err != nil {
		return 0, err
	}
	m := marker{last: seg.last + fleet.Seq(len(entries)), start: uint32(seg.end), count: uint32(len(entries))}
	m.chain = j.seal(entries, seg.chain)
	var chain uint32
	j.buf, chain = appendMarker(j.buf, m, seg.start)
	if err := j.write(seg); err != nil {
		return 0, err
	}
	first = seg.last + 1
	j.mu.Lock()
	seg.last, seg.end, seg.chain = m.last, seg.end+int64(len(j.buf)), chain
	j.mu.Unlock()
	j.meter.entries.Add(len(entries))
	j.meter.bytes.Add(len(j.buf))
	return first, nil
}

// encode fills buf with the records' payloads behind room for their frames,
// and offsets with where each begins in it.
func (j *Journal) encode(entries []fleet.Entry) error {
	if cap(j.buf) > 4*checkBytes {
		j.buf = nil // a giant group is no reason to keep its memory
	}
	j.buf, j.offsets = j.buf[:0], j.offsets[:0]
	for i := range entries {
		at := len(j.buf)
		j.offsets = append(j.offsets, uint32(at))
		j.buf = append(j.buf, 0, 0, 0, 0, 0, 0, 0, 0)
		var err error
		if j.buf, err = appendEntry(j.buf, &entries[i]); err != nil {
			return err
		}
		if n := len(j.buf) - at - frameSize; n > MaxRecord {
			return fmt.Errorf("%w: %d bytes of %s from device %s, at most %d are kept",
				ErrTooLarge, n, entries[i].Report.Protocol, entries[i].Report.Device, MaxRecord)
		}
		if len(j.buf) > maxGroup {
			return fmt.Errorf("%w: a group of %d entries has more than %d MiB", ErrTooLarge, len(entries), maxGroup>>20)
		}
	}
	return nil
}

// seal fills in the frames and returns the last one's CRC.
func (j *Journal) seal(entries []fleet.Entry, chain uint32) uint32 {
	for i := range entries {
		end := len(j.buf)
		if i+1 < len(entries) {
			end = int(j.offsets[i+1])
		}
		chain = sealRecord(j.buf[j.offsets[i]:end], uint8(entries[i].Kind), chain)
	}
	return chain
}

// write puts buf at the segment's end and syncs it.
func (j *Journal) write(seg *segment) error {
	need := seg.end + int64(len(j.buf))
	if need+sector > j.size {
		// Zeros stay behind the data at all times; see tail.go.
		grown := need + max(growBytes, sector)
		if err := j.active.allocate(grown); err != nil {
			return j.undo(seg, fmt.Errorf("growing %s: %w", seg.path, err))
		}
		j.size = grown
	}
	if _, err := j.active.WriteAt(j.buf, seg.end); err != nil {
		return j.undo(seg, fmt.Errorf("writing %s: %w", seg.path, err))
	}
	began := time.Now()
	if err := j.active.syncData(); err != nil {
		return j.fail(fmt.Errorf("syncing %s: %w", seg.path, err))
	}
	j.meter.sync.UpdateDuration(began)
	return nil
}

// undo brings the file back to its last durable group after a write that found
// the disk full. Nothing was synced, so nothing acknowledged can be lost.
func (j *Journal) undo(seg *segment, cause error) error {
	if !isFull(cause) {
		return j.fail(cause)
	}
	if err := j.active.Truncate(seg.end); err != nil {
		return j.fail(fmt.Errorf("%w, then cutting it back: %w", cause, err))
	}
	j.size = seg.end
	j.space.full = true
	j.meter.full.Inc()
	return unavailable("%v", cause)
}

// newest is the latest time in the entries, 0 if none has one.
func newest(entries []fleet.Entry) fleet.Time {
	t := fleet.Time(0)
	for i := range entries {
		switch entries[i].Kind {
		case fleet.ReportEntry:
			t = max(t, entries[i].Report.Received)
		case fleet.TickEntry:
			t = max(t, entries[i].Tick.At)
		}
	}
	return t
}
