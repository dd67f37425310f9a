package journal

import (
	"crypto/rand"
	"encoding/binary"
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// room gives the segment to append to, open and allocated, a new one if the
// newest is full, old, or of other semantics.
func (j *Journal) room(now fleet.Time) (*segment, error) {
	seg := j.newest()
	if seg == nil {
		return j.create(j.first, 0, now)
	}
	if seg.born == 0 {
		seg.born = now
	}
	empty := seg.last < seg.header.first
	full := seg.end >= j.opts.SegmentBytes || seg.born != 0 && now-seg.born >= j.opts.SegmentAge
	switch {
	case seg.closed:
		return j.create(seg.last+1, seg.chain, now)
	case empty && seg.header.semantics != j.opts.Semantics:
		return j.create(seg.header.first, seg.header.chain, now) // takes its place
	case !empty && (full || seg.header.semantics != j.opts.Semantics):
		if err := j.finish(seg); err != nil {
			return nil, err
		}
		return j.create(seg.last+1, seg.chain, now)
	case j.active == nil:
		return seg, j.reopen(seg)
	}
	return seg, nil
}

func (j *Journal) newest() *segment {
	j.mu.Lock()
	defer j.mu.Unlock()
	if len(j.segments) == 0 {
		return nil
	}
	return j.segments[len(j.segments)-1]
}

// reopen takes up the newest segment of an earlier run.
func (j *Journal) reopen(seg *segment) error {
	f, err := j.disk.openWrite(seg.path)
	if err != nil {
		return j.fail(err)
	}
	j.active = f
	size := max(j.opts.SegmentBytes, seg.end) + sector
	if err := f.allocate(size); err != nil {
		if !isFull(err) {
			return j.fail(fmt.Errorf("preallocating %s: %w", seg.path, err))
		}
		if size, err = f.size(); err != nil {
			return j.fail(err)
		}
	}
	j.size = size
	return nil
}

// finish cuts the zeros off a segment and closes it for good.
func (j *Journal) finish(seg *segment) error {
	if j.active == nil {
		f, err := j.disk.openWrite(seg.path)
		if err != nil {
			return j.fail(err)
		}
		j.active = f
	}
	if err := j.active.Truncate(seg.end); err != nil {
		return j.fail(fmt.Errorf("cutting %s to its data: %w", seg.path, err))
	}
	if err := j.active.sync(); err != nil {
		return j.fail(fmt.Errorf("syncing %s: %w", seg.path, err))
	}
	err := j.active.Close()
	j.active = nil
	if err != nil {
		return j.fail(fmt.Errorf("closing %s: %w", seg.path, err))
	}
	j.mu.Lock()
	seg.closed = true
	j.mu.Unlock()
	select {
	case j.wake <- struct{}{}:
	default:
	}
	return nil
}

// create makes the segment that begins with first: written under a temporary
// name, synced, renamed, named in the manifest.
func (j *Journal) create(first fleet.Seq, chain uint32, now fleet.Time) (*segment, error) {
	if j.active != nil { // of the empty segment whose place it takes
		err := j.active.Close()
		j.active = nil
		if err != nil {
			return nil, j.fail(err)
		}
	}
	var salt [4]byte
	_, _ = rand.Read(salt[:]) // never fails
	h := header{
		semantics: j.opts.Semantics, first: first, chain: chain, born: now,
		salt: binary.LittleEndian.Uint32(salt[:]),
	}
	var b [headerSize]byte
	start := h.put(&b)
	size := j.opts.SegmentBytes + sector
	err := replaceFile(j.disk, j.opts.Dir, segmentName(first), func(f file) error {
		if err := f.allocate(size); err != nil {
			return err
		}
		_, err := f.WriteAt(b[:], 0)
		return err
	})
	switch {
	case err != nil && isFull(err):
		j.space.full = true
		j.meter.full.Inc()
		return nil, unavailable("no room for a new segment: %v", err)
	case err != nil:
		return nil, j.fail(fmt.Errorf("new segment: %w", err))
	}
	seg := &segment{
		path: segmentPath(j.opts.Dir, first), header: h, start: start, born: now,
		last: first - 1, end: headerSize, chain: start,
	}
	if j.active, err = j.disk.openWrite(seg.path); err != nil {
		return nil, j.fail(err)
	}
	j.size = size
	if err := writeManifest(j.disk, j.opts.Dir, manifest{first: j.first, newest: first}); err != nil {
		if isFull(err) {
			// The segment is good without: the manifest only looks for less.
			j.log.Warn("journal manifest not written", "err", err)
		} else {
			return nil, j.fail(fmt.Errorf("manifest: %w", err))
		}
	}
	j.mu.Lock()
	if n := len(j.segments); n > 0 && j.segments[n-1].header.first == first {
		j.segments[n-1] = seg
	} else {
		j.segments = append(j.segments, seg)
	}
	j.mu.Unlock()
	return seg, nil
}

// Closed has a value after a segment was closed; several closings may leave
// one value. There is one receiver.
func (j *Journal) Closed() <-chan struct{} { return j.wake }
