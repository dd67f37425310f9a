package journal

import (
	"errors"
	"fmt"
	"io"

	"github.com/vigia-track/vigia/engine/fleet"
)

// chunk is how much a reader reads at once.
const chunk = 256 << 10

// Scan calls each for every entry after a Seq, in order, up to what is durable
// when Scan begins. The entry is each's only until it returns, but for its
// Attrs. An error of each ends the scan and is returned as it is. It may run
// while entries are appended. Entries that were trimmed are ErrTrimmed.
func (j *Journal) Scan(after fleet.Seq, each func(fleet.Seq, *fleet.Entry) error) error {
	var d Decoder
	var e fleet.Entry
	return j.records(after, func(seg *segment, rec Record) error {
		if err := d.entry(uint8(rec.Kind), rec.Payload, &e); err != nil {
			return damage(seg.path, int64(rec.Offset), "entry %d: %v", rec.Seq, err)
		}
		return each(rec.Seq, &e)
	})
}

// Record is an entry as it stands in a segment.
type Record struct {
	Seq     fleet.Seq
	Kind    fleet.EntryKind
	Offset  uint32 // in its segment
	Opens   bool   // it is the first of its group
	Payload []byte // holds until the callback returns; DecodeReport reads a report's
}

func (j *Journal) records(after fleet.Seq, each func(*segment, Record) error) error {
	spans, err := j.pinFrom(after)
	if err != nil {
		return err
	}
	defer j.unpin(spans)
	for _, s := range spans {
		if err := j.scanSpan(s, after, each); err != nil {
			return err
		}
	}
	return nil
}

// span is the durable part of a segment, pinned against Trim.
type span struct {
	seg    *segment
	last   fleet.Seq
	end    int64
	closed bool
}

// pinFrom pins every segment that holds entries after a Seq.
func (j *Journal) pinFrom(after fleet.Seq) ([]span, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if after+1 < j.first {
		return nil, fmt.Errorf("%w: asked for those after %d, the oldest is %d", ErrTrimmed, after, j.first)
	}
	var spans []span
	for _, seg := range j.segments {
		if seg.last > after && seg.last >= seg.header.first {
			seg.pins++
			spans = append(spans, span{seg: seg, last: seg.last, end: seg.end, closed: seg.closed})
		}
	}
	return spans, nil
}

func (j *Journal) pin(first fleet.Seq) (span, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, seg := range j.segments {
		if seg.header.first == first {
			seg.pins++
			return span{seg: seg, last: seg.last, end: seg.end, closed: seg.closed}, true
		}
	}
	return span{}, false
}

func (j *Journal) unpin(spans []span) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, s := range spans {
		if s.seg != nil {
			s.seg.pins--
		}
	}
}

func (j *Journal) scanSpan(s span, after fleet.Seq, each func(*segment, Record) error) error {
	r, err := openReader(j.disk, s.seg.path, s.end)
	if err != nil {
		return err
	}
	defer r.close()
	if r.header != s.seg.header {
		return damage(s.seg.path, 0, "the header changed since the journal was opened")
	}
	return r.each(s.last, after, func(rec Record) error { return each(s.seg, rec) })
}

// reader streams the records of one segment file up to a limit.
type reader struct {
	f      file
	path   string
	header header
	w      walk
	buf    []byte
	lo, hi int   // what of buf is not yet consumed
	read   int64 // file offset behind buf[hi]
	limit  int64
}

// openReader opens a segment and checks its header.
func openReader(d disk, path string, limit int64) (*reader, error) {
	f, err := d.openRead(path)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	r := &reader{f: f, path: path, limit: limit, buf: make([]byte, min(chunk, max(limit, headerSize)))}
	var b [headerSize]byte
	n, err := f.ReadAt(b[:], 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, errors.Join(fmt.Errorf("journal: %w", err), f.Close())
	}
	h, crc, why := parseHeader(b[:n])
	if why != "" {
		return nil, errors.Join(damage(path, 0, "%s", why), f.Close())
	}
	r.header, r.w, r.read = h, newWalk(&h, crc), headerSize
	return r, nil
}

func (r *reader) close() { _ = r.f.Close() } // nothing was written

// each goes through the records up to the limit, which is a group's end, and
// calls f for those after a Seq. last is the one that must be there.
func (r *reader) each(last, after fleet.Seq, f func(Record) error) error {
	for {
		opens := r.w.groupCount == 0
		st, kind, payload, err := r.next()
		switch {
		case err != nil:
			return err
		case st == stepEnd:
			if r.w.goodSeq != last {
				return damage(r.path, r.w.goodOff, "it ends with entry %d, not with %d", r.w.goodSeq, last)
			}
			return nil
		case st == stepBad:
			return damage(r.path, r.w.off, "the record behind entry %d is not as it was written", r.w.seq)
		case st == stepEntry && r.w.seq > after:
			rec := Record{
				Seq: r.w.seq, Kind: fleet.EntryKind(kind), Payload: payload, Opens: opens,
				Offset: uint32(r.w.off) - frameSize - uint32(len(payload)),
			}
			if err := f(rec); err != nil {
				return err
			}
		}
	}
}

// next gives the next record; its payload holds until the next call. Where the
// limit cuts a record off, or anything is wrong with one, it says stepBad and
// r.w.off is where.
func (r *reader) next() (s step, kind uint8, payload []byte, err error) {
	for {
		if r.w.off >= r.limit {
			return stepEnd, 0, nil, nil
		}
		s, kind, payload, size := r.w.next(r.buf[r.lo:r.hi])
		switch s {
		case stepEntry, stepMarker:
			r.lo += size
			return s, kind, payload, nil
		case stepZero, stepBad:
			return stepBad, 0, nil, nil
		}
		if r.w.off+int64(size) > r.limit {
			return stepBad, 0, nil, nil
		}
		if err := r.fill(size); err != nil {
			if errors.Is(err, io.EOF) {
				return stepBad, 0, nil, nil
			}
			return stepBad, 0, nil, fmt.Errorf("journal: %w", err)
		}
	}
}

// fill makes at least size bytes available, or is io.EOF.
func (r *reader) fill(size int) error {
	r.hi = copy(r.buf, r.buf[r.lo:r.hi])
	r.lo = 0
	if size > len(r.buf) {
		r.buf = append(make([]byte, 0, size+chunk), r.buf[:r.hi]...)
		r.buf = r.buf[:cap(r.buf)]
	}
	for r.hi < size {
		p := r.buf[r.hi:]
		if left := r.limit - r.read; int64(len(p)) > left {
			p = p[:left]
		}
		if len(p) == 0 {
			return io.EOF
		}
		n, err := r.f.ReadAt(p, r.read)
		r.hi += n
		r.read += int64(n)
		if err != nil && (n == 0 || !errors.Is(err, io.EOF)) {
			return err
		}
	}
	return nil
}
