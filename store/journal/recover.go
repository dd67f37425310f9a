package journal

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/vigia-track/vigia/engine/fleet"
)

// recover finds the segments, proves that they follow each other, and cuts
// what was being written when the last run ended.
func (j *Journal) recover() error {
	l, err := list(j.disk, j.opts.Dir)
	if err != nil {
		return err
	}
	if j.opts.ReadOnly {
		l.stale = nil
	}
	for _, name := range l.stale {
		if err := j.disk.remove(filepath.Join(j.opts.Dir, name)); err != nil {
			return fmt.Errorf("journal: %w", err)
		}
	}
	j.first = 1
	if len(l.firsts) == 0 {
		return nil
	}
	j.first = l.firsts[0]
	for i, first := range l.firsts {
		newest := i == len(l.firsts)-1
		seg, cut, err := inspect(j.disk, segmentPath(j.opts.Dir, first), newest)
		if err != nil {
			return err
		}
		if err := l.follows(seg); err != nil {
			return err
		}
		if cut > 0 && !j.opts.ReadOnly {
			if err := j.cut(seg, cut); err != nil {
				return err
			}
		}
		j.segments = append(j.segments, seg)
	}
	if l.manifest == nil && !j.opts.ReadOnly {
		j.log.Warn("journal manifest missing, made anew from the segments", "first", j.first, "newest", l.firsts[len(l.firsts)-1])
		m := manifest{first: j.first, newest: l.firsts[len(l.firsts)-1]}
		if err := writeManifest(j.disk, j.opts.Dir, m); err != nil {
			return fmt.Errorf("journal: manifest: %w", err)
		}
	}
	return nil
}

// listing is what a journal folder holds.
type listing struct {
	dir      string
	manifest *manifest
	firsts   []fleet.Seq // ascending
	stale    []string    // files of unfinished work

	before *segment // the one that follows saw last
}

// list reads the folder and checks it against its manifest.
func list(d disk, dir string) (*listing, error) {
	m, err := readManifest(d, dir)
	if err != nil {
		return nil, err
	}
	names, err := d.names(dir)
	if err != nil {
		return nil, fmt.Errorf("journal: %w", err)
	}
	l := &listing{dir: dir, manifest: m}
	for _, name := range names {
		first, ok := parseSegmentName(name)
		switch {
		case ok && m != nil && first < m.first:
			l.stale = append(l.stale, name) // Trim had not come to the end
		case ok:
			l.firsts = append(l.firsts, first)
		case strings.HasSuffix(name, tempSuffix):
			l.stale = append(l.stale, name)
		case strings.HasSuffix(name, segmentSuffix):
			return nil, misplaced(filepath.Join(dir, name), "no segment has such a name")
		}
	}
	slices.Sort(l.firsts)
	switch {
	case m == nil:
	case len(l.firsts) == 0:
		return nil, misplaced(segmentPath(dir, m.first), "all segments are missing")
	case l.firsts[0] != m.first:
		return nil, misplaced(segmentPath(dir, m.first), "the oldest segment is missing")
	case l.firsts[len(l.firsts)-1] < m.newest:
		return nil, misplaced(segmentPath(dir, m.newest), "the newest segment is missing")
	}
	return l, nil
}

// follows checks that a segment belongs behind the one it was called with before.
func (l *listing) follows(seg *segment) error {
	b := l.before
	l.before = seg
	switch {
	case b == nil:
		return nil
	case b.last+1 != seg.header.first:
		return misplaced(seg.path, "it begins with entry %d, the segment before ends with %d", seg.header.first, b.last)
	case b.chain != seg.header.chain:
		return misplaced(seg.path, "it does not continue the segment before")
	}
	return nil
}

// inspect reads what is needed to use a segment: of a closed one the header
// and the last marker, of the newest one everything. cut is where unfinished
// bytes begin, 0 for none.
func inspect(d disk, path string, newest bool) (seg *segment, cut int64, err error) {
	size, err := sizeOf(d, path)
	if err != nil {
		return nil, 0, err
	}
	r, err := openReader(d, path, size)
	if err != nil {
		return nil, 0, err
	}
	defer r.close()
	seg = &segment{path: path, header: r.header, start: r.w.start, born: r.header.born}
	if name := filepath.Base(path); segmentName(seg.header.first) != name {
		return nil, 0, misplaced(path, "the file begins with entry %d, so it was renamed", seg.header.first)
	}
	if !newest {
		return seg, 0, seg.readEnd(r.f, size)
	}
	for {
		s, _, _, err := r.next()
		if err != nil {
			return nil, 0, err
		}
		if s == stepBad || s == stepEnd {
			break
		}
	}
	seg.last, seg.end, seg.chain = r.w.goodSeq, r.w.goodOff, r.w.goodChain
	b, err := remains(r.f, seg.end, size)
	if err != nil {
		return nil, 0, damage(path, seg.end, "%v", err)
	}
	if len(b) == 0 {
		return seg, 0, nil
	}
	if why := judge(b, seg.end, r.w.off, seg.start); why != "" {
		return nil, 0, damage(path, r.w.off, "%s", why)
	}
	return seg, seg.end, nil
}

// readEnd takes a closed segment's end from its last marker.
func (s *segment) readEnd(f file, size int64) error {
	s.last, s.end, s.chain, s.closed = s.header.first-1, size, s.start, true
	if size < headerSize+markerSize {
		return damage(s.path, size, "a closed segment has no entries")
	}
	var b [markerSize]byte
	if _, err := f.ReadAt(b[:], size-markerSize); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("journal: %w", err)
	}
	m, crc, ok := parseMarker(b[:], s.start)
	if !ok {
		return damage(s.path, size-markerSize, "a closed segment does not end with a whole group")
	}
	s.last, s.chain = m.last, crc
	return nil
}

func sizeOf(d disk, path string) (int64, error) {
	f, err := d.openRead(path)
	if err != nil {
		return 0, fmt.Errorf("journal: %w", err)
	}
	size, err := f.size()
	if err = errors.Join(err, f.Close()); err != nil {
		return 0, fmt.Errorf("journal: %w", err)
	}
	return size, nil
}

// cut removes unfinished bytes durably.
func (j *Journal) cut(seg *segment, at int64) error {
	f, err := j.disk.openWrite(seg.path)
	if err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	size, _ := f.size()
	err = f.Truncate(at)
	if err == nil {
		err = f.sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("journal: cutting the tail of %s: %w", seg.path, err)
	}
	j.log.Warn("journal tail cut: a group that was never acknowledged",
		"file", seg.path, "offset", at, "bytes", size-at, "seq", uint64(seg.last))
	return nil
}
