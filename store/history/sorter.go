package history

import (
	"context"
	"encoding/binary"
	"fmt"
	"os"
	"slices"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"github.com/vigia-track/vigia/engine/fleet"
	"github.com/vigia-track/vigia/store/journal"
)

// sorter holds what sorting one segment needs: 28 bytes a report beside the
// mapped file, and no pointers for the collector to follow.
type sorter struct {
	file    []byte // the segment, mapped
	items   []item
	devices numbers
	ranked  []fleet.DeviceID // devices by rank: ascending
	parts   []part
	partOf  map[partKey]uint32

	order    []uint32 // items of a part by device, then fix
	block    block
	chunk    chunk
	suffixes []byte // of the part's chunks
	twins    twins
}

// item is a report to be filed.
type item struct {
	fix    fleet.Time
	at     uint32 // offset of its record in the file
	device uint32 // number
	part   uint32
}

// part is what one segment adds to one bucket of one day.
type part struct {
	partKey
	items int
}

type partKey struct {
	lane lane
	day  fleet.Time
}

// sortSegment files a segment's reports. It may be done again after a crash at
// any point: the same segment makes the same values under the same keys. The
// caller holds the turn.
func (h *History) sortSegment(ctx context.Context, seg journal.SegmentInfo) error {
	began := time.Now()
	old := h.state.Load()
	s := &sorter{partOf: map[partKey]uint32{}}
	err := guard(seg.Path, func() error {
		defer s.unmap()
		if err := s.gather(h.journal, seg, old); err != nil {
			return err
		}
		return h.fileParts(ctx, s, seg)
	})
	if err != nil {
		return fmt.Errorf("history: sorting %s: %w", seg.Path, err)
	}
	next := old.clone()
	next.sorted = seg.Last
	for d, seq := range next.erased {
		if seq <= seg.Last {
			delete(next.erased, d) // nothing of it can come any more
		}
	}
	if h.beforeMark != nil {
		if err := h.beforeMark(); err != nil {
			return err
		}
	}
	if err := writeState(h.dir, next); err != nil {
		return err
	}
	h.state.Store(next)
	h.drop(seg.First)
	h.meter.segments.Inc()
	h.meter.took.UpdateDuration(began)
	return h.journal.Sorted(seg.Last)
}

// gather reads the segment, proves its checksums, and notes each report.
func (s *sorter) gather(j *journal.Journal, seg journal.SegmentInfo, st *state) error {
	cur, err := j.Cursor(seg.First)
	if err != nil {
		return err
	}
	defer cur.Close()
	if s.file, err = mapFile(seg.Path, seg.Bytes); err != nil {
		return err
	}
	s.items = make([]item, 0, seg.Last-seg.First+1)
	return cur.Next(func(rec journal.Record) error {
		if rec.Kind != fleet.ReportEntry {
			return nil
		}
		r, ok := journal.DecodeHead(rec.Payload)
		if !ok {
			return fmt.Errorf("entry %d is no report", rec.Seq)
		}
		l, day, ok := laneOf(&r)
		if !ok || len(st.erased) > 0 && st.hides(r.Device, rec.Seq) {
			return nil
		}
		d := s.devices.number(r.Device)
		s.items = append(s.items, item{fix: r.Fix, at: rec.Offset, device: d, part: s.part(l, day)})
		return nil
	})
}

func (s *sorter) part(l lane, day fleet.Time) uint32 {
	k := partKey{l, day}
	if n := len(s.parts); n > 0 && s.parts[n-1].partKey == k { // as nearly always
		s.parts[n-1].items++
		return uint32(n - 1)
	}
	i, ok := s.partOf[k]
	if !ok {
		i = uint32(len(s.parts))
		s.partOf[k] = i
		s.parts = append(s.parts, part{partKey: k})
	}
	s.parts[i].items++
	return i
}

func mapFile(path string, size int64) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mapping %s: %w", path, err)
	}
	return b, nil
}

func (s *sorter) unmap() {
	if s.file != nil {
		_ = syscall.Munmap(s.file) // it is our own mapping, so this cannot fail
		s.file = nil
	}
}

// fileParts writes each part in one transaction, day by day.
func (h *History) fileParts(ctx context.Context, s *sorter, seg journal.SegmentInfo) error {
	// Counting by rank sorts by ID.
	s.ranked = slices.Clone(s.devices.list)
	slices.Sort(s.ranked)
	rank := make([]uint32, len(s.ranked))
	for i, d := range s.ranked {
		rank[s.devices.number(d)] = uint32(i)
	}
	byDay := make([]int, len(s.parts))
	for i := range byDay {
		byDay[i] = i
	}
	slices.SortFunc(byDay, func(a, b int) int {
		if c := s.parts[a].day - s.parts[b].day; c != 0 {
			return int(c / fleet.Day)
		}
		return int(s.parts[a].lane) - int(s.parts[b].lane)
	})
	ends := make([]uint32, len(s.ranked)+1)
	for _, i := range byDay {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.arrange(uint32(i), rank, ends)
		if err := h.filePart(s, s.parts[i], seg, ends); err != nil {
			return err
		}
	}
	return nil
}

// arrange puts the part's items into order: by device, then fix, then entry.
// ends gets where each device's run begins and, one further, ends.
func (s *sorter) arrange(p uint32, rank, ends []uint32) {
	clear(ends)
	for i := range s.items {
		if s.items[i].part == p {
			ends[rank[s.items[i].device]+1]++
		}
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	at := slices.Clone(ends)
	s.order = slices.Grow(s.order[:0], s.parts[p].items)[:s.parts[p].items]
	for i := range s.items {
		if s.items[i].part == p {
			r := rank[s.items[i].device]
			s.order[at[r]] = uint32(i)
			at[r]++
		}
	}
	byFix := func(a, b uint32) int {
		switch x, y := s.items[a].fix, s.items[b].fix; {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return int(a) - int(b)
	}
	for i := range len(ends) - 1 {
		if run := s.order[ends[i]:ends[i+1]]; !slices.IsSortedFunc(run, byFix) {
			slices.SortFunc(run, byFix)
		}
	}
}

func (h *History) filePart(s *sorter, p part, seg journal.SegmentInfo, ends []uint32) error {
	f, err := h.days.get(p.day, true)
	if err != nil {
		return err
	}
	fixes, size := 0, 0
	err = guard(f.path, func() error {
		return f.db.Update(func(tx *bbolt.Tx) error {
			b := tx.Bucket(p.lane.bucket())
			if b == nil || tx.Bucket(bucketSegments) == nil {
				return &DamageError{File: f.path, Reason: "a bucket is missing"}
			}
			b.FillPercent = 0.95 // keys only ever grow
			if err := deleteSegment(b, seg.First); err != nil {
				return err
			}
			if fixes, size, err = s.pack(b, p, seg, ends); err != nil {
				return err
			}
			return noteSegment(tx, f.path, seg, p.lane, s.suffixes)
		})
	})
	if err == nil {
		h.meter.fixes.Add(fixes)
		h.meter.dropped.Add(p.items - fixes)
		h.meter.bytes.Add(size)
	} else {
		err = fmt.Errorf("%s: %w", f.path, err)
	}
	if e := h.days.release(f); err == nil {
		err = e
	}
	return err
}

// pack puts the arranged part into the bucket.
func (s *sorter) pack(b *bbolt.Bucket, p part, seg journal.SegmentInfo, ends []uint32) (fixes, size int, err error) {
	s.chunk.reset()
	s.chunk.lastKey = chunkKey{}
	s.suffixes = nil // bbolt keeps it until the commit
	flush := func() error {
		if len(s.chunk.devices) == 0 {
			return nil
		}
		key, value := s.chunk.seal(seg.First)
		s.chunk.reset()
		size += len(value)
		s.suffixes = append(s.suffixes, key[8:]...)
		return b.Put(key[:], slices.Clone(value)) // bbolt keeps it until the commit
	}
	closeBlock := func(d fleet.DeviceID) error {
		if s.block.len() == 0 {
			return nil
		}
		fixes += s.block.len()
		s.chunk.body = s.block.append(s.chunk.body, p.day)
		s.chunk.devices = append(s.chunk.devices, d)
		s.chunk.ends = append(s.chunk.ends, len(s.chunk.body))
		s.block.reset()
		if len(s.chunk.body) < chunkSize {
			return nil
		}
		return flush()
	}
	var r fleet.Report
	s.block.reset()
	for i, d := range s.ranked {
		s.twins = twins{seen: s.twins.seen[:0]}
		for _, at := range s.order[ends[i]:ends[i+1]] {
			raw, err := journal.DecodeReport(s.payload(s.items[at].at), &r)
			if err != nil {
				return 0, 0, err
			}
			if s.twins.again(&r, raw) {
				continue
			}
			if err := s.block.add(&r, raw); err != nil {
				return 0, 0, err
			}
			if s.block.len() == maxColumns {
				if err := closeBlock(d); err != nil {
					return 0, 0, err
				}
			}
		}
		if err := closeBlock(d); err != nil {
			return 0, 0, err
		}
	}
	return fixes, size, flush()
}

// payload gives a record's payload from the mapped file; gather has seen it whole.
func (s *sorter) payload(at uint32) []byte {
	p := s.file[at+4:]
	n := binary.LittleEndian.Uint32(p) & 0xffffff
	return p[4 : 4+n]
}

// deleteSegment removes what an earlier, unfinished sorting left.
func deleteSegment(b *bbolt.Bucket, segment fleet.Seq) error {
	from := makeKey(segment, 0, 0)
	var old [][]byte
	c := b.Cursor()
	for k, _ := c.Seek(from[:]); k != nil; k, _ = c.Next() {
		if seq, _, ok := parseKey(k); !ok || seq != segment {
			break
		}
		old = append(old, slices.Clone(k))
	}
	for _, k := range old {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	return nil
}
