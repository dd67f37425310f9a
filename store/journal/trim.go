package journal

import (
	"fmt"

	"github.com/vigia-track/vigia/engine/fleet"
)

// SegmentInfo describes a segment file.
type SegmentInfo struct {
	First, Last fleet.Seq // Last < First: empty
	Path        string
	Bytes       int64 // up to the durable end
	Semantics   uint32
	Closed      bool
}

// Segments lists the segments, oldest first.
func (j *Journal) Segments() []SegmentInfo {
	j.mu.Lock()
	defer j.mu.Unlock()
	out := make([]SegmentInfo, len(j.segments))
	for i, s := range j.segments {
		out[i] = SegmentInfo{
			First: s.header.first, Last: s.last, Path: s.path, Bytes: s.end,
			Semantics: s.header.semantics, Closed: s.closed,
		}
	}
	return out
}

// DiskBytes is how much data the segments hold.
func (j *Journal) DiskBytes() int64 {
	n := int64(0)
	for _, s := range j.Segments() {
		n += s.Bytes
	}
	return n
}

// Trim allows entries up to a Seq to be forgotten: a snapshot holds them. A
// closed segment goes once it ends there, history has it (Options.ForHistory)
// and nobody reads it.
func (j *Journal) Trim(upto fleet.Seq) error {
	j.mu.Lock()
	j.upto = max(j.upto, upto)
	j.mu.Unlock()
	return j.trim()
}

// Sorted says that history holds every entry up to a Seq.
func (j *Journal) Sorted(upto fleet.Seq) error {
	j.mu.Lock()
	j.sorted = max(j.sorted, upto)
	j.mu.Unlock()
	return j.trim()
}

func (j *Journal) trim() error {
	j.turn <- struct{}{}
	defer func() { <-j.turn }()
	if j.isDone.Load() {
		return ErrClosed
	}
	old, m := j.unneeded()
	if len(old) == 0 || j.opts.ReadOnly {
		return nil
	}
	// The manifest first: files that are left over are removed by Open.
	if err := writeManifest(j.disk, j.opts.Dir, m); err != nil {
		return fmt.Errorf("journal: trimming: %w", err)
	}
	j.mu.Lock()
	j.segments = j.segments[len(old):]
	j.first = m.first
	j.mu.Unlock()
	for _, seg := range old {
		if err := j.disk.remove(seg.path); err != nil {
			return fmt.Errorf("journal: trimming: %w", err)
		}
	}
	return nil
}

// unneeded gives the segments that may go and the manifest without them.
func (j *Journal) unneeded() ([]*segment, manifest) {
	j.mu.Lock()
	defer j.mu.Unlock()
	upto := j.upto
	if j.opts.ForHistory {
		upto = min(upto, j.sorted)
	}
	n := 0
	for n < len(j.segments)-1 { // the newest one carries the sequence on
		if s := j.segments[n]; !s.closed || s.last > upto || s.pins > 0 || j.holds > 0 {
			break
		}
		n++
	}
	if n == 0 {
		return nil, manifest{}
	}
	return j.segments[:n:n], manifest{first: j.segments[n].header.first, newest: j.segments[len(j.segments)-1].header.first}
}
