package journal

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/vigia-track/vigia/engine/fleet"
)

// Cursor reads one segment: its records in order as they become durable, and
// single reports again by their place. It keeps the segment from being trimmed
// until Close. It is for one goroutine.
type Cursor struct {
	j   *Journal
	seg *segment
	r   *reader
	buf []byte
}

// Cursor opens the segment that begins with a Seq.
func (j *Journal) Cursor(first fleet.Seq) (*Cursor, error) {
	s, ok := j.pin(first)
	if !ok {
		return nil, fmt.Errorf("%w: no segment begins with entry %d", ErrTrimmed, first)
	}
	r, err := openReader(j.disk, s.seg.path, headerSize)
	if err == nil && r.header != s.seg.header {
		r.close()
		err = damage(s.seg.path, 0, "the header changed since the journal was opened")
	}
	if err != nil {
		j.unpin([]span{s})
		return nil, err
	}
	r.buf = make([]byte, chunk)
	return &Cursor{j: j, seg: s.seg, r: r}, nil
}

// Close releases the segment.
func (c *Cursor) Close() {
	if c.r == nil {
		return
	}
	c.r.close()
	c.r = nil
	c.j.unpin([]span{{seg: c.seg}})
}

// Next calls each for every record that became durable since the last call. A
// record's payload holds until each returns. After an error the cursor is of
// no more use but for Close.
func (c *Cursor) Next(each func(Record) error) error {
	c.j.mu.Lock()
	last, end := c.seg.last, c.seg.end
	c.j.mu.Unlock()
	if end == c.r.limit {
		return nil
	}
	c.r.limit = end
	return c.r.each(last, 0, each)
}

// Report reads again the report at a record's Offset. before is the Offset of
// the record before it, or 0 if it Opens its group.
func (c *Cursor) Report(before, at uint32, d *Decoder, r *fleet.Report) error {
	seed := c.r.w.start
	if before == 0 && at > headerSize {
		before = at - markerSize
	}
	lead := uint32(0)
	if before != 0 {
		lead = at - before
	}
	rec, err := c.record(int64(at), int(lead))
	if err != nil {
		return err
	}
	if before != 0 {
		seed = binary.LittleEndian.Uint32(rec)
		rec = rec[lead:]
	}
	if binary.LittleEndian.Uint32(rec) != crc32.Update(seed, castagnoli, rec[4:]) ||
		rec[7] != byte(fleet.ReportEntry) {
		return damage(c.r.path, int64(at), "the record is not as it was written")
	}
	if err := d.Report(rec[frameSize:], r); err != nil {
		return damage(c.r.path, int64(at), "%v", err)
	}
	return nil
}

// record reads the record at an offset with lead bytes before it.
func (c *Cursor) record(at int64, lead int) ([]byte, error) {
	const usual = 512
	need := lead + usual
	for {
		if cap(c.buf) < need {
			c.buf = make([]byte, need+usual)
		}
		b := c.buf[:need]
		n, err := c.r.f.ReadAt(b, at-int64(lead))
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("journal: %w", err)
		}
		b = b[:n]
		if n < lead+frameSize {
			return nil, damage(c.r.path, at, "the file ends here")
		}
		size := lead + frameSize + int(binary.LittleEndian.Uint32(b[lead+4:])&0xffffff)
		switch {
		case size <= n:
			return b[:size], nil
		case size > lead+frameSize+MaxRecord || n < need:
			return nil, damage(c.r.path, at, "the record is not as it was written")
		}
		need = size
	}
}
